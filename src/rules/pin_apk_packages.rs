use super::prelude::*;
use super::packages::{Pins, has_no_version, report_these};
use crate::ast::Run;

rule! {
    /// Name the version of packages that `apk` installs.
    ///
    /// ## What it does
    /// Finds an `apk add` with a package for which no version is asked. Variables are followed as far as they are known; a
    /// package that depends on one that is not known is passed over, and so is one that is taken from a repository by its
    /// tag, `package@edge`. As hadolint defines it, those are findings.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl~8.14
    /// ```
    ///
    /// ## How to fix
    /// Write `package=version`, or `package~version` for all revisions of a version: repositories of a release keep the
    /// newest revision only.
    ///
    /// ## When to ignore
    /// Where the base image is pinned by its digest and rebuilt often, or the security updates of the day are wanted.
    "DL3018" "pin-apk-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3018"),
            Same("droast/DF052"),
        ],
        programs: ["apk"],
        check: Check::Run(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "package", example: "{}=<version>", is_loose: has_no_version };

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction).filter(|call| call.is("apk") && call.subcommand() == Some("add")) {
        // `!package` keeps it out, and `.name` is a group that `--virtual` made.
        let other = |text: &str| text.contains('@') || text.starts_with(['!', '.']);
        let loose: Vec<_> = call
            .packages()
            .filter(|(argument, package)| {
                has_no_version(*package, findings.preset()) && (hadolint || !other(argument.text()))
            })
            .collect();
        report_these(&loose, &PINS, findings);
    }
}
