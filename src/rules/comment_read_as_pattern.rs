use super::ignore_findings::reads_as_comment;
use super::prelude::*;
use crate::dockerignore::{IgnoreFile, Pattern};

rule! {
    /// Put a comment on a line of its own, from its first column on.
    ///
    /// ## What it does
    /// Finds a comment in an ignore file that Docker reads as a pattern or as a part of one: behind a pattern, with blanks
    /// before it, or after `//`.
    ///
    /// ## Why
    /// `#` begins a comment only as the first character of a line, and nothing else does. With a comment behind it, a pattern matches nothing, and
    /// what it should leave out is sent with every build.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// node_modules # the image has its own
    /// ```
    /// ```dockerignore,good
    /// # the image has its own
    /// node_modules
    /// ```
    ///
    /// ## How to fix
    /// Put the comment on the line before, without blanks in front.
    ///
    /// ## When to ignore
    /// Where a name has ` #` in it.
    "PL1032" "comment-read-as-pattern" {
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
    let text = subject.file().text.as_str();
    for pattern in &subject.file().patterns {
        if subject.has(&String::from_utf8_lossy(pattern.cleaned())) == Some(true) {
            continue;
        }
        let written = pattern.span.of(text);
        if reads_as_comment(written) {
            whole(pattern, written, findings);
            continue;
        }
        let mark = written.char_indices().find(|(at, c)| {
            *c == '#' && written.get(..*at).is_some_and(|before| before.ends_with([' ', '\t']))
        });
        let Some((name, comment)) = mark.and_then(|(at, _)| written.split_at_checked(at)) else { continue };
        let name = name.trim_end();
        // A blank that is escaped is one of the name, and `[a #]` is a pattern only as a whole.
        if name.ends_with('\\') || !IgnoreFile::parse("", name).errors.is_empty() {
            continue;
        }
        let span = Span::new(pattern.span.end.saturating_sub(u32::try_from(comment.len()).unwrap_or(0)), pattern.span.end);
        // With blanks before it, `#` would begin none there either.
        let line = Span::new(subject.line_of(pattern).start, pattern.span.end);
        let fix = Fix {
            title: "put the comment on the line before".into(),
            applicability: Applicability::Unsafe,
            edits: vec![Edit { span: line, text: format!("{comment}\n{name}") }],
        };
        findings
            .report(span, format!("Docker reads the comment as a part of the pattern, so that it does not match `{name}`"))
            .help("put the comment on the line before: `#` begins one only as the first character of a line")
            .fix(fix);
    }
}

/// A comment on a line of its own that is none for Docker.
fn whole(pattern: &Pattern, written: &str, findings: &mut IgnoreFindings<'_, '_>) {
    let line = findings.subject().line_of(pattern);
    let (reason, help, title) = match written.starts_with('#') {
        true => ("there are blanks before its `#`", "begin it in the first column", "take the blanks out"),
        false => ("it does not begin with `#`", "write `#`", "write `#`"),
    };
    let slashes = if written.starts_with('#') { 0 } else { 2 };
    let before = Span::new(line.start, pattern.span.start + slashes);
    let text = if slashes == 0 { "" } else { "#" };
    findings.report(pattern.span, format!("Docker reads this comment as a pattern, for {reason}")).help(help).fix(Fix {
        title: title.into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: before, text: text.to_owned() }],
    });
}
