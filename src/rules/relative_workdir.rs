use super::prelude::*;
use crate::ast::Workdir;

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
    let inherited = findings.model().ancestry(stage).skip(1).any(|stage| workdirs(stage).any(is_anchored));
    let mut anchored = !hadolint && inherited;
    for workdir in workdirs(stage) {
        anchored |= !hadolint && is_anchored(workdir);
        if !anchored && !is_anchored(workdir) {
            findings
                .report(workdir.path.span, format!("`{}` is relative to whatever directory the base image leaves", workdir.path))
                .help("write the whole path, from `/` on");
        }
    }
}

fn workdirs<'s, 'd, 'a>(stage: &'s Stage<'d, 'a>) -> impl Iterator<Item = &'d Workdir<'a>> + use<'s, 'd, 'a> {
    stage.body.iter().filter_map(|instruction| match &instruction.kind {
        Kind::Workdir(workdir) => Some(workdir),
        _ => None,
    })
}

/// Whether the path is absolute, on Linux or Windows, or may be, for a variable stands at its start.
fn is_anchored(workdir: &Workdir<'_>) -> bool {
    let path = workdir.path.trim_start_matches(['"', '\'']);
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\', '$']) || drive
}
