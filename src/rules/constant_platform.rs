use std::cell::OnceCell;

use super::packages::kept_stages;
use super::prelude::*;
use crate::ast::{From, Word};
use crate::semantic::Platform;

rule! {
    /// Leave the platform of a base image to whoever builds.
    ///
    /// ## What it does
    /// Finds a `FROM --platform` with a constant. A stage whose name holds the system or the architecture is meant for that
    /// one, and is left alone, as is one that others only copy from. As BuildKit defines it, those count too; as hadolint defines
    /// it, what holds neither `BUILDPLATFORM` nor `TARGETPLATFORM` is a finding, in any stage.
    ///
    /// ## Why
    /// The image is made for that platform whatever is asked for: on another machine it runs in emulation or not at all, and
    /// `docker build --platform` has no effect.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM --platform=linux/amd64 golang:1.25 AS build
    /// ```
    /// ```dockerfile,good
    /// FROM --platform=$BUILDPLATFORM golang:1.25 AS build
    /// ```
    ///
    /// ## How to fix
    /// Leave the flag out, and name the platform when building. A stage that only compiles takes `$BUILDPLATFORM`.
    ///
    /// ## When to ignore
    /// Where the software exists for one platform only.
    "DL3029" "constant-platform" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3029"),
            Same("buildkit/FromPlatformFlagConstDisallowed"),
            Same("tally/hadolint/DL3029"),
            Same("semgrep/avoid-platform-with-from"),
            Same("droast/DF061"),
        ],
        keywords: [From],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let is_asked_for_all = matches!(findings.preset(), Preset::Hadolint | Preset::Buildkit);
    let kept = OnceCell::new();
    for stage in &findings.model().stages {
        let Some(from) = stage.from() else { continue };
        let Some(value) = from.platform() else { continue };
        let is_kept = || kept.get_or_init(|| kept_stages(findings)).get(stage.index).copied().unwrap_or_default();
        if is_asked_for_all || is_kept() {
            look_at(from, value, findings);
        }
    }
}

fn look_at(from: &From<'_>, value: &Word<'_>, findings: &mut Findings<'_, '_, '_>) {
    let is_constant = if findings.preset() == Preset::Hadolint {
        !value.contains("BUILDPLATFORM") && !value.contains("TARGETPLATFORM")
    } else {
        let expansion = findings.model().before_stages().expand(value);
        let platform = expansion.value.known().and_then(Platform::parse).filter(|_| expansion.references.is_empty());
        let name = from.name.as_ref().map(|name| name.to_lowercase()).unwrap_or_default();
        platform.is_some_and(|Platform { os, architecture, .. }| {
            !name.contains(&os) && !name.contains(&architecture)
        })
    };
    if is_constant {
        findings
            .report(value.span, format!("the base image is always the one for `{value}`, whatever is built for"))
            .help("leave `--platform` out and name the platform when building, or write `$BUILDPLATFORM`");
    }
}
