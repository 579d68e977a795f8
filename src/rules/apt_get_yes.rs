use super::prelude::*;
use super::packages::{add_option, is_answered, is_dry, may_have_options, report_question};
use crate::ast::Run;
use crate::shell::Call;

rule! {
    /// Answer the questions of `apt-get` with `-y`.
    ///
    /// ## What it does
    /// Finds an `apt-get install`, or one of `apt`, that may ask: without `-y` or an option that implies it, where nothing
    /// answers through a pipe and no configuration says yes. As hadolint defines it, only `apt-get` and its options are
    /// looked at.
    ///
    /// ## Why
    /// Nobody can answer during a build: it ends there, or does the contrary of what was meant.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install curl
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    ///
    /// ## How to fix
    /// Add `-y`. The fix does so.
    ///
    /// ## When to ignore
    /// Never.
    "DL3014" "apt-get-yes" {
        severity: Warning,
        category: Correctness,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3014"),
            Same("droast/DF015"),
            Same("trivy/DS-0021"),
            Same("tally/hadolint/DL3014"),
        ],
        changes: [AddedOptions],
        programs: ["apt-get", "apt"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction) {
        let is_manager = call.is("apt-get") || !hadolint && call.is("apt");
        let asks = is_manager && call.subcommand() == Some("install");
        if !asks || is_told(call) || may_have_options(call, findings.preset()) {
            continue;
        }
        if !hadolint && (is_dry(call) || is_answered(call)) {
            continue;
        }
        report_question(call, "-y", add_option(call, "-y", Applicability::Safe), findings);
    }
}

fn is_told(call: Call<'_>) -> bool {
    // Twice quiet means yes.
    let quiet = call.options().filter(|option| option.is("--quiet"));
    let level = quiet.map(|option| option.value().map_or(1, |level| level.parse().unwrap_or(1))).max();
    call.has("--yes")
        || call.has("-qq")
        || call.count("--quiet") > 1
        || level.is_some_and(|level: u32| level > 1)
        || call.script().text().as_str().contains("Assume-Yes")
}
