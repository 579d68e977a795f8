use super::prelude::*;
use crate::semantic::Source;

rule! {
    /// Take images from trusted registries.
    ///
    /// ## What it does
    /// Finds an image that comes from a registry which is not among the `trusted-registries`: in `FROM`, in `COPY --from`
    /// and in `RUN --mount=from=…`. An image without a registry comes from `docker.io`. Without that setting, nothing is
    /// found.
    ///
    /// ## Why
    /// Whoever can write to the registry decides what is in the image. An organisation wants to know which these are.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM example.com/team/alpine:3.22
    /// ```
    /// ```dockerfile,good
    /// FROM ghcr.io/team/alpine:3.22
    /// ```
    ///
    /// ## How to fix
    /// Take the image from a trusted registry, or trust the one it is in.
    ///
    /// ## When to ignore
    /// Never: change the setting.
    "DL3026" "trusted-registry" {
        severity: Error,
        category: Security,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3026"),
            Same("tally/hadolint/DL3026"),
            Same("droast/DF065"),
            Near("droast/DF073"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    if findings.settings().trusted_registries.is_empty() {
        return;
    }
    let model = findings.model();
    for stage in &model.stages {
        if let (Base::Image, Some(from), Some(image)) = (stage.base, stage.from(), stage.image.known()) {
            look_at(image, from.image.word.span, findings);
        }
    }
    for edge in model.edges.iter().filter(|edge| edge.source == Source::Image) {
        look_at(edge.word, edge.word.span, findings);
    }
}

fn look_at(image: &str, place: Span, findings: &mut Findings<'_, '_, '_>) {
    let registry = image.split_once('/').map(|(first, _)| first);
    let registry = registry.filter(|first| first.contains(['.', ':']) || *first == "localhost");
    let settings = findings.settings();
    let trusted = match registry {
        Some(registry) => settings.trusts(registry),
        None => settings.trusts("docker.io") || settings.trusts("hub.docker.com"),
    };
    if !trusted {
        let registry = registry.unwrap_or("docker.io");
        findings
            .report(place, format!("`{registry}` is not among the trusted registries"))
            .help(format!("trusted are {}", settings.trusted_registries.join(", ")));
    }
}
