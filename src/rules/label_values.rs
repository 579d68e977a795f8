//! What the rules about the values of labels share.

use super::{Findings, LabelFormat, Preset};
use crate::ast::{Instruction, Kind, Pair};

/// The value of a label, where it is known: hadolint takes it as it is written.
pub(super) fn value(pair: &Pair<'_>, instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> Option<String> {
    if findings.preset() == Preset::Hadolint {
        return Some(pair.value.trim_matches(['"', '\'']).to_owned());
    }
    findings.point(instruction)?.value(&pair.value).known().map(str::to_owned)
}

/// A label's key without quotes.
pub(super) fn key<'p>(pair: &'p Pair<'_>) -> &'p str {
    pair.key.trim_matches(['"', '\''])
}

/// Reports the labels that should be of a form and are not.
pub(super) fn check_format(
    instruction: &Instruction<'_>,
    findings: &mut Findings<'_, '_, '_>,
    format: LabelFormat,
    what: &str,
    help: &'static str,
) {
    let Kind::Label(label) = &instruction.kind else { return };
    for pair in &label.pairs {
        if findings.settings().label_schema.get(key(pair)) != Some(&format) {
            continue;
        }
        let Some(value) = value(pair, instruction, findings) else { continue };
        // That nothing is there is said by another rule.
        if !value.is_empty() && !format.accepts(&value) {
            findings.report(pair.value.span, format!("the label `{}` should be {what}", key(pair))).help(help);
        }
    }
}
