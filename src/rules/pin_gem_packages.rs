use super::prelude::*;
use super::packages::{Pins, has_no_version, report_loose};
use crate::ast::Run;

rule! {
    /// Name the version of gems that `gem` installs.
    ///
    /// ## What it does
    /// Finds a `gem install` with a gem for which no version is asked. A gem that depends on an unknown variable is passed
    /// over; hadolint does not.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM ruby:3.4
    /// RUN gem install bundler
    /// ```
    /// ```dockerfile,good
    /// FROM ruby:3.4
    /// RUN gem install bundler:2.7.1
    /// ```
    ///
    /// ## How to fix
    /// Write `gem install name:version`, or `gem install name --version version`. The gems of a project belong into its
    /// `Gemfile.lock`.
    ///
    /// ## When to ignore
    /// Where the newest version is what is tested.
    "DL3028" "pin-gem-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3028"),
            Same("droast/DF053"),
        ],
        programs: ["gem"],
        check: Check::Run(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "gem", example: "{}:<version>", is_loose: has_no_version };

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction) {
        if call.is("gem") && call.subcommand() == Some("install") && !call.has("--version") {
            report_loose(call, &PINS, findings);
        }
    }
}
