use super::prelude::*;
use super::label_values::{key, value};

rule! {
    /// Give the labels of the schema a value.
    ///
    /// ## What it does
    /// Finds a label of the `label-schema` that is empty.
    ///
    /// ## Why
    /// What the schema asks for is there by name only.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL version=""
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL version="1.2.3"
    /// ```
    ///
    /// ## How to fix
    /// Write the value.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3051" "empty-label" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3051"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Label(label) = &instruction.kind else { return };
    for pair in &label.pairs {
        let is_asked_for = findings.settings().label_schema.contains_key(key(pair));
        if is_asked_for && value(pair, instruction, findings).is_some_and(|value| value.is_empty()) {
            findings.report(pair.key.span, format!("the label `{}` is empty", key(pair))).help("write its value");
        }
    }
}
