use super::prelude::*;
use crate::semantic::Platform;

rule! {
    /// Take a base image that is made for the platform.
    ///
    /// ## What it does
    /// Finds a `FROM` whose image is made for another system or architecture than is asked for. It speaks up only where it
    /// was told for which platforms images are made, for nothing in the file says so.
    ///
    /// ## Why
    /// The first `RUN` fails with `exec format error`, or runs ten times slower in emulation.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM --platform=linux/arm64 example.com/only-amd64:1
    /// ```
    /// ```dockerfile,good
    /// FROM --platform=linux/amd64 example.com/only-amd64:1
    /// ```
    ///
    /// ## How to fix
    /// Choose an image that is made for the platform, or build for the one that the image is made for.
    ///
    /// ## When to ignore
    /// Where emulation is meant.
    "InvalidBaseImagePlatform" "invalid-base-image-platform" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/InvalidBaseImagePlatform"),
            Same("tally/buildkit/InvalidBaseImagePlatform"),
            Near("tally/platform-mismatch"),
        ],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    if stage.base != Base::Image || findings.image_platforms().is_empty() {
        return;
    }
    let (Some(from), Some(image)) = (stage.from(), stage.image.known()) else { return };
    let Some(made_for) = findings.image_platforms().get(image) else { return };
    let before = findings.model().before_stages();
    let wanted = match from.platform() {
        Some(platform) => before.value(platform),
        None => before.value("$TARGETPLATFORM"),
    };
    let Some(wanted) = wanted.known().and_then(Platform::parse) else { return };
    if (&wanted.os, &wanted.architecture) != (&made_for.os, &made_for.architecture) {
        findings
            .report(from.image.word.span, format!("`{image}` is made for {made_for}, and {wanted} is asked for"))
            .help("choose an image that is made for the platform");
    }
}
