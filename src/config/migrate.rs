//! What hadolint is told, as `plimsoll.toml` says it.

use std::collections::BTreeMap;

use super::fail_on::FailOn;
use super::hadolint::HadolintConfig;
use crate::diagnostic::Severity;
use crate::rules;

impl HadolintConfig {
    /// The text of a `plimsoll.toml` by which the same holds.
    pub(crate) fn to_toml(&self) -> String {
        let (ignored, mut without_rule): (Vec<&str>, Vec<&str>) =
            self.ignored.iter().map(|given| given.value.as_str()).partition(|id| rules::find(id).is_some());
        // Of several severities the worst holds.
        let mut severities: BTreeMap<&str, Severity> = BTreeMap::new();
        for (severity, id) in self.overrides.iter().map(|given| &given.value) {
            match rules::find(id) {
                Some(rule) => {
                    let worst = severities.entry(rule.code).or_insert(*severity);
                    *worst = (*worst).max(*severity);
                }
                None => without_rule.push(id),
            }
        }
        let mut toml = String::new();
        if !without_rule.is_empty() {
            let ids: Vec<String> = without_rule.iter().map(|id| one_line(id)).collect();
            toml += &format!("# There are no rules {}: they are left out.\n", ids.join(", "));
        }
        toml += "preset = \"hadolint\"\n";
        let never = self.no_fail.as_ref().is_some_and(|given| given.value).then_some(FailOn::Never);
        let threshold = self.threshold.as_ref().map(|given| given.value);
        let fail_on = never.or(threshold).unwrap_or(FailOn::Severity(Severity::Info));
        toml += &format!("fail-on = {}\n", text(fail_on.as_str()));
        if !ignored.is_empty() {
            toml += &format!("ignore = {}\n", list(ignored));
        }
        if let Some(format) = &self.format {
            toml += &format!("output-format = {}\n", text(format.value.as_str()));
        }
        if self.disable_ignore_pragma.as_ref().is_some_and(|given| given.value) {
            toml += "inline-ignores = false\n";
        }
        if !severities.is_empty() {
            toml += "\n[severity]\n";
            for (code, severity) in severities {
                toml += &format!("{code} = {}\n", text(severity.as_str()));
            }
        }
        if !self.label_schema.is_empty() {
            toml += "\n[label-schema]\n";
            for (label, format) in &self.label_schema {
                toml += &format!("{} = {}\n", text(label), text(format.value.as_str()));
            }
        }
        if !self.trusted_registries.is_empty() {
            let registries = self.trusted_registries.iter().map(|given| given.value.as_str());
            toml += &format!("\n[rules.trusted-registry]\ntrusted-registries = {}\n", list(registries));
        }
        if let Some(strict) = &self.strict_labels {
            toml += &format!("\n[rules.label-outside-schema]\nstrict-labels = {}\n", strict.value);
        }
        toml
    }
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(text).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as TOML writes it.
fn text(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            c if c.is_control() => written += &format!("\\U{:08x}", u32::from(c)),
            c => written.push(c),
        }
    }
    written + "\""
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
