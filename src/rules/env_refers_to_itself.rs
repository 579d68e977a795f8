use std::collections::HashSet;

use super::prelude::*;
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
    /// Write the variable that refers into an `ENV` of its own, below.
    ///
    /// ## When to ignore
    /// Where the base image sets the variable, and that value is meant.
    "DL3044" "env-refers-to-itself" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3044"),
            Same("tally/hadolint/DL3044"),
            Same("droast/DF062"),
        ],
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
    for pair in &env.pairs {
        for variable in pair.value.variables(escape) {
            let name = variable.name;
            if name == pair.key.as_str() || !keys.contains(name) {
                continue;
            }
            let before = findings.point(instruction).map(|point| point.declares(name));
            // Of a base image that nobody knows, PATH can be expected, and little else.
            if before == Some(State::Set) || name == "PATH" {
                continue;
            }
            findings
                .report(variable.span, format!("`${name}` is what it was before this `ENV`, not what is set here"))
                .help("write the variable that refers to it into an `ENV` of its own, below");
        }
    }
}
