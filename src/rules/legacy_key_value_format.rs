use std::borrow::Cow;

use super::prelude::*;
use crate::ast::{Delimiter, Escape, Pair};

rule! {
    /// Write `key=value`, not `key value`.
    ///
    /// ## What it does
    /// Finds an `ENV` or a `LABEL` with a blank between key and value.
    ///
    /// ## Why
    /// The old form takes the whole line for one value: `ENV A=1` sets one variable, and `ENV A 1 B=2` sets `A` to
    /// `1 B=2`. It may go away.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ENV GREETING hello world
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ENV GREETING="hello world"
    /// ```
    ///
    /// ## How to fix
    /// Write `=`, and quotes where the value holds blanks. The fix does so where quotes and escapes can't change the value.
    ///
    /// ## When to ignore
    /// Never.
    "LegacyKeyValueFormat" "legacy-key-value-format" {
        severity: Warning,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/LegacyKeyValueFormat"),
            Same("tally/buildkit/LegacyKeyValueFormat"),
            Same("droast/DF082"),
        ],
        keywords: [Env, Label],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let (Kind::Env(crate::ast::Env { pairs, .. }) | Kind::Label(crate::ast::Label { pairs, .. })) = &instruction.kind else {
        return;
    };
    let escape = findings.model().dockerfile.escape;
    for pair in pairs.iter().filter(|pair| pair.delimiter == Delimiter::Blank) {
        let keyword = instruction.keyword.as_str();
        let finding = findings.report(
            Span::new(pair.key.span.start, pair.value.span.end),
            "`key value` is the old form, which takes the rest of the line for the value",
        );
        let Some(value) = quoted(pair, escape) else {
            finding.help(format!("write `{keyword} {}=…`, with quotes where the value holds blanks", pair.key));
            continue;
        };
        finding.help(["write `", keyword, " ", &pair.key, "=", &value, "`"].concat()).fix(Fix {
            title: "write `key=value`".into(),
            applicability: Applicability::Safe,
            edits: vec![Edit {
                span: Span::new(pair.key.span.end, pair.value.span.end),
                text: ["=", &value].concat(),
            }],
        });
    }
}

/// The value as the new form needs it; none where that can't be told for sure.
fn quoted<'p>(pair: &'p Pair<'_>, escape: Escape) -> Option<Cow<'p, str>> {
    let is_special = |byte: u8| matches!(byte, b'"' | b'\'' | b'\n') || byte == escape.byte();
    let special = |text: &str| text.bytes().any(is_special);
    let is_whole = |word: &crate::ast::Word<'_>| word.span.len() as usize == word.len();
    if special(&pair.key) || special(&pair.value) || !is_whole(&pair.key) || !is_whole(&pair.value) {
        return None;
    }
    // Between the two there must be nothing but blanks: no continuation, no comment.
    let value = pair.value.as_str();
    let is_plain = !value.is_empty() && !value.contains(char::is_whitespace);
    Some(if is_plain { value.into() } else { ["\"", value, "\""].concat().into() })
}
