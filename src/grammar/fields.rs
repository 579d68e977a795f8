//! Comma-separated fields, as `--mount` and `--device` hold them.

use std::borrow::Cow;
use std::ops::Range;

use crate::ast::{Piece, Word};

/// A quote stands where none may.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misquoted;

/// One field: its text, and its place in the text that the fields are of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    /// The text, quotes undone.
    pub(super) text: Cow<'t, str>,
    /// Where the field stands, quotes left out.
    start: usize,
    /// Whether the text is just what stands there.
    plain: bool,
}

/// The fields of `text`: separated by commas; one in double quotes may hold commas, and quotes written twice.
pub(super) fn fields(text: &str) -> Result<Vec<Field<'_>>, Misquoted> {
    if text.is_empty() {
        return Err(Misquoted);
    }
    let mut fields = Vec::with_capacity(memchr::memchr_iter(b',', text.as_bytes()).count() + 1);
    let mut rest = text;
    loop {
        let start = text.len() - rest.len();
        if let Some(quoted) = rest.strip_prefix('"') {
            let (content, after) = quoted_field(quoted)?;
            let plain = content.len() + 1 == quoted.len() - after.len();
            fields.push(Field { text: Cow::Owned(content), start: start + 1, plain });
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None if after.is_empty() => return Ok(fields),
                None => return Err(Misquoted),
            }
        } else {
            let (field, next) = rest.split_once(',').map_or((rest, None), |(field, next)| (field, Some(next)));
            if field.contains('"') {
                return Err(Misquoted);
            }
            fields.push(Field { text: Cow::Borrowed(field), start, plain: true });
            match next {
                Some(next) => rest = next,
                None => return Ok(fields),
            }
        }
    }
}

/// What stands up to the closing quote, and what follows it.
fn quoted_field(quoted: &str) -> Result<(String, &str), Misquoted> {
    let mut content = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"').ok_or(Misquoted)?;
        content.push_str(before);
        match after.strip_prefix('"') {
            Some(next) => {
                content.push('"');
                rest = next;
            }
            None => return Ok((content, after)),
        }
    }
}

impl Field<'_> {
    /// `key=value`; the value only where there is a `=`.
    pub(super) fn key_value<'a>(&self, of: &Word<'a>) -> (Word<'a>, Option<Word<'a>>) {
        match self.text.find('=') {
            Some(equals) => (self.word(of, 0..equals), Some(self.word(of, equals + 1..self.text.len()))),
            None => (self.word(of, 0..self.text.len()), None),
        }
    }

    /// The whole field.
    pub(super) fn whole<'a>(&self, of: &Word<'a>) -> Word<'a> {
        self.word(of, 0..self.text.len())
    }

    fn word<'a>(&self, of: &Word<'a>, range: Range<usize>) -> Word<'a> {
        if self.plain {
            return of.part(self.start + range.start..self.start + range.end);
        }
        // Quotes written twice are rare, and then the place of the whole field must do.
        let span = of.span_of(self.start..self.start + self.text.len());
        let text = self.text.get(range).unwrap_or_default();
        Word::joined(text, [Piece { text: 0, source: span.start }], span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_the_reference_does() {
        let cases: [(&str, Result<&[&str], Misquoted>); 9] = [
            ("a=b,c", Ok(&["a=b", "c"])),
            ("\"a=b,c\",d", Ok(&["a=b,c", "d"])),
            ("\"a\"\"b\"", Ok(&["a\"b"])),
            ("a,", Ok(&["a", ""])),
            (",", Ok(&["", ""])),
            ("a=\"b\"", Err(Misquoted)),
            ("\"a\"b", Err(Misquoted)),
            ("\"a", Err(Misquoted)),
            ("", Err(Misquoted)),
        ];
        for (text, expected) in cases {
            let found =
                fields(text).map(|fields| fields.into_iter().map(|field| field.text.into_owned()).collect::<Vec<_>>());
            assert_eq!(found, expected.map(|fields| fields.iter().map(ToString::to_string).collect()), "{text}");
        }
    }
}
