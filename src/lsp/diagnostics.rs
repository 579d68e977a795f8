//! Findings as the protocol has them.

use lsp_types::{
    Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString,
};

use super::client::Client;
use super::document::Document;
use crate::diagnostic::{Diagnostic, Related, Severity};

/// What findings are said to come from.
pub(super) const SOURCE: &str = "plimsoll";

/// Rules whose findings mark what could be taken out without anything changing.
const UNNECESSARY: [&str; 8] = [
    "multiple-cmd",
    "multiple-entrypoint",
    "multiple-healthcheck",
    "redundant-target-platform",
    "shadowed-ignore-pattern",
    "shell-entrypoint-ignores-cmd",
    "unused-arg",
    "unused-ignore",
];

/// Rules whose findings mark what was given up.
const DEPRECATED: [&str; 2] = ["legacy-key-value-format", "no-maintainer"];

/// A finding as a client shows it.
pub(super) fn shown(diagnostic: &Diagnostic, document: &Document, client: &Client) -> Shown {
    let message = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.to_string(),
    };
    let tags = tags(diagnostic.name).filter(|tag| client.tags.contains(tag)).map(|tag| vec![tag]);
    Shown {
        range: document.positions().range(diagnostic.span),
        severity: Some(severity(diagnostic.severity)),
        code: Some(NumberOrString::String(diagnostic.code.to_owned())),
        source: Some(SOURCE.to_owned()),
        message,
        related_information: related(diagnostic, document, client),
        tags,
        ..Shown::default()
    }
}

/// Other places that a finding has to do with, if the client shows them.
fn related(diagnostic: &Diagnostic, document: &Document, client: &Client) -> Option<Vec<DiagnosticRelatedInformation>> {
    if !client.takes_related || diagnostic.related.is_empty() {
        return None;
    }
    let positions = document.positions();
    let place = |related: &Related| DiagnosticRelatedInformation {
        location: Location::new(document.uri.clone(), positions.range(related.span)),
        message: related.message.clone(),
    };
    Some(diagnostic.related.iter().map(place).collect())
}

fn tags(rule: &str) -> Option<DiagnosticTag> {
    if UNNECESSARY.contains(&rule) {
        Some(DiagnosticTag::UNNECESSARY)
    } else if DEPRECATED.contains(&rule) {
        Some(DiagnosticTag::DEPRECATED)
    } else {
        None
    }
}

const fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Style => DiagnosticSeverity::HINT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_rules_are_rules() {
        for name in UNNECESSARY.iter().chain(&DEPRECATED) {
            assert_eq!(crate::rules::find(name).map(|rule| rule.name), Some(*name));
        }
    }
}
