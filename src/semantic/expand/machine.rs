//! One pass over a word.

use std::ops::Range;

use super::pattern::{self, Pattern};
use super::{Budget, Expansion, ExpansionError, Lookup, Reference, State, Syntax, Value};

type Result<T = ()> = std::result::Result<T, ExpansionError>;

/// What is open, and where its text begins in the buffer.
enum Open {
    /// `"…"`
    DoubleQuotes { start: usize },
    /// A part of `${…}`.
    Part(Part),
}

/// A part of `${…}` up to `stop`.
struct Part {
    stop: char,
    /// Where the text of the part begins in the buffer.
    start: usize,
    name: Range<usize>,
    /// Where the `$` stands.
    dollar: usize,
    modifier: Modifier,
    keep_escapes_before: bool,
    /// Whether the text before the part is unknown already.
    unknown_before: bool,
    /// Of a replacement, its pattern, when that was read; none where it is unknown.
    pattern: Option<Option<String>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Modifier {
    /// One of `-+?#%`, after `:` or not.
    Simple { character: char, colon: bool },
    /// `:` with something else.
    Unsupported(char),
    /// `/`, `//`
    Replace { all: bool },
}

struct Machine<'w, 'b, F> {
    input: &'w str,
    at: usize,
    syntax: Syntax,
    keep_escapes: bool,
    budget: &'b Budget,
    lookup: F,
    open: Vec<Open>,
    out: String,
    /// Whether something in the innermost part is unknown.
    unknown: bool,
    references: Vec<Reference<'w>>,
    words: Option<Words>,
}

/// The words that the text falls into.
#[derive(Default)]
struct Words {
    word: String,
    in_word: bool,
    words: Vec<String>,
}

impl Words {
    fn add(&mut self, c: char) {
        if !c.is_whitespace() {
            self.add_raw(c);
        } else if self.in_word && !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
            self.in_word = false;
        }
    }

    fn add_raw(&mut self, c: char) {
        self.word.push(c);
        self.in_word = true;
    }

    fn finish(mut self) -> Vec<String> {
        if !self.word.is_empty() {
            self.words.push(self.word);
        }
        self.words
    }
}

/// Expands a word, and splits it where that is asked for.
pub(super) fn run<'w, 'v>(
    input: &'w str,
    syntax: Syntax,
    budget: &Budget,
    split: bool,
    lookup: impl FnMut(&str) -> Lookup<'v>,
) -> (Expansion<'w>, Option<Vec<String>>) {
    let mut machine = Machine {
        input,
        // The scanner that the reference reads with skips a byte order mark.
        at: if input.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 },
        syntax,
        keep_escapes: syntax.keep_escapes,
        budget,
        lookup,
        open: Vec::new(),
        out: String::with_capacity(input.len()),
        unknown: false,
        references: Vec::new(),
        words: split.then(Words::default),
    };
    let error = machine.all().err();
    let unknown = machine.unknown || error.is_some();
    let words = machine.words.filter(|_| !unknown).map(Words::finish);
    let value = if unknown { Value::Unknown } else { Value::of(machine.out) };
    (Expansion { value, references: machine.references, error }, words)
}

impl<'w, 'v, F: FnMut(&str) -> Lookup<'v>> Machine<'w, '_, F> {
    fn peek(&self) -> Option<char> {
        self.input.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn all(&mut self) -> Result {
        while let Some(c) = self.peek() {
            match self.open.last() {
                Some(Open::DoubleQuotes { start }) => {
                    let start = *start;
                    self.in_double_quotes(c, start)?;
                }
                Some(Open::Part(part)) if part.stop == c => {
                    self.next();
                    self.end_part()?;
                }
                Some(Open::Part(_)) | None => self.anywhere(c)?,
            }
        }
        match self.open.last() {
            None => Ok(()),
            // Whatever is wrong in a part, at the end of the word its `}` is what is missed.
            _ => Err(self.unterminated()),
        }
    }

    /// What is missed at the end of the word: the outermost thing that is still open decides.
    fn unterminated(&self) -> ExpansionError {
        match self.open.first() {
            Some(Open::Part(Part { stop: '/', .. })) => ExpansionError::MissingSlash,
            Some(Open::Part(_)) => ExpansionError::MissingBrace,
            _ => ExpansionError::UnterminatedQuote("double"),
        }
    }

    /// Outside of double quotes, in a part of `${…}` or not.
    fn anywhere(&mut self, c: char) -> Result {
        let start = self.at;
        self.next();
        match c {
            '$' => self.dollar(start)?,
            '\'' if !self.syntax.plain_quotes => {
                let quoted = self.input.get(self.at..).unwrap_or_default();
                let Some(end) = quoted.find('\'') else {
                    self.at = self.input.len();
                    return Err(match self.open.first() {
                        Some(_) => self.unterminated(),
                        None => ExpansionError::UnterminatedQuote("single"),
                    });
                };
                self.at += end + 1;
                let kept = if self.syntax.keep_quotes { start..self.at } else { start + 1..self.at - 1 };
                self.add_raw(kept);
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
                if self.peek() == Some('<') {
                    self.next();
                    while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) {
                        self.next();
                    }
                }
                self.add_raw(start..self.at);
            }
            _ if c == self.syntax.escape.char() => {
                if self.keep_escapes {
                    self.add_raw(start..self.at);
                }
                let escaped = self.at;
                if self.next().is_some() {
                    self.add_raw(escaped..self.at);
                }
            }
            _ if self.words.is_some() => {
                self.out.push(c);
                if let Some(words) = self.outermost_words() {
                    words.add(c);
                }
            }
            _ => {
                // All up to the next character that may mean something, at once.
                let rest = self.input.get(self.at..).unwrap_or_default();
                let inside = !self.open.is_empty();
                let special = |byte: u8| match byte {
                    b'$' | b'\'' | b'"' | b'<' | b'\\' | b'`' => true,
                    b'}' | b'/' => inside,
                    _ => false,
                };
                self.at += rest.bytes().position(special).unwrap_or(rest.len());
                self.push_input(start..self.at);
            }
        }
        Ok(())
    }

    /// The words, outside of everything.
    fn outermost_words(&mut self) -> Option<&mut Words> {
        if self.open.is_empty() { self.words.as_mut() } else { None }
    }

    /// Adds a range of the input that is no place to split at.
    fn add_raw(&mut self, range: Range<usize>) {
        let text = self.input.get(range).unwrap_or_default();
        self.out.push_str(text);
        if let Some(words) = self.outermost_words() {
            words.word.push_str(text);
            words.in_word = true;
        }
    }

    fn in_double_quotes(&mut self, c: char, start: usize) -> Result {
        let at = self.at;
        self.next();
        match c {
            '"' => {
                if self.syntax.keep_quotes {
                    self.out.push('"');
                }
                self.open.pop();
                if self.open.is_empty()
                    && let Some(words) = &mut self.words
                {
                    words.word.push_str(self.out.get(start..).unwrap_or_default());
                    words.in_word = true;
                }
            }
            '$' => self.dollar(at)?,
            _ if c == self.syntax.escape.char() => {
                if self.keep_escapes {
                    self.out.push(c);
                }
                match self.peek() {
                    None => {}
                    Some(escaped) if matches!(escaped, '"' | '$') || escaped == c => {
                        self.next();
                        self.out.push(escaped);
                    }
                    Some(_) => self.out.push(c),
                }
            }
            _ => {
                // All up to the next character that may mean something, at once.
                let rest = self.input.get(self.at..).unwrap_or_default();
                let special = |byte: u8| matches!(byte, b'$' | b'"' | b'\\' | b'`');
                self.at += rest.bytes().position(special).unwrap_or(rest.len());
                self.push_input(at..self.at);
            }
        }
        Ok(())
    }

    /// After the `$` at `dollar`.
    fn dollar(&mut self, dollar: usize) -> Result {
        let text = self.out.len();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                self.out.push('$');
            } else {
                match self.look_up(name.clone(), dollar, false) {
                    Lookup::Unset if self.syntax.keep_unset => self.push_input(dollar..name.end),
                    Lookup::Set(value) => self.push_value(value),
                    Lookup::Unset => {}
                    Lookup::Unknown => self.unknown = true,
                }
            }
            self.end_dollar(text);
            return Ok(());
        }
        self.next();
        match self.peek() {
            None => return Err(ExpansionError::MissingBrace),
            Some('{' | '}' | ':') => return Err(ExpansionError::BadSubstitution),
            Some(_) => {}
        }
        let name = self.name();
        let modifier = match self.next() {
            Some('}') => {
                match self.look_up(name.clone(), dollar, false) {
                    Lookup::Unset if self.syntax.keep_unset => self.push_input(dollar..self.at),
                    Lookup::Set(value) => self.push_value(value),
                    Lookup::Unset => {}
                    Lookup::Unknown => self.unknown = true,
                }
                self.end_dollar(text);
                return Ok(());
            }
            Some(':') => match self.next() {
                Some(character @ ('-' | '+' | '?')) => Modifier::Simple { character, colon: true },
                Some(character) => Modifier::Unsupported(character),
                None => return Err(ExpansionError::MissingBrace),
            },
            Some(character @ ('-' | '+' | '?' | '#' | '%')) => Modifier::Simple { character, colon: false },
            Some('/') => {
                let all = self.peek() == Some('/');
                if all {
                    self.next();
                }
                Modifier::Replace { all }
            }
            other => {
                let modifier = other.unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(ExpansionError::UnsupportedModifier(modifier.to_string().into()));
            }
        };
        let stop = if matches!(modifier, Modifier::Replace { .. }) { '/' } else { '}' };
        let raw = match modifier {
            Modifier::Simple { character, .. } | Modifier::Unsupported(character) => matches!(character, '#' | '%'),
            Modifier::Replace { .. } => true,
        };
        let part = Part {
            stop,
            start: text,
            name,
            dollar,
            modifier,
            keep_escapes_before: self.keep_escapes,
            unknown_before: self.unknown,
            pattern: None,
        };
        self.keep_escapes = raw;
        self.begin_part(part);
        Ok(())
    }

    fn begin_part(&mut self, part: Part) {
        self.open.push(Open::Part(part));
        self.unknown = false;
        // The reference reads the part into the buffer that holds the word so far, and so loses the word.
        if let Some(words) = &mut self.words {
            words.word.clear();
        }
    }

    /// After the `stop` of the innermost part.
    fn end_part(&mut self) -> Result {
        let Some(Open::Part(mut part)) = self.open.pop() else { return Ok(()) };
        if part.stop == '/' {
            let pattern = self.out.split_off(part.start);
            part.pattern = Some((!self.unknown).then_some(pattern));
            part.stop = '}';
            self.begin_part(part);
            return Ok(());
        }
        self.keep_escapes = part.keep_escapes_before;
        let operand_unknown = std::mem::replace(&mut self.unknown, part.unknown_before);
        if let Modifier::Unsupported(character @ ('#' | '%')) = part.modifier {
            return Err(ExpansionError::UnsupportedModifier(format!(":{character}").into()));
        }
        let guarded = matches!(part.modifier, Modifier::Simple { character: '-' | '+' | '?', .. });
        let found = self.look_up(part.name.clone(), part.dollar, guarded);
        if found == Lookup::Unset && self.syntax.keep_unset {
            self.keep(&part);
        } else {
            match part.modifier {
                Modifier::Unsupported(character) => {
                    return Err(ExpansionError::UnsupportedModifier(format!(":{character}").into()));
                }
                Modifier::Simple { character, colon } => {
                    self.simple(&part, character, colon, found, operand_unknown)?;
                }
                Modifier::Replace { all } => self.replace(&part, all, found, operand_unknown)?,
            }
        }
        self.end_dollar(part.start);
        Ok(())
    }

    /// Leaves a variable as it is written, but for what its operand holds.
    fn keep(&mut self, part: &Part) {
        let operand = self.out.split_off(part.start);
        let name = self.input.get(part.name.clone()).unwrap_or_default();
        self.out.push_str("${");
        self.out.push_str(name);
        match part.modifier {
            Modifier::Simple { character, colon } => {
                if colon {
                    self.out.push(':');
                }
                self.out.push(character);
            }
            Modifier::Unsupported(character) => {
                self.out.push(':');
                self.out.push(character);
            }
            Modifier::Replace { .. } => {
                self.out.push('/');
                self.out.push_str(part.pattern.as_ref().and_then(Option::as_deref).unwrap_or_default());
                self.out.push('/');
            }
        }
        self.out.push_str(&operand);
        self.out.push('}');
    }

    /// `-`, `+`, `?`, `#` and `%`; the operand is the end of the buffer.
    fn simple(
        &mut self,
        part: &Part,
        character: char,
        colon: bool,
        found: Lookup<'v>,
        operand_unknown: bool,
    ) -> Result {
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
                        name: self.input.get(part.name.clone()).unwrap_or_default().into(),
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
    fn replace(&mut self, part: &Part, all: bool, found: Lookup<'v>, operand_unknown: bool) -> Result {
        let replacement = self.out.split_off(part.start);
        let Some(Some(text)) = &part.pattern else {
            self.unknown = true;
            return Ok(());
        };
        let pattern = Pattern::read(text, true)?;
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
        if !self.budget.pay(pattern::cost(text, value).saturating_add(if all { longest } else { 0 })) {
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
            for c in self.out.get(start..).unwrap_or_default().chars() {
                words.add(c);
            }
        }
    }

    fn push_input(&mut self, range: Range<usize>) {
        self.out.push_str(self.input.get(range).unwrap_or_default());
    }

    fn push_value(&mut self, value: &str) {
        if self.budget.pay(value.len()) {
            self.out.push_str(value);
        } else {
            self.unknown = true;
        }
    }

    fn look_up(&mut self, name: Range<usize>, dollar: usize, guarded: bool) -> Lookup<'v> {
        let name = self.input.get(name).unwrap_or_default();
        let found = (self.lookup)(name);
        let state = match found {
            Lookup::Set(_) => State::Set,
            Lookup::Unset => State::Unset,
            Lookup::Unknown => State::Unknown,
        };
        self.references.push(Reference { name, range: dollar..self.at, state, guarded });
        found
    }

    /// Digits, one special character, or letters, digits and `_`.
    fn name(&mut self) -> Range<usize> {
        let start = self.at;
        match self.peek() {
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.next();
            }
            Some(c) if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.next();
                }
            }
            _ => {
                let rest = self.input.get(start..).unwrap_or_default();
                let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                self.at += rest.bytes().position(|byte| !is_letter(byte)).unwrap_or(rest.len());
                // Beyond ASCII there are letters and digits too.
                while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.next();
                }
            }
        }
        start..self.at
    }
}
