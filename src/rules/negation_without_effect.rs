use super::prelude::*;
use crate::dockerignore::IdleReason;

rule! {
    /// Bring back only what is left out.
    ///
    /// ## What it does
    /// Finds a pattern with `!` that brings nothing back, whatever files there are, since no pattern before it leaves out what
    /// it names. The most frequent one names a directory of which only the content is left out.
    ///
    /// ## Why
    /// `COPY` does not find the file, or the image lacks it. Tools that look at all parents of a path take it to be in, but a
    /// build asks a pattern with `!` only about what is left out by then: after `**/*.md`, `docs` is in, so that `!docs` is
    /// passed over, and `docs/guide.md` is out.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// **/*.md
    /// !docs
    /// ```
    /// ```dockerignore,good
    /// **/*.md
    /// !docs/**
    /// ```
    ///
    /// ## How to fix
    /// Write `!docs/**` to bring back what is in a directory, put the line after the one that leaves the path out, or take
    /// it out.
    ///
    /// ## When to ignore
    /// Where the line says something to people.
    "PL1022" "negation-without-effect" {
        severity: Warning,
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
    let (patterns, subject) = (findings.patterns(), findings.subject());
    let Some(ignore) = subject.ignore() else { return };
    for found in ignore.idle_negations() {
        let Some(pattern) = patterns.get(found.pattern) else { continue };
        let other = |at: usize| patterns.get(at).map(|pattern| (pattern.written.as_str(), pattern.line));
        let written = &pattern.written;
        let path = String::from_utf8_lossy(pattern.cleaned());
        let removal = || ignore.is_usual().then(|| findings.removal(pattern, Applicability::Safe));
        let (message, help, fix) = match found.reason {
            IdleReason::TooEarly(at) => {
                let Some(later) = patterns.get(at) else { continue };
                let message = format!("`{written}` brings nothing back: `{}` on line {} comes after it", later.written, later.line);
                let there = Edit { span: Span::new(later.span.end, later.span.end), text: format!("\n{written}") };
                let fix = Fix {
                    title: format!("put it after `{}`", later.written).into(),
                    applicability: Applicability::Unsafe,
                    edits: vec![Edit { span: subject.line_of(pattern), text: String::new() }, there],
                };
                (message, "put it after that line, for the last pattern that matches decides".to_owned(), Some(fix))
            }
            IdleReason::Nothing => {
                let message = format!("`{written}` brings nothing back: no pattern before it leaves anything out");
                (message, "put it after the pattern that leaves it out, or take the line out".to_owned(), removal())
            }
            IdleReason::Content(at) if may_be_directory(&path, subject) => {
                let Some((content, line)) = other(at) else { continue };
                let message = format!(
                    "`{written}` brings nothing back: `{content}` on line {line} leaves out what is in `{path}`, but not `{path}` itself"
                );
                let instead = format!("!{path}/**");
                let help = format!("write `{instead}` to bring back what is in `{path}`");
                (message, help, Some(IgnoreFindings::rewriting(pattern, instead)))
            }
            IdleReason::NamedBelow(at) => {
                let Some((below, line)) = other(at) else { continue };
                let message = format!("`{written}` brings nothing back: no pattern before it leaves out `{path}` itself");
                let help = format!("take the line out: `{below}` on line {line} needs none for the directory");
                (message, help, removal())
            }
            IdleReason::Content(_) | IdleReason::OtherPaths => {
                let message = format!("`{written}` brings nothing back: no pattern before it leaves out `{path}`");
                let help = "put it after the pattern that leaves it out, or take the line out";
                (message, help.to_owned(), removal())
            }
        };
        let mut finding = findings.report(pattern.span, message).help(help);
        if let IdleReason::TooEarly(at) | IdleReason::NamedBelow(at) | IdleReason::Content(at) = found.reason
            && let Some(other) = patterns.get(at)
        {
            finding = finding.related(other.span, "the pattern that decides");
        }
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}

/// Whether a path is rather a directory's than a file's.
fn may_be_directory(path: &str, subject: &IgnoreSubject<'_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match subject.has(path) {
        Some(true) => subject.has_directory(path) == Some(true),
        Some(false) | None => !name.trim_start_matches('.').contains('.'),
    }
}
