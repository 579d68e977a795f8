use super::prelude::*;
use super::LabelFormat;
use super::label_values::check_format;

rule! {
    /// Write the hash of a commit where the label schema asks for one.
    ///
    /// ## What it does
    /// Finds a label that the `label-schema` declares as `hash`, and whose value is not the hash of a commit. As hadolint
    /// defines it, a value that holds a variable is a finding too.
    ///
    /// ## Why
    /// Programs read such a label, and expect what the schema promises.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL example.hash="main"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL example.hash="0123abc"
    /// ```
    ///
    /// ## How to fix
    /// Write the hash, as `git rev-parse HEAD` prints it, or its first 7 digits.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3055" "label-hash" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3055"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    check_format(instruction, findings, LabelFormat::Hash, "the hash of a commit", "write all 40 digits of it, or the first 7");
}
