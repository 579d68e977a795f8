use super::prelude::*;
use crate::ast::Run;

rule! {
    /// Take a newer base image instead of `zypper dist-upgrade`.
    ///
    /// ## What it does
    /// Finds a `zypper dist-upgrade`.
    ///
    /// ## Why
    /// It makes another release of the base image in a layer on top of it: the old files stay below, and what comes out
    /// depends on the day of the build.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n dist-upgrade
    /// ```
    /// ```dockerfile,good
    /// FROM opensuse/leap:16.0
    /// RUN zypper -n patch
    /// ```
    ///
    /// ## How to fix
    /// Name a newer base image in `FROM`.
    ///
    /// ## When to ignore
    /// On a rolling release, whose way to update it is.
    "DL3035" "no-zypper-dist-upgrade" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3035"),
            Near("droast/DF044"),
            Near("trivy/DS-0024"),
        ],
        programs: ["zypper"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction) {
        if call.is("zypper") && call.subcommand() == Some("dist-upgrade") {
            findings
                .report(call.span(), "`zypper dist-upgrade` makes another release of the base image")
                .help("name a newer base image in `FROM`");
        }
    }
}
