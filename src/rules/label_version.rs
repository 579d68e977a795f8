use super::prelude::*;
use super::LabelFormat;
use super::label_values::check_format;

rule! {
    /// Write a semantic version where the label schema asks for one.
    ///
    /// ## What it does
    /// Finds a label that the `label-schema` declares as `semver`, and whose value is not a semantic version. As hadolint
    /// defines it, a value that holds a variable is a finding too.
    ///
    /// ## Why
    /// Programs read such a label, and expect what the schema promises.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL example.semver="v1"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL example.semver="1.2.3"
    /// ```
    ///
    /// ## How to fix
    /// Write three numbers with dots between them.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3056" "label-version" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3056"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    check_format(instruction, findings, LabelFormat::Semver, "a semantic version", "write it like `1.2.3` or `1.2.3-rc.1`");
}
