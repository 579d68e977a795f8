use super::prelude::*;
use crate::context::EntryKind;

/// Fewer entries than these are looked at in no time.
const MANY: usize = 1_000;

rule! {
    /// Keep wildcards out of patterns with `!`.
    ///
    /// ## What it does
    /// Finds a pattern with `!` that has a wildcard elsewhere than in a `/*` or `/**` at its end. Where the directory of the
    /// context is known, it speaks up only if Docker looks at a thousand files or more in directories that are left out.
    ///
    /// ## Why
    /// As a rule Docker does not enter a directory that is left out. With such a pattern it enters all of them, `.git` and
    /// `node_modules` too, before every build, since there might be something to bring back in any of them. That is so however
    /// the pattern begins: `!src/**/*.go` is no better than `!**/*.go`.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// *
    /// !**/*.go
    /// ```
    /// ```dockerignore,good
    /// *
    /// !cmd/**
    /// !internal/**
    /// **/*.md
    /// ```
    ///
    /// ## How to fix
    /// Name the directories, and leave out again what is not wanted in them.
    ///
    /// ## When to ignore
    /// Where the directories that are left out are small.
    "PL1026" "negation-forces-walk" {
        severity: Info,
        category: Context,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    let patterns = findings.patterns();
    let forces = |pattern: &[u8]| {
        let named = pattern.strip_suffix(b"/**").unwrap_or(pattern);
        let named = named.strip_suffix(b"/*").unwrap_or(named);
        named.iter().any(|byte| br"*[]?^\".contains(byte))
    };
    let Some(pattern) = patterns.iter().find(|pattern| pattern.exclusion && forces(pattern.cleaned())) else { return };
    if patterns.iter().all(|pattern| pattern.exclusion) {
        return;
    }
    let mut message = format!("`{}` makes Docker look into every directory that is left out", pattern.written);
    if findings.subject().root().is_some() {
        let Some(count) = left_out(findings.subject()).filter(|count| *count >= MANY) else { return };
        message = format!("{message}, at {count} files and directories");
    }
    findings
        .report(pattern.span, message)
        .help("name the directories without wildcards: only a `/*` or `/**` at the end lets Docker pass over the others");
}

/// How many files and directories lie in directories that are left out.
fn left_out(subject: &IgnoreSubject<'_>) -> Option<usize> {
    let (ignore, listing) = (subject.ignore()?, subject.tree()?.listing());
    let (mut count, mut at) = (0, 0);
    while let Some(entry) = listing.get(at) {
        at += 1;
        if entry.kind == EntryKind::Directory && ignore.decide(entry.path).ok()?.ignored {
            let below = listing.below(entry.path);
            count += below.len();
            at = below.end.max(at);
        }
    }
    Some(count)
}
