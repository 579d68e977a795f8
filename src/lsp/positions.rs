//! The only place that knows how a client counts characters: offsets of bytes are places of the protocol, and back.

use std::cell::OnceCell;

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::Span;

/// In what a client counts the characters of a line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) enum PositionEncoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16, which every client knows.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl PositionEncoding {
    /// The best one of those that a client offers: ours, so that nothing is to be counted, else the one that all know.
    pub(crate) fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offers = |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.contains(kind));
        if offers(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(&PositionEncodingKind::UTF32) && !offers(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many units a text has.
    fn measure(self, text: &str) -> u32 {
        let bytes = text.as_bytes();
        let characters = || bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let units = match self {
            Self::Utf8 => bytes.len(),
            Self::Utf32 => characters(),
            // A character of four bytes is a pair of surrogates.
            Self::Utf16 => characters() + bytes.iter().filter(|byte| **byte >= 0xF0).count(),
        };
        offset_of(units)
    }

    /// How many units a character has.
    fn width(self, c: char) -> u32 {
        let width = match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        };
        offset_of(width)
    }
}

/// Where the lines of a document begin, as the protocol has them: `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    encoding: PositionEncoding,
    starts: Vec<u32>,
    /// In long lines: how many units precede each [`STRIDE`]th byte of the text. Counted when somebody asks.
    marks: OnceCell<Vec<u32>>,
}

/// From one mark to the next, in bytes. What is asked for in shorter lines is counted from their beginning.
const STRIDE: usize = 1 << 12;

impl Lines {
    pub(crate) fn new(text: &str, encoding: PositionEncoding) -> Self {
        let mut starts = vec![0];
        starts.extend(starts_in(text, 0..text.len()));
        Self { encoding, starts, marks: OnceCell::new() }
    }

    /// Those of another text, for the same client.
    pub(crate) fn of(&self, text: &str) -> Self {
        Self::new(text, self.encoding)
    }

    /// Follows a change: `changed` is the text after `removed` was replaced by something that is `inserted` bytes long.
    pub(crate) fn update(&mut self, changed: &str, removed: Span, inserted: usize) {
        self.marks = OnceCell::new();
        let start = removed.start as usize;
        // A line that began right after the place may do so no more, and one that began there may do so for the first time:
        // `\r` and `\n` come together, or apart.
        let first = self.starts.partition_point(|line| *line <= removed.start.saturating_sub(1)).max(1);
        let last = self.starts.partition_point(|line| *line <= removed.end.saturating_add(1)).max(first);
        for line in self.starts.iter_mut().skip(last) {
            *line = line.wrapping_sub(removed.len()).wrapping_add(offset_of(inserted));
        }
        let scanned = start.saturating_sub(1)..(start + inserted + 1).min(changed.len());
        let floor = self.starts.get(first - 1).copied().unwrap_or_default();
        let found: Vec<u32> = starts_in(changed, scanned).filter(|line| *line > floor).collect();
        self.starts.splice(first..last, found);
    }

    /// The number of the line that holds the byte at `at`, counted from 0.
    fn line(&self, at: u32) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// A line without what ends it, or nothing where there are fewer lines.
    fn content(&self, text: &str, line: usize) -> Option<Span> {
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).copied().unwrap_or(offset_of(text.len()));
        let whole = Span::new(start, end).of(text);
        // No more than one end: what is before the `\r` of an empty line's end is the line before.
        let content = if self.starts.get(line + 1).is_some() {
            whole.strip_suffix("\r\n").or(whole.strip_suffix(['\n', '\r'])).unwrap_or(whole)
        } else {
            whole
        };
        Some(Span::new(start, start + offset_of(content.len())))
    }

    /// How many units there are in the text before each mark.
    fn marks(&self, text: &str) -> &[u32] {
        let count = || {
            let (mut units, mut before, mut from) = (vec![0], 0, 0);
            for mark in (STRIDE..=text.len()).step_by(STRIDE) {
                let to = floor(text, mark);
                before += self.encoding.measure(text.get(from..to).unwrap_or_default());
                units.push(before);
                from = to;
            }
            units
        };
        self.marks.get_or_init(count)
    }
}

/// Where lines begin because of an end of line in `within`, which lies in `text`.
fn starts_in(text: &str, within: std::ops::Range<usize>) -> impl Iterator<Item = u32> {
    let bytes = text.as_bytes();
    let part = bytes.get(within.clone()).unwrap_or_default();
    memchr::memchr2_iter(b'\n', b'\r', part).filter_map(move |at| {
        let at = within.start + at;
        let is_end = bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n');
        is_end.then(|| offset_of(at + 1))
    })
}

fn offset_of(length: usize) -> u32 {
    Span::of_range(0..length).end
}

/// The offset, or that of the character that it is inside of; the end where it is past that.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Turns the places of one text into the client's, and back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Positions<'t> {
    text: &'t str,
    lines: &'t Lines,
}

impl<'t> Positions<'t> {
    /// For `text`, whose lines are `lines`.
    pub(crate) const fn new(text: &'t str, lines: &'t Lines) -> Self {
        Self { text, lines }
    }

    /// The offset of a place. One past the end of its line is at that end, before what ends the line; one on a line that there
    /// is not is at the end of the text; one inside a character is before it.
    pub(crate) fn offset(&self, place: Position) -> u32 {
        let Some(line) = self.lines.content(self.text, place.line as usize) else { return offset_of(self.text.len()) };
        if self.lines.encoding == PositionEncoding::Utf8 {
            let at = (line.start as usize).saturating_add(place.character as usize).min(line.end as usize);
            return offset_of(floor(self.text, at));
        }
        let mut at = line.start;
        let mut units = 0;
        if line.len() as usize > STRIDE {
            let before = self.units(line.start);
            let wanted = before.saturating_add(place.character);
            if wanted >= self.units(line.end) {
                return line.end;
            }
            let marks = self.lines.marks(self.text);
            let mark = marks.partition_point(|units| *units <= wanted).saturating_sub(1);
            let start = offset_of(floor(self.text, mark * STRIDE));
            if start > line.start {
                at = start;
                units = marks.get(mark).copied().unwrap_or_default() - before;
            }
        }
        for c in Span::new(at, line.end).of(self.text).chars() {
            units += self.lines.encoding.width(c);
            if units > place.character {
                break;
            }
            at += offset_of(c.len_utf8());
        }
        at
    }

    /// The place of an offset; one past the end of the text is at its end, one inside a character before it.
    pub(crate) fn position(&self, at: u32) -> Position {
        let at = offset_of(floor(self.text, at as usize));
        let line = self.lines.line(at);
        let start = self.lines.starts.get(line).copied().unwrap_or_default();
        let character = if self.lines.encoding == PositionEncoding::Utf8 {
            at - start
        } else if ((at - start) as usize) < STRIDE {
            self.lines.encoding.measure(Span::new(start, at).of(self.text))
        } else {
            self.units(at) - self.units(start)
        };
        Position { line: offset_of(line), character }
    }

    /// How many units there are before `at` in the whole text.
    fn units(&self, at: u32) -> u32 {
        let mark = at as usize / STRIDE;
        let before = self.lines.marks(self.text).get(mark).copied().unwrap_or_default();
        let from = floor(self.text, mark * STRIDE);
        before + self.lines.encoding.measure(self.text.get(from..at as usize).unwrap_or_default())
    }

    /// The bytes of a range; one that ends before it begins is empty.
    pub(crate) fn span(&self, range: Range) -> Span {
        Span::new(self.offset(range.start), self.offset(range.end))
    }

    /// The range of some bytes.
    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENCODINGS: [PositionEncoding; 3] = [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32];

    /// Counts from the beginning, character by character.
    fn counted(text: &str, at: usize, encoding: PositionEncoding) -> Position {
        let (mut line, mut character) = (0, 0);
        for (start, c) in text.char_indices() {
            if start + c.len_utf8() > at {
                break;
            }
            let ends = c == '\n' || c == '\r' && !text[start + 1..].starts_with('\n');
            (line, character) = if ends { (line + 1, 0) } else { (line, character + encoding.width(c)) };
        }
        Position { line, character }
    }

    #[test]
    fn places_that_are_not_there() {
        let text = "añ\r\n😀b\rc";
        let cases = [
            (PositionEncoding::Utf16, 0, 0, 0),
            (PositionEncoding::Utf16, 0, 2, 3),
            (PositionEncoding::Utf16, 0, 3, 3),
            (PositionEncoding::Utf16, 0, u32::MAX, 3),
            // Between the surrogates.
            (PositionEncoding::Utf16, 1, 1, 5),
            (PositionEncoding::Utf16, 1, 2, 9),
            (PositionEncoding::Utf16, 1, 4, 10),
            (PositionEncoding::Utf8, 0, 2, 1),
            (PositionEncoding::Utf8, 1, 3, 5),
            (PositionEncoding::Utf8, 1, 99, 10),
            (PositionEncoding::Utf32, 1, 1, 9),
            (PositionEncoding::Utf16, 2, 1, 12),
            (PositionEncoding::Utf16, 2, 2, 12),
            (PositionEncoding::Utf16, 3, 0, 12),
            (PositionEncoding::Utf16, u32::MAX, u32::MAX, 12),
        ];
        for (encoding, line, character, expected) in cases {
            let lines = Lines::new(text, encoding);
            let positions = Positions::new(text, &lines);
            assert_eq!(positions.offset(Position { line, character }), expected, "{encoding:?} {line}:{character}");
        }
    }

    #[test]
    fn long_lines() {
        for filler in ["x", "é", "日本", "😀", "a😀b"] {
            let text = format!("FROM a\n{}\nRUN b\n", filler.repeat(9_001));
            for encoding in ENCODINGS {
                let lines = Lines::new(&text, encoding);
                let positions = Positions::new(&text, &lines);
                for at in (0..text.len()).step_by(997).chain(text.len() - 9..=text.len()) {
                    let at = floor(&text, at);
                    let place = positions.position(offset_of(at));
                    assert_eq!(place, counted(&text, at, encoding), "{encoding:?} {filler:?} {at}");
                    assert_eq!(positions.offset(place), offset_of(at), "{encoding:?} {filler:?} {at}");
                    let past = Position { character: u32::MAX, ..place };
                    let end = text[at..].find(['\r', '\n']).map_or(text.len(), |end| at + end);
                    assert_eq!(positions.offset(past), offset_of(end), "{encoding:?} {filler:?} {at}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn places_as_counted(text in "[a\r\né😀]{0,40}", encoding in prop::sample::select(ENCODINGS.to_vec())) {
            let lines = Lines::new(&text, encoding);
            let positions = Positions::new(&text, &lines);
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let place = positions.position(offset_of(at));
                prop_assert_eq!(place, counted(&text, at, encoding));
                // What is between `\r` and `\n` is past the end of the line.
                let between = at > 0 && text.as_bytes()[at - 1] == b'\r' && text.as_bytes().get(at) == Some(&b'\n');
                prop_assert_eq!(positions.offset(place), offset_of(at - usize::from(between)));
            }
        }

        #[test]
        fn lines_follow_changes(
            text in "[a\r\né]{0,20}",
            changes in prop::collection::vec((0..100_usize, 0..100_usize, "[a\r\né]{0,4}"), 1..6),
        ) {
            let mut text = text;
            let mut lines = Lines::new(&text, PositionEncoding::Utf8);
            for (start, end, with) in changes {
                let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let (start, end) = (boundaries[start % boundaries.len()], boundaries[end % boundaries.len()]);
                let span = Span::of_range(start.min(end)..start.max(end));
                text.replace_range(span.range(), &with);
                lines.update(&text, span, with.len());
                prop_assert_eq!(&lines.starts, &Lines::new(&text, PositionEncoding::Utf8).starts, "{:?}", text);
            }
        }
    }
}
