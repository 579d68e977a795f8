use super::edits::is_plain;
use super::prelude::*;
use crate::ast::Word;
use crate::semantic::{Platform, Value, is_absolute, may_be_absolute, resolve};

rule! {
    /// Begin with an absolute `WORKDIR`.
    ///
    /// ## What it does
    /// Finds a relative `WORKDIR` in a stage where no absolute one came before, in the stage itself or in the stages that
    /// it builds on. As hadolint defines it, any relative `WORKDIR` is a finding.
    ///
    /// ## Why
    /// A relative path is resolved against the directory that the base image happens to leave, and follows when that
    /// changes.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// WORKDIR app
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// WORKDIR /app
    /// WORKDIR src
    /// ```
    ///
    /// ## How to fix
    /// Write the whole path, `WORKDIR /app`. The fix does so; it is safe where it is known what the path is relative to.
    ///
    /// ## When to ignore
    /// Where the base image is your own and promises its working directory.
    "DL3000" "relative-workdir" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3000"),
            Same("buildkit/WorkdirRelativePath"),
            Same("tally/hadolint/DL3000"),
            Near("trivy/DS-0009"),
            Near("checkov/CKV_DOCKER_10"),
            Same("droast/DF009"),
        ],
        keywords: [Workdir],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    if findings.preset() == Preset::Buildkit {
        check_first(stage, findings);
        return;
    }
    let hadolint = findings.preset() == Preset::Hadolint;
    let mut anchored = !hadolint && stage.inherited.absolute_workdir;
    let mut is_first = !stage.inherited.workdir;
    for instruction in stage.body {
        let Kind::Workdir(workdir) = &instruction.kind else { continue };
        let absolute = may_be_absolute(workdir);
        anchored |= !hadolint && absolute;
        if !anchored && !absolute {
            report(instruction, &workdir.path, is_first, findings);
        }
        is_first = false;
    }
}

fn report(instruction: &Instruction<'_>, path: &Word<'_>, is_first: bool, findings: &mut Findings<'_, '_, '_>) {
    let whole = whole_path(instruction, path, is_first, findings);
    let finding = findings
        .report(path.span, format!("`{path}` is relative to whatever directory the base image leaves"))
        .help("write the whole path, from `/` on");
    if let Some((whole, applicability)) = whole {
        finding.fix(Fix {
            title: format!("write `{whole}`").into(),
            applicability,
            edits: vec![Edit { span: path.span, text: whole }],
        });
    }
}

/// The whole path, where it is known what the path is relative to, or is likely to be `/`.
fn whole_path(
    instruction: &Instruction<'_>,
    path: &Word<'_>,
    is_first: bool,
    findings: &Findings<'_, '_, '_>,
) -> Option<(String, Applicability)> {
    if !is_plain(path) {
        return None;
    }
    let point = findings.point(instruction)?;
    // What BuildKit's check takes base images to have is not what they have.
    if findings.preset() != Preset::Buildkit
        && let Some(whole) = point.resolve(path).known()
    {
        return Some((whole.to_owned(), Applicability::Safe));
    }
    let whole = resolve(&Value::of("/"), &Value::of(path.as_str()));
    let whole = whole.known().filter(|_| is_first && !path.contains(".."))?;
    Some((whole.to_owned(), Applicability::Unsafe))
}

/// BuildKit looks at the first `WORKDIR` of a stage and those that it builds on, its variables expanded.
fn check_first<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    if stage.inherited.workdir {
        return;
    }
    let is_workdir = |instruction: &Instruction<'_>| matches!(instruction.kind, Kind::Workdir(_));
    if let Some(trigger) = stage.triggers.iter().find(|trigger| is_workdir(trigger.instruction)) {
        let mut findings = findings.with_trigger(trigger, stage.instruction.header);
        look_at(trigger.instruction, stage, &mut findings);
        return;
    }
    if let Some(first) = stage.body.iter().find(|instruction| is_workdir(instruction)) {
        look_at(first, stage, findings);
    }
}

fn look_at<'d, 'a>(instruction: &Instruction<'_>, stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let Kind::Workdir(workdir) = &instruction.kind else { return };
    let Some(point) = findings.point(instruction) else { return };
    let value = point.value(&workdir.path);
    let Some(path) = value.known() else { return };
    let absolute = is_absolute(path, false) || is_absolute(path, true) && is_for_windows(stage, findings);
    if !absolute {
        report(instruction, &workdir.path, true, findings);
    }
}

/// Whether the stage's base image is one of Windows, because `--platform` says so.
fn is_for_windows<'d, 'a>(stage: &Stage<'d, 'a>, findings: &Findings<'_, 'd, 'a>) -> bool {
    let model = findings.model();
    let first = model.lineage(stage).last();
    let platform = first.and_then(Stage::from).and_then(|from| from.platform());
    let platform = platform.map(|platform| model.before_stages().value(platform));
    let platform = platform.as_ref().and_then(|platform| platform.known()).and_then(Platform::parse);
    platform.is_some_and(|platform| platform.os == "windows")
}
