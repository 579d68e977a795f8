use super::prelude::*;
use super::packages::{add_option, keeps, last_cleaning, may_have_options, walk};
use crate::semantic::Lookup;
use crate::shell::HOLE;

rule! {
    /// Install with `pip install --no-cache-dir`.
    ///
    /// ## What it does
    /// Finds a `pip install` that leaves what it downloads and builds in its cache: without `--no-cache-dir` and
    /// `PIP_NO_CACHE_DIR`, where the cache is no mount and nothing deletes it later in the same `RUN`. Stages that others
    /// only copy from are passed over, for what is left there is in no image. As hadolint defines it, all stages are looked
    /// at, and what is deleted later counts as left.
    ///
    /// ## Why
    /// The cache holds a copy of every package, and nobody will install it again in the image.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM python:3.14
    /// RUN pip install flask==3.1.2
    /// ```
    /// ```dockerfile,good
    /// FROM python:3.14
    /// RUN pip install --no-cache-dir flask==3.1.2
    /// ```
    ///
    /// ## How to fix
    /// Add `--no-cache-dir`, or mount a cache, which makes the next build faster:
    /// `--mount=type=cache,target=/root/.cache/pip`.
    ///
    /// ## When to ignore
    /// Never.
    "DL3042" "no-pip-cache" {
        severity: Warning,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3042"),
            Same("droast/DF030"),
            Same("semgrep/missing-pip-no-cache-dir"),
        ],
        changes: [AddedOptions],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let is_cache = |target: &str| {
            target.contains(".cache/pip") || !hadolint && (target.contains("pip") || target.trim_end_matches('/').ends_with(".cache"))
        };
        if run.mounts().any(|mount| keeps(mount) && mount.target.as_ref().is_some_and(|target| is_cache(target)))
            || !hadolint && !image.is_kept
        {
            return;
        }
        let is_off = findings.point(instruction).is_some_and(|point| match point.variable(SETTING) {
            Lookup::Set(value) => is_true(value),
            Lookup::Unset | Lookup::Unknown => false,
        });
        if is_off || findings.scripts(instruction).iter().any(|script| sets(script.text().as_str())) {
            return;
        }
        let cleaned = last_cleaning(findings, instruction, |call| {
            let is_cache = |path: &str| path.contains(".cache") || path.contains("pip") || path.starts_with(HOLE);
            let deletes = call.is("rm") && call.operands().any(|operand| is_cache(operand.text()));
            !hadolint && (deletes || call.is("pip") && call.subcommand() == Some("cache"))
        });
        for call in findings.calls(instruction).filter(|call| call.is("pip") && call.subcommand() == Some("install")) {
            let caches = !call.has("--no-cache-dir") && (hadolint || !call.has("--dry-run"));
            if !caches || call.span().start < cleaned || may_have_options(call, findings.preset()) {
                continue;
            }
            let verb = call.subcommand_argument().unwrap_or(call.name_argument());
            let finding = findings
                .report(verb.span(), format!("`{} install` leaves its cache in the image", call.name()))
                .help("add `--no-cache-dir`, or mount a cache: `--mount=type=cache,target=/root/.cache/pip`");
            if !call.has("--cache-dir") {
                finding.fix(add_option(call, "--no-cache-dir", Applicability::Safe));
            }
        }
    });
}

const SETTING: &str = "PIP_NO_CACHE_DIR";

fn is_true(value: &str) -> bool {
    !matches!(value.trim_matches(['"', '\'']).to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off" | "n" | "f")
}

/// Whether a script sets the variable that does the same, in whichever way.
fn sets(script: &str) -> bool {
    script.match_indices(SETTING).any(|(at, name)| {
        let value = script.get(at + name.len()..).and_then(|rest| rest.strip_prefix('='));
        value.and_then(|value| value.split([' ', ';', '&', '\n']).next()).is_some_and(is_true)
    })
}
