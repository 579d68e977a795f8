use super::prelude::*;
use super::packages::{Pins, has_no_version, report_loose, walk};
use crate::shell::Package;

rule! {
    /// Name the version of packages that `apt-get` installs.
    ///
    /// ## What it does
    /// Finds an `apt-get install`, or one of `apt` or `aptitude`, with a package for which no version and no release is
    /// asked. Variables are followed as far as they are known; a package that depends on one that is not known is passed
    /// over, and so is all once the packages come from a snapshot of the archive. As hadolint defines it, only `apt-get`
    /// is looked at, and what depends on an unknown variable is a finding.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl=8.14.*
    /// ```
    ///
    /// ## How to fix
    /// Write `package=version`, with `*` for the last part: archives of a distribution keep the newest revision only. `apt-
    /// cache policy package` shows what there is.
    ///
    /// ## When to ignore
    /// Where the base image is pinned by its digest and rebuilt often, or the security updates of the day are wanted.
    "DL3008" "pin-apt-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3008"),
            Same("droast/DF005"),
        ],
        programs: ["apt-get", "apt", "aptitude"],
        check: Check::File(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "package", example: "{}=<version>", is_loose };

fn is_loose(package: Package<'_>, preset: Preset) -> bool {
    // `package-` takes it away.
    has_no_version(package, preset) && (preset == Preset::Hadolint || !package.name.ends_with('-'))
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let text = findings.model().dockerfile.text;
    let names_snapshot = |instruction: &Instruction<'_>| {
        let written = instruction.span.of(text);
        ["snapshot.debian.org", "snapshot.ubuntu.com"].iter().any(|archive| written.contains(archive))
    };
    walk(
        findings,
        |instruction, _| names_snapshot(instruction),
        |instruction, _run, image, findings| {
            let hadolint = findings.preset() == Preset::Hadolint;
            if !hadolint && (image.remembers || names_snapshot(instruction)) {
                return;
            }
            for call in findings.calls(instruction) {
                let installs = call.subcommand() == Some("install");
                if installs && (call.is("apt-get") || !hadolint && (call.is("apt") || call.is("aptitude"))) {
                    report_loose(call, &PINS, findings);
                }
            }
        },
    );
}
