use super::prelude::*;
use super::packages::{add_option, may_ask, report_question};
use crate::ast::Run;
use crate::shell::Call;

rule! {
    /// Answer the questions of `dnf` with `-y`.
    ///
    /// ## What it does
    /// Finds a `dnf install` or `dnf upgrade`, or one of `tdnf`, without `-y`, where nothing answers through a pipe. As
    /// hadolint defines it, only what installs is looked at, and `microdnf` too, which asks nothing.
    ///
    /// ## Why
    /// Nobody can answer during a build: it ends there, or does the contrary of what was meant.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM fedora:42
    /// RUN dnf install httpd
    /// ```
    /// ```dockerfile,good
    /// FROM fedora:42
    /// RUN dnf install -y httpd
    /// ```
    ///
    /// ## How to fix
    /// Add `-y`. The fix does so.
    ///
    /// ## When to ignore
    /// Never.
    "DL3038" "dnf-yes" {
        severity: Warning,
        category: Correctness,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3038"),
            Same("droast/DF043"),
            Same("semgrep/missing-dnf-assume-yes-switch"),
        ],
        changes: [AddedOptions],
        programs: ["dnf", "microdnf", "tdnf"],
        check: Check::Run(check),
    }
}

/// What asks, as hadolint writes it.
const IN_HADOLINT: [&str; 3] = ["install", "groupinstall", "localinstall"];

/// What asks.
const OTHERWISE: [&str; 5] = ["install", "groupinstall", "localinstall", "reinstall", "update"];

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction) {
        let is_manager = call.is("dnf") || call.is(if hadolint { "microdnf" } else { "tdnf" });
        if !is_manager || !may_ask(call, findings.preset(), &IN_HADOLINT, &OTHERWISE) || is_told(call) {
            continue;
        }
        let fix = add_option(call, "-y", Applicability::Safe);
        report_question(call, "-y", fix, findings);
    }
}

fn is_told(call: Call<'_>) -> bool {
    call.has("--assumeyes")
}
