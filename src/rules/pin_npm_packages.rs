use super::prelude::*;
use super::packages::{Pins, has_no_version, report_loose};
use crate::ast::Run;
use crate::shell::{Constraint, Package};

rule! {
    /// Name the version of packages that `npm` installs.
    ///
    /// ## What it does
    /// Finds an `npm install` with a package for which no version is asked, or one with a name that moves, like `latest`;
    /// also a repository without a revision. `pnpm add` and `yarn add` are looked at too. As hadolint defines it, only `npm
    /// install` is, and any tag will do.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM node:24
    /// RUN npm install --global typescript
    /// ```
    /// ```dockerfile,good
    /// FROM node:24
    /// RUN npm install --global typescript@5.9.2
    /// ```
    ///
    /// ## How to fix
    /// Write `package@version`. The packages of a project belong into its `package-lock.json`, which `npm ci` installs.
    ///
    /// ## When to ignore
    /// Where the newest version is what is tested.
    "DL3016" "pin-npm-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3016"),
            Near("droast/DF031"),
        ],
        programs: ["npm", "pnpm", "yarn"],
        check: Check::Run(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "package", example: "{}@<version>", is_loose };

fn is_loose(package: Package<'_>, preset: Preset) -> bool {
    let is_local = package.name.starts_with(['/', '.', '~']) || package.name.starts_with("file:");
    let is_archive = [".tgz", ".tar.gz", ".tar"].iter().any(|ending| package.name.ends_with(ending));
    match package.constraint {
        Constraint::Tag(_) => preset != Preset::Hadolint,
        Constraint::Source(None) => !is_local && !is_archive,
        _ => has_no_version(package, preset),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction) {
        let installs = match (call.program(), call.subcommand_argument().map(|subcommand| subcommand.text())) {
            ("npm", Some("install")) => true,
            ("npm", Some(_)) => !hadolint && call.subcommand() == Some("install"),
            ("pnpm" | "yarn", _) => !hadolint && matches!(call.subcommand(), Some("add" | "install" | "global")),
            _ => false,
        };
        if installs {
            report_loose(call, &PINS, findings);
        }
    }
}
