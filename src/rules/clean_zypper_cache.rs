use super::prelude::*;
use super::packages::{deletes, last_cleaning, mounts, report_left_behind, walk};
use crate::shell::Call;

rule! {
    /// Clean the cache of `zypper` in the `RUN` that fills it.
    ///
    /// ## What it does
    /// Finds a `zypper install` or `zypper update` after which, in the same `RUN`, nothing cleans the cache: neither
    /// `zypper clean --all` nor an `rm` of its directory, and which is no cache mount or tmpfs. Stages that others only
    /// copy from are passed over, for what is left there is in no image. As hadolint defines it, all stages are looked at,
    /// and only `zypper install` is.
    ///
    /// ## Why
    /// What was fetched stays in the layer, often more than what was installed, and a later `RUN` can't take it out.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper install -y httpd
    /// ```
    /// ```dockerfile,good
    /// FROM opensuse/leap:15.6
    /// RUN zypper install -y httpd && zypper clean --all
    /// ```
    ///
    /// ## How to fix
    /// End the `RUN` with `zypper clean --all`, or mount a cache. The fix adds the command where a failure
    /// before it still ends the build.
    ///
    /// ## When to ignore
    /// Where whoever uses the image needs the cache.
    "DL3036" "clean-zypper-cache" {
        severity: Warning,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3036"),
            Same("droast/DF045"),
            Same("trivy/DS-0020"),
            Same("semgrep/missing-zypper-clean"),
        ],
        changes: [AppendedCommands],
        programs: ["zypper"],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let mounted = mounts(run, "/var/cache/zypp");
        if mounted || !hadolint && !image.is_kept {
            return;
        }
        let cleaned = last_cleaning(findings, instruction, |call| {
            call.is("zypper") && call.subcommand() == Some("clean") || deletes(call, "/var/cache/zypp")
        });
        let installs = |call: &Call<'_>| {
            let written = call.subcommand_argument().map(|argument| argument.text());
            let installs = match call.subcommand() {
                _ if hadolint => written.is_some_and(|written| ["install", "in"].contains(&written)),
                Some(verb) => ["install", "update", "patch", "dist-upgrade"].contains(&verb),
                None => false,
            };
            installs && call.is("zypper") && call.span().start >= cleaned
        };
        let Some(call) = findings.calls(instruction).filter(installs).last() else { return };
        let cleaning = format!("{} clean --all", call.name());
        report_left_behind(call, &cleaning, Applicability::Safe, findings);
    });
}
