use super::prelude::*;
use crate::ast::{Command, Word};
use crate::semantic::Setting;

rule! {
    /// Write a `CMD` that holds arguments as a JSON array.
    ///
    /// ## What it does
    /// Finds a `CMD` that is a line for the shell, where the `ENTRYPOINT` is a JSON array whose program takes arguments of its
    /// own: the `CMD` begins with an option, or the program is an interpreter that already has its script. It is silent where
    /// the entrypoint may be one that runs what it is given, as `tini` and most `docker-entrypoint.sh` do.
    ///
    /// ## Why
    /// `CMD --port 80` is not the words `--port` and `80`, but `/bin/sh`, `-c` and `--port 80`; these are what the program gets.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM python:3.13
    /// ENTRYPOINT ["python", "serve.py"]
    /// CMD --port 80
    /// ```
    /// ```dockerfile,good
    /// FROM python:3.13
    /// ENTRYPOINT ["python", "serve.py"]
    /// CMD ["--port", "80"]
    /// ```
    ///
    /// ## How to fix
    /// Write each word as a string of an array.
    ///
    /// ## When to ignore
    /// Where the program really runs a command that follows its own arguments.
    "PL1007" "shell-cmd-as-arguments" {
        severity: Warning,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Stage(check),
    }
}

/// Programs that run a script and hand all that follows to it.
const INTERPRETERS: [&str; 12] =
    ["python", "python2", "python3", "node", "ruby", "perl", "php", "Rscript", "deno", "bun", "dotnet", "java"];

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let (Setting::Set(entrypoint), Setting::Set(cmd)) = (stage.entrypoint, stage.command) else { return };
    let (Command::Exec(program), Command::Shell(line)) = (entrypoint.command, cmd.command) else { return };
    let is_own = stage.body.iter().any(|instruction| std::ptr::eq(instruction, cmd.instruction));
    if program.is_empty() || !is_own {
        return;
    }
    let is_option = line.trim_start().starts_with('-');
    if !is_option && (!has_its_script(program) || is_wrapped_script(program)) {
        return;
    }
    let shell = cmd.shell.words().unwrap_or_else(|| vec!["/bin/sh", "-c"]).join("`, `");
    let name = program.first().map(Word::as_str).unwrap_or_default();
    let finding = findings.report(
        line.span,
        format!("`{name}` is handed this as the arguments `{shell}` and the whole line, since it is no JSON array"),
    );
    match super::exec_form_command::as_array(line) {
        None => finding.help("write each word as a string of an array, or name the program in the ENTRYPOINT"),
        Some(array) => finding.help(format!("write `CMD {array}`")).fix(Fix {
            title: "write a JSON array".into(),
            applicability: Applicability::Unsafe,
            edits: vec![Edit { span: line.span, text: array }],
        }),
    };
}

/// Whether a program is an interpreter, and what it interprets is among its arguments.
fn has_its_script(program: &[Word<'_>]) -> bool {
    let [first, rest @ ..] = program else { return false };
    let name = first.rsplit('/').next().unwrap_or_default();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.iter().any(|known| known.trim_end_matches(|c: char| c.is_ascii_digit()) == name)
        && rest.iter().any(|word| {
            [".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".R", ".dll", ".jar"]
                .iter()
                .any(|ending| word.ends_with(ending))
        })
}

/// Whether the script may be one that runs the command which it is given.
fn is_wrapped_script(program: &[Word<'_>]) -> bool {
    program.iter().skip(1).any(|word| {
        let word = word.to_ascii_lowercase();
        ["entrypoint", "entry", "start", "init", "run", "wrap", "launch", "exec", "boot"].iter().any(|part| word.contains(part))
    })
}
