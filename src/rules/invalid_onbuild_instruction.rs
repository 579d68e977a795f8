use super::prelude::*;
use crate::ast::Keyword;

rule! {
    /// Write no `FROM`, `MAINTAINER` or `ONBUILD` into an `ONBUILD`.
    ///
    /// ## What it does
    /// Finds an `ONBUILD` with one of the three instructions that it cannot hold.
    ///
    /// ## Why
    /// The build stops there.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ONBUILD MAINTAINER me@example.com
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ONBUILD LABEL org.opencontainers.image.authors="me@example.com"
    /// ```
    ///
    /// ## How to fix
    /// Take it out. A label names the maintainer; a stage begins outside.
    ///
    /// ## When to ignore
    /// Never.
    "DL3043" "invalid-onbuild-instruction" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3043"),
            Same("tally/hadolint/DL3043"),
            Near("tally/tally/invalid-onbuild-trigger"),
            Same("droast/DF068"),
        ],
        keywords: [Onbuild],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Onbuild(onbuild) = &instruction.kind else { return };
    let inner = onbuild.instruction.as_deref();
    let forbidden = match (onbuild.chain.first(), inner.and_then(|inner| Some((inner, inner.kind.keyword()?)))) {
        (Some(prefix), _) => &prefix.keyword,
        (None, Some((inner, Keyword::From | Keyword::Maintainer | Keyword::Onbuild))) => &inner.keyword,
        _ => return,
    };
    findings
        .report(forbidden.span, format!("ONBUILD can't hold {}", forbidden.to_uppercase()))
        .help("take it out; `ONBUILD` runs what changes an image, and once");
}
