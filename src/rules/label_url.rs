use super::prelude::*;
use super::LabelFormat;
use super::label_values::check_format;

rule! {
    /// Write an address where the label schema asks for one.
    ///
    /// ## What it does
    /// Finds a label that the `label-schema` declares as `url`, and whose value is not an address. As hadolint defines it,
    /// a value that holds a variable is a finding too.
    ///
    /// ## Why
    /// Programs read such a label, and expect what the schema promises.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL example.url="example"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL example.url="https://example.com/app"
    /// ```
    ///
    /// ## How to fix
    /// Write the whole address, from `https://` on.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3052" "label-url" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3052"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    check_format(instruction, findings, LabelFormat::Url, "an address", "write the whole address, from `https://` on");
}
