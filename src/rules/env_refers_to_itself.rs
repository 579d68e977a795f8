use std::collections::HashSet;

use super::edits::{begins_line, line_ending};
use super::prelude::*;
use crate::ast::Pair;
use crate::semantic::State;

rule! {
    /// Refer to a variable of `ENV` in a later instruction.
    ///
    /// ## What it does
    /// Finds a value of an `ENV` that refers to another variable which the same `ENV` sets, and that was not there before.
    ///
    /// ## Why
    /// All values of an `ENV` are expanded before any is set: the reference is to what the variable was before, which is
    /// mostly nothing.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ENV HOME_DIR=/app BIN=$HOME_DIR/bin
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ENV HOME_DIR=/app
    /// ENV BIN=$HOME_DIR/bin
    /// ```
    ///
    /// ## How to fix
    /// Write the variable that refers into an `ENV` of its own, below. The fix does so; it is unsafe, for the variable has
    /// another value then.
    ///
    /// ## When to ignore
    /// Where the base image sets the variable, and that value is meant.
    "DL3044" "env-refers-to-itself" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3044"),
            Same("tally/hadolint/DL3044"),
            Same("droast/DF062"),
        ],
        keywords: [Env],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Env(env) = &instruction.kind else { return };
    if env.pairs.len() < 2 {
        return;
    }
    let keys: HashSet<&str> = env.pairs.iter().map(|pair| pair.key.as_str()).collect();
    let escape = findings.model().dockerfile.escape;
    let mut set: HashSet<&str> = HashSet::new();
    for (before, pair) in std::iter::once(None).chain(env.pairs.iter().map(Some)).zip(&env.pairs) {
        set.extend(before.map(|before| before.key.as_str()));
        for variable in pair.value.variables(escape) {
            let name = variable.name;
            if name == pair.key.as_str() || !keys.contains(name) {
                continue;
            }
            let declared = findings.point(instruction).map(|point| point.declares(name));
            // Of a base image that nobody knows, PATH can be expected, and little else.
            if declared == Some(State::Set) || name == "PATH" {
                continue;
            }
            let fix = before
                .filter(|_| set.contains(name))
                .and_then(|before| into_its_own(instruction, before, pair, findings));
            let finding = findings
                .report(variable.span, format!("`${name}` is what it was before this `ENV`, not what is set here"))
                .help("write the variable that refers to it into an `ENV` of its own, below");
            if let Some(fix) = fix {
                finding.fix(fix);
            }
        }
    }
}

/// Begins another `ENV` with a pair.
fn into_its_own(
    instruction: &Instruction<'_>,
    before: &Pair<'_>,
    pair: &Pair<'_>,
    findings: &Findings<'_, '_, '_>,
) -> Option<Fix> {
    let dockerfile = findings.model().dockerfile;
    if !begins_line(dockerfile, instruction) || findings.point(instruction)?.stage().is_none() {
        return None;
    }
    let between = Span::new(before.value.span.end, pair.key.span.start);
    let text = between.of(dockerfile.text);
    // The comments between the lines stay where they are.
    let lines = text.find('\n').and_then(|newline| text.get(newline + 1..)).map(str::trim_end);
    let newline = line_ending(dockerfile.text);
    let lines = lines.filter(|lines| !lines.is_empty()).map(|lines| format!("{lines}{newline}")).unwrap_or_default();
    Some(Fix {
        title: format!("begin another ENV with `{}`", pair.key).into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: between, text: format!("{newline}{lines}{} ", instruction.keyword) }],
    })
}
