use super::pin_base_image::{by_default, tag};
use super::prelude::*;

rule! {
    /// Do not build on `latest`.
    ///
    /// ## What it does
    /// Finds a `FROM` whose image has the tag `latest` and no digest, or gets it from the defaults of variables. Images that
    /// have no other tag for everybody, like those of distroless, are left alone. As hadolint defines it, all that is written
    /// counts, and no variable.
    ///
    /// ## Why
    /// `latest` moves: the same file builds something else tomorrow, and going back is guesswork.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:latest
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13.1-slim
    /// ```
    ///
    /// ## How to fix
    /// Write the tag that was tested.
    ///
    /// ## When to ignore
    /// Where following the newest image is the point, as in a nightly build that looks for breakage.
    "DL3007" "no-latest-tag" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3007"),
            Same("tally/hadolint/DL3007"),
            Same("trivy/DS-0001"),
            Same("checkov/CKV_DOCKER_7"),
            Near("droast/DF024"),
            Same("semgrep/avoid-latest-version"),
        ],
        check: Check::Stage(check),
    }
}

/// Where images have no tags with versions, or only for who pays.
const HAVE_NO_OTHER: [&str; 2] = ["gcr.io/distroless/", "cgr.dev/chainguard/"];

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let Some(image) = stage.from().map(|from| &from.image) else { return };
    let hadolint = findings.preset() == Preset::Hadolint;
    if !hadolint && HAVE_NO_OTHER.iter().any(|registry| image.word.starts_with(registry)) {
        return;
    }
    if let Some(written) = image.tag.as_ref().filter(|tag| *tag == "latest" && image.digest.is_none()) {
        findings
            .report(written.span, format!("`{}` is another image from day to day", image.word))
            .help("write the version that was tested");
        return;
    }
    let known = by_default(stage, &image.word, findings).filter(|_| !hadolint);
    let Some(known) = known.filter(|known| tag(known) == Some("latest") && !known.contains('@')) else { return };
    findings
        .report(image.word.span, format!("`{}` is `{known}` by default, another image from day to day", image.word))
        .help("write the version that was tested into the default");
}
