use super::edits::take_out;
use super::prelude::*;
use crate::ast::Keyword;

rule! {
    /// Write one `ENTRYPOINT` a stage.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` that a later one in the same stage replaces. As hadolint defines it, the later one is the
    /// finding.
    ///
    /// ## Why
    /// Only the last `ENTRYPOINT` counts. Those before it do nothing, and whoever reads them is misled.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ENTRYPOINT ["tini", "--"]
    /// ENTRYPOINT ["serve"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ENTRYPOINT ["tini", "--", "serve"]
    /// ```
    ///
    /// ## How to fix
    /// Keep the last one, or make one of both. The fix takes the earlier one out, which is unsafe where the two differ, for
    /// what it says may have been meant for another instruction.
    ///
    /// ## When to ignore
    /// Never.
    "DL4004" "multiple-entrypoint" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL4004"),
            Same("tally/hadolint/DL4004"),
            Near("buildkit/MultipleInstructionsDisallowed"),
            Same("trivy/DS-0007"),
            Same("semgrep/multiple-entrypoint-instructions"),
            Same("droast/DF039"),
        ],
        changes: [ReplacedInstruction],
        keywords: [Entrypoint],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    report_repeated(Keyword::Entrypoint, stage, findings);
}

/// Reports the instructions of a kind that a later one replaces or, as hadolint does, those that replace one.
pub(super) fn report_repeated<'d, 'a>(
    name: Keyword,
    stage: &Stage<'d, 'a>,
    findings: &mut Findings<'_, 'd, 'a>,
) {
    if stage.triggers.is_empty() && findings.model().instructions_of(name).nth(1).is_none() {
        return;
    }
    let is_one = |instruction: &Instruction<'_>| {
        instruction.kind.keyword() == Some(name) && !matches!(instruction.kind, Kind::Malformed(_))
    };
    // What the base triggers stands, for BuildKit, where the stage begins.
    let triggered = match findings.preset() {
        Preset::Buildkit => stage.triggers.iter().filter(|trigger| is_one(trigger.instruction)).count(),
        _ => 0,
    };
    let begins = stage.instruction.keyword.span;
    if triggered > 1 {
        findings
            .report(begins, format!("the base image of this stage triggers several {name}s, and all but the last do nothing"))
            .help(format!("keep the last {name} of the base"));
    }
    let mut earlier = (triggered > 0).then_some((begins, None));
    for instruction in stage.body.iter().filter(|instruction| is_one(instruction)) {
        let keyword = instruction.keyword.span;
        let Some((replaced, before)) = earlier.replace((keyword, Some(instruction))) else { continue };
        let fix = before.and_then(|before| without(before, instruction, findings));
        let finding = match findings.preset() {
            Preset::Hadolint => findings
                .report(keyword, format!("this is not the first {name} of the stage, and replaces it"))
                .related(replaced, "the one that is replaced"),
            _ => findings
                .report(replaced, format!("this {name} does nothing, for a later one replaces it"))
                .related(keyword, "the one that replaces it"),
        };
        let finding = finding.help(format!("keep the last {name} of the stage"));
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}

/// Takes an instruction out that another one replaces.
fn without(replaced: &Instruction<'_>, by: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> Option<Fix> {
    let dockerfile = findings.model().dockerfile;
    let is_same = replaced.span.of(dockerfile.text) == by.span.of(dockerfile.text);
    Some(Fix {
        title: "take out the one that does nothing".into(),
        applicability: if is_same { Applicability::Safe } else { Applicability::Unsafe },
        edits: vec![take_out(dockerfile, replaced)?],
    })
}
