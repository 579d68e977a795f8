use std::ops::Range;
use std::sync::Arc;

use super::clean::{clean, first_char, trim};
use super::error::PatternErrorKind;
use crate::source::Span;

/// One pattern of an ignore file.
///
/// ```text
/// !docs/*.md/
/// ^^^^^^^^^^^   span
///  ^^^^^ ^^^^   parts: literal, separator, star, literal, separator
/// docs/*.md     cleaned
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// The name of the ignore file.
    pub file: Arc<str>,
    /// The line that it stands on, counted from 1.
    pub line: u32,
    /// Where it stands, with its `!`, without the white space around it.
    pub span: Span,
    /// The pattern as it is written, with its `!`; a byte that is not UTF-8 is U+FFFD.
    pub written: String,
    /// Whether it begins with `!`, and so brings back what patterns before it leave out. (The reference calls that an
    /// exclusion: of the path from what is left out.)
    pub exclusion: bool,
    /// The parts of what is written after `!`, in order, before cleaning.
    pub parts: Vec<Part>,
    read: Vec<u8>,
    cleaned: Vec<u8>,
}

/// A part of a pattern as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it stands.
    pub span: Span,
}

/// What a part of a pattern is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PartKind {
    /// Characters that stand for themselves.
    Literal,
    /// `/`
    Separator,
    /// `*`: any characters except `/`.
    Star,
    /// `**`: anything, and directories.
    DoubleStar,
    /// `?`: one character except `/`.
    AnyCharacter,
    /// `[a-z]`: one of these characters.
    Class,
    /// `\*`: the character after `\`.
    Escape,
    /// `{`, `}`, `|` or `^`, which mean what they mean in a regular expression once the pattern holds a wildcard.
    Leak,
}

impl Pattern {
    /// Reads a line of an ignore file: `line`, which begins at `offset`, without white space at either end.
    pub(super) fn of_line(file: &Arc<str>, number: u32, offset: usize, line: &[u8]) -> (Self, Option<WrongAt>) {
        let negated = line.strip_prefix(b"!");
        let rest = negated.map_or(line, trim);
        let mut read = if negated.is_some() { vec![b'!'] } else { Vec::new() };
        if !rest.is_empty() {
            let cleaned = clean(rest);
            read.extend_from_slice(if cleaned.len() > 1 {
                cleaned.strip_prefix(b"/").unwrap_or(&cleaned)
            } else {
                &cleaned
            });
        }
        Self::of_read(file, number, offset, line, read)
    }

    /// Reads a pattern as the reference's matcher is given it; `written` is where it comes from.
    pub(super) fn of_read(
        file: &Arc<str>,
        line: u32,
        offset: usize,
        written: &[u8],
        read: Vec<u8>,
    ) -> (Self, Option<WrongAt>) {
        let trimmed = trim(&read);
        let cleaned = if trimmed.is_empty() { Vec::new() } else { clean(trimmed) };
        let exclusion = cleaned.first() == Some(&b'!');
        let cleaned = if exclusion { cleaned.get(1..).unwrap_or_default().to_vec() } else { cleaned };
        let skipped = usize::from(written.first() == Some(&b'!'));
        let parts = parts(written, skipped).map(|(kind, range)| Part { kind, span: place(offset, range) }).collect();
        let whole = || 0..written.len();
        let wrong = if exclusion && cleaned.is_empty() {
            Some(WrongAt { kind: PatternErrorKind::NothingNegated, span: place(offset, whole()) })
        } else {
            check(&cleaned).map(|(kind, _)| {
                // The place is looked up in what was written, where cleaning took away nothing that matters.
                let at = check(written).filter(|(found, _)| *found == kind).map_or_else(whole, |(_, range)| range);
                WrongAt { kind, span: place(offset, at) }
            })
        };
        let pattern = Self {
            file: Arc::clone(file),
            line,
            span: place(offset, whole()),
            written: super::clean::chars(written).collect(),
            exclusion,
            parts,
            read,
            cleaned,
        };
        (pattern, wrong)
    }

    /// The pattern as the reference reads the line: cleaned, with its `!`.
    #[must_use]
    pub fn read(&self) -> &[u8] {
        &self.read
    }

    /// The pattern that paths are held against: cleaned, without `!`.
    #[must_use]
    pub fn cleaned(&self) -> &[u8] {
        &self.cleaned
    }
}

/// What is wrong, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WrongAt {
    pub(super) kind: PatternErrorKind,
    pub(super) span: Span,
}

fn place(offset: usize, range: Range<usize>) -> Span {
    Span::of_range(offset + range.start..offset + range.end)
}

/// What is wrong, and where in the pattern.
type Wrong = (PatternErrorKind, Range<usize>);

/// What the reference checks when it reads a pattern: whether Go's `filepath.Match` complains when it holds `.` against it. That
/// looks no further than the first part without `*` that does not match, so what comes later is never checked here.
fn check(pattern: &[u8]) -> Option<Wrong> {
    let first = chunk(pattern, 0);
    match check_chunk(pattern, &first) {
        Err(wrong) => Some(wrong),
        Ok(true) => check_chunk(pattern, &chunk(pattern, first.end)).err(),
        Ok(false) => None,
    }
}

/// What stands between stars, from `start` on.
fn chunk(pattern: &[u8], start: usize) -> Range<usize> {
    let byte = |at: usize| pattern.get(at).copied();
    let mut start = start;
    while byte(start) == Some(b'*') {
        start += 1;
    }
    let (mut at, mut is_in_class) = (start, false);
    while let Some(first) = byte(at) {
        match first {
            b'\\' if at + 1 < pattern.len() => at += 1,
            b'[' => is_in_class = true,
            b']' => is_in_class = false,
            b'*' if !is_in_class => break,
            _ => {}
        }
        at += 1;
    }
    start..at
}

/// Whether a chunk is one character that may be `.`, so that the next chunk is looked at.
fn check_chunk(pattern: &[u8], chunk: &Range<usize>) -> Result<bool, Wrong> {
    // The places in the chunk are places in the pattern.
    let pattern = pattern.get(..chunk.end).unwrap_or_default();
    let mut at = chunk.start;
    let (mut characters, mut is_dot) = (0, false);
    while let Some(first) = pattern.get(at) {
        (at, is_dot) = match first {
            b'\\' if at + 1 == pattern.len() => return Err((PatternErrorKind::TrailingBackslash, at..at + 1)),
            b'\\' => (at + 2, pattern.get(at + 1) == Some(&b'.')),
            b'[' => check_class(pattern, at)?,
            first => (at + 1, matches!(first, b'.' | b'?')),
        };
        characters += 1;
    }
    Ok(characters == 1 && is_dot)
}

/// Where the class that begins at `start` ends, and whether `.` is in it.
fn check_class(pattern: &[u8], start: usize) -> Result<(usize, bool), Wrong> {
    let byte = |at: usize| pattern.get(at).copied();
    let is_negated = byte(start + 1) == Some(b'^');
    let mut at = start + 1 + usize::from(is_negated);
    let (mut is_first, mut has_dot) = (true, false);
    while is_first || byte(at) != Some(b']') {
        let (low, after) = class_character(pattern, start, at)?;
        let (high, after) =
            if byte(after) == Some(b'-') { class_character(pattern, start, after + 1)? } else { (low, after) };
        has_dot |= (low..=high).contains(&'.');
        at = after;
        is_first = false;
    }
    Ok((at + 1, has_dot != is_negated))
}

/// The character of a class that stands at `at`, and where it ends.
fn class_character(pattern: &[u8], start: usize, at: usize) -> Result<(char, usize), Wrong> {
    let unclosed = || (PatternErrorKind::UnclosedClass, start..pattern.len());
    let is_range = |at: usize| at > start + 1 && pattern.get(at - 1) == Some(&b'-');
    let at = match pattern.get(at) {
        None => return Err(unclosed()),
        Some(b'-') => return Err((PatternErrorKind::LonelyDash, at..at + 1)),
        Some(b']') if is_range(at) => return Err((PatternErrorKind::LonelyDash, at - 1..at)),
        Some(b']') => return Err((PatternErrorKind::EmptyClass, start..at + 1)),
        Some(b'\\') => at + 1,
        Some(_) => at,
    };
    let rest = pattern.get(at..).unwrap_or_default();
    let (c, length) = first_char(rest).ok_or_else(unclosed)?;
    if c == char::REPLACEMENT_CHARACTER && length == 1 {
        return Err((PatternErrorKind::NotUtf8InClass, at..at + 1));
    }
    if rest.len() == length { Err(unclosed()) } else { Ok((c, at + length)) }
}

/// The parts of what is written, from `start` on.
fn parts(written: &[u8], start: usize) -> impl Iterator<Item = (PartKind, Range<usize>)> {
    let mut at = start;
    std::iter::from_fn(move || {
        let rest = written.get(at..)?;
        let (kind, length) = match rest {
            [] => return None,
            [b'*', b'*', ..] => (PartKind::DoubleStar, 2),
            [b'*', ..] => (PartKind::Star, 1),
            [b'?', ..] => (PartKind::AnyCharacter, 1),
            [b'/', ..] => (PartKind::Separator, 1),
            [b'{' | b'}' | b'|' | b'^', ..] => (PartKind::Leak, 1),
            [b'\\', after @ ..] => (PartKind::Escape, 1 + first_char(after).map_or(0, |(_, length)| length)),
            [b'[', ..] => (PartKind::Class, check_class(written, at).map_or(rest.len(), |(end, _)| end - at)),
            _ => {
                let special = |byte: &u8| br"*?/{}|^\[".contains(byte);
                (PartKind::Literal, rest.iter().position(special).unwrap_or(rest.len()))
            }
        };
        let range = at..at + length;
        at = range.end;
        Some((kind, range))
    })
}
