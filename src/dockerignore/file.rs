use std::sync::Arc;

use super::clean::trim;
use super::error::{PatternError, PatternErrorKind};
use super::pattern::{Pattern, WrongAt};
use crate::source::{Encoding, Source, SourceError, Span};

/// From this many bytes on, the reference takes no line.
const TOO_LONG: usize = 64 * 1024;

/// An ignore file as it was read.
///
/// A line that is wrong is an error in [`errors`](Self::errors), and all other lines are still read.
///
/// ```
/// use plimsoll::dockerignore::IgnoreFile;
///
/// let file = IgnoreFile::parse(".dockerignore", "# what others build\n/node_modules/\n!./docs/\n[a\n");
/// let read: Vec<&[u8]> = file.patterns.iter().map(|pattern| pattern.read()).collect();
/// assert_eq!(read, [&b"node_modules"[..], b"!docs", b"[a"]);
/// assert_eq!(file.errors[0].to_string(), ".dockerignore:4: `[` begins a class of characters, and no `]` ends it");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IgnoreFile {
    /// What to call the file in messages.
    pub name: Arc<str>,
    /// The text that spans are of; a byte that is not UTF-8 is U+007F.
    pub text: String,
    /// The patterns, in order, wrong ones too.
    pub patterns: Vec<Pattern>,
    /// How the file is encoded, if that is not as the reference reads it: it takes the bytes of UTF-16 for those of UTF-8, and
    /// then no pattern matches what it seems to.
    pub encoding: Option<Encoding>,
    /// What is wrong, in order. As long as there is an error, no build takes the file.
    pub errors: Vec<PatternError>,
}

impl IgnoreFile {
    /// Reads the text of an ignore file; `name` is what messages call it.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> Self {
        Self::parse_bytes(name, text.as_bytes())
    }

    /// Reads the bytes of an ignore file, whatever their encoding, as the reference does: only a line feed ends a line, `#`
    /// begins a comment only as a line's first character, and a byte order mark before the first line is passed over.
    #[must_use]
    pub fn parse_bytes(name: &str, bytes: &[u8]) -> Self {
        let encoding = match Source::decode(bytes) {
            Err(SourceError::Utf16(encoding)) => Some(encoding),
            _ => None,
        };
        let mut file = Self { name: name.into(), text: text(bytes), encoding, ..Self::default() };
        let mut offset = 0;
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            file.read_line(number, offset, line);
            offset += line.len() + 1;
        }
        file
    }

    /// Takes patterns that no file holds, as the reference's matcher takes them: each is cleaned with its `!`, so that
    /// `!/foo` and `/foo` match nothing. Their lines are counted from 1.
    #[must_use]
    pub fn from_patterns<P: AsRef<[u8]>>(name: &str, patterns: impl IntoIterator<Item = P>) -> Self {
        let mut file = Self { name: name.into(), ..Self::default() };
        for (number, pattern) in (1..).zip(patterns) {
            let pattern = pattern.as_ref();
            let offset = file.text.len();
            file.text.push_str(&text(pattern));
            file.text.push('\n');
            let trimmed = trim(pattern);
            let offset = offset + start_of(trimmed, pattern);
            let (pattern, wrong) = Pattern::of_read(&file.name, number, offset, trimmed, pattern.to_vec());
            file.take(pattern, wrong);
        }
        file
    }

    fn read_line(&mut self, number: u32, offset: usize, line: &[u8]) {
        if line.len() >= TOO_LONG {
            let span = Span::of_range(offset..offset + line.len());
            self.reject(number, WrongAt { kind: PatternErrorKind::LineTooLong(line.len()), span });
            return;
        }
        let content = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
        let pattern = trim(content);
        if content.first() == Some(&b'#') || pattern.is_empty() {
            return;
        }
        let offset = offset + start_of(pattern, line);
        let (pattern, wrong) = Pattern::of_line(&self.name, number, offset, pattern);
        self.take(pattern, wrong);
    }

    fn take(&mut self, pattern: Pattern, wrong: Option<WrongAt>) {
        if let Some(wrong) = wrong {
            self.reject(pattern.line, wrong);
        }
        self.patterns.push(pattern);
    }

    fn reject(&mut self, line: u32, wrong: WrongAt) {
        let WrongAt { kind, span } = wrong;
        self.errors.push(PatternError { kind, file: Arc::clone(&self.name), line, span });
    }
}

/// Where in `whole` its part begins.
fn start_of(part: &[u8], whole: &[u8]) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// The text of bytes, in which each one that is not UTF-8 is U+007F, so that every offset stays the same.
fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{7f}'));
    }
    text
}
