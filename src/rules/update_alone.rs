use super::prelude::*;
use super::packages::mounts;
use crate::ast::Run;
use crate::shell::Call;

rule! {
    /// Update the lists of packages in the `RUN` that installs.
    ///
    /// ## What it does
    /// Finds a `RUN` that fetches the lists of `apt-get` or the index of `apk`, and in which nothing comes after that could
    /// use them. Where they are in a cache that is mounted, it is passed over, and so is a `RUN` with commands of which
    /// nobody knows what they do.
    ///
    /// ## Why
    /// The layer is kept: when the `RUN` that installs changes weeks later, it reads the old lists, which name packages
    /// that the archive has no more, or outdated ones.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt-get update
    /// RUN apt-get install -y curl
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    ///
    /// ## How to fix
    /// Join the two with `&&`: `RUN apt-get update && apt-get install -y …`.
    ///
    /// ## When to ignore
    /// Where the lists are meant for whoever uses the image.
    "PL1040" "update-alone" {
        severity: Warning,
        category: Reproducibility,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [
            Same("trivy/DS-0017"),
            Same("checkov/CKV_DOCKER_5"),
            Same("droast/DF028"),
        ],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    if mounts(run, "/var/lib/apt") || mounts(run, "/var/cache/apk") || mounts(run, "/etc/apk/cache") {
        return;
    }
    let mut alone: Option<Call<'_>> = None;
    for call in findings.calls(instruction) {
        match role(call) {
            Role::Updates => alone = Some(call),
            Role::MayUse => alone = None,
            Role::Other => {}
        }
    }
    let Some(call) = alone else { return };
    findings
        .report(call.span(), format!("`{} update` is kept in a layer, and what a later `RUN` installs comes from old lists", call.name()))
        .help(format!("install in the same RUN: `{0} update && {0} {1}`", call.name(), installs(call)));
}

fn installs(call: Call<'_>) -> &'static str {
    if call.is("apk") { "add …" } else { "install -y …" }
}

/// What a command has to do with the lists.
enum Role {
    Updates,
    MayUse,
    Other,
}

/// Commands that surely don't use the lists.
const OTHER: [&str; 30] = [
    "rm", "echo", "printf", "set", "true", ":", "mkdir", "cp", "mv", "chmod", "chown", "ln", "sed", "cat", "tee", "cd", "export",
    "curl", "wget", "gpg", "apt-key", "add-apt-repository", "dpkg", "touch", "ls", "sleep", "test", "[", "grep", "date",
];

fn role(call: Call<'_>) -> Role {
    match call.program() {
        "apt-get" | "apt" | "aptitude" | "apk" => match call.subcommand() {
            Some("update") => Role::Updates,
            Some("clean" | "autoclean" | "autoremove" | "remove" | "purge" | "del" | "dist-clean") => Role::Other,
            _ => Role::MayUse,
        },
        // What they run comes after them.
        "sudo" | "env" | "exec" | "time" | "command" | "timeout" => Role::Other,
        "bash" | "sh" | "dash" | "ash" if call.script_argument().is_some() => Role::Other,
        program if OTHER.contains(&program) => Role::Other,
        _ => Role::MayUse,
    }
}
