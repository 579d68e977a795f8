//! Where findings are, in the unit in which a format counts columns.

use std::cell::Cell;

use unicode_width::UnicodeWidthChar;

use super::FileFindings;
use crate::source::{LineColumn, Span};

/// What a column is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// Unicode scalar values.
    Characters,
    /// Code units of UTF-16.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// Columns of a terminal, with a tab stop at each eighth.
    Screen,
}

/// First and last place of a finding; the last one is just past its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Range {
    pub(super) start: LineColumn,
    pub(super) end: LineColumn,
}

/// Finds the places of a file's findings. Each is counted from the one before, so that a line with many findings is
/// counted once.
pub(super) struct Places<'f> {
    file: &'f FileFindings<'f>,
    unit: Unit,
    /// Where the text begins: no editor counts a byte order mark, but it has its bytes.
    first: u32,
    start: Cell<Known>,
    end: Cell<Known>,
}

/// An offset whose place was found.
#[derive(Clone, Copy)]
struct Known {
    at: u32,
    place: LineColumn,
}

impl<'f> Places<'f> {
    pub(super) fn new(file: &'f FileFindings<'f>, unit: Unit) -> Self {
        let first = if unit != Unit::Bytes && file.text.starts_with('\u{feff}') { 3 } else { 0 };
        let known = Known { at: first, place: LineColumn { line: 1, column: 1 } };
        Self { file, unit, first, start: Cell::new(known), end: Cell::new(known) }
    }

    /// The places of a span's ends.
    pub(super) fn of(&self, span: Span) -> Range {
        Range { start: self.find(&self.start, span.start), end: self.find(&self.end, span.end) }
    }

    fn find(&self, known: &Cell<Known>, at: u32) -> LineColumn {
        let Known { at: before, place } = known.get();
        let at = self.on_character(at);
        let line = self.file.lines.line(at);
        let column = if line == place.line && before <= at {
            self.advance(place.column, before, at)
        } else if line == place.line && self.unit != Unit::Screen {
            place.column - (self.advance(1, at, before) - 1)
        } else {
            self.advance(1, self.file.lines.line_start(line).unwrap_or_default().max(self.first), at)
        };
        let place = LineColumn { line, column };
        known.set(Known { at, place });
        place
    }

    /// The offset, or that of the character that it is inside of.
    fn on_character(&self, at: u32) -> u32 {
        let text = self.file.text;
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        Span::of_range(0..at).end.max(self.first)
    }

    /// The column of `to`, where that of `from` is `column`.
    fn advance(&self, column: u32, from: u32, to: u32) -> u32 {
        let text = Span::new(from, to).of(self.file.text);
        let counted = match self.unit {
            Unit::Characters => text.chars().count(),
            Unit::Utf16 => text.chars().map(char::len_utf16).sum(),
            Unit::Bytes => text.len(),
            Unit::Screen => return text.chars().fold(column, after_on_screen),
        };
        column + Span::of_range(0..counted).end
    }
}

fn after_on_screen(column: u32, c: char) -> u32 {
    match c {
        '\t' => (column - 1) / 8 * 8 + 9,
        c => column + Span::of_range(0..c.width().unwrap_or(1)).end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::LineIndex;

    fn file(text: &str) -> FileFindings<'_> {
        FileFindings { path: "Dockerfile", text, is_ignore_file: false, lines: LineIndex::new(text), diagnostics: &[] }
    }

    #[test]
    fn columns_in_each_unit() {
        let text = "FROM a\n\té😀漢|x";
        let bar = Span::of_range(text.find('|').unwrap()..text.len());
        let file = file(text);
        for (unit, column) in [(Unit::Characters, 5), (Unit::Utf16, 6), (Unit::Bytes, 11), (Unit::Screen, 14)] {
            let range = Places::new(&file, unit).of(bar);
            assert_eq!(range.start, LineColumn { line: 2, column }, "{unit:?}");
            assert_eq!(range.end, LineColumn { line: 2, column: column + 2 }, "{unit:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_not_counted() {
        let file = file("\u{feff}FROM é\n");
        for (unit, column) in [(Unit::Characters, 6), (Unit::Utf16, 6), (Unit::Bytes, 9), (Unit::Screen, 6)] {
            let places = Places::new(&file, unit);
            assert_eq!(places.of(Span::empty(8)).start.column, column, "{unit:?}");
            assert_eq!(places.of(Span::empty(0)).start.column, 1, "{unit:?}");
        }
    }

    #[test]
    fn the_order_in_which_they_are_asked_for_does_not_matter() {
        let text = "\u{feff}ab\té\n😀x\r\n\n漢z";
        let file = file(text);
        for unit in [Unit::Characters, Unit::Utf16, Unit::Bytes, Unit::Screen] {
            let asked = Places::new(&file, unit);
            for step in 0..200_u32 {
                let span = Span::empty(step * 7 % 25);
                assert_eq!(asked.of(span), Places::new(&file, unit).of(span), "{unit:?} {span:?}");
            }
        }
    }
}
