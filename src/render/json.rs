use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::source::Span;

/// A finding as programs read it. Fields are only ever added.
#[derive(Serialize)]
struct Finding<'f> {
    path: &'f str,
    code: &'static str,
    name: &'static str,
    severity: Severity,
    message: &'f str,
    help: Option<&'f str>,
    start: Place,
    end: Place,
    fix: Option<Fix<'f>>,
}

/// Line and column are counted from 1, the column in characters; the offset from 0, in bytes.
#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize)]
struct Fix<'f> {
    title: &'f str,
    applicability: Applicability,
    edits: Vec<Edit<'f>>,
}

#[derive(Serialize)]
struct Edit<'f> {
    start: Place,
    end: Place,
    text: &'f str,
}

/// One array of all findings.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<Finding<'_>> =
        files.iter().flat_map(|file| file.diagnostics.iter().map(|diagnostic| finding(file, diagnostic))).collect();
    serde_json::to_writer_pretty(&mut *out, &findings)?;
    writeln!(out)
}

fn finding<'f>(file: &FileFindings<'f>, diagnostic: &'f Diagnostic) -> Finding<'f> {
    let (start, end) = places(file, diagnostic.span);
    Finding {
        path: file.path,
        code: diagnostic.code,
        name: diagnostic.name,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        start,
        end,
        fix: diagnostic.fix.as_ref().map(|fix| Fix {
            title: &fix.title,
            applicability: fix.applicability,
            edits: fix
                .edits
                .iter()
                .map(|edit| {
                    let (start, end) = places(file, edit.span);
                    Edit { start, end, text: &edit.text }
                })
                .collect(),
        }),
    }
}

fn places(file: &FileFindings<'_>, span: Span) -> (Place, Place) {
    let place = |offset| {
        let found = file.lines.line_column(file.text, offset);
        Place { line: found.line, column: found.column, offset }
    };
    (place(span.start), place(span.end))
}
