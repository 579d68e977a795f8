//! The expansion of variables in words, exactly as BuildKit does it.
//!
//! [`expand`] reads a word once, from its start to its end: quotes and escapes are undone and variables replaced. What is
//! open is on a stack of its own, and all texts are built in one buffer, so neither depth nor length costs more than it
//! should.
//!
//! BuildKit looks for heredocs with the same lexer, only that no variable has a value then; so this is read by the grammar
//! as well as by the model, and stands below both.

mod cursor;
mod machine;
mod name;
mod pattern;
mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;
use thiserror::Error;

use crate::ast::Escape;
use machine::Wanted;

pub(crate) use cursor::Cursor;
pub(crate) use words::SplitWord;

/// A text, or that nobody can know it before the image is built.
///
/// What is built on something unknown is unknown itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Value<'v> {
    /// The text, which may be empty.
    Known(Cow<'v, str>),
    /// Some text.
    Unknown,
}

impl<'v> Value<'v> {
    /// A text that is known.
    pub fn of(text: impl Into<Cow<'v, str>>) -> Self {
        Self::Known(text.into())
    }

    /// The text, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text),
            Self::Unknown => None,
        }
    }

    /// Whether it is known that there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known() == Some("")
    }

    /// The same, borrowed.
    #[must_use]
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Known(text) => Value::Known(Cow::Borrowed(text)),
            Self::Unknown => Value::Unknown,
        }
    }
}

/// What a name stands for at some place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookup<'v> {
    /// The variable has this value.
    Set(&'v str),
    /// There is no such variable.
    Unset,
    /// Nobody can know whether there is one, or what its value is.
    Unknown,
}

impl<'v> Lookup<'v> {
    /// The value, where there is one or may be one.
    pub(crate) fn value(self) -> Option<Value<'v>> {
        match self {
            Self::Set(text) => Some(Value::of(text)),
            Self::Unset => None,
            Self::Unknown => Some(Value::Unknown),
        }
    }
}

/// How words are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Syntax {
    /// What escapes characters.
    pub escape: Escape,
    /// Quotes stay in the text.
    pub keep_quotes: bool,
    /// Escape characters stay in the text.
    pub keep_escapes: bool,
    /// Quotes are characters like any other, as in the lines of a heredoc.
    pub plain_quotes: bool,
    /// Variables that are not set stay in the text as they are written.
    pub keep_unset: bool,
}

/// What is special in some syntax, a bit for each.
const DOLLAR: u8 = 1;
const QUOTE: u8 = 2;
const BACKSLASH: u8 = 4;
const BACKTICK: u8 = 8;
/// The first byte of a byte order mark.
const MARK: u8 = 16;

/// What a byte may be in some syntax.
fn special(byte: u8) -> u8 {
    #[allow(clippy::indexing_slicing, reason = "an index that is too large does not compile")]
    static SPECIAL: [u8; 256] = {
        let mut special = [0; 256];
        special[b'$' as usize] = DOLLAR;
        special[b'"' as usize] = QUOTE;
        special[b'\'' as usize] = QUOTE;
        special[b'\\' as usize] = BACKSLASH;
        special[b'`' as usize] = BACKTICK;
        special[0xEF] = MARK;
        special
    };
    SPECIAL.get(usize::from(byte)).copied().unwrap_or_default()
}

impl Syntax {
    /// How the words of instructions are read.
    #[must_use]
    pub const fn words(escape: Escape) -> Self {
        Self { escape, keep_quotes: false, keep_escapes: false, plain_quotes: false, keep_unset: false }
    }

    /// How the lines of a heredoc are read; its escape character is always `\`.
    #[must_use]
    pub const fn heredoc() -> Self {
        Self {
            escape: Escape::Backslash,
            keep_quotes: false,
            keep_escapes: false,
            plain_quotes: true,
            keep_unset: false,
        }
    }

    /// Whether `word` is its own expansion.
    #[must_use]
    pub fn is_plain(self, word: &str) -> bool {
        // Looking at all bytes is faster than looking for the first that is special.
        let held = word.bytes().fold(0, |held, byte| held | special(byte));
        let escape = special(self.escape.byte());
        let counting = DOLLAR | escape | if self.plain_quotes { 0 } else { QUOTE };
        held & counting == 0 && (held & MARK == 0 || !word.starts_with('\u{FEFF}'))
    }

    /// What is between the quotes of a word that is quoted from end to end, where nothing in it is more than it seems.
    fn quoted(self, word: &str) -> Option<&str> {
        if self.plain_quotes || self.keep_quotes {
            return None;
        }
        let (first, last) = (*word.as_bytes().first()?, *word.as_bytes().last()?);
        let inner = word.get(1..word.len().checked_sub(1)?).filter(|_| first == last)?;
        let escape = self.escape.byte();
        let is_special = |byte: u8| match first {
            b'"' => byte == b'"' || byte == b'$' || byte == escape,
            _ => byte == b'\'',
        };
        let is_plain =
            matches!(first, b'"' | b'\'') && !inner.bytes().fold(false, |found, byte| found | is_special(byte));
        is_plain.then_some(inner)
    }

    /// What a word comes to, where that can be told at a glance.
    fn at_a_glance(self, word: &str) -> Option<&str> {
        match word.as_bytes().first() {
            Some(b'"' | b'\'') if !self.plain_quotes => self.quoted(word),
            _ => self.is_plain(word).then_some(word),
        }
    }
}

/// A variable that was met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference<'w> {
    /// Its name.
    pub name: &'w str,
    /// Where it stands in the word, from `$` to the end of the name or to the closing `}`.
    pub range: Range<usize>,
    /// What is known of it.
    pub state: State,
    /// Whether the word says what to do where it is not set: `${name:-default}` and `${name:+alternative}`.
    pub guarded: bool,
}

/// What is known of a variable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is set.
    Set,
    /// It is not set.
    Unset,
    /// It may be either.
    Unknown,
}

/// What becomes of a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expansion<'w> {
    /// The text; unknown where there is an error.
    pub value: Value<'w>,
    /// The variables that were met, in order of their ends.
    pub references: Vec<Reference<'w>>,
    /// Why the build would stop there.
    pub error: Option<ExpansionError>,
}

/// What a word says that can't be expanded.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[allow(missing_docs, reason = "the message of each is its documentation")]
pub enum ExpansionError {
    #[error("a {0} quote has no end")]
    UnterminatedQuote(&'static str),
    #[error("`${{` has no `}}`")]
    MissingBrace,
    #[error("`${{name/pattern/text}}` needs its second `/`")]
    MissingSlash,
    #[error("`${{` needs the name of a variable")]
    BadSubstitution,
    #[error("variables have no modifier `{0}`")]
    UnsupportedModifier(Box<str>),
    #[error("{name}: {message}")]
    Required { name: Box<str>, message: Box<str> },
    #[error("a pattern can't hold `\\{0}`")]
    InvalidEscape(Box<str>),
}

/// How much text expansions may build: what is too much becomes unknown, for values that hold values grow without end.
#[derive(Debug)]
pub struct Budget(AtomicUsize);

impl Budget {
    /// A budget for what is said in `length` bytes.
    #[must_use]
    pub fn for_length(length: usize) -> Self {
        Self(AtomicUsize::new(length.saturating_mul(16).saturating_add(1 << 20)))
    }

    /// Whether `cost` can be paid; it is, then.
    pub(crate) fn pay(&self, cost: usize) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).is_ok()
    }
}

/// Expands a word.
///
/// ```
/// use plimsoll::semantic::{Budget, Lookup, Syntax, expand};
///
/// let values = |name: &str| match name {
///     "VERSION" => Lookup::Set("1.2.3"),
///     "TAG" => Lookup::Unset,
///     _ => Lookup::Unknown,
/// };
/// let value = |word| expand(word, Syntax::default(), &Budget::for_length(0), values).value;
/// assert_eq!(value("app-${VERSION%.*}:${TAG:-latest}").known(), Some("app-1.2:latest"));
/// assert_eq!(value("$TAG").known(), Some(""));
/// assert_eq!(value("$HOME/bin").known(), None);
/// ```
pub fn expand<'w, 'v>(
    word: &'w str,
    syntax: Syntax,
    budget: &Budget,
    mut lookup: impl FnMut(&str) -> Lookup<'v>,
) -> Expansion<'w> {
    if let Some(text) = syntax.at_a_glance(word) {
        return Expansion { value: Value::of(text), references: Vec::new(), error: None };
    }
    machine::run(word, syntax, budget, Wanted::References, &mut lookup).0
}

/// What a word comes to.
pub(crate) fn value<'w, 'v>(
    word: &'w str,
    syntax: Syntax,
    budget: &Budget,
    mut lookup: impl FnMut(&str) -> Lookup<'v>,
) -> Value<'w> {
    match syntax.at_a_glance(word) {
        Some(text) => Value::of(text),
        None => machine::run(word, syntax, budget, Wanted::Value, &mut lookup).0.value,
    }
}

/// Expands a word and splits it at white space that is not quoted, as `EXPOSE` does. The words are unknown where the text is.
pub fn expand_words<'w, 'v>(
    word: &'w str,
    syntax: Syntax,
    budget: &Budget,
    mut lookup: impl FnMut(&str) -> Lookup<'v>,
) -> (Expansion<'w>, Option<Vec<String>>) {
    let (expansion, words) = machine::run(word, syntax, budget, Wanted::Words, &mut lookup);
    (expansion, words.map(|words| words.into_iter().map(|word| word.text).collect()))
}

/// The words that a text falls into as it is written, for no variable has a value; none where it can't be read.
pub(crate) fn written_words(text: &str, syntax: Syntax) -> Option<Vec<SplitWord>> {
    let syntax = Syntax { keep_unset: true, ..syntax };
    machine::run(text, syntax, &Budget::for_length(0), Wanted::Words, &mut |_| Lookup::Unset).1
}
