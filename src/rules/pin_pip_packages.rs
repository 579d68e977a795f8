use super::prelude::*;
use super::packages::{Pins, has_no_version, report_these};
use crate::ast::Run;
use crate::semantic::Lookup;
use crate::shell::{Constraint, Package};

rule! {
    /// Name the version of packages that `pip` installs.
    ///
    /// ## What it does
    /// Finds a `pip install` with a package for which no version is asked, where no file of requirements or constraints
    /// says it. A repository needs a revision. We look at `uv pip install` too, and pass over `pip`, `setuptools` and `wheel` and what
    /// depends on an unknown variable; hadolint does not.
    ///
    /// ## Why
    /// The next build may get another version, and nobody will know why it behaves differently.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM python:3.14
    /// RUN pip install --no-cache-dir flask
    /// ```
    /// ```dockerfile,good
    /// FROM python:3.14
    /// RUN pip install --no-cache-dir flask==3.1.2
    /// ```
    ///
    /// ## How to fix
    /// Write `package==version`, or install from a file that names all versions: `pip install -r requirements.txt`.
    ///
    /// ## When to ignore
    /// Where the newest version is what is tested.
    "DL3013" "pin-pip-packages" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3013"),
            Same("droast/DF051"),
        ],
        programs: ["pip", "pipx", "uv"],
        check: Check::Run(check),
    }
}

const PINS: Pins<'static> = Pins { noun: "package", example: "{}==<version>", is_loose };

fn is_loose(package: Package<'_>, preset: Preset) -> bool {
    // A repository, unlike a file, may have something else tomorrow.
    let is_repository = package.name.starts_with("git+") && package.constraint == Constraint::Source(None);
    is_repository || has_no_version(package, preset)
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    let variable = |name: &str| findings.point(instruction).map(|point| point.variable(name));
    if !hadolint && matches!(variable("PIP_CONSTRAINT"), Some(Lookup::Set(_))) {
        return;
    }
    for call in findings.calls(instruction) {
        let installs = match call.program() {
            "pip" => call.subcommand() == Some("install"),
            "pipx" => call.subcommand() == Some("install"),
            "uv" => !hadolint && matches!(call.subcommand(), Some("pip" | "tool" | "add")),
            _ => false,
        };
        if !installs {
            continue;
        }
        let is_told = |name: &str| call.options().any(|option| option.is(name));
        let told = is_told("--requirement") || is_told("--constraint") || is_told("--requirements") || is_told("--group");
        if told || hadolint && call.operands().any(|operand| operand.text() == ".") {
            continue;
        }
        let is_tool = |name: &str| matches!(name.to_ascii_lowercase().as_str(), "pip" | "setuptools" | "wheel");
        let loose: Vec<_> = call
            .packages()
            .filter(|(_, package)| is_loose(*package, findings.preset()) && (hadolint || !is_tool(package.name)))
            .collect();
        report_these(&loose, &PINS, findings);
    }
}
