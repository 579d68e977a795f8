use super::prelude::*;
use super::packages::{add_option, is_answered, is_dry, may_have_options};
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
        ],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction) {
        let is_manager = call.is("dnf") || call.is(if hadolint { "microdnf" } else { "tdnf" });
        let written = call.subcommand_argument().map(|argument| argument.text()).unwrap_or_default();
        let asks = is_manager && match call.subcommand() {
            _ if hadolint => ["install", "groupinstall", "localinstall"].contains(&written),
            Some(verb) => ["install", "groupinstall", "localinstall", "reinstall", "update"].contains(&verb),
            None => false,
        };
        if !asks || is_told(call) || may_have_options(call, findings.preset()) {
            continue;
        }
        if !hadolint && (is_dry(call) || is_answered(call)) {
            continue;
        }
        let verb = call.subcommand_argument().unwrap_or(call.name_argument());
        findings
            .report(verb.span(), format!("`{} {written}` may ask before it goes on, and nobody can answer", call.name()))
            .help("add `-y`")
            .fix(add_option(call, "-y", Applicability::Safe));
    }
}

fn is_told(call: Call<'_>) -> bool {
    call.has("--assumeyes")
}
