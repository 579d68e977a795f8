//! What a rule is shown of a file.

use super::{Check, Findings, Preset, Rule};
use crate::ast::{Instruction, Keyword, Kind};
use crate::semantic::Model;

/// Shows a rule what it wants to see.
pub(crate) fn run(rule: &Rule, findings: &mut Findings<'_, '_, '_>) {
    match rule.check {
        Check::Instruction(check) => {
            show(rule, findings.model(), |instruction| check(instruction, findings));
        }
        Check::Triggered(check) => check_triggered(rule, check, findings),
        Check::Run(check) => {
            for instruction in findings.model().instructions_of(Keyword::Run) {
                if let Kind::Run(run) = &instruction.kind {
                    check(instruction, run, findings);
                }
            }
            for inner in triggers_for_elsewhere(findings.model()) {
                if let Kind::Run(run) = &inner.kind {
                    check(inner, run, &mut findings.elsewhere());
                }
            }
        }
        Check::Stage(check) => {
            for stage in &findings.model().stages {
                check(stage, findings);
            }
        }
        Check::NamedStage(check) => {
            for (stage, name) in findings.model().stages.iter().filter_map(|stage| Some((stage, stage.name()?))) {
                check(stage, name, findings);
            }
        }
        Check::File(check) => check(findings),
        Check::IgnoreFile(_) | Check::Elsewhere => {}
    }
}

fn check_triggered(
    rule: &Rule,
    check: fn(&Instruction<'_>, &mut Findings<'_, '_, '_>),
    findings: &mut Findings<'_, '_, '_>,
) {
    let model = findings.model();
    show(rule, model, |instruction| {
        // What stands in an `ONBUILD` is shown instead of it, below.
        if findings.preset() == Preset::Buildkit || !matches!(instruction.kind, Kind::Onbuild(_)) {
            check(instruction, findings);
        }
    });
    if !model.keywords().hold(Keyword::Onbuild) {
        return;
    }
    if findings.preset() != Preset::Buildkit {
        for inner in triggers_for_elsewhere(model).filter(|inner| rule.is_shown(inner)) {
            check(inner, &mut findings.elsewhere());
        }
        return;
    }
    for stage in &model.stages {
        for trigger in stage.triggers.iter().filter(|trigger| rule.is_shown(trigger.instruction)) {
            check(trigger.instruction, &mut findings.with_trigger(trigger, stage.instruction.header));
        }
    }
}

/// Shows the instructions that a rule wants to see, those in an `ONBUILD` not among them.
fn show<'d, 'a>(rule: &Rule, model: &Model<'d, 'a>, mut check: impl FnMut(&'d Instruction<'a>)) {
    if rule.keywords.is_empty() {
        model.dockerfile.instructions.iter().for_each(check);
        return;
    }
    for keyword in rule.keywords.iter() {
        model.instructions_of(keyword).for_each(&mut check);
    }
}

/// The instructions that stand in an `ONBUILD`.
fn triggers_for_elsewhere<'m, 'd, 'a>(
    model: &'m Model<'d, 'a>,
) -> impl Iterator<Item = &'d Instruction<'a>> + use<'m, 'd, 'a> {
    model.instructions_of(Keyword::Onbuild).filter_map(|instruction| match &instruction.kind {
        Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
        _ => None,
    })
}
