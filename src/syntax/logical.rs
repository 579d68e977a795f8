//! Logical lines: what remains of physical lines once continuations are joined, and where each part of it stands.

use std::cell::Cell;
use std::ops::Range;

use crate::ast::{Dockerfile, Escape, Instruction, Piece, Word, map, pieces_of};
use crate::source::{Span, offset};

use super::{LineKind, Lines, PhysicalLine, indented};

/// Joins the lines of one instruction after the other, in the same buffers.
#[derive(Default)]
pub(crate) struct Joiner {
    text: String,
    pieces: Vec<Piece>,
    last: Cell<usize>,
}

/// What remains of one instruction after continuations are joined, and where each part of it stands.
#[derive(Clone, Copy)]
pub(crate) struct LogicalLine<'l, 'a> {
    /// The characters.
    pub(crate) text: &'l str,
    /// The file that they are of.
    source: &'a str,
    places: Places<'l>,
}

/// Where the characters of a logical line stand in the file.
#[derive(Clone, Copy)]
enum Places<'l> {
    /// All in one piece, from this offset on.
    Single(u32),
    /// In pieces, in order, the first at 0.
    Joined {
        pieces: &'l [Piece],
        /// The piece that was asked for last. Lines are read from left to right, so that the next one is near.
        last: &'l Cell<usize>,
    },
}

/// A line and whether it continues in the next one.
pub(crate) struct Continued<'a> {
    pub(crate) text: &'a str,
    pub(crate) continues: bool,
}

/// Cuts the mark that continues a line, with the blanks after it.
///
/// The mark is the escape character at the end of the line, unless another one stands before it. The reference's pattern
/// does not count them, so `\\\` is no mark either.
pub(crate) fn continued(line: &str, escape: Escape) -> Continued<'_> {
    let bytes = line.as_bytes();
    let blanks = bytes.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let end = bytes.len() - blanks;
    match bytes.get(..end) {
        Some([before @ .., last]) if *last == escape.byte() && before.last() != Some(&escape.byte()) => {
            Continued { text: line.get(..end - 1).unwrap_or_default(), continues: true }
        }
        _ => Continued { text: line, continues: false },
    }
}

impl Joiner {
    /// Begins a line at `start` of the file.
    pub(crate) fn begin(&mut self, text: &str, start: usize) {
        self.text.clear();
        self.pieces.clear();
        self.last.set(0);
        // Most lines are shorter than that, and the buffers need not grow step by step.
        self.text.reserve(2048);
        self.pieces.reserve(64);
        self.push(text, start);
    }

    fn push(&mut self, text: &str, start: usize) {
        if !text.is_empty() {
            self.pieces.push(Piece { text: offset(self.text.len()), source: offset(start) });
            self.text.push_str(text);
        }
    }

    /// Adds a line that is no comment and not empty; says whether it continues.
    pub(crate) fn add(&mut self, line: &PhysicalLine<'_>, escape: Escape) -> bool {
        let Continued { text, continues } = continued(line.content, escape);
        self.push(text, line.start);
        continues
    }

    /// The line as it stands, which begins at `start` where it is empty.
    pub(crate) fn line<'l, 'a>(&'l mut self, source: &'a str, start: usize) -> LogicalLine<'l, 'a> {
        let places = match self.pieces.as_slice() {
            [] => Places::Single(offset(start)),
            [only] => Places::Single(only.source),
            pieces => Places::Joined { pieces, last: &self.last },
        };
        LogicalLine { text: &self.text, source, places }
    }
}

/// The logical line that `header`, the text of an instruction without its heredocs, is.
fn join<'l, 'a>(joiner: &'l mut Joiner, source: &'a str, header: Span, escape: Escape) -> LogicalLine<'l, 'a> {
    let start = header.start as usize;
    let lines = Lines::from(source.get(..header.end as usize).unwrap_or(source), start);
    joiner.begin("", start);
    for line in lines {
        let (_, kind) = indented(line.content);
        if kind == LineKind::Text && !joiner.add(&line, escape) {
            break;
        }
    }
    joiner.line(source, start)
}

impl Dockerfile<'_> {
    /// The instruction without its heredocs as one line: what BuildKit makes of it before it reads words.
    ///
    /// ```
    /// let parsed = plimsoll::parse("FROM a\nRUN make \\\n  # all of it\n  install\n");
    /// let run = &parsed.dockerfile.instructions[1];
    /// assert_eq!(parsed.dockerfile.logical_line(run), "RUN make   install");
    /// ```
    #[must_use]
    pub fn logical_line(&self, instruction: &Instruction<'_>) -> String {
        join(&mut Joiner::default(), self.text, instruction.header, self.escape).text.to_owned()
    }
}

impl<'l, 'a> LogicalLine<'l, 'a> {
    /// A line that is one physical line, which begins at `start` of the file.
    pub(crate) fn single(source: &'a str, text: &'l str, start: usize) -> Self {
        Self { text, source, places: Places::Single(offset(start)) }
    }

    /// The offset of `part`, which must be a part of the line.
    pub(crate) fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// Where `part` stands in the file.
    pub(crate) fn span(&self, part: &str) -> Span {
        let start = self.offset(part);
        self.span_of(Span::of_range(start..start + part.len()))
    }

    /// Where the characters of `range` stand in the file.
    pub(crate) fn span_of(&self, range: Span) -> Span {
        match self.places {
            Places::Single(source) => Span::new(source + range.start, source + range.end),
            Places::Joined { pieces, last } => map(near(pieces, last, range), range),
        }
    }

    /// `part` as a word: borrowed from the file where it crosses no continuation.
    pub(crate) fn word(&self, part: &str) -> Word<'a> {
        let start = self.offset(part);
        let range = Span::of_range(start..start + part.len());
        match self.places {
            Places::Single(source) => {
                let span = Span::new(source + range.start, source + range.end);
                Word::borrowed(span.of(self.source), span)
            }
            Places::Joined { pieces, last } => self.joined_word(part, range, near(pieces, last, range)),
        }
    }

    #[inline(never)]
    fn joined_word(&self, part: &str, range: Span, pieces: &[Piece]) -> Word<'a> {
        let span = map(pieces, range);
        if span.len() == range.len() {
            return Word::borrowed(span.of(self.source), span);
        }
        Word::joined(part, pieces_of(pieces, range), span)
    }

    /// Where the piece begins that follows the one with `at` in it.
    fn next_piece(&self, at: u32) -> Option<u32> {
        let Places::Joined { pieces, .. } = self.places else { return None };
        Some(pieces.get(pieces.partition_point(|piece| piece.text <= at))?.text)
    }

    /// A part of what `builder` holds, as a word that stands where `part` does.
    pub(crate) fn built(&self, builder: &Builder, range: Range<usize>, part: &str) -> Word<'a> {
        let text = builder.text.get(range.clone()).unwrap_or_default();
        let range = Span::of_range(range);
        let mut pieces: Vec<Piece> = Vec::new();
        for (index, piece) in builder.pieces.iter().enumerate() {
            let end = builder.pieces.get(index + 1).map_or(range.end, |next| next.text.min(range.end));
            let begin = piece.text.max(range.start);
            if end <= begin {
                continue;
            }
            let line = Span::new(piece.source + (begin - piece.text), piece.source + (end - piece.text));
            let mut at = line.start;
            while at < line.end {
                let source = self.span_of(Span::new(at, at + 1)).start;
                pieces.push(Piece { text: begin - range.start + (at - line.start), source });
                at = self.next_piece(at).map_or(line.end, |next| next.min(line.end));
            }
        }
        Word::joined(text, pieces, self.span(part))
    }
}

/// Those of `pieces` that `range` touches; `last` is where they began the last time.
#[inline(never)]
fn near<'p>(pieces: &'p [Piece], last: &Cell<usize>, range: Span) -> &'p [Piece] {
    let first = first_after(pieces, last.get(), range.start).saturating_sub(1);
    last.set(first);
    let end = first_after(pieces, first, range.end);
    pieces.get(first..end.max(first + 1)).unwrap_or_default()
}

/// The first of `pieces` that begins after `offset`, looked for from the one at `near` on.
fn first_after(pieces: &[Piece], near: usize, offset: u32) -> usize {
    const STEPS: usize = 8;
    let is_before = |piece: &Piece| piece.text <= offset;
    match pieces.get(near..) {
        Some(rest @ [first, ..]) if is_before(first) => {
            match rest.iter().take(STEPS).position(|piece| !is_before(piece)) {
                Some(steps) => near + steps,
                None => near + rest.partition_point(is_before),
            }
        }
        _ => pieces.partition_point(is_before),
    }
}

/// Characters that differ from those of the line: quotes and escapes are undone.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) text: String,
    /// Places in the line, not in the file.
    pieces: Vec<Piece>,
}

impl Builder {
    /// Begins anew.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }

    /// Adds a character that stands at `at` of the line, there `width` bytes wide.
    pub(crate) fn push(&mut self, c: char, at: usize, width: usize) {
        let start = self.text.len();
        let follows = self.pieces.last().is_some_and(|last| {
            let (text, source) = (offset(start) - last.text, offset(at).wrapping_sub(last.source));
            text == source
        });
        if !follows {
            self.place(start, at);
        }
        self.text.push(c);
        if c.len_utf8() != width {
            // Its last byte is where it ends in the line, and what follows stands where it follows there.
            if c.len_utf8() > 1 {
                self.place(self.text.len() - 1, at + width - 1);
            }
            self.place(self.text.len(), at + width);
        }
    }

    fn place(&mut self, text: usize, at: usize) {
        self.pieces.push(Piece { text: offset(text), source: offset(at) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuation_marks() {
        let cases = [
            ("RUN a \\", "RUN a ", true),
            ("RUN a \\ \t", "RUN a ", true),
            ("\\", "", true),
            ("RUN a \\\\", "RUN a \\\\", false),
            ("RUN a \\\\\\", "RUN a \\\\\\", false),
            ("RUN a", "RUN a", false),
            ("RUN a  ", "RUN a  ", false),
            ("RUN a \\ b", "RUN a \\ b", false),
        ];
        for (line, text, continues) in cases {
            let found = continued(line, Escape::Backslash);
            assert_eq!((found.text, found.continues), (text, continues), "{line:?}");
        }
    }

    #[test]
    fn built_words_keep_their_places() {
        // A quote is undone, and an escape; a continuation follows.
        let source = "a\"b\"\\u00e9\\\nc";
        let mut joiner = Joiner::default();
        let line = join(&mut joiner, source, Span::new(0, 13), Escape::Backslash);
        assert_eq!(line.text, "a\"b\"\\u00e9c");
        let mut builder = Builder::default();
        for (c, at, width) in [('a', 0, 1), ('b', 2, 1), ('é', 4, 6), ('c', 10, 1)] {
            builder.push(c, at, width);
        }
        let word = line.built(&builder, 0..builder.text.len(), line.text);
        assert_eq!(word.as_str(), "abéc");
        let cases = [(0..1, "a"), (1..2, "b"), (0..2, "a\"b"), (2..4, "\\u00e9"), (4..5, "c"), (1..5, &source[2..])];
        for (range, place) in cases {
            assert_eq!(word.span_of(range.clone()).of(source), place, "{range:?}");
        }
    }

    #[test]
    fn words_keep_their_places() {
        let source = "RUN ab\\\ncd ef\n";
        let mut joiner = Joiner::default();
        let line = join(&mut joiner, source, Span::new(0, 13), Escape::Backslash);
        assert_eq!(line.text, "RUN abcd ef");
        let word = line.word(&line.text[4..8]);
        assert_eq!((word.as_str(), word.span), ("abcd", Span::new(4, 10)));
        assert_eq!(word.span_of(2..4), Span::new(8, 10));
        assert_eq!(line.word(&line.text[9..]).span, Span::new(11, 13));
    }
}
