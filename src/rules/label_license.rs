use super::prelude::*;
use super::LabelFormat;
use super::label_values::check_format;

rule! {
    /// Write a licence as SPDX has it where the label schema asks for one.
    ///
    /// ## What it does
    /// Finds a label that the `label-schema` declares as `spdx`, and whose value is not a licence as SPDX has it. As
    /// hadolint defines it, a value that holds a variable is a finding too.
    ///
    /// ## Why
    /// Programs read such a label, and expect what the schema promises.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL example.spdx="free"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL example.spdx="MIT OR Apache-2.0"
    /// ```
    ///
    /// ## How to fix
    /// Write the identifier of the licence as SPDX lists it.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3054" "label-license" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3054"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    check_format(instruction, findings, LabelFormat::Spdx, "a licence as SPDX has it", "write an identifier like `MIT`; several are joined with `OR` and `AND`");
}
