use super::prelude::*;
use crate::dockerignore::{Pattern, PatternError, PatternErrorKind};

rule! {
    /// Write patterns that Docker can read.
    ///
    /// ## What it does
    /// Finds a pattern of an ignore file that Docker does not take.
    ///
    /// ## Why
    /// One wrong pattern fails every build with this context, before its first instruction, and the message does not say
    /// on which line it stands.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// node_modules
    /// [a-z
    /// ```
    /// ```dockerignore,good
    /// node_modules
    /// [a-z]
    /// ```
    ///
    /// ## How to fix
    /// Close the class, or write `\[` where the character itself is meant. A blank at the end of a name is `[ ]`, since Docker
    /// takes blanks from the end of a line.
    ///
    /// ## When to ignore
    /// Never.
    "PL1019" "invalid-ignore-pattern" {
        severity: Error,
        category: Context,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    let subject = findings.subject();
    let file = subject.file();
    for error in &file.errors {
        let pattern = file.patterns.iter().find(|pattern| pattern.line == error.line);
        let fix = pattern.and_then(|pattern| repair(error, pattern, &file.text));
        let instead = match &error.kind {
            PatternErrorKind::TrailingBackslash if fix.is_some() => {
                "write `[ ]` for a blank at the end of a name, for Docker takes blanks from the end of a line, escaped or not"
            }
            kind => kind.help(),
        };
        let help = help(error, instead, "no build with this context begins");
        report(findings, error, help, fix);
    }
    for error in subject.ignore().into_iter().flat_map(|ignore| ignore.wrong_when_asked()) {
        let help = help(&error, error.kind.help(), "the build fails on the first path that is held against it");
        report(findings, &error, help, None);
    }
}

fn report(findings: &mut IgnoreFindings<'_, '_>, error: &PatternError, help: String, fix: Option<Fix>) {
    let finding = findings.report(error.span, error.kind.to_string()).help(help);
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// What to write instead, what happens else, and what Docker says then.
fn help(error: &PatternError, instead: &str, consequence: &str) -> String {
    format!("{instead}; {consequence}: Docker says `{}`", error.kind.as_docker_says())
}

/// What is surely meant, where there is such a thing.
fn repair(error: &PatternError, pattern: &Pattern, text: &str) -> Option<Fix> {
    let (span, instead) = match &error.kind {
        // Docker takes blanks from the end of a line, escaped or not.
        PatternErrorKind::TrailingBackslash => match text.get(pattern.span.end as usize..)?.chars().next()? {
            blank @ (' ' | '\t') => (error.span, format!("[{blank}]")),
            _ => return None,
        },
        PatternErrorKind::LonelyDash => (error.span, "\\-".to_owned()),
        _ => return None,
    };
    let written = pattern.span.of(text);
    let start = span.start.checked_sub(pattern.span.start)? as usize;
    let end = span.end.checked_sub(pattern.span.start)? as usize;
    let title = format!("write `{}{instead}{}`", written.get(..start)?, written.get(end..)?).into();
    Some(Fix { title, applicability: Applicability::Unsafe, edits: vec![Edit { span, text: instead }] })
}
