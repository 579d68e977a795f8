use super::prelude::*;
use crate::ast::Word;
use crate::semantic::{Setting, UserName};

rule! {
    /// Let the container run as a user that is not root.
    ///
    /// ## What it does
    /// Finds a last `USER` of a stage that is root. We look at the stage that is built, and at what it has from the stages
    /// that it builds on; as hadolint defines it, each stage is looked at by itself.
    ///
    /// ## Why
    /// Whoever breaks out of a program that runs as root is root in the container, and has one step less to take to the
    /// host.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// USER root
    /// CMD ["serve"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// USER root
    /// RUN apk add curl
    /// USER 1000
    /// CMD ["serve"]
    /// ```
    ///
    /// ## How to fix
    /// End the stage with `USER` and the number of a user without rights.
    ///
    /// ## When to ignore
    /// Where the entrypoint drops the rights itself. One that holds `gosu`, `su-exec` or `setpriv` is not a finding.
    "DL3002" "last-user-is-root" {
        severity: Warning,
        category: Security,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3002"),
            Same("tally/hadolint/DL3002"),
            Near("droast/DF002"),
            Near("trivy/DS-0002"),
            Same("checkov/CKV_DOCKER_8"),
            Same("semgrep/last-user-is-root"),
        ],
        keywords: [User],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let model = findings.model();
    let user_of = |instruction: &'d Instruction<'a>| match &instruction.kind {
        Kind::User(user) => Some(&user.user),
        _ => None,
    };
    if findings.preset() == Preset::Hadolint {
        if let Some(user) = stage.body.iter().rev().find_map(user_of)
            && matches!(user.split(':').next(), Some("root" | "0"))
        {
            report(user, findings);
        }
        return;
    }
    if model.target != Some(stage.index) {
        return;
    }
    let last = model.lineage(stage).find_map(|stage| stage.body.iter().rev().find_map(user_of));
    let is_root = model.at_end(stage).user().known().is_some_and(|user| UserName::parse(user).is_root());
    if let Some(user) = last
        && is_root
        && !drops_rights(stage)
    {
        report(user, findings);
    }
}

fn report(user: &Word<'_>, findings: &mut Findings<'_, '_, '_>) {
    findings
        .report(user.span, format!("the last `USER` is `{user}`, so the container runs with all rights"))
        .help("end with `USER` and the number of a user without rights, like `USER 1000`");
}

/// Whether the process is likely to become another user, as the start of an image often does.
fn drops_rights(stage: &Stage<'_, '_>) -> bool {
    let names_it = |setting: &Setting<'_, '_>| match setting {
        Setting::Set(invocation) => invocation.command.words().iter().any(|word| {
            ["gosu", "su-exec", "setpriv", "s6-setuidgid", "/init"].iter().any(|tool| word.contains(tool))
        }),
        _ => false,
    };
    names_it(&stage.entrypoint) || names_it(&stage.command)
}
