use super::prelude::*;
use crate::ast::Run;
use crate::shell::NodeKind;

rule! {
    /// Let no comment swallow the rest of a `RUN`.
    ///
    /// ## What it does
    /// Finds a `#` inside a line of a `RUN` that is continued: what follows on the next lines belongs to the comment.
    ///
    /// ## Why
    /// The lines of a `RUN` are joined before the shell reads them. To the shell, everything behind the `#` is one comment,
    /// so the commands on the lines below are never run, and the build says nothing.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add curl && \
    ///     true # what we need \
    ///     && curl -O https://example.com/a
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add curl && \
    ///     # what we need
    ///     curl -O https://example.com/a
    /// ```
    ///
    /// ## How to fix
    /// Write the comment on a line of its own, above: such lines are taken out before the others are joined.
    ///
    /// ## When to ignore
    /// Never.
    "PL1050" "swallowed-command" {
        severity: Error,
        category: Correctness,
        fixable: Never,
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
    let text = findings.model().dockerfile.text;
    // Only the script of the instruction itself is joined from lines; the lines of a heredoc stay lines.
    let Some(script) = findings.scripts(instruction).first() else { return };
    for comment in script.nodes().filter(|node| node.kind() == NodeKind::Comment) {
        let span = comment.span();
        let written = span.of(text);
        let Some((first, rest)) = written.split_once('\n').filter(|_| instruction.header.contains(span)) else { continue };
        let swallowed = rest.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let Some(swallowed) = swallowed else { continue };
        let swallowed = swallowed.trim_end_matches(['\\', '`']).trim_end();
        if swallowed.is_empty() {
            continue;
        }
        let first = Span::new(span.start, span.start + Span::of_range(0..first.trim_end_matches('\r').len()).end);
        findings
            .report(first, format!("this comment goes on over the lines below, so `{swallowed}` is never run"))
            .help("write the comment on a line of its own, above the command");
    }
}
