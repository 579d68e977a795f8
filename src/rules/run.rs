//! What rules are shown of a file.

use super::{Check, Findings, Preset, Rule};
use crate::ast::{Instruction, Keyword, Keywords, Kind};
use crate::semantic::{Model, Scripts};

/// A rule that runs. What is asked of each rule for each file stands side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    keywords: Keywords,
    has_programs: bool,
    check: Check,
    pub(crate) rule: &'static Rule,
}

impl Running {
    pub(crate) const fn new(rule: &'static Rule) -> Self {
        Self { keywords: rule.keywords, has_programs: !rule.programs.is_empty(), check: rule.check, rule }
    }

    /// Whether the rule may have something to say of a file.
    pub(crate) fn is_about(&self, scripts: &Scripts<'_, '_, '_>) -> bool {
        let is_called = |program: &&str| scripts.programs().may_hold(program);
        (self.keywords.is_empty() || self.keywords.hold_any_of(scripts.model().keywords()))
            && (!self.has_programs || self.rule.programs.iter().any(is_called))
    }

    /// Shows the rule what it wants to see.
    pub(crate) fn run(&self, findings: &mut Findings<'_, '_, '_>) {
        match self.check {
            Check::Instruction(check) => {
                self.show(findings.model(), |instruction| check(instruction, findings));
            }
            Check::Triggered(check) => self.check_triggered(check, findings),
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
        &self,
        check: fn(&Instruction<'_>, &mut Findings<'_, '_, '_>),
        findings: &mut Findings<'_, '_, '_>,
    ) {
        let model = findings.model();
        self.show(model, |instruction| {
            // What stands in an `ONBUILD` is shown instead of it, below.
            if findings.preset() == Preset::Buildkit || !matches!(instruction.kind, Kind::Onbuild(_)) {
                check(instruction, findings);
            }
        });
        if !model.keywords().hold(Keyword::Onbuild) {
            return;
        }
        if findings.preset() != Preset::Buildkit {
            for inner in triggers_for_elsewhere(model).filter(|inner| self.is_shown(inner)) {
                check(inner, &mut findings.elsewhere());
            }
            return;
        }
        for stage in &model.stages {
            for trigger in stage.triggers.iter().filter(|trigger| self.is_shown(trigger.instruction)) {
                check(trigger.instruction, &mut findings.with_trigger(trigger, stage.instruction.header));
            }
        }
    }

    /// Shows the instructions that a rule wants to see, those in an `ONBUILD` not among them.
    fn show<'d, 'a>(&self, model: &Model<'d, 'a>, mut check: impl FnMut(&'d Instruction<'a>)) {
        if self.keywords.is_empty() {
            model.dockerfile.instructions.iter().for_each(check);
            return;
        }
        for keyword in self.keywords.iter() {
            model.instructions_of(keyword).for_each(&mut check);
        }
    }

    /// Whether the rule wants to see an instruction.
    fn is_shown(&self, instruction: &Instruction<'_>) -> bool {
        self.keywords.is_empty() || instruction.kind.keyword().is_some_and(|keyword| self.keywords.hold(keyword))
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
