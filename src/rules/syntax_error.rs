use super::prelude::*;

rule! {
    /// Write what BuildKit can read.
    ///
    /// ## What it does
    /// Finds what BuildKit does not accept: unknown instructions and flags, missing arguments, heredocs without an end.
    ///
    /// ## Why
    /// The build stops there.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RNU echo hello
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN echo hello
    /// ```
    ///
    /// ## How to fix
    /// Each finding says what to write instead.
    ///
    /// ## When to ignore
    /// Where the file is a template that becomes a Dockerfile later.
    "DL1000" "syntax-error" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL1000"),
            Same("droast/DF071"),
            Near("tally/tally/unknown-instruction"),
        ],
        check: Check::Elsewhere,
    }
}
