use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::places::{Places, Range, Unit};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::source::{LineColumn, Span};

/// A finding as programs read it. Fields are only ever added.
#[derive(Serialize)]
pub(super) struct Finding<'f> {
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
    let findings: Vec<Finding<'_>> = files.iter().flat_map(findings).collect();
    serde_json::to_writer_pretty(&mut *out, &findings)?;
    writeln!(out)
}

/// The findings of a file.
pub(super) fn findings<'f>(file: &'f FileFindings<'f>) -> impl Iterator<Item = Finding<'f>> {
    let places = Places::new(file, Unit::Characters);
    let edit_places = Places::new(file, Unit::Characters);
    file.diagnostics.iter().map(move |diagnostic| finding(file.path, diagnostic, &places, &edit_places))
}

fn finding<'f>(path: &'f str, diagnostic: &'f Diagnostic, own: &Places<'_>, of_edits: &Places<'_>) -> Finding<'f> {
    let (start, end) = places(own, diagnostic.span);
    Finding {
        path,
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
                    let (start, end) = places(of_edits, edit.span);
                    Edit { start, end, text: &edit.text }
                })
                .collect(),
        }),
    }
}

fn places(places: &Places<'_>, span: Span) -> (Place, Place) {
    let Range { start, end } = places.of(span);
    let place = |LineColumn { line, column }, offset| Place { line, column, offset };
    (place(start, span.start), place(end, span.end))
}
