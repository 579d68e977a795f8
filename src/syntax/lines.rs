use memchr::memchr;

use crate::source::Span;

/// BuildKit reads lines into a buffer of 64 KiB and gives up on one that does not fit.
const LONGEST_LINE: usize = 65_535;

/// The physical lines of a text, one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
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
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
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
    pub(crate) const fn go_on_at(&mut self, at: usize) {
        self.at = at;
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = PhysicalLine<'a>;

    fn next(&mut self) -> Option<PhysicalLine<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |feed| feed + 1);
        let line = rest.get(..length).unwrap_or(rest);
        let start = self.at;
        self.at += line.len();
        let mut content = line.strip_suffix('\n').unwrap_or(line);
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
        (self.length > LONGEST_LINE).then(|| Span::of_range(0..self.length).end)
    }
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
