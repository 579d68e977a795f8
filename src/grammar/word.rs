//! Words: how a line falls into them.

use std::borrow::Cow;

use crate::ast::Escape;

/// The blanks that separate a keyword and unquoted arguments.
pub(super) const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0B' | '\x0C' | '\r')
}

/// [`is_blank`] of a byte: all blanks are ASCII, and no part of another character is.
const fn is_blank_byte(byte: &u8) -> bool {
    is_blank(*byte as char)
}

/// `text` without the white space, Unicode's, before it.
pub(crate) fn trim_start(text: &str) -> &str {
    // What stands at an end is nearly always ASCII, and needs no decoding.
    match text.as_bytes().iter().position(|byte| !is_ascii_space(*byte)) {
        Some(at) if text.as_bytes().get(at).is_some_and(u8::is_ascii) => text.get(at..).unwrap_or_default(),
        _ => text.trim_start(),
    }
}

/// `text` without the white space, Unicode's, after it.
fn trim_end(text: &str) -> &str {
    match text.as_bytes().iter().rposition(|byte| !is_ascii_space(*byte)) {
        Some(at) if text.as_bytes().get(at).is_some_and(u8::is_ascii) => text.get(..=at).unwrap_or_default(),
        _ => text.trim_end(),
    }
}

/// `text` without the white space, Unicode's, around it.
pub(crate) fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}

const fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// White space where the reference takes each byte for a character: 0x85 and 0xA0 are some, wherever they stand.
pub(super) const fn is_space_byte(byte: u8) -> bool {
    is_ascii_space(byte) || matches!(byte, 0x85 | 0xA0)
}

/// What stands before the first `=` and after it.
pub(super) fn split_at_equals(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == b'=')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// `text` in lower case; most of what is asked for is so already.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// What `input` begins with up to the first blank, and what follows it from there on.
pub(super) fn split_at_blank(input: &str) -> (&str, &str) {
    let end = input.as_bytes().iter().position(is_blank_byte).unwrap_or(input.len());
    input.split_at_checked(end).unwrap_or((input, ""))
}

/// `input` without the blanks before it.
pub(super) fn trim_blanks(input: &str) -> &str {
    let start = input.as_bytes().iter().position(|byte| !is_blank_byte(byte)).unwrap_or(input.len());
    input.get(start..).unwrap_or_default()
}

/// The words of `input`, separated by blanks; quotes mean nothing.
pub(super) fn unquoted_words(input: &str) -> impl Iterator<Item = &str> {
    let mut rest = input;
    std::iter::from_fn(move || {
        let (word, after) = split_at_blank(trim_blanks(rest));
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

/// The words of `input`, separated by white space; quotes and escapes keep white space in a word, and stay in it.
pub(super) fn shell_words(input: &str, escape: Escape) -> impl Iterator<Item = &str> {
    let mut rest = input;
    std::iter::from_fn(move || {
        loop {
            let start = trim_start(rest);
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
    loop {
        // Most bytes are just themselves, in quotes or not.
        let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| is_special(*byte))) else {
            return split(input, input.len(), input.len());
        };
        at += skipped;
        let Some(&byte) = bytes.get(at) else { return split(input, input.len(), input.len()) };
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
}

/// Whether a byte can be anything but itself in a word.
fn is_special(byte: u8) -> bool {
    const SPECIAL: [bool; 256] = {
        let mut special = [false; 256];
        let mut rest: &mut [bool] = &mut special;
        let mut byte = 0_u8;
        while let [this, after @ ..] = rest {
            *this = !byte.is_ascii() || matches!(byte, b'\'' | b'"' | b'\\' | b'`' | b' ' | b'\t'..=b'\r');
            byte = byte.wrapping_add(1);
            rest = after;
        }
        special
    };
    SPECIAL.get(usize::from(byte)).copied().unwrap_or(true)
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
