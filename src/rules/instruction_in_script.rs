use std::collections::HashSet;

use super::prelude::*;
use crate::ast::{Keyword, Run};
use crate::shell::NodeKind;

rule! {
    /// Write an instruction on a line of its own.
    ///
    /// ## What it does
    /// Finds a word like `RUN` or `COPY` that is given to the shell as a command, in capitals.
    ///
    /// ## Why
    /// Within a `RUN` the shell reads on until the line ends, and there is no command of that name: the build stops, or
    /// goes on behind a `;` or `||` as if nothing were wrong.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add curl && \
    ///     RUN apk add git
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add curl && \
    ///     apk add git
    /// ```
    ///
    /// ## How to fix
    /// Take the word out, or end the line above it without `\`.
    ///
    /// ## When to ignore
    /// Where there is a program of that name.
    "PL1051" "instruction-in-script" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for script in findings.scripts(instruction) {
        let mut functions: Option<HashSet<&str>> = None;
        for call in script.calls().filter(|call| call.wrapped_in().is_none()) {
            let name = call.name_argument();
            let Some(word) = name.known() else { continue };
            let is_keyword = word.bytes().all(|byte| byte.is_ascii_uppercase()) && Keyword::lookup(word).is_some();
            if !is_keyword {
                continue;
            }
            let functions = functions.get_or_insert_with(|| {
                let is_function = |kind| kind == NodeKind::Function;
                let named = script.nodes().filter(|node| is_function(node.kind()));
                named.filter_map(|node| node.child(NodeKind::Word).map(|name| name.text())).collect()
            });
            if functions.contains(word) {
                continue;
            }
            let finding = findings
                .report(name.span(), format!("`{word}` is given to the shell, which knows no such command"))
                .help("take the word out, or let the line above end without a continuation");
            if word == "RUN"
                && let Some(next) = call.arguments().next()
                && next.word().index() != name.word().index()
            {
                finding.fix(Fix {
                    title: "take `RUN` out".into(),
                    applicability: Applicability::Unsafe,
                    edits: vec![Edit { span: Span::new(name.span().start, next.span().start), text: String::new() }],
                });
            }
        }
    }
}
