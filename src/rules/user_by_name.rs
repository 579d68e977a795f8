use std::collections::HashSet;

use super::prelude::*;
use crate::ast::{ArgItem, Word};
use crate::semantic::UserName;

rule! {
    /// Name the user by a number.
    ///
    /// ## What it does
    /// Finds a `USER` that is no number. A variable that an `ARG` declares may be one. We look at the last
    /// `USER` of the stage that is built, and leave root to another rule; as hadolint defines it, each `USER` is looked at.
    ///
    /// ## Why
    /// Kubernetes can tell that a container does not run as root only where the image names its user by a number:
    /// `runAsNonRoot` refuses a name.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// USER app
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// USER 1000
    /// ```
    ///
    /// ## How to fix
    /// Write the number of the user, as `id -u` prints it.
    ///
    /// ## When to ignore
    /// Where the image does not run in Kubernetes.
    "DL3066" "user-by-name" {
        severity: Info,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3066"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    if findings.preset() == Preset::Hadolint {
        check_all(findings);
        return;
    }
    // What counts is what the image that is built says in the end.
    let Some(stage) = model.target.and_then(|target| model.stages.get(target)) else { return };
    let last = model.lineage(stage).find_map(|stage| stage.body.iter().rev().find_map(user_of));
    let value = model.at_end(stage).user();
    if let (Some(word), Some(value)) = (last, value.known())
        && !UserName::parse(value).is_number()
        && !UserName::parse(value).is_root()
    {
        report(word, findings);
    }
}

fn user_of<'i, 'a>(instruction: &'i Instruction<'a>) -> Option<&'i Word<'a>> {
    match &instruction.kind {
        Kind::User(user) => Some(&user.user),
        _ => None,
    }
}

/// hadolint looks at each `USER`, and takes the value of an `ARG` that was met anywhere before for a number.
fn check_all(findings: &mut Findings<'_, '_, '_>) {
    let dockerfile = findings.model().dockerfile;
    let mut declared: HashSet<&str> = HashSet::new();
    for instruction in &dockerfile.instructions {
        match &instruction.kind {
            Kind::Arg(arg) => declared.extend(arg.items.iter().map(|ArgItem { name, .. }| name.as_str())),
            Kind::User(user) => {
                let name = UserName::parse(&user.user).user.trim_matches(['"', '\'']);
                let variable = name.strip_prefix("${").and_then(|rest| rest.split(['}', ':']).next());
                let variable = variable.or_else(|| name.strip_prefix('$'));
                if !UserName::parse(name).is_number() && !variable.is_some_and(|name| declared.contains(name)) {
                    report(&user.user, findings);
                }
            }
            _ => {}
        }
    }
}

fn report(user: &Word<'_>, findings: &mut Findings<'_, '_, '_>) {
    findings
        .report(user.span, format!("`{user}` is no number, and Kubernetes can tell root from others by number only"))
        .help("write the number that `id -u` prints for the user");
}
