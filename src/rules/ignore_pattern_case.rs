use super::ignore_findings::{path_of, with_mark};
use super::prelude::*;

rule! {
    /// Write names in the case that they have.
    ///
    /// ## What it does
    /// Finds a pattern that names a path which is not there, while one that differs only in upper and lower case is. It speaks
    /// up only where the directory of the context is known.
    ///
    /// ## Why
    /// Docker compares names byte by byte, also where the file system does not. The pattern matches nothing.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// readme.md
    /// ```
    /// ```dockerignore,good
    /// README.md
    /// ```
    ///
    /// ## How to fix
    /// Write the name as it is.
    ///
    /// ## When to ignore
    /// Where both may be there.
    "PL1033" "ignore-pattern-case" {
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
    let subject = findings.subject();
    for pattern in findings.patterns() {
        let Some(path) = path_of(pattern).filter(|path| subject.has(path) == Some(false)) else { continue };
        let Some(other) = subject.in_other_case(path) else { continue };
        // Another pattern does already what this one would.
        let decision = subject.ignore().and_then(|ignore| ignore.decide(other.as_bytes()).ok());
        if decision.is_none_or(|decision| decision.ignored != pattern.exclusion) {
            continue;
        }
        let instead = with_mark(pattern, &other);
        findings
            .report(pattern.span, format!("`{}` matches nothing: the name is `{other}`", pattern.written))
            .help(format!("write `{instead}`; upper and lower case count"))
            .fix(IgnoreFindings::rewriting(pattern, instead));
    }
}
