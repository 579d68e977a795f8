use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::instructions::Instructions;
use super::places::{Places, Unit};
use super::text::message_and_help;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{LineColumn, Span};

/// A finding as hadolint writes it with `--format json`.
#[derive(Serialize)]
struct Finding<'f> {
    code: &'static str,
    column: u32,
    file: &'f str,
    level: Severity,
    line: u32,
    message: String,
}

/// One array of all findings, on a line.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<Finding<'_>> = files.iter().flat_map(findings).collect();
    serde_json::to_writer(&mut *out, &findings)?;
    writeln!(out)
}

fn findings<'f>(file: &'f FileFindings<'f>) -> impl Iterator<Item = Finding<'f>> {
    places(file).map(|(diagnostic, LineColumn { line, column })| Finding {
        code: diagnostic.code,
        column,
        file: file.path,
        level: diagnostic.severity,
        line,
        message: message_and_help(diagnostic),
    })
}

/// The findings of a file, each where hadolint says that it is: at the beginning of its instruction, and only a syntax error
/// where it happened.
pub(super) fn places<'f>(file: &'f FileFindings<'f>) -> impl Iterator<Item = (&'f Diagnostic, LineColumn)> {
    let instructions = Instructions::of(file);
    let places = Places::new(file, Unit::Characters);
    file.diagnostics.iter().map(move |diagnostic| {
        let at = diagnostic.span.start;
        let place = if diagnostic.name == crate::rules::syntax_error::RULE.name {
            places.of(Span::empty(at)).start
        } else {
            LineColumn { column: 1, ..places.of(Span::empty(instructions.first_byte(at))).start }
        };
        (diagnostic, place)
    })
}
