use super::prelude::*;
use super::LabelFormat;
use super::label_values::check_format;

rule! {
    /// Write an address for mail where the label schema asks for one.
    ///
    /// ## What it does
    /// Finds a label that the `label-schema` declares as `email`, and whose value is not an address for mail. As hadolint
    /// defines it, a value that holds a variable is a finding too.
    ///
    /// ## Why
    /// Programs read such a label, and expect what the schema promises.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL example.email="me"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL example.email="me@example.com"
    /// ```
    ///
    /// ## How to fix
    /// Write the whole address.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3058" "label-email" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3058"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    check_format(instruction, findings, LabelFormat::Email, "an address for mail", "write it like `me@example.com`");
}
