use super::edits::line_ending;
use super::prelude::*;
use crate::ast::Run;
use crate::shell::{NodeKind, Operator};

rule! {
    /// Begin a script in a heredoc with `set -e`.
    ///
    /// ## What it does
    /// Finds a heredoc of a `RUN` with several commands that goes on after one of them fails: neither `SHELL`, nor its
    /// first line, nor a `set` in it says to stop.
    ///
    /// ## Why
    /// The shell asks the last command only. If one before it fails, the build goes on without what it should have done. A
    /// list with `&&` stops; the lines of a heredoc do not.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN <<EOF
    /// apt-get update
    /// apt-get install -y curl
    /// EOF
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN <<EOF
    /// set -e
    /// apt-get update
    /// apt-get install -y curl
    /// EOF
    /// ```
    ///
    /// ## How to fix
    /// Write `set -e` as the first line. The fix does so; it is unsafe, for a command that fails now makes the build fail.
    ///
    /// ## When to ignore
    /// Where a failure of all commands but the last is expected.
    "PL1052" "heredoc-without-errexit" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    if run.command.is_exec() {
        return;
    }
    for script in findings.scripts(instruction).iter().filter(|script| script.dialect().is_read()) {
        let root = script.root();
        let next = run.heredocs.partition_point(|heredoc| heredoc.body.start <= root.span().start);
        let heredoc = next.checked_sub(1).and_then(|number| run.heredocs.get(number));
        let Some(heredoc) = heredoc.filter(|heredoc| heredoc.body.contains(root.span())) else { continue };
        let statements: Vec<_> = root.children().filter(|child| child.kind() == NodeKind::Statement).collect();
        let Some((_, before)) = statements.split_last() else { continue };
        let unseen = before.iter().copied().find(|statement| {
            let handles = |kind| matches!(kind, NodeKind::Operator(Operator::Or | Operator::Background));
            script.switches_at(*statement).errexit.is_off()
                && !statement.children().any(|child| handles(child.kind()))
                && may_fail(*statement)
        });
        let Some(unseen) = unseen else { continue };
        let command = unseen.text().lines().next().unwrap_or_default();
        let text = findings.model().dockerfile.text;
        let finding = findings
            .report(heredoc.marker, format!("the script goes on when a command like `{command}` fails"))
            .help("write `set -e` as its first line");
        let indent: String = heredoc.content.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        // The line that names the interpreter stays the first.
        let first = heredoc.content.lines().next().filter(|first| first.trim_start().starts_with("#!"));
        let newline = if first.is_some() { heredoc.content.find('\n') } else { None };
        let place = heredoc.body.start + newline.map_or(0, |newline| Span::of_range(0..newline + 1).end);
        if !heredoc.content.trim_start().is_empty() && script.switches_at(root).errexit.is_off() {
            let newline = line_ending(text);
            finding.fix(Fix {
                title: "begin the script with `set -e`".into(),
                applicability: Applicability::Unsafe,
                edits: vec![Edit { span: Span::empty(place), text: format!("{indent}set -e{newline}") }],
            });
        }
    }
}

/// Whether a statement is a command that may fail, and not one that only prints or sets something.
fn may_fail(statement: crate::shell::NodeRef<'_>) -> bool {
    let harmless = ["echo", "cat", "printf", "set", "export", "true", ":", "shopt", "alias", "local", "declare", "readonly", "umask", "trap"];
    let simple = statement.descendants().find(|node| node.kind().is_command());
    match simple.map(|node| (node.kind(), node)) {
        Some((NodeKind::Simple, node)) => {
            let name = node.child(NodeKind::Word).map(|word| word.text());
            name.is_some_and(|name| !harmless.contains(&name))
        }
        Some((NodeKind::Function, _)) | None => false,
        Some(_) => true,
    }
}
