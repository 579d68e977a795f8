use std::fmt;
use std::ops::{Deref, Range};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::source::Span;

/// A run of characters and its place in the file.
///
/// The characters are those that BuildKit sees: lines are joined and, in flags and JSON, escapes undone; the quotes and
/// variables of a shell word are kept. Where the file holds just these characters, they are borrowed from it.
///
/// ```text
/// RUN make \
///       install
///     ^^^^^^^^^^^^^ span; text: "make       install"
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Word<'a> {
    text: Text<'a>,
    /// The place in the file, continuations and quotes included; of a JSON string, what is between the quotes.
    pub span: Span,
}

/// The characters of a word. Two pointers wide.
#[derive(Clone, PartialEq, Eq)]
enum Text<'a> {
    /// As in the file, at the word's span.
    Source(&'a str),
    /// Put together from several places.
    Joined(Box<Joined>),
}

#[derive(Clone, PartialEq, Eq)]
struct Joined {
    text: Box<str>,
    pieces: Box<[Piece]>,
}

/// From `text` on, up to the next piece, a text holds what the file holds from `source` on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    /// Offset in the text.
    pub(crate) text: u32,
    /// Offset in the file.
    pub(crate) source: u32,
}

impl<'a> Word<'a> {
    /// A word that stands in the file just so.
    pub(crate) fn borrowed(text: &'a str, span: Span) -> Self {
        Self { text: Text::Source(text), span }
    }

    /// A word put together from `pieces`, which are in order, begin at 0, and hold no two for one offset.
    pub(crate) fn joined(text: &str, pieces: impl Into<Box<[Piece]>>, span: Span) -> Self {
        Self { text: Text::Joined(Box::new(Joined { text: text.into(), pieces: pieces.into() })), span }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.text {
            Text::Source(text) => text,
            Text::Joined(joined) => &joined.text,
        }
    }

    /// A part of the word, as a word of its own.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let span = self.span_of(range.clone());
        match &self.text {
            Text::Source(text) => Self::borrowed(text.get(range).unwrap_or_default(), span),
            Text::Joined(joined) => {
                let pieces = pieces_of(&joined.pieces, Span::of_range(range.clone()));
                Self::joined(joined.text.get(range).unwrap_or_default(), pieces, span)
            }
        }
    }

    /// The place in the file of a range of the characters.
    ///
    /// Where a continuation stands right before the range or right after it, it is left out; one inside is covered.
    #[must_use]
    pub fn span_of(&self, range: Range<usize>) -> Span {
        let range = Span::of_range(range);
        match &self.text {
            Text::Source(_) => Span::new(self.span.start + range.start, self.span.start + range.end),
            Text::Joined(joined) => map(&joined.pieces, range),
        }
    }
}

/// The place in the file of `range`: its start as the following character's, its end as the preceding one's.
pub(crate) fn map(pieces: &[Piece], range: Span) -> Span {
    let at = |offset: u32| {
        let next = pieces.partition_point(|piece| piece.text <= offset);
        let piece = pieces.get(next.saturating_sub(1)).copied().unwrap_or(Piece { text: 0, source: 0 });
        piece.source + (offset - piece.text)
    };
    let start = at(range.start);
    if range.is_empty() { Span::empty(start) } else { Span::new(start, at(range.end - 1) + 1) }
}

/// The pieces that `range` is put together from, as those of a text of its own.
pub(crate) fn pieces_of(pieces: &[Piece], range: Span) -> Vec<Piece> {
    let first = pieces.partition_point(|piece| piece.text <= range.start).saturating_sub(1);
    let end = pieces.partition_point(|piece| piece.text < range.end).max(first + 1);
    let own = |piece: &Piece| Piece {
        text: piece.text.saturating_sub(range.start),
        source: piece.source + range.start.saturating_sub(piece.text),
    };
    pieces.get(first..end).unwrap_or_default().iter().map(own).collect()
}

impl Deref for Word<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Word<'_> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Word<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Word<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{:?}", self.as_str(), self.span)
    }
}

impl Serialize for Word<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut word = serializer.serialize_struct("Word", 2)?;
        word.serialize_field("text", self.as_str())?;
        word.serialize_field("span", &self.span)?;
        word.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_small() {
        assert_eq!(size_of::<Word<'_>>(), 24);
    }

    #[test]
    fn spans_never_swallow_a_continuation() {
        // "ab\⏎cd": the text is "abcd".
        let word =
            Word::joined("abcd", [Piece { text: 0, source: 10 }, Piece { text: 2, source: 14 }], Span::new(10, 16));
        let cases = [(0..2, 10..12), (2..4, 14..16), (1..3, 11..15), (2..2, 14..14), (0..4, 10..16)];
        for (range, place) in cases {
            assert_eq!(word.span_of(range.clone()), Span::of_range(place), "{range:?}");
        }
    }
}
