use super::prelude::*;
use crate::ast::Run;

rule! {
    /// Use `apt-get` in scripts, not `apt`.
    ///
    /// ## What it does
    /// Finds a command `apt`.
    ///
    /// ## Why
    /// `apt` is made for people: it warns in every script that what it prints and how it behaves may change with each
    /// version.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt update
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN apt-get update
    /// ```
    ///
    /// ## How to fix
    /// Write `apt-get`, or `apt-cache` for `search`, `show`, `depends` and `policy`. The fix does so where both know the
    /// command; it is unsafe for `upgrade`, which installs new packages with `apt` only, and for what `apt-cache` shows.
    ///
    /// ## When to ignore
    /// Where the command is one that only `apt` has, like `apt list`.
    "DL3027" "use-apt-get" {
        severity: Warning,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3027"),
            Same("droast/DF059"),
            Same("checkov/CKV_DOCKER_9"),
            Same("semgrep/prefer-apt-get"),
            Same("tally/hadolint/DL3027"),
        ],
        changes: [CommandName],
        programs: ["apt"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction).filter(|call| call.name() == "apt") {
        let program = match call.subcommand() {
            Some(
                "install" | "update" | "upgrade" | "remove" | "purge" | "autoremove" | "clean" | "autoclean" | "build-dep"
                | "source" | "download" | "changelog" | "satisfy" | "dist-upgrade" | "reinstall",
            ) => Some("apt-get"),
            Some("search" | "show" | "policy" | "depends") => Some("apt-cache"),
            _ => None,
        };
        let name = call.name_argument();
        let help = match (call.subcommand(), program) {
            (Some("list"), _) => "write `dpkg --list`".to_owned(),
            (_, program) => format!("write `{}`", program.unwrap_or("apt-get")),
        };
        let finding = findings
            .report(name.span(), "`apt` is made for people, and may behave differently with each version")
            .help(help);
        // `full-upgrade` is what only `apt` calls it.
        let is_own = call.subcommand_argument().is_some_and(|argument| argument.text() == "full-upgrade");
        if let Some(program) = program
            && !is_own
            && name.word().text() == "apt"
        {
            finding.fix(Fix {
                title: format!("write `{program}`").into(),
                applicability: match call.subcommand() {
                    // `apt upgrade` installs new packages, and what is for people to read looks different.
                    Some("upgrade") => Applicability::Unsafe,
                    _ if program == "apt-cache" => Applicability::Unsafe,
                    _ => Applicability::Safe,
                },
                edits: vec![Edit { span: name.span(), text: program.to_owned() }],
            });
        }
    }
}
