use super::prelude::*;
use crate::semantic::{Runner, Setting};
use crate::shell::{Dialect, Interpreter, NodeKind, Script, Text};

rule! {
    /// End an entrypoint script with `exec "$@"`.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` that is a shell script of the build context, beside a `CMD`, where the script never looks at its
    /// arguments; or runs them, but without `exec`. It is silent where the script reads another one, or waits for signals with
    /// `trap`, and where the context is not known.
    ///
    /// ## Why
    /// What `CMD` says, and what stands behind the image in `docker run`, are the arguments of the script: if it does not look at
    /// them, they are lost. Without `exec`, the shell stays the first process, and hands no signal on: `docker stop` waits ten
    /// seconds and kills.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// CMD ["serve"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    ///
    /// ## How to fix
    /// Write `exec "$@"` in the last line of the script; or take the `CMD` out.
    ///
    /// ## When to ignore
    /// Where the script is to stay the first process.
    "PL1005" "entrypoint-without-exec" {
        severity: Warning,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    for executed in surroundings.executed() {
        if !executed.is_entrypoint || executed.may_be_changed {
            continue;
        }
        let model = findings.model();
        let stage = model.stages.get(executed.stage);
        let has_command = stage.is_some_and(|stage| {
            matches!(stage.command, Setting::Set(cmd) if !cmd.command.words().is_empty())
                && matches!(stage.entrypoint, Setting::Set(entrypoint) if entrypoint.command.is_exec())
        });
        let Some(content) = surroundings.beginning(&executed.entry).filter(|_| has_command) else { continue };
        let interpreter = match executed.way {
            Runner::Shell(dialect) => Interpreter { dialect, ..Interpreter::default() },
            Runner::Kernel | Runner::Program => match Interpreter::of_shebang(&content) {
                Some(interpreter) => interpreter,
                None => continue,
            },
        };
        let path = executed.entry.path_text();
        let text = content.replace('\r', "");
        match arguments(&text, interpreter) {
            Arguments::Ignored => findings
                .report(executed.span, format!("`{path}` never looks at its arguments, so what CMD says is lost"))
                .help("write `exec \"$@\"` in its last line, or take the CMD out"),
            Arguments::RunWithoutExec => findings
                .report(executed.span, format!("`{path}` runs its arguments without `exec`, so they get no signals"))
                .help("write `exec \"$@\"`"),
            Arguments::Heeded => continue,
        };
    }
}

/// What a script does with its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Arguments {
    Ignored,
    RunWithoutExec,
    /// It hands them on, or nobody knows.
    Heeded,
}

fn arguments(text: &str, interpreter: Interpreter) -> Arguments {
    if !matches!(interpreter.dialect, Dialect::Sh | Dialect::Dash | Dialect::Bash | Dialect::Ksh | Dialect::Zsh) {
        return Arguments::Heeded;
    }
    let script = Script::read(Text::plain(text, 0), interpreter, &|_| None);
    if script.errors().next().is_some() {
        return Arguments::Heeded;
    }
    let is_read = |text: &str| {
        let name = text.trim_start_matches('$').trim_start_matches('{').trim_start_matches(['#', '!']);
        name.starts_with(['@', '*', '1', '2', '3', '4', '5', '6', '7', '8', '9']) || text == "$#" || text == "${#}"
    };
    let looks = script.nodes().any(|node| {
        // A script in backquotes, and what else is not looked into, may have them too.
        matches!(node.kind(), NodeKind::Parameter(_)) && is_read(node.text())
            || node.kind() == NodeKind::Backquoted && node.text().contains('$')
    });
    let mut handles = false;
    let mut runs_plainly = false;
    for call in script.calls() {
        match call.name() {
            "." | "source" | "eval" | "getopts" | "shift" | "trap" | "exec" | "wait" => handles = true,
            _ => runs_plainly |= matches!(call.name_argument().word().text(), "\"$@\"" | "$@" | "\"${@}\"" | "${@}" | "$*"),
        }
    }
    match (looks, handles) {
        (false, _) => {
            let reads_another = script.calls().any(|call| matches!(call.name(), "." | "source" | "eval" | "getopts" | "shift"));
            if reads_another { Arguments::Heeded } else { Arguments::Ignored }
        }
        (true, false) if runs_plainly => Arguments::RunWithoutExec,
        (true, _) => Arguments::Heeded,
    }
}
