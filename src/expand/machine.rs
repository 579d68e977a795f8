//! One pass over a text.

use std::ops::Range;

use super::cursor::Cursor;
use super::pattern::{self, Pattern};
use super::words::{SplitWord, Words};
use super::{Budget, Expansion, ExpansionError, Lookup, Reference, State, Syntax, Value};

type Result<T = ()> = std::result::Result<T, ExpansionError>;

/// What is open, and where its text begins in the buffer.
enum Open<'w> {
    /// `"…"`
    DoubleQuotes { start: usize },
    /// A part of `${…}`.
    Part(Part<'w>),
}

/// A part of `${…}` up to `stop`.
struct Part<'w> {
    stop: char,
    name: &'w str,
    /// Where the `$` stands.
    dollar: usize,
    modifier: Modifier,
    /// Whether the variable stays as it is written, but for what its operand holds.
    is_kept: bool,
    keep_escapes_before: bool,
    /// Whether the text before the variable is unknown already.
    unknown_before: bool,
    /// Where the text of the variable begins in the buffer, with the pattern of a replacement.
    start: usize,
    /// Where the text of the part begins in the buffer.
    operand: usize,
    /// Whether the pattern of a replacement is unknown.
    unknown_pattern: bool,
}

#[derive(Clone, Copy)]
enum Modifier {
    /// One of `-+?#%`, after `:` or not; only after `:`, anything else.
    Simple { character: char, colon: bool },
    /// `/`, `//`
    Replace { all: bool },
}

struct Machine<'w, 'v, 'b> {
    cursor: Cursor<'w>,
    syntax: Syntax,
    budget: &'b Budget,
    lookup: &'b mut dyn FnMut(&str) -> Lookup<'v>,
    open: Vec<Open<'w>>,
    out: String,
    /// Whether something in the innermost part is unknown.
    unknown: bool,
    /// The variables that were met, where they are wanted.
    references: Option<Vec<Reference<'w>>>,
    words: Option<Words>,
}

/// What somebody wants to know of a text besides what it comes to.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    /// Nothing.
    Value,
    /// The variables that it holds.
    References,
    /// Those, and the words that it falls into.
    Words,
}

/// Expands a text.
pub(super) fn run<'w, 'v>(
    input: &'w str,
    syntax: Syntax,
    budget: &Budget,
    wanted: Wanted,
    lookup: &mut dyn FnMut(&str) -> Lookup<'v>,
) -> (Expansion<'w>, Option<Vec<SplitWord>>) {
    let mut machine = Machine {
        cursor: Cursor::new(input),
        syntax,
        budget,
        lookup,
        open: Vec::new(),
        out: String::with_capacity(input.len()),
        unknown: false,
        references: (wanted != Wanted::Value).then(Vec::new),
        words: (wanted == Wanted::Words).then(Words::default),
    };
    let error = machine.all().err();
    let unknown = machine.unknown || error.is_some();
    let words = machine.words.filter(|_| !unknown).map(Words::finish);
    let value = if unknown { Value::Unknown } else { Value::of(machine.out) };
    (Expansion { value, references: machine.references.unwrap_or_default(), error }, words)
}

impl<'w, 'v> Machine<'w, 'v, '_> {
    fn all(&mut self) -> Result {
        while let Some(c) = self.cursor.peek() {
            match self.open.last() {
                Some(&Open::DoubleQuotes { start }) => self.in_double_quotes(c, start)?,
                Some(Open::Part(part)) if part.stop == c => {
                    self.cursor.next();
                    self.end_part()?;
                }
                Some(Open::Part(_)) | None => self.anywhere(c)?,
            }
        }
        // Whatever is wrong in a part, at the end of the text its `}` is what is missed.
        if self.open.is_empty() { Ok(()) } else { Err(self.unterminated()) }
    }

    /// What is missed at the end of the text: the outermost thing that is still open decides.
    fn unterminated(&self) -> ExpansionError {
        match self.open.first() {
            Some(Open::Part(Part { stop: '/', .. })) => ExpansionError::MissingSlash,
            Some(Open::Part(_)) => ExpansionError::MissingBrace,
            _ => ExpansionError::UnterminatedQuote("double"),
        }
    }

    /// Outside of double quotes, in a part of `${…}` or not.
    fn anywhere(&mut self, c: char) -> Result {
        let start = self.cursor.at;
        if let Some(words) = self.outermost_words() {
            words.go_on_at(start);
        }
        self.cursor.next();
        match c {
            '$' => self.dollar(start)?,
            '\'' if !self.syntax.plain_quotes => {
                let Some(end) = self.cursor.rest().find('\'') else {
                    let unterminated = ExpansionError::UnterminatedQuote("single");
                    return Err(if self.open.is_empty() { unterminated } else { self.unterminated() });
                };
                self.cursor.at += end + 1;
                let end = self.cursor.at;
                self.add(if self.syntax.keep_quotes { start..end } else { start + 1..end - 1 });
            }
            '"' if !self.syntax.plain_quotes => {
                let start = self.out.len();
                if self.syntax.keep_quotes {
                    self.out.push('"');
                }
                self.open.push(Open::DoubleQuotes { start });
            }
            '<' => {
                // Blanks between `<<` and the name of a heredoc belong to the word.
                if self.cursor.peek() == Some('<') {
                    self.cursor.next();
                    self.cursor.skip_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
                }
                self.add(start..self.cursor.at);
            }
            _ if c == self.syntax.escape.char() => {
                let escaped = self.cursor.at;
                self.cursor.next();
                self.add(if self.syntax.keep_escapes { start } else { escaped }..self.cursor.at);
            }
            _ if self.words.is_some() && c.is_whitespace() => {
                self.out.push(c);
                if let Some(words) = self.outermost_words() {
                    words.end();
                }
            }
            _ => {
                // All up to the next character that may mean something, at once.
                let (inside, split) = (!self.open.is_empty(), self.words.is_some());
                self.cursor.skip_to(|byte| match byte {
                    b'$' | b'\'' | b'"' | b'<' | b'\\' | b'`' => true,
                    b'}' | b'/' => inside,
                    b' ' | b'\t'..=b'\r' | 0x80.. => split,
                    _ => false,
                });
                self.add(start..self.cursor.at);
            }
        }
        Ok(())
    }

    /// The words, outside of everything.
    fn outermost_words(&mut self) -> Option<&mut Words> {
        if self.open.is_empty() { self.words.as_mut() } else { None }
    }

    /// Adds a range of the input that is no place to split at.
    fn add(&mut self, range: Range<usize>) {
        let (text, end) = (self.cursor.text.get(range).unwrap_or_default(), self.cursor.at);
        self.out.push_str(text);
        if let Some(words) = self.outermost_words() {
            words.add(text, end);
        }
    }

    fn in_double_quotes(&mut self, c: char, start: usize) -> Result {
        let at = self.cursor.at;
        self.cursor.next();
        match c {
            '"' => {
                if self.syntax.keep_quotes {
                    self.out.push('"');
                }
                self.open.pop();
                if self.open.is_empty()
                    && let Some(words) = &mut self.words
                {
                    words.add(self.out.get(start..).unwrap_or_default(), self.cursor.at);
                }
            }
            '$' => self.dollar(at)?,
            _ if c == self.syntax.escape.char() => {
                if self.syntax.keep_escapes {
                    self.out.push(c);
                }
                match self.cursor.peek() {
                    None => {}
                    Some(escaped) if matches!(escaped, '"' | '$') || escaped == c => {
                        self.cursor.next();
                        self.out.push(escaped);
                    }
                    Some(_) => self.out.push(c),
                }
            }
            _ => {
                // All up to the next character that may mean something, at once.
                self.cursor.skip_to(|byte| matches!(byte, b'$' | b'"' | b'\\' | b'`'));
                self.out.push_str(self.cursor.since(at));
            }
        }
        Ok(())
    }

    /// After the `$` at `dollar`.
    fn dollar(&mut self, dollar: usize) -> Result {
        if self.cursor.peek() != Some('{') {
            let name = self.cursor.name();
            self.plain(name, dollar);
            return Ok(());
        }
        self.cursor.next();
        match self.cursor.peek() {
            None => return Err(ExpansionError::MissingBrace),
            Some('{' | '}' | ':') => return Err(ExpansionError::BadSubstitution),
            Some(_) => {}
        }
        let name = self.cursor.name();
        let modifier = match self.cursor.next() {
            Some('}') => {
                self.plain(name, dollar);
                return Ok(());
            }
            Some(':') => match self.cursor.next() {
                Some(character @ ('#' | '%')) => return Err(unsupported(&[':', character])),
                Some(character) => Modifier::Simple { character, colon: true },
                None => return Err(ExpansionError::MissingBrace),
            },
            Some(character @ ('-' | '+' | '?' | '#' | '%')) => Modifier::Simple { character, colon: false },
            Some('/') => {
                let all = self.cursor.peek() == Some('/');
                if all {
                    self.cursor.next();
                }
                Modifier::Replace { all }
            }
            other => return Err(unsupported(&[other.unwrap_or(char::REPLACEMENT_CHARACTER)])),
        };
        let (stop, keep_escapes) = match modifier {
            Modifier::Simple { character, .. } => ('}', matches!(character, '#' | '%')),
            Modifier::Replace { .. } => ('/', true),
        };
        let start = self.out.len();
        // What is kept is written at once: to put it before its operand later would move all that the operand holds.
        let is_kept = self.syntax.keep_unset && (self.lookup)(name) == Lookup::Unset;
        if is_kept {
            self.out.push_str(self.cursor.since(dollar));
            if matches!(modifier, Modifier::Replace { all: true }) {
                // The reference writes `/` for `//`.
                self.out.pop();
            }
        }
        let keep_escapes_before = std::mem::replace(&mut self.syntax.keep_escapes, keep_escapes);
        self.begin_part(Part {
            stop,
            name,
            dollar,
            modifier,
            is_kept,
            keep_escapes_before,
            unknown_before: self.unknown,
            start,
            operand: self.out.len(),
            unknown_pattern: false,
        });
        Ok(())
    }

    /// `$name` and `${name}`, and a `$` that is itself.
    fn plain(&mut self, name: &'w str, dollar: usize) {
        let start = self.out.len();
        if name.is_empty() {
            self.out.push('$');
        } else {
            match self.look_up(name, dollar, false) {
                Lookup::Set(value) => self.push_value(value),
                Lookup::Unset if self.syntax.keep_unset => self.out.push_str(self.cursor.since(dollar)),
                Lookup::Unset => {}
                Lookup::Unknown => self.unknown = true,
            }
        }
        self.end_dollar(start);
    }

    fn begin_part(&mut self, part: Part<'w>) {
        self.open.push(Open::Part(part));
        self.unknown = false;
        // The reference reads the part into the buffer that holds the word so far, and so loses the word.
        if let Some(words) = &mut self.words {
            words.lose();
        }
    }

    /// After the `stop` of the innermost part.
    fn end_part(&mut self) -> Result {
        let Some(Open::Part(mut part)) = self.open.pop() else { return Ok(()) };
        if part.stop == '/' {
            if part.is_kept {
                self.out.push('/');
            }
            part.stop = '}';
            part.operand = self.out.len();
            part.unknown_pattern = self.unknown;
            self.begin_part(part);
            return Ok(());
        }
        self.syntax.keep_escapes = part.keep_escapes_before;
        let operand_unknown = std::mem::replace(&mut self.unknown, part.unknown_before);
        let guarded = matches!(part.modifier, Modifier::Simple { character: '-' | '+' | '?', .. });
        let found = self.look_up(part.name, part.dollar, guarded);
        match part.modifier {
            _ if part.is_kept => {
                self.out.push('}');
                self.unknown |= operand_unknown || part.unknown_pattern;
            }
            Modifier::Simple { character, colon } => self.simple(&part, character, colon, found, operand_unknown)?,
            Modifier::Replace { all } => self.replace(&part, all, found, operand_unknown)?,
        }
        self.end_dollar(part.start);
        Ok(())
    }

    /// `-`, `+`, `?`, `#` and `%`; the operand is the end of the buffer.
    fn simple(
        &mut self,
        part: &Part<'_>,
        character: char,
        colon: bool,
        found: Lookup<'v>,
        operand_unknown: bool,
    ) -> Result {
        if !matches!(character, '-' | '+' | '?' | '#' | '%') {
            return Err(unsupported(&[':', character]));
        }
        let value = match found {
            Lookup::Set(value) => Some(value),
            Lookup::Unset => None,
            Lookup::Unknown => {
                self.out.truncate(part.start);
                self.unknown = true;
                return Ok(());
            }
        };
        let has_value = value.is_some_and(|value| !colon || !value.is_empty());
        match character {
            '-' | '+' if has_value == (character == '+') => {
                // The operand stays.
                self.unknown |= operand_unknown;
                return Ok(());
            }
            '-' | '+' => {
                self.out.truncate(part.start);
                if character == '-' {
                    self.push_value(value.unwrap_or_default());
                }
            }
            '?' => {
                let message = self.out.split_off(part.start);
                if !has_value {
                    let default =
                        if value.is_none() { "is not allowed to be unset" } else { "is not allowed to be empty" };
                    return Err(ExpansionError::Required {
                        name: part.name.into(),
                        message: if message.is_empty() { default.into() } else { message.into() },
                    });
                }
                self.push_value(value.unwrap_or_default());
            }
            _ => {
                let operand = self.out.split_off(part.start);
                if operand_unknown {
                    self.unknown = true;
                    return Ok(());
                }
                let (pattern, greedy) = match operand.strip_prefix(character) {
                    Some(pattern) => (pattern, true),
                    None => (operand.as_str(), false),
                };
                let value = value.unwrap_or_default();
                if !self.budget.pay(pattern::cost(pattern, value)) {
                    self.unknown = true;
                    return Ok(());
                }
                let trimmed = match character {
                    '%' => pattern::without_suffix(pattern, value, greedy)?,
                    _ => pattern::without_prefix(pattern, value, greedy)?.to_owned(),
                };
                self.push_value(&trimmed);
            }
        }
        Ok(())
    }

    /// `/` and `//`; the replacement is the end of the buffer.
    fn replace(&mut self, part: &Part<'_>, all: bool, found: Lookup<'v>, operand_unknown: bool) -> Result {
        let replacement = self.out.split_off(part.operand);
        let text = self.out.split_off(part.start);
        if part.unknown_pattern {
            self.unknown = true;
            return Ok(());
        }
        let pattern = Pattern::read(&text, true)?;
        let value = match found {
            Lookup::Unknown => None,
            Lookup::Set(value) => Some(value),
            Lookup::Unset => Some(""),
        };
        let Some(value) = value.filter(|_| !operand_unknown) else {
            self.unknown = true;
            return Ok(());
        };
        let longest = value.len().saturating_add(1).saturating_mul(replacement.len().saturating_add(1));
        if !self.budget.pay(pattern::cost(&text, value).saturating_add(if all { longest } else { 0 })) {
            self.unknown = true;
            return Ok(());
        }
        let replaced =
            if all { pattern.replace_all(value, &replacement) } else { pattern.replace(value, &replacement) };
        self.push_value(&replaced);
        Ok(())
    }

    /// Splits what a variable came to, which is the buffer from `start` on.
    fn end_dollar(&mut self, start: usize) {
        if self.open.is_empty()
            && let Some(words) = &mut self.words
        {
            words.add_and_split(self.out.get(start..).unwrap_or_default(), self.cursor.at);
        }
    }

    fn push_value(&mut self, value: &str) {
        if self.budget.pay(value.len()) {
            self.out.push_str(value);
        } else {
            self.unknown = true;
        }
    }

    fn look_up(&mut self, name: &'w str, dollar: usize, guarded: bool) -> Lookup<'v> {
        let found = (self.lookup)(name);
        let state = match found {
            Lookup::Set(_) => State::Set,
            Lookup::Unset => State::Unset,
            Lookup::Unknown => State::Unknown,
        };
        if let Some(references) = &mut self.references {
            references.push(Reference { name, range: dollar..self.cursor.at, state, guarded });
        }
        found
    }
}

fn unsupported(modifier: &[char]) -> ExpansionError {
    ExpansionError::UnsupportedModifier(modifier.iter().collect())
}
