use super::prelude::*;
use super::packages::{add_option, may_have_options};
use crate::ast::Run;

rule! {
    /// Add a user with a large number with `useradd --no-log-init`.
    ///
    /// ## What it does
    /// Finds a `useradd` that gives a number of more than five digits, without `--no-log-init`.
    ///
    /// ## Why
    /// `/var/log/lastlog` and `/var/log/faillog` have a place for every number below it: the files are sparse, but a layer
    /// holds them whole, which are gigabytes.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN useradd --uid 1000000 app
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN useradd --no-log-init --uid 1000000 app
    /// ```
    ///
    /// ## How to fix
    /// Add `--no-log-init`, or take a smaller number. The fix does the first.
    ///
    /// ## When to ignore
    /// Never.
    "DL3046" "useradd-no-log-init" {
        severity: Warning,
        category: Size,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3046"),
            Same("droast/DF064"),
            Same("tally/hadolint/DL3046"),
        ],
        changes: [AddedOptions],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction).filter(|call| call.is("useradd") && !call.has("--no-log-init")) {
        let Some(option) = call.option("--uid") else { continue };
        let Some(number) = option.value() else { continue };
        // For hadolint a variable may hold any number: a build may be given another one than the file says.
        let written = option.value_argument().map_or("", |argument| argument.word().text());
        let may_be_large = hadolint && written.contains('$') && option.written().trim_start_matches('-') == "u";
        let is_large = may_be_large || number.len() > 5 && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_large && !may_have_options(call, findings.preset()) {
            let place = option.value_span().unwrap_or(option.span());
            findings
                .report(place, "a user with so large a number makes `useradd` write files of gigabytes")
                .help("add `--no-log-init`")
                .fix(add_option(call, "--no-log-init", Applicability::Safe));
        }
    }
}
