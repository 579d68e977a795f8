use super::prelude::*;
use crate::ast::Keyword;
use crate::nearest::nearest;
use crate::semantic::Model;
use crate::{SyntaxError, SyntaxErrorKind};

rule! {
    /// Write what BuildKit can read.
    ///
    /// ## What it does
    /// Finds what BuildKit does not accept: unknown instructions and flags, missing arguments, heredocs without an end.
    ///
    /// ## Why
    /// The build stops there.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RNU echo hello
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN echo hello
    /// ```
    ///
    /// ## How to fix
    /// Each finding says what to write instead. The fix writes a word that was meant, where only one comes near; it is unsafe.
    ///
    /// ## When to ignore
    /// Where the file is a template that becomes a Dockerfile later.
    "DL1000" "syntax-error" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL1000"),
            Same("droast/DF071"),
            Near("tally/tally/unknown-instruction"),
        ],
        check: Check::Elsewhere,
    }
}

/// Writes the instruction, flag or option that was meant.
pub(crate) fn fix(error: &SyntaxError, model: &Model<'_, '_>) -> Option<Fix> {
    let text = model.dockerfile.text;
    let (wrong, right) = match &error.kind {
        // What is not in capitals may be a word of something else: `end`.
        SyntaxErrorKind::UnknownInstruction { keyword } if keyword.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            (keyword, nearest(keyword, Keyword::ALL.map(Keyword::as_str))?)
        }
        SyntaxErrorKind::UnknownFlag { flag: wrong, nearest, .. }
        | SyntaxErrorKind::UnknownMountOption { key: wrong, nearest } => (wrong, (*nearest)?),
        _ => return None,
    };
    // Before the first FROM, little else can stand.
    let is_in_stage = model.stages.first().is_some_and(|stage| stage.instruction.span.start < error.span.start);
    if !is_in_stage && !matches!(right, "FROM" | "ARG") {
        return None;
    }
    let mut places = error.span.of(text).match_indices(&**wrong);
    let (Some((at, found)), None) = (places.next(), places.next()) else { return None };
    let start = error.span.start + Span::of_range(0..at).end;
    let span = Span::new(start, start + Span::of_range(0..found.len()).end);
    Some(Fix {
        title: format!("write `{right}`").into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span, text: right.to_owned() }],
    })
}
