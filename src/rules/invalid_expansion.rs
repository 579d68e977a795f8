use super::prelude::*;
use crate::semantic::{Expanded, ExpansionError, expanded_words};

rule! {
    /// Write variables that BuildKit can expand.
    ///
    /// ## What it does
    /// Finds a word of an instruction that can't be expanded: a quote or a `${` without an end, a modifier that there is not,
    /// and a `${name:?…}` whose variable is known not to be set.
    ///
    /// ## Why
    /// The build fails at this line.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ARG TAG=v1.2
    /// ENV VERSION=${TAG:1}
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ARG TAG=v1.2
    /// ENV VERSION=${TAG#v}
    /// ```
    ///
    /// ## How to fix
    /// There are `${name:-text}`, `${name:+text}`, `${name:?text}`, each without `:` too, `${name#pattern}`, `${name##pattern}`,
    /// `${name%pattern}`, `${name%%pattern}`, `${name/pattern/text}` and `${name//pattern/text}`. What the shell has besides is
    /// read in `RUN` only. Write `\$` where no variable is meant.
    ///
    /// ## When to ignore
    /// Where the file is a template that becomes a Dockerfile later.
    "PL1034" "invalid-expansion" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let mut words = Vec::new();
    // Nearly all words hold neither a variable nor a quote.
    expanded_words(instruction, |word| {
        let text = word.text().as_bytes();
        if memchr::memchr3(b'$', b'"', b'\'', text).is_some() {
            words.push(word);
        }
    });
    if words.is_empty() {
        return;
    }
    let point = match &instruction.kind {
        Kind::From(_) => Some(findings.model().before_stages()),
        _ => findings.point(instruction),
    };
    let Some(point) = point else { return };
    for word in words {
        let expansion = point.expand_as(word.text(), word.syntax(point.syntax()));
        let Some(error) = &expansion.error else { continue };
        report(error, &word, findings);
        // BuildKit looks no further, and what follows an open quote is seldom what is wrong.
        return;
    }
}

fn report(error: &ExpansionError, word: &Expanded<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let text = word.text();
    let escape = findings.model().dockerfile.escape.char();
    let message = match error {
        ExpansionError::Required { name, message } if message.starts_with("is not allowed to be ") => {
            format!("`{name}` {message}, so the build fails here")
        }
        ExpansionError::Required { name, message } => format!("`{name}` is not set, so the build fails here: {message}"),
        ExpansionError::UnsupportedModifier(modifier) if modifier.contains('\u{FFFD}') => {
            ExpansionError::MissingBrace.to_string()
        }
        error => error.to_string(),
    };
    let help = match error {
        ExpansionError::UnterminatedQuote(_) => format!("close it, or write `{escape}` before it where no quote is meant"),
        ExpansionError::MissingBrace => CLOSE.to_owned(),
        ExpansionError::UnsupportedModifier(modifier) if modifier.contains('\u{FFFD}') => CLOSE.to_owned(),
        ExpansionError::MissingSlash => "write `${name/pattern/text}`".to_owned(),
        ExpansionError::BadSubstitution | ExpansionError::UnsupportedModifier(_) => {
            format!("there are `:-`, `:+`, `:?`, `#`, `%` and `/`; write `{escape}$` where no variable is meant")
        }
        ExpansionError::Required { name, .. } => format!("set `{name}` with ARG or ENV above"),
        ExpansionError::InvalidEscape(_) => format!("write `{escape}{escape}` where `{escape}` is meant"),
    };
    findings.report(word.place(place(error, text)), message).help(help);
}

const CLOSE: &str = "close it, and put quotes around a word that holds blanks";

/// The part of a word that an error is about, as far as that can be told; else the whole.
fn place(error: &ExpansionError, text: &str) -> std::ops::Range<usize> {
    let whole = 0..text.len();
    let from = |start: Option<usize>| start.map_or(whole.clone(), |start| start..text.len());
    let braced = |start: usize| {
        let end = text.get(start..).and_then(|rest| rest.find('}')).map_or(text.len(), |end| start + end + 1);
        start..end
    };
    match error {
        ExpansionError::UnterminatedQuote("single") => from(text.rfind('\'')),
        ExpansionError::UnterminatedQuote(_) => from(text.rfind('"')),
        ExpansionError::MissingBrace | ExpansionError::MissingSlash => from(text.rfind("${")),
        ExpansionError::UnsupportedModifier(modifier) => {
            let name_ends = |start: &usize| {
                let rest = text.get(start + 2..).unwrap_or_default();
                let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                rest.starts_with(&**modifier)
            };
            let start = text.match_indices("${").map(|(start, _)| start).find(name_ends);
            start.map_or(from(text.rfind("${")), braced)
        }
        ExpansionError::BadSubstitution => text.rfind("${").map_or(whole.clone(), braced),
        ExpansionError::Required { name, .. } => {
            let start = text.match_indices("${").map(|(start, _)| start);
            let mut start = start.filter(|start| text.get(start + 2..).is_some_and(|rest| rest.starts_with(&**name)));
            start.next().map_or(whole.clone(), braced)
        }
        ExpansionError::InvalidEscape(_) => whole,
    }
}
