use memchr::memchr_iter;
use serde::Serialize;

use super::span::offset;

/// A place as people and protocols name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct LineColumn {
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1, in the unit that was asked for.
    pub column: u32,
}

/// Where each line of a text begins. Built once a file, and only when somebody asks for a line.
///
/// Only a line feed ends a line, as for BuildKit: a carriage return before it is the line's last character, and a lone
/// one does not end it.
///
/// ```
/// use plimsoll::{LineColumn, LineIndex};
///
/// let text = "FROM a\nRUN é x\n";
/// let lines = LineIndex::new(text);
/// let x = 14;
/// assert_eq!(lines.line_column(text, x), LineColumn { line: 2, column: 7 });
/// assert_eq!(lines.line_column_bytes(text, x).column, 8);
/// assert_eq!(lines.line_column_utf16(text, x).column, 7);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    /// Offset of the first byte of each line; the first is 0.
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr_iter(b'\n', text.as_bytes()).map(|at| offset(at + 1)));
        Self { starts }
    }

    /// How many lines there are; what follows the last line feed counts as one, even when it is empty.
    #[must_use]
    pub fn len(&self) -> u32 {
        offset(self.starts.len())
    }

    /// Never: a text has at least one line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The line that holds the byte at `at`, counted from 1.
    #[must_use]
    pub fn line(&self, at: u32) -> u32 {
        offset(self.starts.partition_point(|start| *start <= at))
    }

    /// The offset at which `line`, counted from 1, begins.
    #[must_use]
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// Line and column of the byte at `at`, the column counted in characters (Unicode scalar values).
    #[must_use]
    pub fn line_column(&self, text: &str, at: u32) -> LineColumn {
        self.measured(text, at, |before| before.chars().count())
    }

    /// Line and column of the byte at `at`, the column counted in bytes of UTF-8.
    #[must_use]
    pub fn line_column_bytes(&self, text: &str, at: u32) -> LineColumn {
        self.measured(text, at, str::len)
    }

    /// Line and column of the byte at `at`, the column counted in UTF-16 code units, as language servers count it.
    #[must_use]
    pub fn line_column_utf16(&self, text: &str, at: u32) -> LineColumn {
        self.measured(text, at, |before| before.chars().map(char::len_utf16).sum())
    }

    fn measured(&self, text: &str, at: u32, measure: impl Fn(&str) -> usize) -> LineColumn {
        let line = self.line(at);
        let start = self.line_start(line).unwrap_or_default() as usize;
        let mut end = (at as usize).clamp(start, text.len().max(start));
        while end > start && !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = text.get(start..end).unwrap_or_default();
        LineColumn { line, column: offset(measure(before) + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_inside_a_character_is_that_characters_place() {
        let text = "é";
        assert_eq!(LineIndex::new(text).line_column(text, 1), LineColumn { line: 1, column: 1 });
    }

    #[test]
    fn places_past_the_end_are_the_end() {
        let text = "a\nb";
        assert_eq!(LineIndex::new(text).line_column(text, 99), LineColumn { line: 2, column: 2 });
    }

    #[test]
    fn columns_in_each_unit() {
        let text = "x\n😀é|";
        let lines = LineIndex::new(text);
        let bar = offset(text.find('|').unwrap());
        assert_eq!(lines.line_column(text, bar).column, 3);
        assert_eq!(lines.line_column_utf16(text, bar).column, 4);
        assert_eq!(lines.line_column_bytes(text, bar).column, 7);
    }
}
