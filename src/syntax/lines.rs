//! The physical lines of a file.

use crate::source::{Span, offset};

/// BuildKit reads lines into a buffer of 64 KiB and gives up on one that does not fit.
pub(crate) const LONGEST_LINE: u32 = 65_535;

/// The physical lines of a text, one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
    feeds: LineFeeds<'a>,
}

/// One line of the file. Only a line feed ends a line.
#[derive(Clone, Copy)]
pub(crate) struct PhysicalLine<'a> {
    /// Where it begins in the text.
    pub(crate) start: usize,
    /// Where the next one begins.
    pub(crate) next: usize,
    /// The line without the line feed and the carriage returns before it.
    pub(crate) content: &'a str,
    /// How many bytes the line is long, carriage returns included, the line feed not.
    length: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self::from(text, 0)
    }

    /// The lines of a text from the one that begins at `at` on.
    pub(crate) fn from(text: &'a str, at: usize) -> Self {
        Self { text, at, feeds: LineFeeds::from(text.as_bytes(), at) }
    }

    /// The text that the lines are of.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// Where the next line begins.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// Goes on with the line that begins at `at`.
    pub(crate) fn go_on_at(&mut self, at: usize) {
        *self = Self::from(self.text, at);
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = PhysicalLine<'a>;

    fn next(&mut self) -> Option<PhysicalLine<'a>> {
        let start = self.at;
        let end = match self.feeds.next() {
            Some(feed) => {
                self.at = feed + 1;
                feed
            }
            None if start < self.text.len() => {
                self.at = self.text.len();
                self.at
            }
            None => return None,
        };
        let mut content = self.text.get(start..end).unwrap_or_default();
        let length = content.len();
        while let Some(shorter) = content.strip_suffix('\r') {
            content = shorter;
        }
        Some(PhysicalLine { start, next: self.at, content, length })
    }
}

impl PhysicalLine<'_> {
    /// The line without what ends it.
    pub(crate) fn content_span(&self) -> Span {
        Span::of_range(self.start..self.start + self.content.len())
    }

    /// How long the line is, where that is more than BuildKit reads.
    pub(crate) fn excess(&self) -> Option<u32> {
        Some(offset(self.length)).filter(|length| *length > LONGEST_LINE)
    }
}

/// Where the line feeds of a text are.
///
/// Lines are short, so a search for the end of each would spend most of its time on beginning and ending. This one looks
/// at 64 bytes at a time, and notes all the line feeds in them.
#[derive(Clone, Copy)]
struct LineFeeds<'a> {
    bytes: &'a [u8],
    /// Where the bytes begin that were looked at last.
    block: usize,
    /// The line feeds among them that were not given yet, a bit each.
    found: u64,
}

const BLOCK: usize = 64;

impl<'a> LineFeeds<'a> {
    /// The line feeds from `at` on.
    fn from(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, block: at, found: line_feeds(bytes.get(at..).unwrap_or_default()) }
    }
}

impl Iterator for LineFeeds<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.block += BLOCK;
            self.found = line_feeds(self.bytes.get(self.block..)?);
        }
        let at = self.block + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(at)
    }
}

/// The line feeds among the first 64 of `bytes`, the lowest bit for the first.
fn line_feeds(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<BLOCK>() {
        Some(block) => line_feeds_of(block),
        None => {
            let mut block = [0; BLOCK];
            block.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            line_feeds_of(&block)
        }
    }
}

fn line_feeds_of(block: &[u8; BLOCK]) -> u64 {
    const LINE_FEEDS: u64 = u64::from_ne_bytes([b'\n'; 8]);
    const LOW_BITS: u64 = u64::from_ne_bytes([0x7F; 8]);
    /// Gathers the highest bits of eight bytes in the highest byte.
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let (words, _) = block.as_chunks::<8>();
    words.iter().rev().fold(0, |found, word| {
        let differs = u64::from_le_bytes(*word) ^ LINE_FEEDS;
        // The highest bit of each byte that is zero, which is to say a line feed.
        let zeros = !(((differs & LOW_BITS) + LOW_BITS) | differs | LOW_BITS);
        found << 8 | (zeros.wrapping_mul(GATHER) >> 56)
    })
}

/// What a line is, between continued lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LineKind {
    /// Nothing but white space.
    Blank,
    /// `#`, after white space or not.
    Comment,
    /// Anything else.
    Text,
}

/// How many bytes of white space a line begins with, and what it is.
pub(crate) fn indented(line: &str) -> (usize, LineKind) {
    // Unicode's white space counts, but is hardly ever met.
    let ascii = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count();
    let indent = match line.as_bytes().get(ascii) {
        Some(byte) if !byte.is_ascii() => line.len() - line.trim_start().len(),
        _ => ascii,
    };
    let kind = match line.as_bytes().get(indent) {
        None => LineKind::Blank,
        Some(b'#') => LineKind::Comment,
        Some(_) => LineKind::Text,
    };
    (indent, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each byte for itself, as the clear version of [`line_feeds`] has it.
    fn one_by_one(bytes: &[u8]) -> Vec<usize> {
        bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect()
    }

    #[test]
    fn line_feeds_are_where_they_are() {
        let mut bytes: Vec<u8> = (0..=255_u8).chain([b'\n', 0x0B, 0x8A, 0x09]).cycle().take(1000).collect();
        for length in 0..bytes.len() {
            let text = bytes.get(..length).unwrap();
            let found: Vec<usize> = LineFeeds::from(text, 0).collect();
            assert_eq!(found, one_by_one(text), "{length}");
        }
        for at in 0..200 {
            bytes.fill(b'\n');
            bytes[at] = 0x8A;
            let found: Vec<usize> = LineFeeds::from(&bytes, 0).collect();
            assert_eq!(found, one_by_one(&bytes), "{at}");
        }
    }

    #[test]
    fn lines_end_at_line_feeds_only() {
        let contents = |text| Lines::new(text).map(|line| line.content.to_owned()).collect::<Vec<_>>();
        assert_eq!(contents("a\r\n\nb\rc\n"), ["a", "", "b\rc"]);
        assert_eq!(contents("a\nb"), ["a", "b"]);
        assert!(contents("").is_empty());
    }
}
