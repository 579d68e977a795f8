//! What `$` and `` ` `` begin.

use super::super::tree::{NodeKind, Operator, Parameter, Unreadable};
use super::{Outside, Parser, State, Until, class, parameter};

impl Parser<'_> {
    /// Reads literals, escapes and expansions, up to a `"`, or past it where it stands for itself. Says whether something
    /// was begun that has to be read first.
    pub(super) fn expansions(&mut self, quote_is_literal: bool) -> bool {
        let depth = self.stack.len();
        loop {
            let mut length = self.run_without(class::EXPANDS);
            loop {
                match self.peek_at(length) {
                    Some(b'"') if quote_is_literal => length += 1,
                    Some(b'\\') if !self.is_escape(length, quote_is_literal) => length += 1,
                    _ => break,
                }
                let rest = self.bytes.get(self.at + length..).unwrap_or_default();
                let more = rest.iter().position(|byte| class::of(*byte) & class::EXPANDS != 0);
                length += more.unwrap_or(rest.len());
            }
            if length > 0 {
                self.token(NodeKind::Literal, length);
            }
            match self.peek() {
                Some(b'\\') => self.token(NodeKind::Escape, 2),
                Some(b'$') => self.dollar(true),
                Some(b'`') => self.backquoted(true),
                _ => return false,
            }
            if self.stack.len() != depth {
                return true;
            }
        }
    }

    /// Whether the backslash there escapes what follows it, in double quotes or a heredoc.
    fn is_escape(&self, offset: usize, quote_is_literal: bool) -> bool {
        match self.peek_at(offset + 1) {
            Some(b'$' | b'`' | b'\\' | b'\n') => true,
            Some(b'"') => !quote_is_literal,
            _ => false,
        }
    }

    /// What the `$` here begins.
    pub(super) fn dollar(&mut self, quoted: bool) {
        let value = NodeKind::Parameter(Parameter::Value);
        match self.peek_at(1) {
            Some(b'(') => self.dollar_parenthesis(),
            Some(b'{') => self.parameter(quoted),
            Some(b'\'') if !quoted => self.ansi_quoted(),
            Some(b'"') if !quoted => {
                let start = self.at;
                self.at += 1;
                self.double_quoted(start);
            }
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
                let length = rest.iter().take_while(|byte| super::simple::is_name(**byte)).count();
                self.token(value, 1 + length);
            }
            Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => self.token(value, 2),
            _ => self.token(NodeKind::Literal, 1),
        }
    }

    fn dollar_parenthesis(&mut self) {
        if self.peek_at(2) == Some(b'(')
            && let Some(end) = self.arithmetic_end(self.at + 1)
        {
            let node = self.begin(NodeKind::ArithmeticExpansion, self.at);
            self.at += 3;
            self.last = self.at;
            self.limit(end);
            return self.push(State::Limited { closing: 2 }, node);
        }
        let node = self.begin(NodeKind::CommandSubstitution, self.at);
        self.at += 1;
        self.substitution(node);
    }

    pub(super) fn process_substitution(&mut self) {
        let node = self.begin(NodeKind::ProcessSubstitution, self.at);
        self.at += 1;
        self.substitution(node);
    }

    /// The list in the parentheses of a substitution.
    fn substitution(&mut self, node: u32) {
        self.push(State::Substitution, node);
        self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
        self.go_inside();
        self.list(Until::Parenthesis);
    }

    /// What is open outside can't be closed inside.
    fn go_inside(&mut self) {
        let outside = Outside { open: self.open, heredocs: self.heredocs.begin() };
        self.outside.push(outside);
        self.open = [0; 5];
    }

    fn go_outside(&mut self) {
        if let Some(outside) = self.outside.pop() {
            self.open = outside.open;
            self.heredocs.resume(outside.heredocs);
        }
    }

    pub(super) fn step_substitution(&mut self, node: u32) {
        self.go_outside();
        if self.kind_of(node) == Some(NodeKind::Backquoted) {
            self.unlimit();
            if self.peek() == Some(b'`') {
                self.at += 1;
                self.last = self.at;
            } else {
                self.error_at_end();
            }
        } else if self.peek() == Some(b')') {
            self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
        }
        self.pop(node);
    }

    /// What the `` ` `` here begins. Its end is known at once, for a `` ` `` inside is escaped.
    pub(super) fn backquoted(&mut self, quoted: bool) {
        let start = self.at;
        let rest = self.bytes.get(start + 1..).unwrap_or_default();
        let mut escapes = false;
        let mut length = 0;
        while let Some(special) = rest.get(length..).and_then(|rest| memchr::memchr2(b'`', b'\\', rest)) {
            length += special;
            if rest.get(length) == Some(&b'`') {
                break;
            }
            let escaped = rest.get(length + 1);
            escapes |= matches!(escaped, Some(b'`' | b'$' | b'\\')) || quoted && escaped == Some(&b'"');
            length = (length + 2).min(rest.len());
        }
        let closed = rest.get(length) == Some(&b'`');
        if escapes && closed {
            return self.token(NodeKind::Backquoted, length + 2);
        }
        let end = if closed { start + 1 + length } else { self.bytes.len() };
        let node = self.begin(NodeKind::Backquoted, start);
        self.at += 1;
        self.last = self.at;
        self.limit(end);
        self.push(State::Substitution, node);
        self.go_inside();
        self.list(Until::End);
    }

    /// `${…}`, which stands here.
    fn parameter(&mut self, quoted: bool) {
        let head = self.text.get(self.at + 2..self.bytes.len()).unwrap_or_default();
        let Some(head) = parameter::head(head) else {
            return self.bad_substitution();
        };
        let closes = self.peek_at(2 + head.length) == Some(b'}');
        let kind = NodeKind::Parameter(head.operator);
        if closes {
            return self.token(kind, 2 + head.length + 1);
        }
        if !head.has_operand {
            return self.bad_substitution();
        }
        let node = self.begin(kind, self.at);
        self.at += 2 + head.length;
        self.last = self.at;
        self.push(State::Operand { quoted, pattern: head.is_pattern }, node);
    }

    /// Gives up on `${…}`: up to its `}`, or its beginning where none is near.
    fn bad_substitution(&mut self) {
        const NEAR: usize = 128;
        let rest = self.text.get(self.at + 2..self.bytes.len()).unwrap_or_default().as_bytes();
        let near = rest.get(..NEAR).unwrap_or(rest);
        let end = near.iter().position(|byte| matches!(byte, b'}' | b'\n' | b'"' | b'\'' | b'`' | b'$' | b'\\'));
        let length = match end {
            Some(end) if near.get(end) == Some(&b'}') => 2 + end + 1,
            _ => 2,
        };
        self.token(NodeKind::Error(Unreadable::BadSubstitution), length);
    }

    /// What follows the operator in a `${…}`.
    pub(super) fn step_operand(&mut self, node: u32, quoted: bool, pattern: bool) {
        let depth = self.stack.len();
        while self.stack.len() == depth {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let length =
                rest.iter().position(|byte| *byte == b'}' || class::of(*byte) & (class::EXPANDS | class::QUOTE) != 0);
            let length = length.unwrap_or(rest.len());
            if length > 0 {
                self.token(NodeKind::Literal, length);
            }
            match self.peek() {
                None => {
                    self.error_at_end();
                    return self.pop(node);
                }
                Some(b'}') => {
                    self.at += 1;
                    self.last = self.at;
                    return self.pop(node);
                }
                Some(b'\'') if quoted && !pattern => self.token(NodeKind::Literal, 1),
                Some(b'\'') => self.single_quoted(),
                Some(b'"') => self.double_quoted(self.at),
                Some(b'\\') => self.escape(),
                Some(b'`') => self.backquoted(quoted),
                Some(_) => self.dollar(quoted),
            }
        }
    }
}
