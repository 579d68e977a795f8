//! The rules that findings are of, for formats that describe them.

use std::collections::BTreeMap;

use super::FileFindings;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{self, Rule};

/// A rule that has findings.
pub(super) struct FoundRule {
    /// The code under which it is reported.
    pub(super) code: &'static str,
    /// The worst severity with which it is reported.
    pub(super) severity: Severity,
    pub(super) rule: &'static Rule,
}

/// The rules that have findings, by code.
pub(super) fn found_rules(files: &[FileFindings<'_>]) -> Vec<FoundRule> {
    let mut found: BTreeMap<(&str, &str), FoundRule> = BTreeMap::new();
    for diagnostic in files.iter().flat_map(|file| file.diagnostics) {
        let Diagnostic { code, name, severity, .. } = *diagnostic;
        if let Some(known) = found.get_mut(&(code, name)) {
            known.severity = known.severity.max(severity);
        } else if let Some(rule) = rules::find(name) {
            found.insert((code, name), FoundRule { code, severity, rule });
        }
    }
    found.into_values().collect()
}
