use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::places::{self, Places, Unit};
use super::text::message_and_help;
use crate::diagnostic::{Fix, Severity};
use crate::source::{LineColumn, Span};

/// What reviewdog reads with `-f=rdjson`.
#[derive(Serialize)]
struct Report<'f> {
    source: Source,
    diagnostics: Vec<Finding<'f>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Finding<'f> {
    message: String,
    location: Location<'f>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestions: Option<[Suggestion; 1]>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: &'f str,
    range: Range,
}

/// Columns are counted in bytes of UTF-8; the end is just past the last one.
#[derive(Serialize)]
struct Range {
    start: LineColumn,
    end: LineColumn,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// One object with all findings.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let report = Report { source: Source { name: "plimsoll" }, diagnostics: files.iter().flat_map(findings).collect() };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn findings<'f>(file: &'f FileFindings<'f>) -> impl Iterator<Item = Finding<'f>> {
    let places = Places::new(file, Unit::Bytes);
    let of_fixes = Places::new(file, Unit::Bytes);
    file.diagnostics.iter().map(move |diagnostic| Finding {
        message: message_and_help(diagnostic),
        location: Location { path: file.path, range: range(&places, diagnostic.span) },
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info | Severity::Style => "INFO",
        },
        code: Code { value: diagnostic.code },
        suggestions: diagnostic.fix.as_ref().and_then(|fix| {
            let (span, text) = as_one(file.text, fix)?;
            Some([Suggestion { range: range(&of_fixes, span), text }])
        }),
    })
}

fn range(places: &Places<'_>, span: Span) -> Range {
    let places::Range { start, end } = places.of(span);
    Range { start, end }
}

/// The edits of a fix as one, since each suggestion is offered on its own.
fn as_one(text: &str, fix: &Fix) -> Option<(Span, String)> {
    let first = fix.edits.first()?;
    let mut span = Span::empty(first.span.start);
    let mut replacement = String::new();
    for edit in &fix.edits {
        replacement.push_str(Span::new(span.end, edit.span.start).of(text));
        replacement.push_str(&edit.text);
        span = span.cover(edit.span);
    }
    Some((span, replacement))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, Edit};

    #[test]
    fn edits_as_one() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.to_owned() };
        let fix = |edits| Fix { title: "".into(), applicability: Applicability::Safe, edits };
        let text = "from a as b";
        let both = fix(vec![edit(0, 4, "FROM"), edit(7, 9, "AS")]);
        assert_eq!(as_one(text, &both), Some((Span::new(0, 9), "FROM a AS".to_owned())));
        let insertion = fix(vec![edit(4, 4, "!")]);
        assert_eq!(as_one(text, &insertion), Some((Span::empty(4), "!".to_owned())));
        assert_eq!(as_one(text, &fix(Vec::new())), None);
    }
}
