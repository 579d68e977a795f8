use super::Finding;
use super::prelude::*;

rule! {
    /// Take out ignores that silence nothing.
    ///
    /// ## What it does
    /// Finds a `# plimsoll ignore=…` or `# plimsoll file-ignore=…` that names a rule which has nothing to say there, or
    /// that nobody knows.
    ///
    /// ## Why
    /// It was needed once, or never worked. It will hide the next finding of that rule, which nobody has seen.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// # plimsoll ignore=DL3006
    /// FROM alpine:3.22
    /// ```
    /// ```dockerfile,good
    /// # plimsoll ignore=DL3006
    /// FROM alpine
    /// ```
    ///
    /// ## How to fix
    /// Take the id out, or the comment.
    ///
    /// ## When to ignore
    /// Where the file is linted with several configurations.
    "PL1000" "unused-ignore" {
        severity: Info,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        changes: [Comments],
        check: Check::Elsewhere,
    }
}

/// What is wrong with an ignore of the rule `id`.
pub(crate) fn message(id: &str, known: bool) -> String {
    match known {
        true => format!("nothing is silenced by `{id}` here"),
        false => format!("there is no rule `{id}`"),
    }
}

/// Says what to do about it.
pub(crate) fn describe(finding: Finding<'_>) {
    finding.help("take it out; `plimsoll rule` lists the rules");
}
