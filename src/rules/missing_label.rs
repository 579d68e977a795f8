use super::prelude::*;
use super::label_values::key;
use crate::semantic::Source;

rule! {
    /// Write all labels of the schema.
    ///
    /// ## What it does
    /// Finds an image that lacks a label of the `label-schema`. We look at the stage that is built, and at those that it
    /// builds on; as hadolint defines it, each stage is looked at, but those that a labelled one takes from.
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
        if hadolint {
            excuse(&mut has, findings);
        }
        for stage in &model.stages {
            let is_asked = hadolint || model.target == Some(stage.index);
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

/// A stage needs no label where one that takes from it has it.
fn excuse(has: &mut [bool], findings: &Findings<'_, '_, '_>) {
    let model = findings.model();
    let mut edges = model.edges.iter().rev().peekable();
    for stage in model.stages.iter().rev() {
        let labelled = has.get(stage.index).copied().unwrap_or_default();
        let base = match stage.base {
            Base::Stage(base) => Some(base),
            _ => None,
        };
        let mut taken: Vec<usize> = base.into_iter().collect();
        while let Some(edge) = edges.next_if(|edge| edge.stage >= stage.index) {
            if let Source::Stage(source) = edge.source {
                taken.push(source);
            }
        }
        for source in taken.into_iter().filter(|_| labelled) {
            if let Some(source) = has.get_mut(source) {
                *source = true;
            }
        }
    }
}
