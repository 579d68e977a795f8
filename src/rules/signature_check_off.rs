use super::prelude::*;
use super::verification::take_out_option;
use crate::ast::Run;
use crate::shell::{Call, GivenOption};

rule! {
    /// Check the signatures of packages.
    ///
    /// ## What it does
    /// Finds a package manager that is told to install what nobody signed: `apt-get --allow-unauthenticated`, `--force-yes`
    /// or `--allow-insecure-repositories`, `apk --allow-untrusted`, `yum` or `dnf --nogpgcheck`, `rpm --nosignature` or
    /// `--nodigest`, `zypper --no-gpg-checks`, and the settings that say the same: `[trusted=yes]`, `gpgcheck=0`. An `apk
    /// add` of files only, which are local, is passed over.
    ///
    /// ## Why
    /// A signature is all that tells a package of the distribution from one that somebody put in its place. What packages
    /// do while they are installed, they do as root.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt-get install -y --allow-unauthenticated tool
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// COPY key.asc /etc/apt/keyrings/
    /// RUN apt-get update && apt-get install -y tool
    /// ```
    ///
    /// ## How to fix
    /// Install the key of the repository: `[signed-by=/etc/apt/keyrings/key.asc]` for `apt-get`, a file in `/etc/apk/keys`
    /// for `apk`, `rpm --import` for the others. The fix takes the option out; it is unsafe, for the build fails where the key
    /// is missing.
    ///
    /// ## When to ignore
    /// Where the package is a file that was checked before.
    "PL1043" "signature-check-off" {
        severity: Warning,
        category: Security,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [
            Same("checkov/CKV2_DOCKER_7"),
            Same("checkov/CKV2_DOCKER_8"),
            Same("checkov/CKV2_DOCKER_9"),
            Same("checkov/CKV2_DOCKER_10"),
            Same("checkov/CKV2_DOCKER_11"),
        ],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for call in findings.calls(instruction) {
        let is_local = call.is("apk")
            && call.operands().next().is_some()
            && call.operands().all(|operand| operand.text().ends_with(".apk") && !operand.text().contains("://"));
        if is_local {
            continue;
        }
        if let Some(option) = call.options().find(|option| is_off(call, *option)) {
            let place = option.value_span().map_or(option.span(), |value| option.span().cover(value));
            let fix = take_out_option(call, option, findings.model().dockerfile.text);
            let finding = findings
                .report(place, format!("`{}` is told to install what nobody signed", call.name()))
                .help("take the option out, and install the key of the repository");
            if let Some(fix) = fix {
                finding.fix(fix);
            }
        }
    }
    for script in findings.scripts(instruction) {
        let text = script.text().as_str();
        let is_local = |at: usize| {
            let rest: String = text.get(at..).unwrap_or_default().chars().take(80).take_while(|c| *c != '\n').collect();
            rest.split_whitespace().any(|word| word.starts_with("file:"))
        };
        for (at, setting) in settings(text).filter(|(at, _)| !is_local(*at)) {
            let place = script.text().span_of(Span::of_range(at..at + setting.len()));
            findings
                .report(place, format!("`{setting}` lets a package manager install what nobody signed"))
                .help("take it out, and install the key of the repository");
        }
    }
}

/// What files with repositories say.
const SETTINGS: [(&str, &str); 2] = [("trusted", "yes"), ("gpgcheck", "0")];

/// Where files with repositories say so: `trusted=yes`.
fn settings(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let equal_signs = memchr::memchr_iter(b'=', text.as_bytes());
    equal_signs.filter_map(|at| {
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        let is_written = |(key, value): &&(&str, &str)| before.ends_with(key) && after.starts_with(value);
        let (key, value) = SETTINGS.iter().find(is_written)?;
        let start = at - key.len();
        Some((start, text.get(start..at + 1 + value.len())?))
    })
}

fn is_off(call: Call<'_>, option: GivenOption<'_>) -> bool {
    let is_one_of = |names: &[&str]| names.iter().any(|name| option.is(name));
    match call.program() {
        "apt-get" | "apt" => {
            let value = option.value().unwrap_or_default();
            let setting = ["AllowUnauthenticated=", "AllowInsecureRepositories="].iter().find_map(|key| value.split_once(key));
            let is_on = setting.is_some_and(|(_, value)| matches!(value, "1" | "true" | "yes" | "on"));
            is_one_of(&["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"])
                || option.is("--option") && is_on
        }
        "aptitude" | "apk" => is_one_of(&["--allow-untrusted"]),
        "yum" | "dnf" | "microdnf" | "tdnf" => {
            let setting = option.value().unwrap_or_default();
            option.is("--nogpgcheck") || option.is("--setopt") && setting.ends_with("gpgcheck=false")
        }
        "rpm" => is_one_of(&["--nosignature", "--nodigest", "--noverify", "--nogpgcheck"]),
        "zypper" => is_one_of(&["--no-gpg-checks", "--allow-unsigned-rpm", "--no-gpgcheck"]),
        _ => false,
    }
}
