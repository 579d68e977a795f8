use super::prelude::*;
use super::packages::{Pins, has_no_version, report_these};
use crate::ast::Run;
use crate::shell::{Constraint, Package};

rule! {
    /// Name the version of programs that `go` installs.
    ///
    /// ## What it does
    /// Finds a `go install`, `go get` or `go run` of a package of somebody else at `@latest` or at a branch, and a `go get`
    /// of one without a version. As hadolint defines it, all without a version are findings, and those at `@latest`; for us
    /// a `go install` or `go run` without one takes the version that the module's `go.mod` names, or fails.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM golang:1.25
    /// RUN go install golang.org/x/tools/gopls@latest
    /// ```
    /// ```dockerfile,good
    /// FROM golang:1.25
    /// RUN go install golang.org/x/tools/gopls@v0.20.0
    /// ```
    ///
    /// ## How to fix
    /// Write `package@version`.
    ///
    /// ## When to ignore
    /// Where the newest version is what is tested.
    "DL3062" "pin-go-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3062"),
            Same("droast/DF054"),
        ],
        programs: ["go"],
        check: Check::Run(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "package", example: "{}@<version>", is_loose: has_no_version };

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction).filter(|call| call.is("go")) {
        let Some(verb @ ("install" | "get" | "run")) = call.subcommand() else { continue };
        let is_loose = |package: Package<'_>| match package.constraint {
            Constraint::Tag(tag) => !hadolint || matches!(tag, "latest" | "none"),
            Constraint::None => hadolint || verb == "get",
            _ => hadolint && has_no_version(package, Preset::Hadolint),
        };
        let loose: Vec<_> = call.packages().filter(|(_, package)| is_loose(*package)).collect();
        report_these(&loose, &PINS, findings);
    }
}
