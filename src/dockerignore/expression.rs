//! The regular expressions that patterns become, in Go's syntax and with Go's meaning.
//!
//! A pattern can't write a group, for its parentheses are escaped. So an expression is a choice between sequences, and a
//! repetition repeats one character: no stack is needed to read it, and to match is to carry the set of places that can be
//! reached through one sequence after the other, in time that grows with the expression and with the path, and no faster.

use std::sync::Arc;

use super::class::{Class, Member};
use super::clean::chars;
use super::error::PatternErrorKind;

/// What Go allows a repetition to be.
const MOST_TIMES: u32 = 1000;
/// What Go allows an expression to be, in its instructions.
const LARGEST: u64 = (128 << 20) / 40;

/// A regular expression.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    /// One of them must match, anywhere.
    alternatives: Vec<Vec<Item>>,
    /// The ASCII characters with which a path that matches may end, a bit each.
    last: u128,
}

/// A part of a sequence.
#[derive(Clone, Debug)]
struct Item {
    atom: Atom,
    least: u32,
    most: Option<u32>,
}

#[derive(Clone, Debug)]
enum Atom {
    Character(char),
    Class(Arc<Class>),
    /// `(.*/)?`
    Directories,
    Assertion(Assertion),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Assertion {
    Start,
    End,
    WordBoundary,
    NoWordBoundary,
}

impl Expression {
    pub(super) fn parse(text: &str) -> Result<Self, PatternErrorKind> {
        let mut parser = Parser {
            rest: text,
            alternatives: vec![Vec::new()],
            is_after_repetition: false,
            may_name_a_class: true,
            unicode: Vec::new(),
        };
        while !parser.rest.is_empty() {
            parser.part()?;
        }
        let may_end_with = |byte: u8| parser.alternatives.iter().any(|items| may_end(items, &[byte]));
        let last = (0..128).filter(|byte| may_end_with(*byte)).fold(0, |last, byte| last | 1_u128 << byte);
        let expression = Self { alternatives: parser.alternatives, last };
        if expression.size() > LARGEST { Err(PatternErrorKind::TooLarge) } else { Ok(expression) }
    }

    /// How many instructions Go needs.
    fn size(&self) -> u64 {
        let items = self.alternatives.iter().flatten();
        let sizes = items.map(|item| match (&item.atom, item.least, item.most) {
            (Atom::Directories, ..) => 7,
            (_, 1, Some(1)) => 1,
            (_, 0, None) => 3,
            (_, least, None) => u64::from(least) + 1,
            (_, least, Some(most)) => u64::from(most + (most - least)).max(1),
        });
        sizes.sum::<u64>() + self.alternatives.len() as u64 - 1
    }

    /// The literal with which every path that matches begins; empty where none is known.
    pub(super) fn literal_start(&self) -> Vec<u8> {
        match self.alternatives.as_slice() {
            [items] => match items.as_slice() {
                [first, rest @ ..] if first.asserts(Assertion::Start) => {
                    literal(rest.iter()).into_iter().collect::<String>().into_bytes()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The literal with which every path that matches ends; empty where none is known.
    pub(super) fn literal_end(&self) -> Vec<u8> {
        match self.alternatives.as_slice() {
            [items] => match items.as_slice() {
                [rest @ .., last] if last.asserts(Assertion::End) => {
                    literal(rest.iter().rev()).into_iter().rev().collect::<String>().into_bytes()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    pub(super) fn matches(&self, path: &[u8]) -> bool {
        let may_end_so = |byte: &u8| !byte.is_ascii() || self.last >> byte & 1 != 0;
        if !path.last().is_none_or(may_end_so) || !self.alternatives.iter().any(|items| may_end(items, path)) {
            return false;
        }
        let path: Vec<char> = chars(path).collect();
        self.alternatives.iter().any(|items| matches(items, &path))
    }
}

impl Item {
    fn once(atom: Atom) -> Self {
        Self { atom, least: 1, most: Some(1) }
    }

    fn is_once(&self) -> bool {
        self.least == 1 && self.most == Some(1)
    }

    fn asserts(&self, assertion: Assertion) -> bool {
        self.is_once() && matches!(self.atom, Atom::Assertion(asserted) if asserted == assertion)
    }
}

/// Whether a path ends as a sequence does, as far as that ends with single characters, and those of the path are ASCII.
fn may_end(items: &[Item], path: &[u8]) -> bool {
    let [rest @ .., last] = items else { return true };
    if !last.asserts(Assertion::End) {
        return true;
    }
    for (item, byte) in rest.iter().rev().take_while(|item| item.is_once()).zip(path.iter().rev()) {
        if !byte.is_ascii() {
            return true;
        }
        let fits = match &item.atom {
            Atom::Character(wanted) => *wanted == char::from(*byte),
            Atom::Class(class) => class.contains(char::from(*byte)),
            Atom::Directories | Atom::Assertion(_) => return true,
        };
        if !fits {
            return false;
        }
    }
    true
}

/// The characters up to the first item that is not one character.
fn literal<'i>(items: impl Iterator<Item = &'i Item>) -> Vec<char> {
    let character = |item: &Item| match item.atom {
        // It may as well stand for a byte that is not UTF-8.
        Atom::Character(char::REPLACEMENT_CHARACTER) => None,
        Atom::Character(c) if item.is_once() => Some(c),
        _ => None,
    };
    items.map_while(character).collect()
}

/// Whether a sequence matches anywhere in the path.
fn matches(items: &[Item], path: &[char]) -> bool {
    let mut places: Vec<usize> = match items.first() {
        Some(first) if first.asserts(Assertion::Start) => vec![0],
        _ => (0..=path.len()).collect(),
    };
    let mut next = Vec::with_capacity(places.len());
    for item in items {
        match &item.atom {
            Atom::Assertion(assertion) => {
                if item.least > 0 {
                    places.retain(|place| assertion.holds(*place, path));
                }
            }
            Atom::Directories => {
                directories(&places, path, &mut next);
                std::mem::swap(&mut places, &mut next);
            }
            Atom::Character(wanted) => {
                repeated(item, &places, path, |c| c == *wanted, &mut next);
                std::mem::swap(&mut places, &mut next);
            }
            Atom::Class(class) => {
                repeated(item, &places, path, |c| class.contains(c), &mut next);
                std::mem::swap(&mut places, &mut next);
            }
        }
        if places.is_empty() {
            return false;
        }
    }
    true
}

/// The places after one character, from each place on; in order, each once.
fn once(places: &[usize], path: &[char], is_wanted: impl Fn(char) -> bool, next: &mut Vec<usize>) {
    next.clear();
    let is_wanted = |place: &&usize| path.get(**place).is_some_and(|c| is_wanted(*c));
    next.extend(places.iter().filter(is_wanted).map(|place| place + 1));
}

/// The places after `least` to `most` characters, from each place on; in order, each once.
fn repeated(item: &Item, places: &[usize], path: &[char], is_wanted: impl Fn(char) -> bool, next: &mut Vec<usize>) {
    if item.is_once() {
        return once(places, path, is_wanted, next);
    }
    next.clear();
    let (least, most) = (item.least as usize, item.most.map_or(usize::MAX, |most| most as usize));
    let mut run_end = None;
    for place in places {
        let end = run_end
            .filter(|end| place <= end)
            .unwrap_or_else(|| place + path.iter().skip(*place).take_while(|c| is_wanted(**c)).count());
        run_end = Some(end);
        let first = place + least;
        let first = next.last().map_or(first, |last| first.max(last + 1));
        next.extend(first..=end.min(place.saturating_add(most)));
    }
}

/// The places, and those after a `/` that can be reached from one without passing a line feed.
fn directories(places: &[usize], path: &[char], next: &mut Vec<usize>) {
    next.clear();
    let mut places = places.iter().peekable();
    let mut is_reached = false;
    let mut before = None;
    for (place, c) in path.iter().map(Some).chain([None]).enumerate() {
        let is_place = places.next_if(|next| **next == place).is_some();
        if is_place || is_reached && before == Some('/') {
            next.push(place);
        }
        is_reached = (is_reached || is_place) && c != Some(&'\n');
        before = c.copied();
    }
}

impl Assertion {
    fn holds(self, place: usize, path: &[char]) -> bool {
        let is_word =
            |at: Option<usize>| at.and_then(|at| path.get(at)).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
        let is_boundary = is_word(place.checked_sub(1)) != is_word(Some(place));
        match self {
            Self::Start => place == 0,
            Self::End => place == path.len(),
            Self::WordBoundary => is_boundary,
            Self::NoWordBoundary => !is_boundary,
        }
    }
}

/// Reads an expression as Go's `regexp/syntax` does with the flags of `regexp.Compile`.
struct Parser<'t> {
    rest: &'t str,
    alternatives: Vec<Vec<Item>>,
    is_after_repetition: bool,
    /// Whether there may be a `:]` in what follows, so that it is not looked for again and again.
    may_name_a_class: bool,
    /// The classes of Unicode that were asked for.
    unicode: Vec<(&'t str, Arc<Class>)>,
}

impl<'t> Parser<'t> {
    fn part(&mut self) -> Result<(), PatternErrorKind> {
        if let Some((least, most, length)) = repetition(self.rest) {
            let text = self.take(length);
            return self.repeat(text, least, most);
        }
        let atom = match self.next() {
            Some('*') => return self.repeat("*", 0, None),
            Some('|') => {
                self.alternatives.push(Vec::new());
                self.is_after_repetition = false;
                return Ok(());
            }
            Some('(') => {
                // Only `(.*/)?` is ever written, and its repetition is part of it.
                self.take(5);
                let last = self.alternatives.last().and_then(|items| items.last());
                // Twice in a row is as good as once.
                if !last.is_some_and(|item| matches!(item.atom, Atom::Directories)) {
                    self.push(Atom::Directories);
                }
                self.is_after_repetition = true;
                return Ok(());
            }
            Some('^') => Atom::Assertion(Assertion::Start),
            Some('$') => Atom::Assertion(Assertion::End),
            Some('.') => Atom::Class(Arc::new(Class::not(&[Member::of('\n')]))),
            Some('[') => Atom::Class(Arc::new(self.class()?)),
            Some('\\') => return self.escape(),
            Some(c) => Atom::Character(c),
            None => return Ok(()),
        };
        self.push(atom);
        Ok(())
    }

    fn push(&mut self, atom: Atom) {
        self.is_after_repetition = false;
        if let Some(items) = self.alternatives.last_mut() {
            items.push(Item::once(atom));
        }
    }

    fn repeat(&mut self, text: &str, least: u32, most: Option<u32>) -> Result<(), PatternErrorKind> {
        if least.max(most.unwrap_or(0)) > MOST_TIMES {
            return Err(PatternErrorKind::TooManyTimes(text.to_owned()));
        }
        if most.is_some_and(|most| most < least) {
            return Err(PatternErrorKind::ReversedRange(text.to_owned()));
        }
        let item = self.alternatives.last_mut().and_then(|items| items.last_mut());
        match item {
            Some(item) if !self.is_after_repetition => {
                item.least = least;
                item.most = most;
                self.is_after_repetition = true;
                Ok(())
            }
            _ => Err(PatternErrorKind::NothingToRepeat(text.to_owned())),
        }
    }

    /// What follows `\`.
    fn escape(&mut self) -> Result<(), PatternErrorKind> {
        let assertion = match self.rest.chars().next() {
            Some('A') => Some(Assertion::Start),
            Some('z') => Some(Assertion::End),
            Some('b') => Some(Assertion::WordBoundary),
            Some('B') => Some(Assertion::NoWordBoundary),
            _ => None,
        };
        if let Some(assertion) = assertion {
            self.next();
            self.push(Atom::Assertion(assertion));
        } else if let Some(quoted) = self.rest.strip_prefix('Q') {
            let (quoted, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
            self.rest = rest;
            self.is_after_repetition = false;
            quoted.chars().for_each(|c| self.push(Atom::Character(c)));
        } else if let Some(member) = self.class_escape()? {
            self.push(Atom::Class(Arc::new(Class::of(&[member]))));
        } else {
            let atom = match self.character_escape()? {
                Some(c) => Atom::Character(c),
                // A surrogate is no character of a path.
                None => Atom::Class(Arc::new(Class::of(&[]))),
            };
            self.push(atom);
        }
        Ok(())
    }

    /// What follows `[`, with its `]`.
    fn class(&mut self) -> Result<Class, PatternErrorKind> {
        let is_negated = self.next_if('^');
        let mut members = Vec::new();
        let mut is_first = true;
        while is_first || !self.rest.starts_with(']') {
            is_first = false;
            if let Some(member) = self.named_class()? {
                members.push(member);
                continue;
            }
            let start = self.rest;
            if self.next_if('\\') {
                if let Some(member) = self.class_escape()? {
                    members.push(member);
                    continue;
                }
                self.rest = start;
            }
            let low = self.class_character()?;
            let mut after = self.rest.chars();
            let high = if after.next() == Some('-') && after.next().is_some_and(|c| c != ']') {
                self.next();
                self.class_character()?
            } else {
                low
            };
            if high < low {
                let text = start.get(..start.len() - self.rest.len()).unwrap_or_default();
                return Err(PatternErrorKind::ReversedRange(text.to_owned()));
            }
            members.push(Member::Range(low, high));
        }
        self.next();
        Ok(if is_negated { Class::not(&members) } else { Class::of(&members) })
    }

    fn class_character(&mut self) -> Result<u32, PatternErrorKind> {
        match self.next() {
            None => Err(PatternErrorKind::UnclosedClass),
            Some('\\') => self.number_escape(),
            Some(c) => Ok(u32::from(c)),
        }
    }

    /// `[:alpha:]`
    fn named_class(&mut self) -> Result<Option<Member>, PatternErrorKind> {
        let Some(rest) = self.rest.strip_prefix("[:").filter(|_| self.may_name_a_class) else { return Ok(None) };
        let Some(end) = rest.find(":]") else {
            self.may_name_a_class = false;
            return Ok(None);
        };
        let text = self.take(end + 4);
        let name = text.get(2..end + 2).unwrap_or_default();
        let (is_negated, plain) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
        let class = Class::posix(plain).ok_or_else(|| PatternErrorKind::UnknownClass(text.to_owned()))?;
        Ok(Some(Member::Class(Arc::new(class), !is_negated)))
    }

    /// `\d`, `\pL`, `\p{Greek}`, after the `\`.
    fn class_escape(&mut self) -> Result<Option<Member>, PatternErrorKind> {
        let Some(letter) = self.rest.chars().next() else { return Ok(None) };
        if let Some(class) = Class::perl(letter.to_ascii_lowercase()) {
            self.next();
            return Ok(Some(Member::Class(Arc::new(class), letter.is_ascii_lowercase())));
        }
        if !matches!(letter, 'p' | 'P') {
            return Ok(None);
        }
        let start = self.rest;
        self.next();
        let unknown = |text: &str| PatternErrorKind::UnknownClass(format!("\\{text}"));
        let name = match self.next() {
            Some('{') => {
                let end = self.rest.find('}').ok_or_else(|| unknown(start))?;
                self.take(end + 1).trim_end_matches('}')
            }
            _ => start.get(1..start.len() - self.rest.len()).unwrap_or_default(),
        };
        let text = start.get(..start.len() - self.rest.len()).unwrap_or_default();
        let (is_negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
        let known = self.unicode.iter().find(|(known, _)| *known == name).map(|(_, class)| Arc::clone(class));
        let class = match known {
            Some(class) => class,
            None => {
                let class = Arc::new(Class::unicode(name).ok_or_else(|| unknown(text))?);
                self.unicode.push((name, Arc::clone(&class)));
                class
            }
        };
        Ok(Some(Member::Class(class, (letter == 'p') != is_negated)))
    }

    /// The character that an escape stands for, after the `\`; none for a surrogate.
    fn character_escape(&mut self) -> Result<Option<char>, PatternErrorKind> {
        self.number_escape().map(char::from_u32)
    }

    fn number_escape(&mut self) -> Result<u32, PatternErrorKind> {
        let start = self.rest;
        let found = match self.next() {
            Some(first @ '0'..='7') => self.octal(first),
            Some('x') => self.hexadecimal(),
            Some('a') => Some(0x07),
            Some('f') => Some(0x0C),
            Some('n') => Some(0x0A),
            Some('r') => Some(0x0D),
            Some('t') => Some(0x09),
            Some('v') => Some(0x0B),
            Some(c) if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
            _ => None,
        };
        found.ok_or_else(|| {
            let text = start.get(..start.len() - self.rest.len()).unwrap_or_default();
            PatternErrorKind::UnknownEscape(format!("\\{text}"))
        })
    }

    /// Up to three digits; one that is not 0 would refer back, which Go does not know.
    fn octal(&mut self, first: char) -> Option<u32> {
        let is_octal = |c: &char| matches!(c, '0'..='7');
        if first != '0' && !self.rest.chars().next().is_some_and(|c| is_octal(&c)) {
            return None;
        }
        let digits: String = std::iter::once(first).chain(self.rest.chars().take_while(is_octal).take(2)).collect();
        self.take(digits.len() - 1);
        u32::from_str_radix(&digits, 8).ok()
    }

    /// Two digits, or any number of them in braces.
    fn hexadecimal(&mut self) -> Option<u32> {
        if !self.next_if('{') {
            let (high, low) = (self.next()?.to_digit(16)?, self.next()?.to_digit(16)?);
            return Some(high * 16 + low);
        }
        let mut value = None;
        loop {
            match self.next()? {
                '}' => return value,
                c => {
                    let next = value.unwrap_or(0) * 16 + c.to_digit(16)?;
                    if next > u32::from(char::MAX) {
                        return None;
                    }
                    value = Some(next);
                }
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let c = characters.next()?;
        self.rest = characters.as_str();
        Some(c)
    }

    fn next_if(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

/// How often, by `{2}`, `{2,}` or `{2,5}`, and how long that is. Anything else in braces is no repetition.
fn repetition(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let inside = text.strip_prefix('{')?;
    let (least, rest) = number(inside)?;
    let (most, rest) = match rest.strip_prefix(',') {
        None => (Some(least), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => number(rest).map(|(most, rest)| (Some(most), rest))?,
    };
    let rest = rest.strip_prefix('}')?;
    Some((least, most, text.len() - rest.len()))
}

/// A number without leading zeros; a large one is the largest.
fn number(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}
