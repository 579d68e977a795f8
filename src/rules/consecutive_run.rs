use super::prelude::*;
use crate::ast::{Flag, Run};
use crate::shell::Script;

rule! {
    /// Join `RUN`s that belong together.
    ///
    /// ## What it does
    /// Finds a `RUN` right after another one, where both hold one command and the same flags. We look at the stage
    /// that is built only: other stages leave no layers in the image. As hadolint defines it, all stages count.
    ///
    /// ## Why
    /// Each `RUN` is a layer. What one layer adds and the next removes stays in the image.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add curl
    /// RUN curl -O https://example.com/a
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add curl && curl -O https://example.com/a
    /// ```
    ///
    /// ## How to fix
    /// Join them with `&&`, or write one heredoc.
    ///
    /// ## When to ignore
    /// Where the layers are wanted: the first changes seldom, the second often.
    "DL3059" "consecutive-run" {
        severity: Info,
        category: Size,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3059"),
            Near("droast/DF003"),
            Near("tally/tally/prefer-run-heredoc"),
        ],
        check: Check::File(check),
    }
}

/// How many commands a `RUN` may hold that is worth joining.
const FEW: usize = 1;

fn check(findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    let model = findings.model();
    let target = model.target.and_then(|target| model.stages.get(target));
    let instructions = match target {
        Some(stage) if !hadolint => stage.body,
        _ => model.dockerfile.instructions.as_slice(),
    };
    let mut before: Option<(&Run<'_>, usize)> = None;
    for instruction in instructions {
        let Kind::Run(run) = &instruction.kind else {
            before = None;
            continue;
        };
        let commands = findings.scripts(instruction).first().map_or(0, commands);
        if let Some((last, count)) = before
            && count <= FEW
            && commands <= FEW
            && has_same_flags(last, run)
            && (hadolint || last.heredocs.is_empty() && run.heredocs.is_empty() && !run.command.is_exec())
        {
            findings
                .report(instruction.keyword.span, "this `RUN` makes a layer of its own right after that of the last one")
                .help("join the two with `&&`");
        }
        before = Some((run, commands));
    }
}

/// How many commands a script has; where it can't be read, as far as its separators tell.
fn commands(script: &Script<'_>) -> usize {
    if script.dialect().is_read() || script.is_exec() {
        return script.calls().filter(|call| call.wrapped_in().is_none()).count();
    }
    1 + script.text().as_str().matches([';', '|', '&', '\n']).count()
}

fn has_same_flags(one: &Run<'_>, other: &Run<'_>) -> bool {
    let text = |flag: &Flag<'_>| (flag.name.as_str().to_owned(), flag.value.as_ref().map(|value| value.as_str().to_owned()));
    one.flags.len() == other.flags.len() && one.flags.iter().map(text).eq(other.flags.iter().map(text))
}
