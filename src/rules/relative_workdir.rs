use super::prelude::*;
use crate::semantic::may_be_absolute;

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
    /// Write the whole path, `WORKDIR /app`.
    ///
    /// ## When to ignore
    /// Where the base image is your own and promises its working directory.
    "DL3000" "relative-workdir" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3000"),
            Same("buildkit/WorkdirRelativePath"),
            Same("tally/hadolint/DL3000"),
            Near("trivy/DS-0009"),
            Near("checkov/CKV_DOCKER_10"),
        ],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    let mut anchored = !hadolint && stage.inherited.absolute_workdir;
    for instruction in stage.body {
        let Kind::Workdir(workdir) = &instruction.kind else { continue };
        let absolute = may_be_absolute(workdir);
        anchored |= !hadolint && absolute;
        if !anchored && !absolute {
            findings
                .report(workdir.path.span, format!("`{}` is relative to whatever directory the base image leaves", workdir.path))
                .help("write the whole path, from `/` on");
        }
    }
}
