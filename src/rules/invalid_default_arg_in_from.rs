use super::prelude::*;
use crate::semantic::{State, is_image_reference};

rule! {
    /// Give the arguments in `FROM` defaults that name an image.
    ///
    /// ## What it does
    /// Finds a `FROM` that is no image reference when all variables have their defaults. An `ARG` without a default is
    /// meant to be given; only BuildKit takes it for empty.
    ///
    /// ## Why
    /// Whoever builds without the arguments gets an error that does not say what is missing.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// ARG TAG=
    /// FROM alpine:$TAG
    /// ```
    /// ```dockerfile,good
    /// ARG TAG=3.22
    /// FROM alpine:$TAG
    /// ```
    ///
    /// ## How to fix
    /// Give the `ARG` a default that works, or write one where it is used: `FROM alpine:${TAG:-3.22}`.
    ///
    /// ## When to ignore
    /// Where the build must fail without the argument.
    "InvalidDefaultArgInFrom" "invalid-default-arg-in-from" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [Same("buildkit/InvalidDefaultArgInFrom"), Same("tally/buildkit/InvalidDefaultArgInFrom")],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    let buildkit = findings.preset() == Preset::Buildkit;
    let before = model.before_stages();
    if buildkit && defaults_fail(findings) {
        return;
    }
    for stage in &model.stages {
        let Some(word) = stage.from().map(|from| &from.image.word) else { continue };
        let expansion = before.expand(word);
        if expansion.error.is_some() {
            // BuildKit looks no further.
            return;
        }
        // A name in capitals is found by nobody either, but no default is to blame.
        // What nobody declares has a rule of its own.
        let mut names = expansion.references.iter().map(|reference| reference.name);
        let is_ours =
            buildkit || !expansion.references.is_empty() && names.all(|name| before.declares(name) == State::Set);
        let Some(image) = expansion.value.known().filter(|image| is_ours && !is_image_reference(image)) else { continue };
        let message = match image {
            "" => format!("without build arguments `{word}` is empty"),
            image => format!("without build arguments `{word}` is `{image}`, which names no image"),
        };
        findings.report(word.span, message).help("give each `ARG` in it a default that works");
    }
}

/// Whether a default before the first `FROM` can't be expanded.
fn defaults_fail(findings: &Findings<'_, '_, '_>) -> bool {
    let mut defaults = findings.model().preamble().iter().filter_map(|instruction| match &instruction.kind {
        Kind::Arg(arg) => Some((instruction, arg)),
        _ => None,
    });
    defaults.any(|(instruction, arg)| {
        let Some(point) = findings.point(instruction) else { return false };
        arg.items.iter().filter_map(|item| item.default.as_ref()).any(|default| point.expand(default).error.is_some())
    })
}
