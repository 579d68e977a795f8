use super::prelude::*;
use super::packages::{insert_after, is_answered, is_dry, may_have_options};
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
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction) {
        let written = call.subcommand_argument().map(|argument| argument.text()).unwrap_or_default();
        let asks = call.is("zypper") && match call.subcommand() {
            _ if hadolint => ["install", "in", "remove", "rm", "source-install", "si", "patch"].contains(&written),
            Some(verb) => ["install", "remove", "source-install", "patch", "update", "dist-upgrade"].contains(&verb),
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
            .help("add `--non-interactive`")
            .fix(insert_after(call, call.name_argument(), "--non-interactive", Applicability::Safe));
    }
}

fn is_told(call: Call<'_>) -> bool {
    call.has("--non-interactive") || call.has("--no-confirm")
}
