//! Words, and what they are made of.

use super::super::tree::{NodeKind, Operator, Unreadable};
use super::{Parser, State, class};
use crate::source::Span;

/// Where a word stands, which says what ends it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    Plain,
    /// An operand of `[[`
    Test,
    /// What follows `=~`, with as many parentheses open
    Regex {
        depth: u32,
    },
    /// In the parentheses of `@(…)`, with as many further ones open
    Extended {
        depth: u32,
    },
}

/// A `{` that may turn out to be a brace expansion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brace {
    open: u32,
    start: usize,
    /// How many commas stood in the braces around it.
    commas: usize,
}

impl Parser<'_> {
    /// Reads the word that stands here; one that is plain at once.
    pub(super) fn word(&mut self, mode: Mode) {
        let start = self.at;
        let length = self.run_without(class::NOT_PLAIN);
        let ends = self.peek_at(length).is_none_or(|byte| class::of(byte) & class::WORD_END != 0);
        let plain = length > 0 && self.peek() != Some(b'~');
        if plain && ends && !self.substitution_or_glob_follows(length) && !matches!(mode, Mode::Regex { .. }) {
            return self.token(NodeKind::Word, length);
        }
        let node = self.begin(NodeKind::Word, start);
        self.push(State::Word { mode, braces: Span::of_range(0..self.braces.len()).end }, node);
        if self.peek() == Some(b'~') {
            let user = self.bytes.get(start + 1..start + length).unwrap_or_default();
            let user = user.iter().take_while(|byte| **byte != b'/').count();
            self.token(NodeKind::Tilde, 1 + user);
        }
    }

    /// Whether `<(`, `>(` or, after one of `@+!`, `(` stands behind the next `length` characters.
    fn substitution_or_glob_follows(&self, length: usize) -> bool {
        match self.peek_at(length) {
            Some(b'<' | b'>') => self.peek_at(length + 1) == Some(b'('),
            Some(b'(') => length > 0 && matches!(self.peek_at(length - 1), Some(b'@' | b'+' | b'!')),
            _ => false,
        }
    }

    pub(super) fn step_word(&mut self, node: u32, mode: Mode, braces: u32) {
        let depth = self.stack.len();
        let mut mode = mode;
        while self.stack.len() == depth {
            let in_braces = self.braces.len() > braces as usize;
            let stop = if in_braces { u8::MAX } else { class::NOT_PLAIN };
            let length = self.run_without(stop);
            if length > 0 {
                self.token(NodeKind::Literal, length);
            }
            let Some(byte) = self.peek() else {
                if matches!(mode, Mode::Extended { .. }) {
                    self.error_at_end();
                }
                return self.end_word(node, braces);
            };
            match byte {
                b'\'' => self.single_quoted(),
                b'"' => self.double_quoted(self.at),
                b'\\' => self.escape(),
                b'$' => self.dollar(false),
                b'`' => self.backquoted(false),
                b'*' | b'?' => self.token(NodeKind::Glob, 1),
                b'[' => self.bracket(),
                b'{' | b'}' | b',' => self.brace(byte, braces),
                b'<' | b'>' if self.peek_at(1) == Some(b'(') => self.process_substitution(),
                b'(' if mode == Mode::Plain || mode == Mode::Test => {
                    if !self.extended_glob() {
                        return self.end_word(node, braces);
                    }
                }
                _ => match self.word_end(byte, mode) {
                    Some(next) => {
                        if next != mode {
                            mode = next;
                            self.set_state(State::Word { mode, braces });
                        }
                        self.token(NodeKind::Literal, 1);
                    }
                    None => return self.end_word(node, braces),
                },
            }
        }
    }

    /// The mode in which the word goes on after a byte that ends plain words; none where it ends this one.
    fn word_end(&self, byte: u8, mode: Mode) -> Option<Mode> {
        match mode {
            Mode::Plain | Mode::Test => None,
            Mode::Regex { depth } => match byte {
                b'(' => Some(Mode::Regex { depth: depth + 1 }),
                b')' if depth > 0 => Some(Mode::Regex { depth: depth - 1 }),
                b'|' if depth > 0 || self.peek_at(1) != Some(b'|') => Some(mode),
                b'\n' => None,
                _ if depth > 0 => Some(mode),
                b'<' | b'>' => Some(mode),
                _ => None,
            },
            Mode::Extended { depth } => match byte {
                b'(' => Some(Mode::Extended { depth: depth + 1 }),
                b')' if depth > 0 => Some(Mode::Extended { depth: depth - 1 }),
                b')' | b'\n' => None,
                _ => Some(mode),
            },
        }
    }

    fn end_word(&mut self, node: u32, braces: u32) {
        while self.braces.len() > braces as usize {
            let Some(brace) = self.braces.pop() else { break };
            self.set_kind(brace.open, NodeKind::Literal);
            while self.commas.len() > brace.commas {
                let Some(comma) = self.commas.pop() else { break };
                self.set_kind(comma, NodeKind::Literal);
            }
        }
        if self.kind_of(node) == Some(NodeKind::ExtendedGlob) && self.peek() == Some(b')') {
            self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
        }
        self.pop(node);
    }

    fn brace(&mut self, byte: u8, braces: u32) {
        match byte {
            b'{' => {
                self.braces.push(Brace { open: self.next_index(), start: self.at + 1, commas: self.commas.len() });
                self.token(NodeKind::BraceOpen, 1);
            }
            b',' => {
                self.commas.push(self.next_index());
                self.token(NodeKind::BraceComma, 1);
            }
            _ => match self.braces.len() > braces as usize {
                true => {
                    let Some(brace) = self.braces.pop() else { return };
                    let content = self.text.get(brace.start..self.at).unwrap_or_default();
                    let expands = self.commas.len() > brace.commas || is_range(content);
                    self.commas.truncate(brace.commas);
                    if !expands {
                        self.set_kind(brace.open, NodeKind::Literal);
                    }
                    self.token(if expands { NodeKind::BraceClose } else { NodeKind::Literal }, 1);
                }
                false => self.token(NodeKind::Literal, 1),
            },
        }
    }

    /// `[…]`, where the `]` stands in the same word and nothing but plain characters in between.
    fn bracket(&mut self) {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let negated = usize::from(matches!(rest.first(), Some(b'!' | b'^')));
        // A `]` that comes first is a member.
        let first = negated + usize::from(rest.get(negated) == Some(&b']'));
        let from = self.at + 1 + first;
        if from >= self.no_bracket {
            let members = rest.get(first..).unwrap_or_default();
            let stops = class::WORD_END | class::QUOTE | class::EXPANDS;
            let end = members.iter().position(|byte| *byte == b']' || class::of(*byte) & stops != 0);
            match end {
                Some(end) if members.get(end) == Some(&b']') => {
                    return self.token(NodeKind::Glob, 1 + first + end + 1);
                }
                end => self.no_bracket = from + end.unwrap_or(members.len()),
            }
        }
        self.token(NodeKind::Literal, 1);
    }

    /// `(…)` after one of `@?*+!`.
    fn extended_glob(&mut self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        if self.last != self.at || !matches!(before, Some(b'@' | b'?' | b'*' | b'+' | b'!')) {
            return false;
        }
        let node = self.begin(NodeKind::ExtendedGlob, self.at);
        let braces = Span::of_range(0..self.braces.len()).end;
        self.push(State::Word { mode: Mode::Extended { depth: 0 }, braces }, node);
        self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
        true
    }

    /// `\x`, or `\` alone at the end.
    pub(super) fn escape(&mut self) {
        let rest = self.text.get(self.at + 1..self.bytes.len()).unwrap_or_default();
        let width = rest.chars().next().map_or(0, char::len_utf8);
        self.token(NodeKind::Escape, 1 + width);
    }

    pub(super) fn single_quoted(&mut self) {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        match memchr::memchr(b'\'', rest) {
            Some(length) => self.token(NodeKind::SingleQuoted, length + 2),
            None => self.unclosed_leaf(NodeKind::SingleQuoted, rest.len() + 1),
        }
    }

    fn unclosed_leaf(&mut self, kind: NodeKind, length: usize) {
        let node = self.begin(kind, self.at);
        self.at += length;
        self.last = self.at;
        self.error(Unreadable::Unclosed);
        self.ended = Some(self.at);
        self.end(node);
    }

    /// `$'…'`, from the `$` on.
    pub(super) fn ansi_quoted(&mut self) {
        let rest = self.bytes.get(self.at + 2..).unwrap_or_default();
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            match byte {
                b'\\' => length += 2,
                b'\'' => return self.token(NodeKind::AnsiQuoted, 2 + length + 1),
                _ => length += 1,
            }
        }
        self.unclosed_leaf(NodeKind::AnsiQuoted, 2 + rest.len());
    }

    /// `"…"`, which stands here; `start` is there or at the `$` before it.
    pub(super) fn double_quoted(&mut self, start: usize) {
        self.at += 1;
        let length = self.run_without(class::EXPANDS);
        if self.peek_at(length) == Some(b'"') {
            self.at += length + 1;
            self.leaf(NodeKind::DoubleQuoted, start, self.at);
            return;
        }
        let node = self.begin(NodeKind::DoubleQuoted, start);
        self.last = self.at;
        self.push(State::DoubleQuoted, node);
    }

    pub(super) fn step_double_quoted(&mut self, node: u32) {
        if self.expansions(false) {
            return;
        }
        match self.peek() {
            Some(_) => {
                self.at += 1;
                self.last = self.at;
            }
            None => self.error_at_end(),
        }
        self.pop(node);
    }
}

/// Whether `{…}` is a range: `1..9`, `a..z`, `1..9..2`.
fn is_range(content: &str) -> bool {
    let mut parts = content.split("..");
    let (Some(first), Some(last), step) = (parts.next(), parts.next(), parts.next()) else { return false };
    let number = |part: &str| {
        let digits = part.strip_prefix(['-', '+']).unwrap_or(part);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let letter = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let ends = number(first) && number(last) || letter(first) && letter(last);
    ends && step.is_none_or(number) && parts.next().is_none()
}
