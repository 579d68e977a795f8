use std::borrow::Cow;
use std::collections::BTreeSet;

use super::ignore_findings::{MADE_BY_PYTHON, MADE_BY_TOOLS};
use super::prelude::*;
use crate::dockerignore::Pattern;

rule! {
    /// Write `**/` before what lies in many directories.
    ///
    /// ## What it does
    /// Finds a pattern that leaves out only what is at the root of the context, and means what tools make in any directory. About
    /// what Python leaves beside modules, like `__pycache__`, it speaks up unless all modules are known to be at the root; about
    /// other names, like `node_modules`, where there is another one further down that stays in the context.
    ///
    /// ## Why
    /// In a `.gitignore`, `*.pyc` is found at any depth. In an ignore file of Docker, a pattern starts at the root of the
    /// context: all others are sent with every build, and a change to one of them makes `COPY . .` run again.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// __pycache__
    /// *.pyc
    /// ```
    /// ```dockerignore,good
    /// **/__pycache__
    /// **/*.pyc
    /// ```
    ///
    /// ## How to fix
    /// Write `**/` before the pattern: `**/node_modules` is the one at the root, too.
    ///
    /// ## When to ignore
    /// Where only the one at the root is meant. `/node_modules` says so.
    "PL1023" "gitignore-anchoring" {
        severity: Warning,
        category: Context,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    let patterns = findings.patterns();
    let mut seen = BTreeSet::new();
    for pattern in patterns.iter().filter(|pattern| !pattern.exclusion && !pattern.written.starts_with('/')) {
        let Ok(name) = std::str::from_utf8(pattern.cleaned()) else { continue };
        // `node_modules` and `node_modules/` often follow each other.
        if !(MADE_BY_PYTHON.contains(&name) || MADE_BY_TOOLS.contains(&name)) || !seen.insert(name) {
            continue;
        }
        let message = if MADE_BY_PYTHON.contains(&name) {
            if patterns.iter().any(|other| leaves_out_deeper(other, name)) {
                continue;
            }
            let root = format!("`{name}` leaves out only what is at the root of the context");
            match findings.subject().root().map(|_| sent_deeper(findings, "*.py")) {
                // All modules are at the root.
                Some(None) => continue,
                Some(Some(module)) => {
                    let directory = module.rsplit_once('/').map_or("", |(directory, _)| directory);
                    format!("{root}, and Python leaves it in `{directory}`, too")
                }
                None => format!("{root}, and Python leaves it in every directory with modules"),
            }
        } else {
            let Some(path) = sent_deeper(findings, name) else { continue };
            format!("`{name}` leaves out only the one at the root: `{path}` is sent")
        };
        let instead = format!("**/{name}");
        let help = format!("write `{instead}`: it is found in every directory then, as in a `.gitignore`");
        findings.report(pattern.span, message).help(help).fix(IgnoreFindings::rewriting(pattern, instead));
    }
}

/// Whether a pattern leaves out what has this name in other directories, or all there is.
fn leaves_out_deeper(pattern: &Pattern, name: &str) -> bool {
    let cleaned = String::from_utf8_lossy(pattern.cleaned());
    let last = |pattern: &str| pattern.rsplit('/').next().unwrap_or_default().to_owned();
    // `**/*.py[co]` is meant for `*.pyc` as well.
    let is_alike = |one: &str, other: &str| {
        let start = |text: &str| text.get(..4).map(str::to_owned);
        one == other || one.starts_with("*.") && start(one) == start(other)
    };
    !pattern.exclusion
        && (matches!(&*cleaned, "*" | "**") || cleaned.contains('*') && cleaned.contains('/') && is_alike(&last(&cleaned), name))
}

/// Something of this name that is sent.
fn sent_deeper<'f>(findings: &IgnoreFindings<'f, '_>, name: &str) -> Option<Cow<'f, str>> {
    let listing = findings.subject().sent()?.listing();
    let is_named = |path: &[u8]| {
        let slash = path.iter().rposition(|byte| *byte == b'/')?;
        let last = path.get(slash + 1..)?;
        let is_match = name.strip_prefix('*').map_or(last == name.as_bytes(), |ending| last.ends_with(ending.as_bytes()));
        is_match.then_some(())
    };
    let found = listing.iter().find(|entry| is_named(entry.path).is_some())?;
    Some(String::from_utf8_lossy(found.path))
}
