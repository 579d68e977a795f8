use super::prelude::*;
use super::packages::{deletes, last_cleaning, mounts, report_left_behind, walk};
use crate::shell::Call;

rule! {
    /// Clean the cache of `yum` in the `RUN` that fills it.
    ///
    /// ## What it does
    /// Finds a `yum install` or `yum update` after which, in the same `RUN`, nothing cleans the cache: neither `yum clean
    /// all` nor an `rm` of its directory, and which is no cache mount or tmpfs. Stages that others only copy from are
    /// passed over, for what is left there is in no image. As hadolint defines it, all stages are looked at, and a mount
    /// does not count.
    ///
    /// ## Why
    /// What was fetched stays in the layer, often more than what was installed, and a later `RUN` can't take it out.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    /// ```dockerfile,good
    /// FROM centos:7
    /// RUN yum install -y httpd && yum clean all
    /// ```
    ///
    /// ## How to fix
    /// End the `RUN` with `yum clean all`, or mount a cache. The fix adds the command where a failure
    /// before it still ends the build.
    ///
    /// ## When to ignore
    /// Where whoever uses the image needs the cache.
    "DL3032" "clean-yum-cache" {
        severity: Warning,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3032"),
            Same("droast/DF047"),
            Same("trivy/DS-0015"),
        ],
        changes: [AppendedCommands],
        programs: ["yum"],
        check: Check::File(check),
    }
}

/// Where the cache is; `yum` is `dnf` in newer releases.
const CACHES: [&str; 2] = ["/var/cache/yum", "/var/cache/dnf"];

/// What fetches.
const INSTALLS: [&str; 5] = ["install", "update", "reinstall", "groupinstall", "localinstall"];

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let mounted = CACHES.iter().any(|cache| mounts(run, cache));
        if !hadolint && (mounted || !image.is_kept) {
            return;
        }
        let is_manager = |call: Call<'_>| if hadolint { call.is("yum") } else { call.is("yum") || call.is("dnf") };
        let cleaned = last_cleaning(findings, instruction, |call| {
            let deletes_cache = || CACHES.iter().any(|cache| deletes(call, cache));
            is_manager(call) && call.subcommand() == Some("clean") || deletes_cache()
        });
        let installs = |call: &Call<'_>| {
            let written = call.subcommand_argument().map(|argument| argument.text());
            let installs = match call.subcommand() {
                _ if hadolint => written == Some("install"),
                Some(verb) => INSTALLS.contains(&verb),
                None => false,
            };
            installs && call.is("yum") && call.span().start >= cleaned
        };
        let Some(call) = findings.calls(instruction).filter(installs).last() else { return };
        let cleaning = format!("{} clean all", call.name());
        // A cache that is mounted is meant to be kept.
        let applicability = if mounted { Applicability::Unsafe } else { Applicability::Safe };
        report_left_behind(call, &cleaning, applicability, findings);
    });
}
