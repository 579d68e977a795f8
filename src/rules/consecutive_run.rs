use super::edits::{chain, holds_comment, line_ending};
use super::prelude::*;
use crate::ast::{Flag, Run};
use crate::shell::{Call, NodeKind, Script};

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
    /// Join them with `&&`, or write one heredoc. The fix does the former, where the first one leaves nothing behind in its
    /// shell and no comment stands between them.
    ///
    /// ## When to ignore
    /// Where the layers are wanted: the first changes seldom, the second often.
    "DL3059" "consecutive-run" {
        severity: Info,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3059"),
            Near("droast/DF003"),
            Near("tally/tally/prefer-run-heredoc"),
        ],
        keywords: [Run],
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
    let mut before: Option<(&Instruction<'_>, &Run<'_>, usize)> = None;
    for instruction in instructions {
        let Kind::Run(run) = &instruction.kind else {
            before = None;
            continue;
        };
        let commands = findings.scripts(instruction).first().map_or(0, commands);
        if let Some((above, last, count)) = before
            && count <= FEW
            && commands <= FEW
            && has_same_flags(last, run)
            && (hadolint || last.heredocs.is_empty() && run.heredocs.is_empty() && !run.command.is_exec())
        {
            let fix = joined(above, instruction, findings);
            let finding = findings
                .report(instruction.keyword.span, "this `RUN` makes a layer of its own right after that of the last one")
                .help("join the two with `&&`");
            if let Some(fix) = fix {
                finding.fix(fix);
            }
        }
        before = Some((instruction, run, commands));
    }
}

/// Joins two instructions with `&&`.
fn joined(above: &Instruction<'_>, below: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> Option<Fix> {
    let dockerfile = findings.model().dockerfile;
    let first = findings.scripts(above).first()?;
    let second = findings.scripts(below).first()?;
    if !above.heredocs().is_empty() || !below.heredocs().is_empty() || leaves_state(first) {
        return None;
    }
    let end = chain(first)?.last()?.span().end;
    let start = chain(second)?.first()?.span().start;
    let between = Span::new(end, start);
    let is_blank = |start, end| end >= start && Span::new(start, end).of(dockerfile.text).trim().is_empty();
    if !is_blank(end, below.span.start) || holds_comment(dockerfile, between) {
        return None;
    }
    let newline = line_ending(dockerfile.text);
    Some(Fix {
        title: "join it with the last one".into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: between, text: format!(" {}{newline}    && ", dockerfile.escape.char()) }],
    })
}

/// Whether a script changes something of the shell that runs it: the directory, a variable, whether it goes on at all.
fn leaves_state(script: &Script<'_>) -> bool {
    const CHANGING: [&str; 22] = [
        "cd", "pushd", "popd", "export", "unset", "set", "shopt", "umask", "ulimit", "alias", "unalias", "trap", ".", "source",
        "eval", "exec", "exit", "return", "read", "declare", "readonly", "shift",
    ];
    let assigns = |kind| matches!(kind, NodeKind::Assignment | NodeKind::Function);
    let is_changing = |call: Call<'_>| CHANGING.contains(&call.name()) || call.name_argument().known().is_none();
    script.calls().any(is_changing) || script.nodes().any(|node| assigns(node.kind()) && !belongs_to_command(node))
}

/// Whether an assignment is for one command only.
fn belongs_to_command(assignment: crate::shell::NodeRef<'_>) -> bool {
    assignment.kind() == NodeKind::Assignment
        && assignment.parent().is_some_and(|command| command.child(NodeKind::Word).is_some())
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
