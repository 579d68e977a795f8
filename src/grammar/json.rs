//! Arrays of JSON strings, read as Go reads them.

use nom::IResult;
use nom::bytes::complete::take_while;
use nom::error::{Error, ErrorKind};

use crate::ast::Word;
use crate::syntax::Builder;

use super::Context;

/// The deepest nesting that Go reads.
const DEEPEST: usize = 10_000;

/// What text that begins with `[` is.
pub(super) enum Read<'a> {
    /// An array of strings.
    Strings(Vec<Word<'a>>),
    /// JSON, but not all of it strings, which is an error.
    NotStrings,
    /// No JSON, which is words for the shell.
    NotJson,
    /// It does not begin with `[`.
    NotArray,
}

/// Reads `text`, all of it, as an array.
pub(super) fn array<'a>(context: &Context<'_, 'a, '_>, text: &str) -> Read<'a> {
    let Some(mut rest) = text.strip_prefix('[').map(blanks) else { return Read::NotArray };
    let mut words = Vec::new();
    let mut builder = Builder::default();
    if let Some(end) = rest.strip_prefix(']') {
        return if blanks(end).is_empty() { Read::Strings(words) } else { Read::NotJson };
    }
    loop {
        let Ok((after, string)) = string(rest) else { return not_strings(text) };
        words.push(word(context, string, &mut builder));
        rest = blanks(after);
        if let Some(next) = rest.strip_prefix(',') {
            rest = blanks(next);
        } else if let Some(end) = rest.strip_prefix(']') {
            return if blanks(end).is_empty() { Read::Strings(words) } else { Read::NotJson };
        } else {
            return Read::NotJson;
        }
    }
}

fn blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}

fn not_strings<'a>(text: &str) -> Read<'a> {
    if is_json(text) { Read::NotStrings } else { Read::NotJson }
}

/// `"…"`; what is between the quotes, escapes not undone.
fn string(input: &str) -> IResult<&str, &str> {
    let bytes = input.as_bytes();
    let failed = || nom::Err::Error(Error::new(input, ErrorKind::Char));
    if bytes.first() != Some(&b'"') {
        return Err(failed());
    }
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => {
                let rest = input.get(at + 1..).unwrap_or_default();
                return Ok((rest, input.get(1..at).unwrap_or_default()));
            }
            Some(b'\\') => match bytes.get(at + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                Some(b'u') if code(input, at + 2).is_some() => at += 6,
                _ => return Err(failed()),
            },
            None | Some(..0x20) => return Err(failed()),
            Some(_) => at += 1,
        }
    }
}

/// The four hexadecimal digits at `at`.
fn code(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}

fn word<'a>(context: &Context<'_, 'a, '_>, string: &str, builder: &mut Builder) -> Word<'a> {
    if memchr::memchr(b'\\', string.as_bytes()).is_none() {
        return context.line.word(string);
    }
    builder.clear();
    let start = context.line.offset(string);
    let mut chars = string.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            builder.push(c, start + at, c.len_utf8());
            continue;
        }
        let (c, width) = match chars.next().map(|(_, escaped)| escaped) {
            Some('u') => {
                let (c, width) = unicode(string, at);
                if let Some(digits) = width.checked_sub(3) {
                    chars.nth(digits);
                }
                (c, width)
            }
            Some('b') => ('\x08', 2),
            Some('f') => ('\x0C', 2),
            Some('n') => ('\n', 2),
            Some('r') => ('\r', 2),
            Some('t') => ('\t', 2),
            Some(other) => (other, 2),
            None => ('\\', 1),
        };
        builder.push(c, start + at, width);
    }
    context.line.built(builder, 0..builder.text.len(), string)
}

/// The character that `\uXXXX` at `at` is, with the second half where it is a surrogate, and how many bytes that takes.
/// Half a pair is U+FFFD.
fn unicode(text: &str, at: usize) -> (char, usize) {
    let first = code(text, at + 2).unwrap_or(0xFFFD);
    if let Some(c) = char::from_u32(first) {
        return (c, 6);
    }
    let second = text.get(at + 6..at + 8).filter(|escape| *escape == "\\u").and_then(|_| code(text, at + 8));
    let pair = second.and_then(|second| char::decode_utf16([first as u16, second as u16]).next()?.ok());
    match pair {
        Some(c) => (c, 12),
        None => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// Whether `text` is one value in JSON. Reads without recursion, for nesting is what a file can drive.
fn is_json(text: &str) -> bool {
    let mut open: Vec<u8> = Vec::new();
    let mut rest = blanks(text);
    loop {
        // A value begins here.
        match rest.as_bytes().first() {
            Some(bracket @ (b'[' | b'{')) => {
                if open.len() == DEEPEST {
                    return false;
                }
                open.push(*bracket);
                rest = blanks(rest.get(1..).unwrap_or_default());
                let close = if *bracket == b'[' { ']' } else { '}' };
                match rest.strip_prefix(close) {
                    Some(after) => {
                        open.pop();
                        rest = after;
                    }
                    None if *bracket == b'{' => match member(rest) {
                        Some(value) => {
                            rest = value;
                            continue;
                        }
                        None => return false,
                    },
                    None => continue,
                }
            }
            Some(b'"') => match string(rest) {
                Ok((after, _)) => rest = after,
                Err(_) => return false,
            },
            Some(_) => match scalar(rest) {
                Some(after) => rest = after,
                None => return false,
            },
            None => return false,
        }
        // A value ended here.
        loop {
            rest = blanks(rest);
            let Some(bracket) = open.last() else { return rest.is_empty() };
            let close = if *bracket == b'[' { ']' } else { '}' };
            if let Some(after) = rest.strip_prefix(close) {
                open.pop();
                rest = after;
                continue;
            }
            let Some(after) = rest.strip_prefix(',').map(blanks) else { return false };
            rest = after;
            if *bracket == b'{' {
                match member(rest) {
                    Some(value) => rest = value,
                    None => return false,
                }
            }
            break;
        }
    }
}

/// `"key":`; what follows it.
fn member(text: &str) -> Option<&str> {
    let (after, _) = string(text).ok()?;
    blanks(after).strip_prefix(':').map(blanks)
}

/// A literal or a number; what follows it.
fn scalar(text: &str) -> Option<&str> {
    for literal in ["true", "false", "null"] {
        if let Some(after) = text.strip_prefix(literal) {
            return Some(after);
        }
    }
    let digits = |text| -> Option<&str> {
        let (after, digits) = take_while::<_, &str, ()>(|c: char| c.is_ascii_digit())(text).ok()?;
        (!digits.is_empty()).then_some(after)
    };
    let number = text.strip_prefix('-').unwrap_or(text);
    let mut rest = number.strip_prefix('0').or_else(|| digits(number))?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = digits(fraction)?;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        rest = digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_or_not() {
        let cases = [
            ("[1]", true),
            ("[\"a\", 1.5e+3, -0, true, null, {}, [], {\"a\": [\"b\"], \"c\": 1}]", true),
            ("[]  ", true),
            ("[1,]", false),
            ("[,1]", false),
            ("[1 2]", false),
            ("[01]", false),
            ("[1.]", false),
            ("[-]", false),
            ("[{\"a\"}]", false),
            ("[{\"a\": 1,}]", false),
            ("[{a: 1}]", false),
            ("['a']", false),
            ("[\"\\x\"]", false),
            ("[\"\\u12\"]", false),
            ("[\"\t\"]", false),
            ("[1] x", false),
            ("[", false),
            ("[[1]", false),
            ("[nul]", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_json(text), expected, "{text}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(is_json(&nested(DEEPEST)));
        assert!(!is_json(&nested(DEEPEST + 1)));
    }
}
