use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::fingerprint::Fingerprints;
use super::places::{Places, Unit};
use super::text::one_line;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{self, Category};

/// An issue as Code Climate's specification of analyzers has it.
#[derive(Serialize)]
struct Issue<'f> {
    r#type: &'static str,
    check_name: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Location<'f>,
}

/// Markdown that tells more.
#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
pub(super) struct Location<'f> {
    path: &'f str,
    lines: Lines,
}

/// The first and the last line.
#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Objects, a NUL and a line feed after each.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    for file in files {
        let places = Places::new(file, Unit::Characters);
        for diagnostic in file.diagnostics {
            let issue = Issue {
                r#type: "issue",
                check_name: diagnostic.code,
                description: one_line(&diagnostic.message),
                content: diagnostic.help.as_deref().map(|help| Content { body: one_line(help) }),
                categories: [category(diagnostic)],
                severity: severity(diagnostic),
                fingerprint: fingerprints.next(file, diagnostic),
                location: location(file.path, &places, diagnostic),
            };
            serde_json::to_writer(&mut *out, &issue)?;
            out.write_all(b"\0\n")?;
        }
    }
    Ok(())
}

fn category(diagnostic: &Diagnostic) -> &'static str {
    match rules::find(diagnostic.name).map(|rule| rule.category) {
        Some(Category::Security) => "Security",
        Some(Category::Size) => "Performance",
        Some(Category::Process) => "Clarity",
        Some(Category::Style) => "Style",
        Some(Category::Correctness | Category::Reproducibility | Category::Context) | None => "Bug Risk",
    }
}

/// The severity as Code Climate and GitLab call it.
pub(super) fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
        Severity::Style => "info",
    }
}

/// The lines that a finding is on.
pub(super) fn location<'f>(path: &'f str, places: &Places<'_>, diagnostic: &Diagnostic) -> Location<'f> {
    let range = places.of(diagnostic.span);
    // The end is just past the finding, and may be where the next line begins.
    let past = range.end.column == 1 && range.end.line > range.start.line;
    Location { path, lines: Lines { begin: range.start.line, end: range.end.line - u32::from(past) } }
}
