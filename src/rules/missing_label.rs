use super::prelude::*;
use super::label_values::key;
use crate::semantic::Source;

rule! {
    /// Write all labels of the schema.
    ///
    /// ## What it does
    /// Finds an image that lacks a label of the `label-schema`. We look at the stage that is built, and at those that it
    /// builds on; as hadolint defines it, each stage is looked at, but those that another takes files from, and those that
    /// a labelled one builds on.
    ///
    /// ## Why
    /// Programs that read the labels count on the schema.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN true
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL version="1.2.3"
    /// ```
    ///
    /// ## How to fix
    /// Write the label.
    ///
    /// ## When to ignore
    /// Where the base image, or the command that builds, gives the label.
    "DL3049" "missing-label" {
        severity: Info,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3049"),
            Same("droast/DF074"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    let hadolint = findings.preset() == Preset::Hadolint;
    for wanted in findings.settings().label_schema.keys() {
        let mut has: Vec<bool> = Vec::with_capacity(model.stages.len());
        for stage in &model.stages {
            let inherits = matches!(stage.base, Base::Stage(base) if has.get(base).copied().unwrap_or_default());
            has.push(inherits || stage.body.iter().any(|instruction| labels(instruction, wanted)));
        }
        let excused = if hadolint { excused(&has, findings) } else { Vec::new() };
        for stage in &model.stages {
            let is_asked = match hadolint {
                true => !excused.get(stage.index).copied().unwrap_or_default(),
                false => model.target == Some(stage.index),
            };
            if is_asked && !has.get(stage.index).copied().unwrap_or_default() {
                findings
                    .report(stage.instruction.header, format!("the label `{wanted}` is missing"))
                    .help(format!("write `LABEL {wanted}=…`"));
            }
        }
    }
}

fn labels(instruction: &Instruction<'_>, wanted: &str) -> bool {
    matches!(&instruction.kind, Kind::Label(label) if label.pairs.iter().any(|pair| key(pair) == wanted))
}

/// The stages that need no label: another takes files from them, or a labelled one builds on them.
fn excused(has: &[bool], findings: &Findings<'_, '_, '_>) -> Vec<bool> {
    let model = findings.model();
    let mut excused = vec![false; has.len()];
    let bases = model.stages.iter().filter_map(|stage| match stage.base {
        Base::Stage(base) if has.get(stage.index).copied().unwrap_or_default() => Some(base),
        _ => None,
    });
    let sources = model.edges.iter().filter_map(|edge| match edge.source {
        Source::Stage(source) => Some(source),
        _ => None,
    });
    for stage in bases.chain(sources) {
        if let Some(excused) = excused.get_mut(stage) {
            *excused = true;
        }
    }
    excused
}
