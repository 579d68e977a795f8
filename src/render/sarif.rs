use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::fingerprint::Fingerprints;
use super::found_rules::{FoundRule, found_rules};
use super::places::{Places, Range, Unit};
use super::text::{message_and_help, one_line};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Severity};
use crate::rules::Category;
use crate::source::Span;

/// A log in the Static Analysis Results Interchange Format.
#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    artifacts: Vec<Artifact>,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    help: Help,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [Category; 1],
}

#[derive(Serialize)]
struct Artifact {
    location: ArtifactLocation,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: PartialFingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[Fix; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

/// Columns are counted in code units of UTF-16; the end is just past the last one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct PartialFingerprints {
    #[serde(rename = "plimsollFinding/v1")]
    finding: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Text,
    artifact_changes: [ArtifactChange; 1],
    properties: FixProperties,
}

#[derive(Serialize)]
struct FixProperties {
    applicability: Applicability,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Text>,
}

/// One log with one run.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let rules = found_rules(files);
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::new();
    for (index, file) in files.iter().enumerate() {
        findings(file, index, &rules, &mut fingerprints, &mut results);
    }
    let artifact = |file: &FileFindings<'_>| Artifact { location: location(file.path, None) };
    let version = env!("CARGO_PKG_VERSION");
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "plimsoll",
                    version,
                    semantic_version: version,
                    rules: rules.iter().map(rule).collect(),
                },
            },
            column_kind: "utf16CodeUnits",
            artifacts: files.iter().map(artifact).collect(),
            results,
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(found: &FoundRule) -> Rule {
    let page = page(found.rule.documentation);
    Rule {
        id: found.code,
        name: found.rule.name,
        short_description: Text { text: found.rule.summary().to_owned() },
        help: Help { text: page.clone(), markdown: page },
        default_configuration: Configuration { level: level(found.severity) },
        properties: RuleProperties { tags: [found.rule.category] },
    }
}

/// The page of a rule as Markdown, without what only we read.
fn page(documentation: &str) -> String {
    let line = |line: &str| match line.strip_prefix(' ').unwrap_or(line) {
        fence if fence.starts_with("```") => fence.split(',').next().unwrap_or(fence).to_owned(),
        line => line.to_owned(),
    };
    documentation.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn findings(
    file: &FileFindings<'_>,
    index: usize,
    rules: &[FoundRule],
    fingerprints: &mut Fingerprints,
    found: &mut Vec<Finding>,
) {
    let places = Places::new(file, Unit::Utf16);
    let of_edits = Places::new(file, Unit::Utf16);
    found.extend(file.diagnostics.iter().map(|diagnostic| Finding {
        rule_id: diagnostic.code,
        rule_index:
            rules.binary_search_by_key(&(diagnostic.code, diagnostic.name), |found| (found.code, found.rule.name)).ok(),
        level: level(diagnostic.severity),
        // Without arguments braces are what they are to all who read such logs.
        message: Text { text: message_and_help(diagnostic) },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: location(file.path, Some(index)),
                region: region(&places, diagnostic.span),
            },
        }],
        partial_fingerprints: PartialFingerprints { finding: fingerprints.next(file, diagnostic) },
        fixes: fix(file.path, index, diagnostic, &of_edits),
    }));
}

fn fix(path: &str, index: usize, diagnostic: &Diagnostic, places: &Places<'_>) -> Option<[Fix; 1]> {
    let fix = diagnostic.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
    let replacement = |edit: &Edit| Replacement {
        deleted_region: region(places, edit.span),
        inserted_content: (!edit.text.is_empty()).then(|| Text { text: edit.text.clone() }),
    };
    Some([Fix {
        description: Text { text: one_line(&fix.title) },
        artifact_changes: [ArtifactChange {
            artifact_location: location(path, Some(index)),
            replacements: fix.edits.iter().map(replacement).collect(),
        }],
        properties: FixProperties { applicability: fix.applicability },
    }])
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "note",
    }
}

fn region(places: &Places<'_>, span: Span) -> Region {
    let Range { start, end } = places.of(span);
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

fn location(path: &str, index: Option<usize>) -> ArtifactLocation {
    ArtifactLocation { uri: uri(path), index }
}

/// A path as a reference to a URI: relative to wherever the log's reader has the files, unless it is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            // A string takes whatever is written into it.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_of_paths() {
        let cases = [
            ("api/Dockerfile", "api/Dockerfile"),
            ("../a b&\"<.Dockerfile", "../a%20b%26%22%3C.Dockerfile"),
            ("c:é%#?\n", "c%3A%C3%A9%25%23%3F%0A"),
            ("/srv/Dockerfile", "file:///srv/Dockerfile"),
        ];
        for (path, expected) in cases {
            assert_eq!(uri(path), expected, "{path:?}");
        }
    }
}
