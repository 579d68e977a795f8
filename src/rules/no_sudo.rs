use super::prelude::*;
use crate::ast::Run;
use crate::semantic::UserName;

rule! {
    /// Run commands without `sudo`.
    ///
    /// ## What it does
    /// Finds a `sudo` where the commands of the build are root's already. As hadolint defines it, each `sudo` is a finding.
    ///
    /// ## Why
    /// It does nothing there but need a package, and it hides behind a process of its own.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// USER root
    /// RUN sudo apt-get update
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// USER root
    /// RUN apt-get update
    /// ```
    ///
    /// ## How to fix
    /// Take the word out. Where the commands are not those of root, write `USER root` above them. To become another user,
    /// take `USER`, `setpriv` or `gosu`.
    ///
    /// ## When to ignore
    /// Where another user is meant that only `sudo` can become.
    "DL3004" "no-sudo" {
        severity: Error,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3004"),
            Same("tally/hadolint/DL3004"),
            Same("droast/DF010"),
            Same("trivy/DS-0010"),
            Same("checkov/CKV2_DOCKER_1"),
            Same("semgrep/no-sudo-in-dockerfile"),
        ],
        programs: ["sudo"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let point = findings.point(instruction);
    let is_root = point.is_some_and(|point| point.user().known().is_some_and(|user| UserName::parse(user).is_root()));
    if !is_root && findings.preset() != Preset::Hadolint {
        return;
    }
    for call in findings.calls(instruction).filter(|call| call.name() == "sudo") {
        let becomes_another = call.options().any(|option| matches!(option.written(), "-u" | "--user" | "u" | "-g" | "--group" | "g"));
        if becomes_another && findings.preset() != Preset::Hadolint {
            continue;
        }
        let name = call.name_argument();
        let finding = findings
            .report(name.span(), "`sudo` in a build does nothing that `USER` would not do more plainly")
            .help("take it out, or write `USER root` above");
        // What follows is the command, and nothing is asked of `sudo` itself.
        let next = call.later().next().filter(|next| next.wrapped_in().is_some_and(|by| by.index() == call.index()));
        if let Some(next) = next
            && is_root
            && call.options().next().is_none()
            && name.known().is_some()
            && call.arguments().next().is_some_and(|first| first.span() == next.name_argument().span())
        {
            finding.fix(Fix {
                title: "take `sudo` out".into(),
                applicability: Applicability::Unsafe,
                edits: vec![Edit {
                    span: Span::new(name.span().start, next.name_argument().span().start),
                    text: String::new(),
                }],
            });
        }
    }
}
