use super::prelude::*;
use super::packages::{deletes, last_cleaning, mounts, report_left_behind, walk};
use crate::shell::Call;

rule! {
    /// Clean the cache of `dnf` in the `RUN` that fills it.
    ///
    /// ## What it does
    /// Finds a `dnf install` or `dnf upgrade`, or one of `microdnf` or `tdnf`, after which, in the same `RUN`, nothing
    /// cleans the cache: neither `dnf clean all` nor an `rm` of its directory, and which is no cache mount or tmpfs. Stages
    /// that others only copy from are passed over, for what is left there is in no image. As hadolint defines it, all
    /// stages are looked at, of mounts only one at `libdnf5` counts, and `dnf update` is passed over.
    ///
    /// ## Why
    /// What was fetched stays in the layer, often more than what was installed, and a later `RUN` can't take it out.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM fedora:42
    /// RUN dnf install -y httpd
    /// ```
    /// ```dockerfile,good
    /// FROM fedora:42
    /// RUN dnf install -y httpd && dnf clean all
    /// ```
    ///
    /// ## How to fix
    /// End the `RUN` with `dnf clean all`, or mount a cache. The fix adds the command where a failure
    /// before it still ends the build.
    ///
    /// ## When to ignore
    /// Where whoever uses the image needs the cache.
    "DL3040" "clean-dnf-cache" {
        severity: Warning,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3040"),
            Same("droast/DF046"),
            Same("trivy/DS-0019"),
            Near("trivy/DS-0027"),
            Same("semgrep/missing-dnf-clean-all"),
        ],
        changes: [AppendedCommands],
        programs: ["dnf", "microdnf", "tdnf"],
        check: Check::File(check),
    }
}

/// Where the cache is: of version 5, of those before it, and of `yum`, which is the same program.
const CACHES: [&str; 3] = ["/var/cache/libdnf5", "/var/cache/dnf", "/var/cache/yum"];

/// What fetches.
const INSTALLS: [&str; 5] = ["install", "update", "reinstall", "groupinstall", "localinstall"];

/// The same for hadolint, as it is written.
const INSTALLS_FOR_HADOLINT: [&str; 8] =
    ["install", "in", "upgrade", "up", "upgrade-minimal", "up-min", "reinstall", "rei"];

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let mounted = CACHES.iter().any(|cache| mounts(run, cache));
        if mounts(run, "libdnf5") || !hadolint && (mounted || !image.is_kept) {
            return;
        }
        let managers: &[&str] = if hadolint { &["dnf", "microdnf"] } else { &["dnf", "microdnf", "tdnf", "yum"] };
        let is_manager = |call: Call<'_>| managers.iter().any(|manager| call.is(manager));
        let cleaned = last_cleaning(findings, instruction, |call| {
            let deletes_cache = || CACHES.iter().any(|cache| deletes(call, cache));
            is_manager(call) && call.subcommand() == Some("clean") || deletes_cache()
        });
        let installs = |call: &Call<'_>| {
            let written = call.subcommand_argument().map(|argument| argument.text());
            let installs = match call.subcommand() {
                _ if hadolint => written.is_some_and(|written| INSTALLS_FOR_HADOLINT.contains(&written)),
                Some(verb) => INSTALLS.contains(&verb),
                None => false,
            };
            installs && is_manager(*call) && !call.is("yum") && call.span().start >= cleaned
        };
        let Some(call) = findings.calls(instruction).filter(installs).last() else { return };
        let cleaning = format!("{} clean all", call.name());
        // A cache that is mounted is meant to be kept.
        let applicability = if mounted { Applicability::Unsafe } else { Applicability::Safe };
        report_left_behind(call, &cleaning, applicability, findings);
    });
}
