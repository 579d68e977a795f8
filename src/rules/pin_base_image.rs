use std::collections::HashSet;

use super::prelude::*;

rule! {
    /// Name the version of a base image.
    ///
    /// ## What it does
    /// Finds a `FROM` whose image has neither a tag nor a digest.
    ///
    /// ## Why
    /// Without a tag the image is whatever `latest` is on the day of the build: the same file builds something else
    /// tomorrow, and nobody can tell what.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ```
    ///
    /// ## How to fix
    /// Write the tag that was tested, `FROM alpine:3.22`, or a digest, `FROM alpine@sha256:…`, which never changes.
    ///
    /// ## When to ignore
    /// Where the image is built together with this one. An image that is named by a variable is not looked at, nor are
    /// `scratch` and the names of stages.
    "DL3006" "pin-base-image" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3006"),
            Same("tally/hadolint/DL3006"),
            Near("trivy/DS-0001"),
            Near("checkov/CKV_DOCKER_7"),
            Near("semgrep/missing-image-version"),
            Near("droast/DF001"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    // hadolint knows stages by the very text of their names, and an image for a variable only where it begins with one.
    let mut names = HashSet::new();
    for stage in &model.stages {
        let Some(from) = stage.from() else { continue };
        let image = &from.image;
        let counts = match findings.preset() {
            Preset::Hadolint => {
                !image.word.starts_with('$') && stage.base != Base::Scratch && !names.contains(image.word.as_str())
            }
            _ => stage.base == Base::Image && !image.word.has_variable(model.dockerfile.escape),
        };
        names.extend(from.name.as_ref().map(|name| name.as_str()));
        if counts && image.tag.is_none() && image.digest.is_none() {
            findings.report(image.word.span, format!("the image `{}` has no version", image.word)).help(format!(
                "write the one that was tested, like `{}:1.2`; without it, each build may get another",
                image.word
            ));
        }
    }
}
