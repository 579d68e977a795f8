use super::prelude::*;
use super::packages::{append_command, last_cleaning, mounts, walk};
use crate::shell::{Call, HOLE};

rule! {
    /// Clean the cache of `yarn` in the `RUN` that fills it.
    ///
    /// ## What it does
    /// Finds a `yarn install` after which, in the same `RUN`, nothing cleans yarn's cache, and which is no cache mount or
    /// tmpfs. Stages that others only copy from are passed over, for what is left there is in no image. As hadolint defines
    /// it, the last stage is looked at and those that others build on, and only `yarn cache clean` and a mount at
    /// `.cache/yarn` count.
    ///
    /// ## Why
    /// The cache holds a copy of every package, and nobody will install it again in the image.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM node:24
    /// RUN yarn install
    /// ```
    /// ```dockerfile,good
    /// FROM node:24
    /// RUN yarn install && yarn cache clean
    /// ```
    ///
    /// ## How to fix
    /// End the `RUN` with `yarn cache clean`, or mount a cache, which makes the next build faster:
    /// `--mount=type=cache,target=/usr/local/share/.cache/yarn`.
    ///
    /// ## When to ignore
    /// Where yarn is told to keep its cache outside the image.
    "DL3060" "clean-yarn-cache" {
        severity: Info,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3060"),
            Same("droast/DF055"),
        ],
        programs: ["yarn"],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    walk(findings, |_, _| false, |instruction, run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        let mounted = mounts(run, ".cache/yarn") || !hadolint && (mounts(run, "yarn") || mounts(run, ".cache"));
        if mounted || !image.is_kept {
            return;
        }
        let cleaned = last_cleaning(findings, instruction, |call| {
            let words = || call.arguments().map(|argument| argument.text());
            let cleans = call.is("yarn") && words().any(|word| word == "cache") && words().any(|word| word == "clean");
            let is_cache = |path: &str| path.contains(".cache") || path.contains("yarn") || path.starts_with(HOLE);
            cleans || !hadolint && call.is("rm") && call.operands().any(|operand| is_cache(operand.text()))
        });
        let installs = |call: &Call<'_>| {
            let installs = call.is("yarn") && call.subcommand() == Some("install") && (hadolint || !call.has("--cache-folder"));
            installs && call.span().start >= cleaned
        };
        let Some(call) = findings.calls(instruction).filter(installs).last() else { return };
        let fix = append_command(call.script(), "yarn cache clean", Applicability::Unsafe);
        let finding = findings
            .report(call.span(), "the cache of `yarn install` stays in the image")
            .help("end this RUN with `yarn cache clean`, or mount a cache");
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    });
}
