use std::collections::HashSet;

use super::prelude::*;
use crate::ast::Word;
use crate::semantic::{Reference, State, is_image_reference};

rule! {
    /// Name the version of a base image.
    ///
    /// ## What it does
    /// Finds a `FROM` whose image has neither a tag nor a digest. Of an image that is named by variables, what their defaults
    /// make is looked at; where one has none, nothing is said. As hadolint defines it, an image that begins with a variable
    /// is passed over.
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
    /// Where the image is built together with this one.
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
        let has_variable = image.word.has_variable(model.dockerfile.escape);
        let counts = match findings.preset() {
            Preset::Hadolint => {
                !image.word.starts_with('$') && stage.base != Base::Scratch && !names.contains(image.word.as_str())
            }
            _ => stage.base == Base::Image && !has_variable,
        };
        names.extend(from.name.as_ref().map(|name| name.as_str()));
        if counts && image.tag.is_none() && image.digest.is_none() {
            findings.report(image.word.span, format!("the image `{}` has no version", image.word)).help(format!(
                "write the one that was tested, like `{}:1.2`; without it, each build may get another",
                image.word
            ));
        }
        if has_variable && findings.preset() != Preset::Hadolint {
            check_defaults(stage, &image.word, findings);
        }
    }
}

/// Looks at the image that the defaults of variables make.
fn check_defaults<'d, 'a>(stage: &Stage<'d, 'a>, word: &Word<'_>, findings: &mut Findings<'_, 'd, 'a>) {
    let Some(image) = by_default(stage, word, findings) else { return };
    if tag(image).is_some() || image.contains('@') {
        return;
    }
    let references = findings.model().before_stages().expand(word).references;
    let Some(last) = references.last() else { return };
    let help = format!("write it into the default of `ARG {}`, like `{image}:1.2`", last.name);
    findings.report(word.span, format!("the image `{word}` is `{image}` by default, which has no version")).help(help);
}

/// The image that a word with variables names when the build is given none; not where nobody declares them, which is another
/// rule's.
pub(super) fn by_default<'s>(
    stage: &'s Stage<'_, '_>,
    word: &Word<'_>,
    findings: &Findings<'_, '_, '_>,
) -> Option<&'s str> {
    let image = stage.image.known().filter(|image| stage.base == Base::Image && is_image_reference(image))?;
    let before = findings.model().before_stages();
    let references = before.expand(word).references;
    let is_there = |reference: &Reference<'_>| reference.guarded || before.declares(reference.name) == State::Set;
    (!references.is_empty() && references.iter().all(is_there)).then_some(image)
}

/// The tag of an image.
pub(super) fn tag(image: &str) -> Option<&str> {
    let name = image.split('@').next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    last.split_once(':').map(|(_, tag)| tag)
}
