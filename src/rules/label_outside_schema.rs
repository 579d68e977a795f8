use super::prelude::*;
use super::label_values::key;
use crate::nearest::nearest;

rule! {
    /// Write the labels of the schema, and no others.
    ///
    /// ## What it does
    /// Finds a label that is not in the `label-schema`, where `strict-labels` is set.
    ///
    /// ## Why
    /// The schema says which labels images have. One that it does not know is read by nobody, or misspelt.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL verison="1.2.3"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL version="1.2.3"
    /// ```
    ///
    /// ## How to fix
    /// Take the label out, or into the schema.
    ///
    /// ## When to ignore
    /// Never: change the schema.
    "DL3050" "label-outside-schema" {
        severity: Info,
        category: Style,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3050"),
            Near("droast/DF074"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Label(label) = &instruction.kind else { return };
    let settings = findings.settings();
    if !settings.strict_labels {
        return;
    }
    for pair in &label.pairs {
        let key = key(pair);
        if settings.label_schema.contains_key(key) || key.contains('$') && findings.preset() != Preset::Hadolint {
            continue;
        }
        let meant = nearest(key, settings.label_schema.keys().map(String::as_str));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "take it out, or into the schema".to_owned(),
        };
        findings.report(pair.key.span, format!("the label schema has no `{key}`")).help(help);
    }
}
