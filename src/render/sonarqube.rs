use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::found_rules::{FoundRule, found_rules};
use super::places::{Places, Range, Unit};
use super::text::message_and_help;
use crate::diagnostic::Severity;
use crate::rules::Category;
use crate::source::Span;

/// A report in SonarQube's generic format for issues, as of version 10.3.
#[derive(Serialize)]
struct Report<'f> {
    rules: Vec<Rule>,
    issues: Vec<Issue<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    engine_id: &'static str,
    clean_code_attribute: &'static str,
    /// Kind and severity as they are called where a server is set to do without qualities.
    r#type: &'static str,
    severity: &'static str,
    impacts: [Impact; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Impact {
    software_quality: &'static str,
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'f> {
    rule_id: &'static str,
    primary_location: Location<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'f> {
    message: String,
    file_path: &'f str,
    text_range: TextRange,
}

/// Lines are counted from 1, columns from 0 in code units of UTF-16. Without columns the whole line is meant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TextRange {
    start_line: u32,
    #[serde(flatten)]
    rest: Option<Rest>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest {
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

/// One object with the rules and the findings.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let report = Report {
        rules: found_rules(files).iter().map(rule).collect(),
        issues: files.iter().flat_map(issues).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn rule(found: &FoundRule) -> Rule {
    let category = found.rule.category;
    let (software_quality, kind) = match category {
        Category::Security => ("SECURITY", "VULNERABILITY"),
        Category::Correctness | Category::Reproducibility | Category::Context => ("RELIABILITY", "BUG"),
        Category::Size | Category::Process | Category::Style => ("MAINTAINABILITY", "CODE_SMELL"),
    };
    let (impact, severity) = match found.severity {
        Severity::Error => ("HIGH", "CRITICAL"),
        Severity::Warning => ("MEDIUM", "MAJOR"),
        Severity::Info => ("LOW", "MINOR"),
        Severity::Style => ("LOW", "INFO"),
    };
    Rule {
        id: found.code,
        name: found.rule.name,
        description: found.rule.summary(),
        engine_id: "plimsoll",
        clean_code_attribute: match category {
            Category::Correctness | Category::Context => "LOGICAL",
            Category::Security => "TRUSTWORTHY",
            Category::Reproducibility => "COMPLETE",
            Category::Size => "EFFICIENT",
            Category::Process => "CLEAR",
            Category::Style => "CONVENTIONAL",
        },
        r#type: kind,
        severity,
        impacts: [Impact { software_quality, severity: impact }],
    }
}

fn issues<'f>(file: &'f FileFindings<'f>) -> impl Iterator<Item = Issue<'f>> {
    let places = Places::new(file, Unit::Utf16);
    file.diagnostics.iter().map(move |diagnostic| Issue {
        rule_id: diagnostic.code,
        primary_location: Location {
            message: message_and_help(diagnostic),
            file_path: file.path,
            text_range: text_range(file.text, &places, diagnostic.span),
        },
    })
}

/// SonarQube stops at a range that is empty, or that ends inside of a line's end.
fn text_range(text: &str, places: &Places<'_>, span: Span) -> TextRange {
    let Range { start, end } = places.of(Span::new(inside_line(text, span.start), inside_line(text, span.end)));
    let rest =
        (start < end).then(|| Rest { start_column: start.column - 1, end_line: end.line, end_column: end.column - 1 });
    TextRange { start_line: start.line, rest }
}

/// The offset, or that of the `\r\n` that it is inside of.
fn inside_line(text: &str, at: u32) -> u32 {
    let before = at.saturating_sub(1);
    if Span::new(before, at.saturating_add(1)).of(text) == "\r\n" { before } else { at }
}
