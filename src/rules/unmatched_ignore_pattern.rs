use super::image_path_pattern;
use super::ignore_findings::{is_made_by_tools, path_of, reads_as_comment};
use super::prelude::*;
use crate::dockerignore::{Ignore, Pattern};

rule! {
    /// Write patterns for what is there.
    ///
    /// ## What it does
    /// Finds a pattern of an ignore file that matches nothing in the directory of the context. It speaks up only where that
    /// is known, and never about names of what tools make, like `node_modules`.
    ///
    /// ## Why
    /// The pattern may be misspelt, or what it was written for may be gone. Many such patterns are there for what comes later,
    /// like `*.log` in a fresh clone, so that this rule is in no preset but `strict`.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// dosc
    /// ```
    /// ```dockerignore,good
    /// docs
    /// ```
    ///
    /// ## How to fix
    /// Write the path from the root of the context, or take the line out.
    ///
    /// ## When to ignore
    /// Where the pattern is for what a build, a test or an editor makes.
    "PL1020" "unmatched-ignore-pattern" {
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
    let subject = findings.subject();
    let (Some(ignore), Some(tree)) = (subject.ignore(), subject.tree()) else { return };
    let first = ignore.first_matches(tree.listing().iter().map(|entry| entry.path));
    let unmatched: Vec<&Pattern> =
        findings.patterns().iter().zip(first).filter(|(_, first)| first.is_none()).map(|(pattern, _)| pattern).collect();
    let deeper = unmatched.iter().map(|pattern| [b"**/", pattern.cleaned()].concat());
    let deeper = Ignore::from_patterns(deeper).map(|ignore| ignore.first_matches(tree.listing().iter().map(|entry| entry.path)));
    let workdirs = image_path_pattern::workdirs(subject);
    let mut deeper = deeper.unwrap_or_default().into_iter();
    for pattern in unmatched {
        let further_down = deeper.next().flatten();
        // Other rules say more of these.
        let has_other_case = || path_of(pattern).is_some_and(|path| subject.in_other_case(path).is_some());
        let is_in_image = || image_path_pattern::in_image(pattern, &workdirs, subject).is_some();
        if reads_as_comment(&pattern.written) || is_made_by_tools(pattern) || has_other_case() || is_in_image() {
            continue;
        }
        let finding = findings.report(pattern.span, format!("`{}` matches nothing in the context", pattern.written));
        match further_down {
            Some(path) => {
                let (mark, name) = (if pattern.exclusion { "!" } else { "" }, String::from_utf8_lossy(pattern.cleaned()));
                let path = String::from_utf8_lossy(path);
                finding.help(format!("patterns start at its root; if `{path}` is meant, write `{mark}**/{name}`"));
            }
            None => {
                finding.help("take the line out, if it is not for something that comes later");
            }
        }
    }
}
