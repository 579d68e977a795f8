//! Simple commands: assignments, words and redirections.

use super::super::tree::{Keyword, NodeKind, Operator, Redirection, Unreadable};
use super::{Parser, State, class, compound, word::Mode};

/// How far a simple command is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Nothing yet.
    Start,
    /// Only assignments and redirections yet.
    Prefix,
    /// The name was the last word, and nothing stood before it.
    Name,
    /// After the name.
    Arguments,
    /// After the name of a command whose arguments may be assignments.
    Declaration,
}

impl Parser<'_> {
    /// Begins the command that stands here.
    pub(super) fn command(&mut self) {
        let before = self.nodes.len();
        loop {
            self.skip_blanks();
            // `!` and `time` may stand alone.
            let has_prefix = self.nodes.len() > before;
            let Some(byte) = self.peek() else {
                if !has_prefix {
                    self.error_at_end();
                }
                return;
            };
            if has_prefix && matches!(byte, b'\n' | b';') {
                return;
            }
            match byte {
                b'(' => return self.parenthesis(),
                b'<' | b'>' => break,
                b'&' if self.peek_at(1) == Some(b'>') => break,
                _ if class::of(byte) & class::WORD_END != 0 => return self.error(Unreadable::MissingCommand),
                b'!' if self.peek_at(1) == Some(b'(') => self.keyword(Keyword::Not),
                b'!' | b'{' | b'}' | b'[' | b'a'..=b'z' => match self.peek_keyword() {
                    Some(_) if self.closer(byte).is_some() => return self.error(Unreadable::MissingCommand),
                    Some(Keyword::Not) => self.keyword(Keyword::Not),
                    Some(Keyword::Time) => self.time(),
                    Some(Keyword::Coproc) => self.keyword(Keyword::Coproc),
                    Some(keyword) if self.compound(keyword) => return,
                    _ => break,
                },
                _ => break,
            }
        }
        let node = self.begin(NodeKind::Simple, self.at);
        self.push(State::Simple(Place::Start), node);
    }

    fn time(&mut self) {
        self.keyword(Keyword::Time);
        self.skip_blanks();
        if self.starts_with(b"-p") && self.peek_at(2).is_none_or(|byte| class::of(byte) & class::WORD_END != 0) {
            self.token(NodeKind::Word, 2);
        }
    }

    pub(super) fn step_simple(&mut self, node: u32, place: Place) {
        let depth = self.stack.len();
        let mut place = place;
        // What needs no frame of its own is read in one go.
        while self.stack.len() == depth {
            self.skip_blanks();
            let Some(byte) = self.peek() else { return self.pop(node) };
            match byte {
                b'&' if self.peek_at(1) == Some(b'>') => self.redirect(&mut place, self.at),
                b'<' | b'>' if self.peek_at(1) != Some(b'(') => self.redirect(&mut place, self.at),
                b'(' if place == Place::Name && self.parentheses_follow() => return self.function(node),
                b'(' => self.token(NodeKind::Error(Unreadable::Unexpected), 1),
                b'\n' | b';' | b')' | b'|' | b'&' | b'#' => return self.pop(node),
                b'0'..=b'9' | b'{' => match self.descriptor() {
                    Some(operator) => self.redirect(&mut place, operator),
                    None => self.element(&mut place),
                },
                _ => self.element(&mut place),
            }
        }
    }

    /// Where the operator of a redirection begins that has a file descriptor here: `2>` or `{name}>`.
    fn descriptor(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let length = if rest.first() == Some(&b'{') {
            let name = rest.iter().skip(1).take_while(|byte| is_name(**byte)).count();
            (name > 0 && rest.get(name + 1) == Some(&b'}')).then_some(name + 2)?
        } else {
            rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        matches!(rest.get(length), Some(b'<' | b'>')).then_some(self.at + length)
    }

    fn redirect(&mut self, place: &mut Place, operator: usize) {
        match place {
            Place::Start => *place = Place::Prefix,
            Place::Name => *place = Place::Arguments,
            Place::Prefix | Place::Arguments | Place::Declaration => {}
        }
        self.set_state(State::Simple(*place));
        self.redirection(operator);
    }

    /// A redirection from here on, whose operator is `length` bytes long and begins at `operator`.
    pub(super) fn redirection(&mut self, operator: usize) {
        let start = self.at;
        let rest = self.bytes.get(operator..).unwrap_or_default();
        let (kind, length) = match rest {
            [b'<', b'<', b'<', ..] => (Redirection::HereString, 3),
            [b'<', b'<', b'-', ..] => (Redirection::HeredocStripped, 3),
            [b'<', b'<', ..] => (Redirection::Heredoc, 2),
            [b'<', b'&', ..] => (Redirection::DuplicateInput, 2),
            [b'<', b'>', ..] => (Redirection::ReadWrite, 2),
            [b'>', b'>', ..] => (Redirection::Append, 2),
            [b'>', b'&', ..] => (Redirection::DuplicateOutput, 2),
            [b'>', b'|', ..] => (Redirection::Clobber, 2),
            [b'&', b'>', b'>', ..] => (Redirection::AppendOutputAndError, 3),
            [b'&', b'>', ..] => (Redirection::OutputAndError, 2),
            [b'<', ..] => (Redirection::Input, 1),
            _ => (Redirection::Output, 1),
        };
        let node = self.begin(NodeKind::Redirection(kind), start);
        self.at = operator + length;
        self.last = self.at;
        self.skip_blanks();
        let substitution = matches!((self.peek(), self.peek_at(1)), (Some(b'<' | b'>'), Some(b'(')));
        let missing = self.peek().is_none_or(|byte| byte == b'#' || class::of(byte) & class::WORD_END != 0);
        if missing && !substitution {
            self.error(Unreadable::MissingTarget);
            return self.end(node);
        }
        let heredoc = matches!(kind, Redirection::Heredoc | Redirection::HeredocStripped);
        self.push(if heredoc { State::HeredocTarget } else { State::Close }, node);
        self.word(Mode::Plain);
    }

    /// An assignment or a word.
    fn element(&mut self, place: &mut Place) {
        let assigns = matches!(place, Place::Start | Place::Prefix | Place::Declaration);
        if assigns && let Some(value) = self.assignment_value() {
            if *place == Place::Start {
                *place = Place::Prefix;
            }
            self.set_state(State::Simple(*place));
            return self.assignment(value);
        }
        *place = match *place {
            Place::Start | Place::Prefix if self.is_declaration() => Place::Declaration,
            Place::Start => Place::Name,
            Place::Prefix | Place::Name | Place::Arguments => Place::Arguments,
            Place::Declaration => Place::Declaration,
        };
        self.set_state(State::Simple(*place));
        self.word(Mode::Plain);
    }

    fn is_declaration(&self) -> bool {
        let length = self.run_without(class::NOT_PLAIN);
        let name = self.bytes.get(self.at..self.at + length).unwrap_or_default();
        matches!(name, b"export" | b"declare" | b"typeset" | b"local" | b"readonly")
    }

    /// Where the value begins, if an assignment stands here.
    fn assignment_value(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let first = rest.first()?;
        if !is_name(*first) || first.is_ascii_digit() {
            return None;
        }
        let mut length = rest.iter().take_while(|byte| is_name(**byte)).count();
        if rest.get(length) == Some(&b'[') {
            let subscript = rest.get(length..)?;
            let end = subscript.iter().position(|byte| matches!(byte, b']' | b' ' | b'\t' | b'\n' | b';'))?;
            if subscript.get(end) != Some(&b']') {
                return None;
            }
            length += end + 1;
        }
        match rest.get(length..)? {
            [b'=', ..] => Some(self.at + length + 1),
            [b'+', b'=', ..] => Some(self.at + length + 2),
            _ => None,
        }
    }

    fn assignment(&mut self, value: usize) {
        let node = self.begin(NodeKind::Assignment, self.at);
        self.at = value;
        self.last = value;
        match self.peek() {
            Some(b'(') => {
                self.push(State::Close, node);
                let array = self.begin(NodeKind::Array, self.at);
                self.push(State::Array, array);
                self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
            }
            Some(b'<' | b'>') if self.peek_at(1) == Some(b'(') => {
                self.push(State::Close, node);
                self.word(Mode::Plain);
            }
            Some(byte) if class::of(byte) & class::WORD_END == 0 => {
                self.push(State::Close, node);
                self.word(Mode::Plain);
            }
            _ => self.end(node),
        }
    }

    pub(super) fn step_array(&mut self, node: u32) {
        if !self.skip_lines() {
            return;
        }
        match self.peek() {
            None => {
                self.error_at_end();
                self.pop(node);
            }
            Some(b')') => {
                self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
                self.pop(node);
            }
            Some(b'<' | b'>') if self.peek_at(1) == Some(b'(') => self.word(Mode::Plain),
            Some(byte) if class::of(byte) & class::META != 0 => {
                self.token(NodeKind::Error(Unreadable::Unexpected), 1);
            }
            Some(_) => self.word(Mode::Plain),
        }
    }

    fn parentheses_follow(&self) -> bool {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        rest.iter().find(|byte| class::of(**byte) & class::BLANK == 0) == Some(&b')')
    }

    /// What began as a simple command is a function.
    fn function(&mut self, node: u32) {
        self.set_kind(node, NodeKind::Function);
        self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
        self.skip_blanks();
        self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
        self.set_state(State::Compound(compound::Phase::FunctionBody));
    }
}

/// Whether the byte may stand in a name.
pub(super) const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
