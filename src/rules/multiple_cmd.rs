use super::multiple_entrypoint::report_repeated;
use super::prelude::*;
use crate::ast::Keyword;

rule! {
    /// Write one `CMD` a stage.
    ///
    /// ## What it does
    /// Finds a `CMD` that a later one in the same stage replaces. As hadolint defines it, the later one is the finding.
    ///
    /// ## Why
    /// Only the last `CMD` counts. Those before it do nothing, and whoever reads them is misled.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// CMD ["prepare"]
    /// CMD ["serve"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN prepare
    /// CMD ["serve"]
    /// ```
    ///
    /// ## How to fix
    /// Keep the last one. What should run while the image is built belongs into a `RUN`. The fix takes the earlier
    /// one out, which is unsafe where the two differ, for what it says may have been meant for another instruction.
    ///
    /// ## When to ignore
    /// Never.
    "DL4003" "multiple-cmd" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL4003"),
            Same("tally/hadolint/DL4003"),
            Near("buildkit/MultipleInstructionsDisallowed"),
            Same("trivy/DS-0016"),
            Same("semgrep/multiple-cmd-instructions"),
            Same("droast/DF038"),
        ],
        changes: [ReplacedInstruction],
        keywords: [Cmd],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    report_repeated(Keyword::Cmd, stage, findings);
}
