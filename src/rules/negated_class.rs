use super::prelude::*;
use crate::dockerignore::PartKind;

rule! {
    /// Negate a class with `^`.
    ///
    /// ## What it does
    /// Finds `[!a]` in a pattern of an ignore file.
    ///
    /// ## Why
    /// In a shell and in a `.gitignore` it is any character but `a`. Docker reads `!` as one more character of the class: it
    /// is `!` or `a`, the opposite of what is meant.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// cache/[!.]*
    /// ```
    /// ```dockerignore,good
    /// cache/[^.]*
    /// ```
    ///
    /// ## How to fix
    /// Write `[^a]`.
    ///
    /// ## When to ignore
    /// Where the character `!` is meant; `[a!]` says so.
    "PL1031" "negated-class" {
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
    let file = findings.subject().file();
    for pattern in &file.patterns {
        for part in pattern.parts.iter().filter(|part| part.kind == PartKind::Class) {
            let class = part.span.of(&file.text);
            // Without an end it is no class, and `[!]` is `!` itself.
            let Some(members) = class.strip_prefix("[!").and_then(|rest| rest.strip_suffix(']')) else { continue };
            // `[!-9]` may well be all that is between `!` and `9`.
            if members.is_empty() || members.len() > 1 && members.starts_with('-') {
                continue;
            }
            let instead = format!("[^{members}]");
            let mark = Span::new(part.span.start + 1, part.span.start + 2);
            let message = format!("`{class}` matches `!` and `{members}`, and no other character: Docker negates a class with `^`");
            findings
                .report(part.span, message)
                .help(format!("write `{instead}` for all other characters"))
                .fix(Fix {
                    title: format!("write `{instead}`").into(),
                    applicability: Applicability::Unsafe,
                    edits: vec![Edit { span: mark, text: "^".to_owned() }],
                });
        }
    }
}
