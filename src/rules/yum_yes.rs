use super::prelude::*;
use super::packages::{add_option, may_ask, report_question};
use crate::ast::Run;
use crate::shell::Call;

rule! {
    /// Answer the questions of `yum` with `-y`.
    ///
    /// ## What it does
    /// Finds a `yum install` or `yum update` without `-y`, where nothing answers through a pipe. As hadolint defines it,
    /// only what installs is looked at.
    ///
    /// ## Why
    /// Nobody can answer during a build: it ends there, or does the contrary of what was meant.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM centos:7
    /// RUN yum install httpd
    /// ```
    /// ```dockerfile,good
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    ///
    /// ## How to fix
    /// Add `-y`. The fix does so.
    ///
    /// ## When to ignore
    /// Never.
    "DL3030" "yum-yes" {
        severity: Warning,
        category: Correctness,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3030"),
            Same("droast/DF027"),
            Same("semgrep/missing-yum-assume-yes-switch"),
        ],
        changes: [AddedOptions],
        programs: ["yum"],
        check: Check::Run(check),
    }
}

/// What asks, as hadolint writes it.
const IN_HADOLINT: [&str; 3] = ["install", "groupinstall", "localinstall"];

/// What asks.
const OTHERWISE: [&str; 5] = ["install", "groupinstall", "localinstall", "reinstall", "update"];

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction) {
        if !call.is("yum") || !may_ask(call, findings.preset(), &IN_HADOLINT, &OTHERWISE) || is_told(call) {
            continue;
        }
        let fix = add_option(call, "-y", Applicability::Safe);
        report_question(call, "-y", fix, findings);
    }
}

fn is_told(call: Call<'_>) -> bool {
    call.has("--assumeyes")
}
