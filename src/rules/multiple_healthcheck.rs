use super::multiple_entrypoint::report_repeated;
use super::prelude::*;
use crate::ast::Keyword;

rule! {
    /// Write one `HEALTHCHECK` a stage.
    ///
    /// ## What it does
    /// Finds a `HEALTHCHECK` that a later one in the same stage replaces. As hadolint defines it, the later one is the
    /// finding.
    ///
    /// ## Why
    /// Only the last `HEALTHCHECK` counts. Those before it do nothing, and whoever reads them is misled.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// HEALTHCHECK CMD ["check-disk"]
    /// HEALTHCHECK CMD ["check-port"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// HEALTHCHECK CMD ["check-all"]
    /// ```
    ///
    /// ## How to fix
    /// Keep the last one, or make one of both. The fix takes the earlier one out, which is unsafe where the two differ.
    ///
    /// ## When to ignore
    /// Never.
    "DL3012" "multiple-healthcheck" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3012"),
            Same("tally/hadolint/DL3012"),
            Near("buildkit/MultipleInstructionsDisallowed"),
            Same("trivy/DS-0023"),
            Same("droast/DF041"),
        ],
        changes: [ReplacedInstruction],
        keywords: [Healthcheck],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    report_repeated(Keyword::Healthcheck, stage, findings);
}
