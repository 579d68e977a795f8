//! The words that announce heredocs.

use nom::bytes::complete::{tag, take_while};
use nom::combinator::opt;
use nom::{IResult, Parser};

use crate::ast::{Escape, Keyword};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::expand::{Syntax, written_words};
use crate::source::Span;

use super::Context;

/// A word that announces a heredoc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Where it stands in the file.
    pub(crate) span: Span,
    /// The name.
    pub(crate) name: MarkerName,
}

/// What a word that announces a heredoc says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MarkerName {
    pub(crate) name: Box<str>,
    pub(crate) file_descriptor: u64,
    pub(crate) expand: bool,
    pub(crate) chomp: bool,
}

/// A quote or a `${` has no end, or what stands in `${…}` is none of its forms.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unbalanced;

/// How lines are read that may announce heredocs: with `\`, whatever the escape directive says.
const LINE: Syntax = Syntax { keep_quotes: true, keep_escapes: true, ..Syntax::words(Escape::Backslash) };

/// How names are read.
const NAME: Syntax = Syntax::words(Escape::Backslash);

/// How names are read to see whether they are quoted.
const QUOTED_NAME: Syntax = Syntax { keep_quotes: true, ..NAME };

/// The heredocs that the line of a `keyword` instruction announces; a line with an unbalanced quote announces none.
pub(super) fn markers(context: &mut Context<'_, '_, '_>, keyword: Keyword) -> Vec<Marker> {
    let text = context.line.text;
    if !matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add) || !may_announce(text.as_bytes()) {
        return Vec::new();
    }
    let mut markers = Vec::new();
    for word in written_words(text, LINE).unwrap_or_default() {
        let span = context.line.span_of(Span::of_range(word.range));
        match marker_name(&word.text) {
            Ok(Some(name)) => markers.push(Marker { span, name }),
            Ok(None) => {}
            Err(Unbalanced) => context.error_at(SyntaxErrorKind::HeredocName, span, Rejection::Parsing),
        }
    }
    markers
}

/// Whether there is a `<<` in `text`.
fn may_announce(text: &[u8]) -> bool {
    memchr::memchr_iter(b'<', text).any(|at| text.get(at + 1) == Some(&b'<'))
}

/// The heredoc that `word` announces, where it does.
pub(super) fn marker_name(word: &str) -> Result<Option<MarkerName>, Unbalanced> {
    let Ok((rest, (file_descriptor, chomp))) = announcement(word) else { return Ok(None) };
    if rest.is_empty() || rest.contains('<') {
        return Ok(None);
    }
    // Most names are plain, and are what the lexer would make of them twice.
    if rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        let name = rest.into();
        return Ok(Some(MarkerName { name, file_descriptor: number(file_descriptor), expand: true, chomp }));
    }
    let plain = written_words(rest, NAME).ok_or(Unbalanced)?;
    let [plain] = plain.as_slice() else { return Ok(None) };
    let quoted = written_words(rest, QUOTED_NAME).ok_or(Unbalanced)?;
    let [quoted] = quoted.as_slice() else { return Err(Unbalanced) };
    let quotes = |word: &str| word.matches(['\'', '"']).count();
    Ok(Some(MarkerName {
        name: plain.text.as_str().into(),
        file_descriptor: number(file_descriptor),
        expand: quotes(&plain.text) == quotes(&quoted.text),
        chomp,
    }))
}

/// The number before `<<`, 0 without one; too large a one is the largest, for the reference drops the error but keeps the
/// value.
fn number(digits: &str) -> u64 {
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
}

/// `digits<<`, with or without `-`, and blanks.
fn announcement(word: &str) -> IResult<&str, (&str, bool)> {
    let digits = take_while(|c: char| c.is_ascii_digit());
    let blanks = take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0C'));
    let (rest, (digits, _, chomp, _)) = (digits, tag("<<"), opt(tag("-")), blanks).parse_complete(word)?;
    Ok((rest, (digits, chomp.is_some())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let name = |name: &str, file_descriptor, expand, chomp| {
            Ok(Some(MarkerName { name: name.into(), file_descriptor, expand, chomp }))
        };
        let cases = [
            ("<<EOF", name("EOF", 0, true, false)),
            ("3<<-EOF", name("EOF", 3, true, true)),
            ("<< EOF", name("EOF", 0, true, false)),
            ("<<\"EOF\"", name("EOF", 0, false, false)),
            ("<<E'O'F", name("EOF", 0, false, false)),
            ("<<E\\'F", name("E'F", 0, true, false)),
            ("<<'one two'", name("one two", 0, false, false)),
            ("<<$EOF", name("$EOF", 0, true, false)),
            ("<<EOF;", name("EOF;", 0, true, false)),
            ("99999999999999999999<<E", name("E", u64::MAX, true, false)),
            ("<<", Ok(None)),
            ("<<\"\"", Ok(None)),
            ("<<<EOF", Ok(None)),
            ("cat<<EOF", Ok(None)),
        ];
        for (word, expected) in cases {
            assert_eq!(marker_name(word), expected, "{word}");
        }
    }
}
