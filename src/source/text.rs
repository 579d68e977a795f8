use std::borrow::Cow;

use serde::Serialize;
use thiserror::Error;

use super::Span;
use super::span::offset;

/// What stands for a byte that is not UTF-8: U+007F, one byte long, so that every span stays a span of the file, and
/// without meaning to Dockerfiles, JSON, shells and patterns alike.
const SUBSTITUTE: u8 = 0x7F;

/// The text of one file, decoded from its bytes.
///
/// ```
/// use plimsoll::Source;
///
/// let source = Source::decode(b"FROM a\nLABEL by=\"Ren\xe9\"\n").unwrap();
/// assert_eq!(source.text().len(), 23);
/// assert_eq!(source.invalid_utf8().unwrap().start, 20);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source<'a> {
    text: Cow<'a, str>,
    invalid_utf8: Option<Span>,
}

/// How a file that can't be read as UTF-8 is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-16, least significant byte first.
    Utf16LittleEndian,
    /// UTF-16, most significant byte first.
    Utf16BigEndian,
}

/// Why bytes are no source.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum SourceError {
    /// The file is UTF-16. BuildKit reads UTF-8 only.
    #[error("the file is UTF-16, and a Dockerfile must be UTF-8: save it as UTF-8, without a byte order mark")]
    Utf16(Encoding),
    /// The file is longer than spans can tell.
    #[error("the file is {0} bytes long, and more than 4 GiB can't be read")]
    TooLong(u64),
}

impl<'a> Source<'a> {
    /// What stands in the text for a byte that is not UTF-8.
    pub const SUBSTITUTE: char = SUBSTITUTE as char;

    /// Decodes the bytes of a file.
    ///
    /// Bytes that are not UTF-8 are no error, for BuildKit reads past them too: each becomes U+007F, so that offsets into
    /// the text are offsets into the bytes.
    ///
    /// # Errors
    ///
    /// [`SourceError::Utf16`] for a file in UTF-16, which BuildKit can't read, and [`SourceError::TooLong`] for one of
    /// 4 GiB or more.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, SourceError> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(SourceError::TooLong(bytes.len() as u64));
        }
        if let Some(encoding) = utf16(bytes) {
            return Err(SourceError::Utf16(encoding));
        }
        Ok(match std::str::from_utf8(bytes) {
            Ok(text) => Self { text: Cow::Borrowed(text), invalid_utf8: None },
            Err(_) => substituted(bytes),
        })
    }

    /// The text, in which each byte that was not UTF-8 is U+007F.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first run of bytes that are not UTF-8, where there is one.
    #[must_use]
    pub const fn invalid_utf8(&self) -> Option<Span> {
        self.invalid_utf8
    }
}

/// The bytes of a text that was made from the text of `original`, with the bytes that were not UTF-8 as they were there. None
/// where they can't be told, for the text holds more or fewer places for them than the original.
///
/// ```
/// use plimsoll::Source;
/// use plimsoll::source::encode;
///
/// let bytes = b"MAINTAINER Ren\xe9\n";
/// let text = Source::decode(bytes).unwrap().text().replace("MAINTAINER ", "LABEL by=");
/// assert_eq!(encode(&text, bytes).unwrap(), b"LABEL by=Ren\xe9\n");
/// ```
#[must_use]
pub fn encode(text: &str, original: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = text.as_bytes().to_vec();
    if std::str::from_utf8(original).is_ok() {
        return Some(bytes);
    }
    let chunks = original.utf8_chunks();
    let mut substituted = chunks.flat_map(|chunk| {
        let own = chunk.valid().bytes().filter(|byte| *byte == SUBSTITUTE);
        own.chain(chunk.invalid().iter().copied())
    });
    for byte in bytes.iter_mut().filter(|byte| **byte == SUBSTITUTE) {
        *byte = substituted.next()?;
    }
    substituted.next().is_none().then_some(bytes)
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), invalid_utf8: None }
    }
}

fn substituted(bytes: &[u8]) -> Source<'static> {
    let mut text = String::with_capacity(bytes.len());
    let mut first: Option<Span> = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let start = text.len();
        text.extend(chunk.invalid().iter().map(|_| char::from(SUBSTITUTE)));
        if !chunk.invalid().is_empty() && first.is_none_or(|span| span.end == offset(start)) {
            let end = offset(text.len());
            first = Some(Span::new(first.map_or(offset(start), |span| span.start), end));
        }
    }
    Source { text: Cow::Owned(text), invalid_utf8: first }
}

/// UTF-16 by its byte order mark or, as no Dockerfile begins with a NUL or has one second, by its first letter.
fn utf16(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16LittleEndian),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16BigEndian),
        [letter, 0, _, 0, ..] if letter.is_ascii_graphic() => Some(Encoding::Utf16LittleEndian),
        [0, letter, 0, _, ..] if letter.is_ascii_graphic() => Some(Encoding::Utf16BigEndian),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitutes_byte_for_byte() {
        let source = Source::decode(b"a\xc3\xe9\xff b\xe2\x82 c").unwrap();
        assert_eq!(source.text(), "a\u{7f}\u{7f}\u{7f} b\u{7f}\u{7f} c");
        assert_eq!(source.invalid_utf8(), Some(Span::new(1, 4)));
    }

    #[test]
    fn knows_utf16() {
        let cases: [(&[u8], _); 6] = [
            (b"\xff\xfeF\0R\0", Some(Encoding::Utf16LittleEndian)),
            (b"\xfe\xff\0F\0R", Some(Encoding::Utf16BigEndian)),
            (b"F\0R\0", Some(Encoding::Utf16LittleEndian)),
            (b"\0F\0R", Some(Encoding::Utf16BigEndian)),
            (b"FROM a", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Source::decode(bytes).err(), expected.map(SourceError::Utf16), "{bytes:?}");
        }
    }
}
