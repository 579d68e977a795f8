use super::ignore_findings::reads_as_comment;
use super::prelude::*;
use crate::dockerignore::Ignore;

rule! {
    /// Write no pattern that changes nothing.
    ///
    /// ## What it does
    /// Finds a pattern of an ignore file that stands there twice, or all of whose paths another one leaves out already. It says
    /// only what is certain, whatever files there are: a pattern with `!` in between may make a repeated one necessary.
    ///
    /// ## Why
    /// The line looks as if it mattered. Who takes the other one out believes that this one is all there is, or the other way
    /// round.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// node_modules
    /// docs
    /// docs/drafts
    /// node_modules/
    /// ```
    /// ```dockerignore,good
    /// node_modules
    /// docs
    /// ```
    ///
    /// ## How to fix
    /// Take the line out.
    ///
    /// ## When to ignore
    /// Where the line says something to people.
    "PL1021" "shadowed-ignore-pattern" {
        severity: Style,
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
    for found in findings.subject().ignore().map(Ignore::redundant_patterns).unwrap_or_default() {
        let (Some(pattern), Some(other)) = (patterns.get(found.pattern), patterns.get(found.because_of)) else { continue };
        // That it is a pattern at all is another rule's concern.
        if reads_as_comment(&pattern.written) {
            continue;
        }
        let (written, line) = (&pattern.written, other.line);
        let message = match found.is_same {
            true if *written == other.written => format!("`{written}` stands on line {line} already"),
            true => format!("`{written}` is the same as `{}` on line {line}", other.written),
            false => format!("`{written}` changes nothing: `{}` on line {line} leaves out all that it names", other.written),
        };
        let fix = findings.removal(pattern, Applicability::Safe);
        findings.report(pattern.span, message).help("take the line out").fix(fix).related(other.span, "the pattern that does it");
    }
}
