use super::prelude::*;
use super::packages::{append_command, deletes, is_dry, last_cleaning, mounts, walk};
use crate::shell::Call;

rule! {
    /// Delete the lists of packages in the `RUN` that fetches them.
    ///
    /// ## What it does
    /// Finds an `apt-get update` after which, in the same `RUN`, nothing deletes `/var/lib/apt/lists`, unless that is a
    /// cache or a tmpfs. Stages that others only copy from are passed over, for what is left there is in no image. As
    /// hadolint defines it, the last stage is looked at and those that others build on, and any `rm -rf` is enough.
    ///
    /// ## Why
    /// The lists take 20 to 50 MB, are outdated tomorrow, and stay in the layer even if a later `RUN` deletes them.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    /// ```
    ///
    /// ## How to fix
    /// End the `RUN` with `rm -rf /var/lib/apt/lists/*`, or mount a cache: `--mount=type=cache,target=/var/lib/apt/lists`.
    ///
    /// ## When to ignore
    /// Where a later `RUN`, or whoever uses the image, needs the lists.
    "DL3009" "remove-apt-lists" {
        severity: Info,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3009"),
            Same("droast/DF004"),
            Same("semgrep/remove-package-lists"),
        ],
        programs: ["apt-get", "apt", "aptitude"],
        check: Check::File(check),
    }
}

const LISTS: &str = "/var/lib/apt/lists";

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let mounted = mounts(run, LISTS) || mounts(run, "/var/lib/apt") && (!hadolint || mounts(run, "/var/cache/apt"));
        if !image.is_kept || mounted {
            return;
        }
        let cleaned = last_cleaning(findings, instruction, |call| match hadolint {
            true => {
                call.is("rm")
                    && call.arguments().any(|argument| matches!(argument.text(), "-rf" | "/var/lib/apt/lists/*"))
            }
            false => deletes(call, LISTS) || matches!(call.subcommand(), Some("dist-clean")),
        });
        let updates = |call: Call<'_>| {
            ["apt-get", "apt", "aptitude"].iter().any(|name| call.is(name)) && call.subcommand() == Some("update")
        };
        let left = |call: &Call<'_>| {
            updates(*call) && if hadolint { cleaned == 0 } else { call.span().start > cleaned && !is_dry(*call) }
        };
        // One after the other writes the same files.
        let Some(call) = findings.calls(instruction).filter(left).last() else { return };
        let installs = call.later().any(|call| call.subcommand() == Some("install"));
        let fix = if installs { append_command(call.script(), "rm -rf /var/lib/apt/lists/*", Applicability::Unsafe) } else { None };
        let finding = findings
            .report(call.span(), format!("the lists that `{} update` fetches stay in the image", call.name()))
            .help("end this RUN with `rm -rf /var/lib/apt/lists/*`");
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    });
}
