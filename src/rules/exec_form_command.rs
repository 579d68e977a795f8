use super::edits::{chain, holds_comment};
use super::prelude::*;
use crate::ast::{Command, HealthcheckTest, Keyword};
use crate::shell::NodeKind;

rule! {
    /// Write `CMD` and `ENTRYPOINT` as JSON arrays.
    ///
    /// ## What it does
    /// Finds a `CMD` or an `ENTRYPOINT` that is a line for the shell and needs none: it holds no variable, no redirection, no
    /// `&&` and no `exec`, and no `SHELL` says that a shell is wanted. As BuildKit defines it, all without `SHELL` are findings;
    /// as hadolint defines it, `HEALTHCHECK CMD` is looked at too, and `SHELL` excuses nothing. An array that is broken has a rule
    /// of its own, `broken-exec-form`, but where hadolint or BuildKit define this one.
    ///
    /// ## Why
    /// The shell becomes the container's first process. It does not pass signals on, so that `docker stop` waits ten
    /// seconds and kills; and after an `ENTRYPOINT` like that, the arguments of `docker run` go nowhere.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// CMD serve --port 80
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// CMD ["serve", "--port", "80"]
    /// ```
    ///
    /// ## How to fix
    /// Write each word as a string: `CMD ["serve", "--port", "80"]`. Where the shell is needed, name it:
    /// `CMD ["sh", "-c", "exec serve --port \"$PORT\""]`.
    ///
    /// ## When to ignore
    /// Where the command is short-lived, and nobody sends it signals.
    "DL3025" "exec-form-command" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3025"),
            Same("buildkit/JSONArgsRecommended"),
            Same("tally/hadolint/DL3025"),
            Same("droast/DF018"),
            Same("droast/DF025"),
            Same("semgrep/prefer-json-notation"),
        ],
        keywords: [Cmd, Entrypoint, Healthcheck],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    if RULE.keywords.iter().flat_map(|keyword| model.instructions_of(keyword)).all(is_exec_form)
        && !model.keywords().hold(Keyword::Onbuild)
    {
        return;
    }
    if findings.preset() == Preset::Hadolint {
        for instruction in model.preamble() {
            look_at(instruction, findings);
        }
    }
    for stage in &model.stages {
        look_into(stage, findings);
    }
}

fn is_exec_form(instruction: &Instruction<'_>) -> bool {
    match &instruction.kind {
        Kind::Cmd(cmd) => matches!(cmd.command, Command::Exec(_)),
        Kind::Entrypoint(entrypoint) => matches!(entrypoint.command, Command::Exec(_)),
        _ => false,
    }
}

fn look_into<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    let mut excused = !hadolint && stage.inherited.shell;
    if findings.preset() == Preset::Buildkit {
        for trigger in &stage.triggers {
            excused |= matches!(trigger.instruction.kind, Kind::Shell(_));
            if !excused {
                look_at(trigger.instruction, &mut findings.with_trigger(trigger, stage.instruction.header));
            }
        }
    }
    for instruction in stage.body {
        excused |= !hadolint && matches!(instruction.kind, Kind::Shell(_));
        if !excused {
            look_at(instruction, findings);
        }
    }
}

fn look_at(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let command = match &instruction.kind {
        Kind::Cmd(cmd) => &cmd.command,
        Kind::Entrypoint(entrypoint) => &entrypoint.command,
        Kind::Healthcheck(healthcheck) if findings.preset() == Preset::Hadolint => match &healthcheck.test {
            HealthcheckTest::Command(command) => command,
            HealthcheckTest::None => return,
        },
        _ => return,
    };
    let keyword = || match &instruction.kind {
        Kind::Healthcheck(_) => "HEALTHCHECK CMD".to_owned(),
        _ => instruction.keyword.to_uppercase(),
    };
    let script = match command {
        Command::Exec(_) => return,
        Command::Empty => {
            if findings.preset() == Preset::Buildkit {
                findings
                    .report(instruction.keyword.span, format!("{} without a command runs an empty line in the shell", keyword()))
                    .help("write a JSON array, or take the instruction out");
            }
            return;
        }
        // Elsewhere it is `broken-exec-form` that says so.
        Command::BrokenExec(_) if !matches!(findings.preset(), Preset::Hadolint | Preset::Buildkit) => return,
        Command::Shell(script) | Command::BrokenExec(script) => script,
    };
    let keyword = keyword();
    if matches!(command, Command::BrokenExec(_)) {
        findings
            .report(script.span, format!("{keyword} looks like a JSON array but is none, so the shell runs it as text"))
            .help("write each word in double quotes, with commas between them and nothing after `]`");
        return;
    }
    // What a shell is needed for can't be an array: a variable, a redirection, `&&`, `exec`.
    let array = as_array(script).or_else(|| unquoted(instruction, script, findings));
    if array.is_none() && !matches!(findings.preset(), Preset::Hadolint | Preset::Buildkit) {
        return;
    }
    let loses_comment = holds_comment(findings.model().dockerfile, script.span);
    let finding =
        findings.report(script.span, format!("{keyword} runs through a shell, which keeps signals from the program"));
    // Without the shell, a check may end with a code that is reserved.
    let is_healthcheck = matches!(instruction.kind, Kind::Healthcheck(_));
    let Some(array) = array.filter(|_| !is_healthcheck) else {
        finding.help("write a JSON array, like `[\"program\", \"argument\"]`, or name the shell: `[\"sh\", \"-c\", \"…\"]`");
        return;
    };
    let finding = finding.help(format!("write `{keyword} {array}`"));
    if !loses_comment {
        finding.fix(Fix {
            title: "write a JSON array".into(),
            applicability: Applicability::Unsafe,
            edits: vec![Edit { span: script.span, text: array }],
        });
    }
}

/// The words of a command with quotes that needs nothing else of a shell, as a JSON array.
fn unquoted(instruction: &Instruction<'_>, written: &str, findings: &Findings<'_, '_, '_>) -> Option<String> {
    let holds_other = |text: &str| text.contains(['$', '`', '~', '{', '\\', '\n']);
    if holds_other(written) {
        return None;
    }
    let script = findings.scripts(instruction).first()?;
    let pipelines = chain(script)?;
    let [pipeline] = pipelines.as_slice() else { return None };
    let call = script.calls().next().filter(|call| call.node().parent() == Some(*pipeline))?;
    if pipeline.children().count() > 1 || !call.node().children().all(|child| child.kind() == NodeKind::Word) {
        return None;
    }
    let mut words = Vec::new();
    for argument in std::iter::once(call.name_argument()).chain(call.arguments()) {
        words.push(argument.known().filter(|_| !argument.globs())?);
    }
    let name = call.name();
    (!is_of_shell(name) && !name.contains('=')).then(|| array_of(words.into_iter()))
}

/// The words of a script that means the same without a shell, as a JSON array.
pub(super) fn as_array(script: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" -_./:=,@+%".contains(&byte);
    let first = script.split(' ').next().unwrap_or_default();
    // A word with `=` at the start would be an assignment.
    if !script.bytes().all(is_plain) || first.contains('=') || is_of_shell(first) {
        return None;
    }
    Some(array_of(script.split(' ').filter(|word| !word.is_empty())))
}

/// Whether it is the shell itself that does what a command says.
fn is_of_shell(name: &str) -> bool {
    matches!(name, "exec" | "cd" | "." | "source" | "export")
}

/// A JSON array of words in which nothing needs an escape but `"`.
fn array_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut array = "[".to_owned();
    for word in words {
        array.push_str(if array.len() > 1 { ", \"" } else { "\"" });
        array.push_str(&word.replace('"', "\\\""));
        array.push('"');
    }
    array.push(']');
    array
}
