//! The text that a shell sees, and the way back from it to the Dockerfile.

use std::borrow::Cow;

use crate::ast::{self, Heredoc, Piece, map};
use crate::source::Span;

/// The text that a shell sees.
///
/// Places in it are called ranges in this module, places in the Dockerfile spans; [`Text::span_of`] leads from one to the
/// other.
#[derive(Clone, Debug)]
pub struct Text<'t> {
    text: Cow<'t, str>,
    places: Places<'t>,
}

#[derive(Clone, Debug)]
enum Places<'t> {
    /// As in the file, from this offset on.
    Offset(u32),
    /// As the word says.
    Word(&'t ast::Word<'t>),
    /// Put together from several places.
    Pieces(Vec<Piece>),
}

impl<'t> Text<'t> {
    /// A text that stands so in the file, from `offset` on.
    #[must_use]
    pub fn plain(text: &'t str, offset: u32) -> Self {
        Self { text: Cow::Borrowed(text), places: Places::Offset(offset) }
    }

    /// The script that an instruction in shell form has.
    #[must_use]
    pub fn of_word(word: &'t ast::Word<'t>) -> Self {
        Self { text: Cow::Borrowed(word.as_str()), places: Places::Word(word) }
    }

    /// The script that the lines of a heredoc are. BuildKit drops the tabs before the lines of a `<<-`.
    #[must_use]
    pub fn of_heredoc(heredoc: &'t Heredoc<'_>) -> Self {
        let lines = || heredoc.content.split_inclusive('\n');
        if !heredoc.chomp || !lines().any(|line| line.starts_with('\t')) {
            return Self::plain(heredoc.content, heredoc.body.start);
        }
        let mut builder = Builder::with_capacity(heredoc.content.len());
        let mut at = heredoc.body.start;
        for line in lines() {
            let kept = line.trim_start_matches('\t');
            builder.push_str(kept, at + Span::of_range(0..line.len() - kept.len()).end);
            at += Span::of_range(0..line.len()).end;
        }
        builder.finish()
    }

    /// The script of a `RUN` that says more than `<<NAME`: its line, and after it the heredocs as the shell is to read them.
    #[must_use]
    pub fn of_word_and_heredocs(word: &'t ast::Word<'t>, heredocs: &'t [Heredoc<'_>]) -> Self {
        let bodies: usize = heredocs.iter().map(|heredoc| heredoc.content.len() + heredoc.name.len() + 1).sum();
        let mut builder = Builder::with_capacity(word.len() + bodies);
        for (at, c) in word.char_indices() {
            builder.push(c, word.span_of(at..at + c.len_utf8()).start, c.len_utf8());
        }
        let mut end = word.span.end;
        for heredoc in heredocs {
            if heredoc.content.is_empty() && heredoc.terminator.is_none() {
                // The file ends before.
                break;
            }
            builder.push_str("\n", heredoc.body.start.saturating_sub(1).max(end));
            builder.push_str(heredoc.content, heredoc.body.start);
            end = heredoc.body.end;
            if let Some(terminator) = heredoc.terminator {
                let name = Span::of_range(0..heredoc.name.len()).end;
                builder.push_str(&heredoc.name, terminator.end.saturating_sub(name).max(end));
                end = terminator.end;
            }
        }
        builder.finish()
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The place in the Dockerfile of a range of the characters.
    ///
    /// Where a continuation stands right before the range or right after it, it is left out; one inside is covered.
    #[must_use]
    pub fn span_of(&self, range: Span) -> Span {
        match &self.places {
            Places::Offset(offset) => Span::new(offset + range.start, offset + range.end),
            Places::Word(word) => word.span_of(range.range()),
            Places::Pieces(pieces) => map(pieces, range),
        }
    }
}

/// Puts a text together from several places.
#[derive(Debug, Default)]
pub(super) struct Builder {
    text: String,
    pieces: Vec<Piece>,
    /// Where the next character stands, unless one says otherwise.
    next: u32,
}

impl Builder {
    pub(super) fn with_capacity(length: usize) -> Self {
        Self { text: String::with_capacity(length), ..Self::default() }
    }

    /// Adds a character that stands at `source` of the file, `width` bytes wide there.
    pub(super) fn push(&mut self, c: char, source: u32, width: usize) {
        self.place(source);
        self.text.push(c);
        self.next = source + Span::of_range(0..width).end;
        if c.len_utf8() != width {
            self.place(self.next);
        }
    }

    /// Adds characters that stand so in the file, from `source` on.
    pub(super) fn push_str(&mut self, text: &str, source: u32) {
        if !text.is_empty() {
            self.place(source);
            self.text.push_str(text);
            self.next = source + Span::of_range(0..text.len()).end;
        }
    }

    fn place(&mut self, source: u32) {
        let text = Span::of_range(0..self.text.len()).end;
        match self.pieces.last_mut() {
            Some(last) if last.text == text => last.source = source,
            Some(last) if source.wrapping_sub(last.source) == text - last.text => {}
            _ => self.pieces.push(Piece { text, source }),
        }
    }

    pub(super) fn finish(mut self) -> Text<'static> {
        if self.pieces.is_empty() {
            self.pieces.push(Piece { text: 0, source: self.next });
        }
        Text { text: Cow::Owned(self.text), places: Places::Pieces(self.pieces) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &Text<'_>, source: &str) -> Vec<(String, String)> {
        text.as_str()
            .split_whitespace()
            .map(|word| {
                let start = word.as_ptr() as usize - text.as_str().as_ptr() as usize;
                let span = text.span_of(Span::of_range(start..start + word.len()));
                (word.to_owned(), span.of(source).to_owned())
            })
            .collect()
    }

    #[test]
    fn words_of_all_kinds_of_texts_stand_in_the_file() {
        let sources = [
            "FROM a\nRUN a \\\n # c\n b\\\nc d\n",
            "FROM a\nRUN <<-E\n\ta b\n\t\tc\n\tE\n",
            "FROM a\nRUN cat <<E >x && \\\n  y <<-'F'\na b\nE\n\tc é\n\tF\n",
        ];
        for source in sources {
            let parsed = crate::parse(source);
            let crate::ast::Kind::Run(run) = &parsed.dockerfile.instructions[1].kind else { panic!() };
            let word = &run.command.words()[0];
            let text = match run.heredocs.as_slice() {
                [] => Text::of_word(word),
                [only] if source.contains("RUN <<-E") => Text::of_heredoc(only),
                several => Text::of_word_and_heredocs(word, several),
            };
            for (word, place) in shown(&text, source) {
                assert_eq!(word, place.replace("\\\n", ""), "{source}");
            }
        }
    }
}
