use super::prelude::*;
use crate::ast::Command;
use crate::semantic::{Invocation, Setting};

rule! {
    /// Do not write a `CMD` that the entrypoint never sees.
    ///
    /// ## What it does
    /// Finds a `CMD` beside an `ENTRYPOINT` that is a line for the shell. It is silent where the line looks at its arguments,
    /// with `"$@"`, `$0` or the like.
    ///
    /// ## Why
    /// `ENTRYPOINT serve` runs `/bin/sh -c "serve"`. What `CMD` or `docker run IMAGE ARGUMENTS` says goes to the shell, not to
    /// `serve`, and is lost without a word.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ENTRYPOINT serve
    /// CMD ["--port", "80"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ENTRYPOINT ["serve"]
    /// CMD ["--port", "80"]
    /// ```
    ///
    /// ## How to fix
    /// Write the `ENTRYPOINT` as a JSON array. Where it needs the shell, hand the arguments on:
    /// `ENTRYPOINT ["sh", "-c", "exec serve \"$@\"", "sh"]`.
    ///
    /// ## When to ignore
    /// Never; take the `CMD` out instead.
    "PL1006" "shell-entrypoint-ignores-cmd" {
        severity: Warning,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let (Setting::Set(entrypoint), Setting::Set(cmd)) = (stage.entrypoint, stage.command) else { return };
    let is_own = |invocation: &Invocation<'d, 'a>| {
        stage.body.iter().any(|instruction| std::ptr::eq(instruction, invocation.instruction))
    };
    let Command::Shell(line) = entrypoint.command else { return };
    if cmd.command.words().is_empty() || looks_at_arguments(line) || !is_own(&cmd) {
        return;
    }
    let message = "CMD does nothing: the ENTRYPOINT is a line for the shell, which hands no arguments on";
    findings
        .report(cmd.instruction.header, message)
        .help("write the ENTRYPOINT as a JSON array, or take the CMD out")
        .related(entrypoint.instruction.header, "the ENTRYPOINT");
}

/// Whether a line for a shell names its arguments, in whatever shell: `$@`, `${1}`, `$args`, `%1`.
fn looks_at_arguments(line: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find(['$', '%']) {
        rest = rest.get(at + 1..).unwrap_or_default();
        let name = rest.strip_prefix('{').unwrap_or(rest).trim_start_matches(['#', '!']);
        if name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '@' | '*')) || name.starts_with("args") {
            return true;
        }
    }
    false
}
