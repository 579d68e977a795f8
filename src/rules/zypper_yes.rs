use super::prelude::*;
use super::packages::{insert_after, may_ask, report_question};
use crate::ast::Run;
use crate::shell::Call;

rule! {
    /// Answer the questions of `zypper` with `--non-interactive`.
    ///
    /// ## What it does
    /// Finds a `zypper install`, or one of its commands that changes packages, without `--non-interactive` and `--no-
    /// confirm`, where nothing answers through a pipe. As hadolint defines it, `zypper update` is not looked at.
    ///
    /// ## Why
    /// Nobody can answer during a build: it ends there, or does the contrary of what was meant.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper install httpd
    /// ```
    /// ```dockerfile,good
    /// FROM opensuse/leap:15.6
    /// RUN zypper --non-interactive install httpd
    /// ```
    ///
    /// ## How to fix
    /// Add `--non-interactive`. The fix does so.
    ///
    /// ## When to ignore
    /// Never.
    "DL3034" "zypper-yes" {
        severity: Warning,
        category: Correctness,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3034"),
        ],
        changes: [AddedOptions],
        programs: ["zypper"],
        check: Check::Run(check),
    }
}

/// What asks, as hadolint writes it.
const IN_HADOLINT: [&str; 7] = ["install", "in", "remove", "rm", "source-install", "si", "patch"];

/// What asks.
const OTHERWISE: [&str; 6] = ["install", "remove", "source-install", "patch", "update", "dist-upgrade"];

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction) {
        if !call.is("zypper") || !may_ask(call, findings.preset(), &IN_HADOLINT, &OTHERWISE) || is_told(call) {
            continue;
        }
        let fix = insert_after(call, call.name_argument(), "--non-interactive", Applicability::Safe);
        report_question(call, "--non-interactive", fix, findings);
    }
}

fn is_told(call: Call<'_>) -> bool {
    call.has("--non-interactive") || call.has("--no-confirm")
}
