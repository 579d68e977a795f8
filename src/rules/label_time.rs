use super::prelude::*;
use super::LabelFormat;
use super::label_values::check_format;

rule! {
    /// Write a time as RFC 3339 has it where the label schema asks for one.
    ///
    /// ## What it does
    /// Finds a label that the `label-schema` declares as `rfc3339`, and whose value is not a time as RFC 3339 has it. As
    /// hadolint defines it, a value that holds a variable is a finding too.
    ///
    /// ## Why
    /// Programs read such a label, and expect what the schema promises.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL example.rfc3339="24.11.2026"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL example.rfc3339="2026-11-24T08:00:00Z"
    /// ```
    ///
    /// ## How to fix
    /// Write it as `date --rfc-3339=seconds` prints it.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3053" "label-time" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3053"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    check_format(instruction, findings, LabelFormat::Rfc3339, "a time as RFC 3339 has it", "write it like `2026-11-24T08:00:00Z`");
}
