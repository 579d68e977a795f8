use super::prelude::*;

rule! {
    /// Begin a Dockerfile with `FROM`.
    ///
    /// ## What it does
    /// Finds each instruction but `ARG` that stands before the first `FROM`.
    ///
    /// ## Why
    /// There is no image yet that it could change: the build stops.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// RUN apk add curl
    /// FROM alpine:3.22
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add curl
    /// ```
    ///
    /// ## How to fix
    /// Move the instruction below the `FROM` of the stage that it belongs to.
    ///
    /// ## When to ignore
    /// Where the file is a template that becomes a Dockerfile later.
    "DL3061" "instruction-before-from" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3061"),
            Same("tally/hadolint/DL3061"),
            Same("droast/DF037"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    for instruction in findings.model().preamble() {
        if matches!(instruction.kind, Kind::Arg(_)) || instruction.kind.keyword().is_none() {
            continue;
        }
        let keyword = &instruction.keyword;
        findings
            .report(keyword.span, format!("{} stands before the first `FROM`, where there is no image yet", keyword.to_uppercase()))
            .help("write it below a `FROM`; only `ARG` may stand before");
    }
}
