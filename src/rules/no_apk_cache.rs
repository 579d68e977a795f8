use super::prelude::*;
use super::packages::{add_option, deletes, is_dry, last_cleaning, may_have_options, mounts, walk};

rule! {
    /// Install with `apk add --no-cache`.
    ///
    /// ## What it does
    /// Finds an `apk add` that leaves the index of the repositories in `/var/cache/apk`: without `--no-cache`, where no
    /// cache or tmpfs is mounted and nothing deletes it later in the same `RUN`. Stages that others only copy from are
    /// passed over, for what is left there is in no image. As hadolint defines it, all stages are looked at, and only the
    /// option and a mount count.
    ///
    /// ## Why
    /// The index is some megabytes that nobody needs, and outdated tomorrow.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add --update curl
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// ```
    ///
    /// ## How to fix
    /// Add `--no-cache`, which makes `apk update` needless too. The fix does so.
    ///
    /// ## When to ignore
    /// Never.
    "DL3019" "no-apk-cache" {
        severity: Info,
        category: Size,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3019"),
            Same("droast/DF029"),
            Same("trivy/DS-0025"),
            Same("semgrep/missing-apk-no-cache"),
        ],
        changes: [AddedOptions],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let mounted = mounts(run, "/var/cache/apk") || !hadolint && (mounts(run, "/etc/apk/cache") || mounts(run, "/var/cache"));
        if mounted || !hadolint && !image.is_kept {
            return;
        }
        let cleaned = last_cleaning(findings, instruction, |call| {
            let cleans = || call.is("apk") && call.operands().map(|operand| operand.text()).eq(["clean"]);
            !hadolint && (deletes(call, "/var/cache/apk") || call.subcommand() == Some("cache") && cleans())
        });
        for call in findings.calls(instruction).filter(|call| call.is("apk") && call.subcommand() == Some("add")) {
            let caches = !call.has("--no-cache") && (hadolint || !call.has("--no-network") && !is_dry(call));
            if !caches || call.span().start < cleaned || may_have_options(call, findings.preset()) {
                continue;
            }
            let verb = call.subcommand_argument().unwrap_or(call.name_argument());
            findings
                .report(verb.span(), "`apk add` leaves its index in the image")
                .help("write `apk add --no-cache`, which makes `apk update` needless too")
                .fix(add_option(call, "--no-cache", Applicability::Safe));
        }
    });
}
