use std::collections::{HashMap, HashSet};

use super::prelude::*;
use crate::ast::Word;
use crate::shell::{Call, Dialect, NodeKind, NodeRef, Operator, Script};

rule! {
    /// Let a pipeline fail when any command in it fails.
    ///
    /// ## What it does
    /// Finds a pipeline where the failure of a command before the last goes unseen, for `pipefail` is not set: neither by
    /// `SHELL` nor by a `set` in the script. A pipeline that begins with `echo`, `printf`, `yes` or the like is left alone,
    /// as is one whose result is looked at or used as text. As hadolint defines it, each pipeline is a finding where
    /// `SHELL` does not set `pipefail` in the same stage.
    ///
    /// ## Why
    /// The shell asks the last command only. `curl … | tar x` goes on with half a file, and the image is built.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN curl https://example.com/a.sh | sh
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN curl https://example.com/a.sh | sh
    /// ```
    ///
    /// ## How to fix
    /// Write `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` above, on Alpine `SHELL ["/bin/ash", "-eo", "pipefail", "-c"]`,
    /// or `set -o pipefail` in a script of bash.
    ///
    /// ## When to ignore
    /// Where a command before the last may fail, and is cut off by `head` or the like.
    "DL4006" "pipefail" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL4006"),
            Same("tally/hadolint/DL4006"),
            Same("droast/DF057"),
            Same("semgrep/set-pipefail"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    // For hadolint, what a SHELL says ends at the next FROM.
    let mut excused = false;
    for instruction in &findings.model().dockerfile.instructions {
        let inner = match &instruction.kind {
            Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
            _ => Some(instruction),
        };
        match inner.map(|inner| &inner.kind) {
            Some(Kind::From(_)) => excused = false,
            Some(Kind::Shell(shell)) => excused = excuses(&shell.words),
            Some(Kind::Run(_)) if hadolint => {
                let said = findings.shell_that_is_said(instruction).map(Dialect::of_program);
                let excused = excused || matches!(said, Some(Dialect::PowerShell | Dialect::Cmd));
                let first = findings.scripts(instruction).first().filter(|_| !excused);
                if let Some(pipeline) = first.and_then(|script| script.pipelines().find(|pipeline| has_pipe(*pipeline))) {
                    report(pipeline, findings);
                }
            }
            Some(Kind::Run(_)) => {
                for script in findings.scripts(instruction) {
                    for pipeline in unseen_failures(script) {
                        report(pipeline, findings);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether hadolint is content with a shell.
fn excuses(words: &[Word<'_>]) -> bool {
    let Some((first, options)) = words.split_first() else { return false };
    let name = first.rsplit(['/', '\\']).next().unwrap_or_default();
    match Dialect::of_program(first) {
        Dialect::PowerShell | Dialect::Cmd => true,
        _ => matches!(name, "bash" | "zsh" | "ash") && {
            let mut before = options.iter().map(Word::as_str).zip(options.iter().skip(1));
            before.any(|(option, value)| option.starts_with('-') && option.ends_with('o') && value == "pipefail")
        },
    }
}

fn has_pipe(pipeline: NodeRef<'_>) -> bool {
    let is_pipe = |kind| matches!(kind, NodeKind::Operator(Operator::Pipe | Operator::PipeBoth));
    pipeline.children().any(|child| is_pipe(child.kind()))
}

/// The pipelines in which a command before the last may fail, and nobody sees it.
fn unseen_failures<'s>(script: &'s Script<'_>) -> Vec<NodeRef<'s>> {
    let mut commands: HashMap<u32, Vec<Call<'s>>> = HashMap::new();
    for call in script.calls().filter(|call| call.wrapped_in().is_none()) {
        if let Some(pipeline) = call.pipeline() {
            commands.entry(pipeline.index()).or_default().push(call);
        }
    }
    // Which statements have an `||`, that decides what happens after a failure.
    let mut decides: HashSet<u32> = HashSet::new();
    let mut found = Vec::new();
    let mut asked_from = 0;
    for node in script.nodes() {
        match node.kind() {
            // A pipeline that is a text, or that decides something, is not asked whether it failed.
            NodeKind::CommandSubstitution
            | NodeKind::Backquoted
            | NodeKind::ProcessSubstitution
            | NodeKind::If
            | NodeKind::While
            | NodeKind::Until
            | NodeKind::Function => asked_from = node.range().end.max(asked_from),
            NodeKind::Statement if node.children().any(|child| child.kind() == NodeKind::Operator(Operator::Or)) => {
                decides.insert(node.index());
            }
            NodeKind::Pipeline
                if node.range().start >= asked_from
                    && has_pipe(node)
                    && !node.parent().is_some_and(|statement| decides.contains(&statement.index()))
                    && script.switches_at(node).pipefail.is_off()
                    && commands.get(&node.index()).is_some_and(|commands| may_fail(commands)) =>
            {
                found.push(node);
            }
            _ => {}
        }
    }
    found
}

/// Whether a command before the last is one that may fail.
fn may_fail(commands: &[Call<'_>]) -> bool {
    const NEVER: [&str; 13] =
        ["echo", "printf", "yes", "true", ":", "cat", "env", "set", "ls", "tee", "sed", "tr", "sort"];
    let Some((last, before)) = commands.split_last() else { return false };
    // These stop reading early on purpose, and what they read from is then killed.
    let cuts = matches!(last.name(), "head" | "grep" | "true");
    !cuts && before.iter().any(|call| !NEVER.contains(&call.name()))
}

fn report(pipeline: NodeRef<'_>, findings: &mut Findings<'_, '_, '_>) {
    findings
        .report(pipeline.span(), "when a command before the last `|` fails, the build goes on")
        .help("write `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` above, or `set -o pipefail` in a script of bash");
}
