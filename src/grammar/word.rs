//! Words: how a line falls into them.

use nom::bytes::complete::{take_while, take_while1};
use nom::error::ParseError;
use nom::{IResult, Parser};

use crate::ast::Escape;

/// The blanks that separate a keyword and unquoted arguments.
pub(super) const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0B' | '\x0C' | '\r')
}

/// A run of characters that are no blanks.
pub(super) fn unquoted<'l, E: ParseError<&'l str>>(input: &'l str) -> IResult<&'l str, &'l str, E> {
    take_while1(|c| !is_blank(c)).parse_complete(input)
}

/// The words of `input`, separated by blanks; quotes mean nothing.
pub(super) fn unquoted_words(input: &str) -> impl Iterator<Item = &str> {
    let mut rest = input;
    std::iter::from_fn(move || {
        let (after, (_, word)) = (take_while(is_blank), unquoted::<()>).parse_complete(rest).ok()?;
        rest = after;
        Some(word)
    })
}

/// The words of `input`, separated by white space; quotes and escapes keep white space in a word, and stay in it.
pub(super) fn shell_words(input: &str, escape: Escape) -> impl Iterator<Item = &str> {
    let mut rest = input;
    std::iter::from_fn(move || {
        loop {
            let start = rest.trim_start();
            if start.is_empty() {
                return None;
            }
            let (after, word) = shell_word(start, escape);
            rest = after;
            // Where an escape character ends the line, nothing of it remains.
            if !word.is_empty() {
                return Some(word);
            }
        }
    })
}

/// One word that `input` begins with, and what follows it.
fn shell_word(input: &str, escape: Escape) -> (&str, &str) {
    let bytes = input.as_bytes();
    let escape = escape.byte();
    let mut quote: Option<u8> = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        // An escape character at the end of the line is dropped, quoted or not, but between single quotes it is a
        // character like any other.
        if byte == escape && quote != Some(b'\'') {
            if at + 1 == bytes.len() {
                return split(input, at, at + 1);
            }
            at += 1 + width(bytes.get(at + 1));
            continue;
        }
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            None if matches!(byte, b' ' | b'\t'..=b'\r') => return split(input, at, at),
            None if !byte.is_ascii() => {
                let c = input.get(at..).and_then(|rest| rest.chars().next());
                if c.is_some_and(char::is_whitespace) {
                    return split(input, at, at);
                }
                at += c.map_or(1, char::len_utf8);
                continue;
            }
            None => {}
        }
        at += 1;
    }
    split(input, input.len(), input.len())
}

fn split(input: &str, end: usize, rest: usize) -> (&str, &str) {
    (input.get(rest..).unwrap_or_default(), input.get(..end).unwrap_or(input))
}

/// How many bytes the character is long that begins with `first`.
fn width(first: Option<&u8>) -> usize {
    match first {
        Some(0xC0..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..) => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_quotes_and_escapes() {
        let cases: [(&str, &[&str]); 12] = [
            ("a=b c=d", &["a=b", "c=d"]),
            ("a=\"b c\" d", &["a=\"b c\"", "d"]),
            ("a='b\\' c", &["a='b\\'", "c"]),
            ("a=b\\ c d", &["a=b\\ c", "d"]),
            ("a\\\"b c", &["a\\\"b", "c"]),
            ("a=\"b", &["a=\"b"]),
            ("a=\"b\\", &["a=\"b"]),
            ("a \\", &["a"]),
            ("a\\", &["a"]),
            ("a\u{a0}b", &["a", "b"]),
            ("é=\\é ü", &["é=\\é", "ü"]),
            ("  ", &[]),
        ];
        for (input, expected) in cases {
            assert_eq!(shell_words(input, Escape::Backslash).collect::<Vec<_>>(), expected, "{input:?}");
        }
    }

    #[test]
    fn unquoted_words_know_no_quotes() {
        assert_eq!(unquoted_words("a \"b\t c\" d").collect::<Vec<_>>(), ["a", "\"b", "c\"", "d"]);
        assert_eq!(unquoted_words("a\u{a0}b").collect::<Vec<_>>(), ["a\u{a0}b"]);
    }
}
