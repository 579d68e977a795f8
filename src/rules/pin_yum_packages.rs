use super::prelude::*;
use super::packages::{Pins, has_no_version, report_loose};
use crate::ast::Run;
use crate::shell::Package;

rule! {
    /// Name the version of packages that `yum` installs.
    ///
    /// ## What it does
    /// Finds a `yum install` with a package for which no version is asked. Variables are followed as far as they are known;
    /// a package that depends on an unknown one is passed over, and so is a group, which has no version. hadolint does
    /// neither.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    /// ```dockerfile,good
    /// FROM centos:7
    /// RUN yum install -y httpd-2.4.6
    /// ```
    ///
    /// ## How to fix
    /// Write `package-version`.
    ///
    /// ## When to ignore
    /// Where the base image is pinned by its digest and rebuilt often, or the security updates of the day are wanted.
    "DL3033" "pin-yum-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3033"),
        ],
        programs: ["yum"],
        check: Check::Run(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "package", example: "{}-<version>", is_loose };

fn is_loose(package: Package<'_>, preset: Preset) -> bool {
    has_no_version(package, preset) && (preset == Preset::Hadolint || !package.name.starts_with('@'))
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction) {
        if call.is("yum") && call.subcommand() == Some("install") {
            report_loose(call, &PINS, findings);
        }
    }
}
