//! Commands that hold commands.

use super::super::tree::{Keyword, NodeKind, Operator, Unreadable};
use super::word::Mode;
use super::{Parser, State, Until, class};

/// What a command that holds commands waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// `)` or `}`, after the list.
    Closing(Until),
    /// `then`, after a condition.
    Then,
    /// `elif`, `else` or `fi`.
    ElseOrFi,
    /// `fi`
    Fi,
    /// `do`, after the condition of a loop.
    Do,
    /// `in`, `do` or the end of the line, after the name of a `for` or a `select`.
    ForIn,
    /// The words of a `for` or a `select`, and the end of the line.
    ForWords,
    /// `do` or `{`, after the head of a `for` or a `select`.
    ForDo,
    /// `done`
    Done,
    /// `in`, after the word of a `case`.
    CaseIn,
    /// A branch, or `esac`.
    CaseItems,
    /// The next pattern of a branch.
    CasePattern,
    /// `|` or `)`, after a pattern.
    CaseAfterPattern,
    /// `;;`, after the list of a branch.
    CaseEnd,
    /// The command that a function is.
    FunctionBody,
    /// The operands and operators of a `[[`.
    Test { regex: bool },
    /// Redirections.
    Redirections,
}

impl Parser<'_> {
    /// Begins the command that the keyword begins, where it does.
    pub(super) fn compound(&mut self, keyword: Keyword) -> bool {
        let (kind, phase, until) = match keyword {
            Keyword::OpenBrace => (NodeKind::Group, Phase::Closing(Until::Brace), Some(Until::Brace)),
            Keyword::If => (NodeKind::If, Phase::Then, Some(Until::Then)),
            Keyword::While => (NodeKind::While, Phase::Do, Some(Until::Do)),
            Keyword::Until => (NodeKind::Until, Phase::Do, Some(Until::Do)),
            Keyword::For => (NodeKind::For, Phase::ForIn, None),
            Keyword::Select => (NodeKind::Select, Phase::ForIn, None),
            Keyword::Case => (NodeKind::Case, Phase::CaseIn, None),
            Keyword::Function => (NodeKind::Function, Phase::FunctionBody, None),
            Keyword::OpenTest => (NodeKind::Test, Phase::Test { regex: false }, None),
            _ => return false,
        };
        let node = self.begin(kind, self.at);
        self.push(State::Compound(phase), node);
        self.keyword(keyword);
        if let Some(until) = until {
            self.list(until);
            return true;
        }
        self.skip_blanks();
        match keyword {
            Keyword::For if self.starts_with(b"((") => {
                self.set_state(State::Compound(Phase::ForDo));
                self.double_parentheses();
            }
            Keyword::For | Keyword::Select | Keyword::Function => self.name(keyword == Keyword::Function),
            Keyword::Case if self.at_word() => self.word(Mode::Plain),
            Keyword::Case => self.malformed(),
            _ => {}
        }
        true
    }

    fn at_word(&self) -> bool {
        self.peek().is_some_and(|byte| class::of(byte) & class::WORD_END == 0)
    }

    /// The name of a `for`, a `select` or a function, and the parentheses of the latter.
    fn name(&mut self, function: bool) {
        let length = self.run_without(class::NOT_PLAIN);
        if length == 0 {
            return self.malformed();
        }
        self.token(NodeKind::Word, length);
        if function {
            self.skip_blanks();
            if self.peek() == Some(b'(') {
                self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
                self.skip_blanks();
                if self.peek() == Some(b')') {
                    self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
                }
            }
        }
    }

    /// Gives up on the compound command; what follows is read as the next one.
    fn malformed(&mut self) {
        self.error(Unreadable::Malformed);
        self.set_state(State::Close);
    }

    /// What `(` begins at the start of a command.
    pub(super) fn parenthesis(&mut self) {
        if self.starts_with(b"((") && self.arithmetic_end(self.at).is_some() {
            return self.double_parentheses();
        }
        let node = self.begin(NodeKind::Subshell, self.at);
        self.push(State::Compound(Phase::Closing(Until::Parenthesis)), node);
        self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
        self.list(Until::Parenthesis);
    }

    pub(super) fn step_compound(&mut self, node: u32, phase: Phase) {
        match phase {
            Phase::Closing(Until::Parenthesis) => {
                if self.peek() == Some(b')') {
                    self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
                }
                self.go_on(Phase::Redirections);
            }
            Phase::Closing(_) => {
                self.take(Keyword::CloseBrace);
                self.go_on(Phase::Redirections);
            }
            Phase::Then => self.take_list(Keyword::Then, Phase::ElseOrFi, Until::ElseOrFi),
            Phase::ElseOrFi => match self.peek_keyword() {
                Some(Keyword::Elif) => self.take_list(Keyword::Elif, Phase::Then, Until::Then),
                Some(Keyword::Else) => self.take_list(Keyword::Else, Phase::Fi, Until::Fi),
                _ => {
                    self.take(Keyword::Fi);
                    self.go_on(Phase::Redirections);
                }
            },
            Phase::Fi => {
                self.take(Keyword::Fi);
                self.go_on(Phase::Redirections);
            }
            Phase::Do => self.take_list(Keyword::Do, Phase::Done, Until::Done),
            Phase::Done => {
                self.take(Keyword::Done);
                self.go_on(Phase::Redirections);
            }
            Phase::ForIn => self.step_for_in(),
            Phase::ForWords => self.step_for_words(),
            Phase::ForDo => self.step_for_do(),
            Phase::CaseIn => {
                if !self.skip_lines() {
                } else if self.peek_keyword() == Some(Keyword::In) {
                    self.keyword(Keyword::In);
                    self.go_on(Phase::CaseItems);
                } else {
                    self.malformed();
                }
            }
            Phase::CaseItems => self.step_case_items(),
            Phase::CasePattern => self.step_case_pattern(),
            Phase::CaseAfterPattern => self.step_case_after_pattern(),
            Phase::CaseEnd => self.step_case_end(node),
            Phase::FunctionBody => self.step_function_body(node),
            Phase::Test { regex } => self.step_test(regex),
            Phase::Redirections => self.step_redirections(node),
        }
    }

    fn go_on(&mut self, phase: Phase) {
        self.set_state(State::Compound(phase));
    }

    fn take(&mut self, keyword: Keyword) -> bool {
        let found = self.peek_keyword() == Some(keyword);
        if found {
            self.keyword(keyword);
        }
        found
    }

    /// Takes the keyword and begins a list. Without it the text has ended, or the command is closed too early: the list said
    /// so.
    fn take_list(&mut self, keyword: Keyword, phase: Phase, until: Until) {
        if self.take(keyword) {
            self.go_on(phase);
            self.list(until);
        } else if self.take(Keyword::Fi) || self.take(Keyword::Done) {
            self.go_on(Phase::Redirections);
        } else {
            self.set_state(State::Close);
        }
    }

    fn step_redirections(&mut self, node: u32) {
        self.skip_blanks();
        match (self.peek(), self.peek_at(1)) {
            (Some(b'<' | b'>'), next) if next != Some(b'(') => self.redirection(self.at),
            (Some(b'&'), Some(b'>')) => self.redirection(self.at),
            (Some(b'0'..=b'9'), Some(b'<' | b'>')) => self.redirection(self.at + 1),
            _ => self.pop(node),
        }
    }

    fn step_for_in(&mut self) {
        if !self.skip_lines() {
            return;
        }
        match self.peek_keyword() {
            Some(Keyword::In) => {
                self.keyword(Keyword::In);
                self.go_on(Phase::ForWords);
            }
            _ => self.go_on(Phase::ForDo),
        }
    }

    fn step_for_words(&mut self) {
        self.skip_blanks();
        match self.peek() {
            None | Some(b';' | b'\n') => self.go_on(Phase::ForDo),
            Some(b'#') => self.comment(),
            Some(b'<' | b'>') if self.peek_at(1) == Some(b'(') => self.word(Mode::Plain),
            Some(byte) if class::of(byte) & class::META != 0 => self.malformed(),
            Some(_) => self.word(Mode::Plain),
        }
    }

    fn step_for_do(&mut self) {
        if !self.skip_lines() {
            return;
        }
        if self.peek() == Some(b';') && !matches!(self.peek_at(1), Some(b';' | b'&')) {
            return self.token(NodeKind::Operator(Operator::Semicolon), 1);
        }
        match self.peek_keyword() {
            Some(Keyword::Do) => self.take_list(Keyword::Do, Phase::Done, Until::Done),
            Some(Keyword::OpenBrace) => {
                self.keyword(Keyword::OpenBrace);
                self.go_on(Phase::Closing(Until::Brace));
                self.list(Until::Brace);
            }
            _ if self.peek().is_none() => {
                self.error_at_end();
                self.set_state(State::Close);
            }
            _ => self.malformed(),
        }
    }

    fn step_case_items(&mut self) {
        if !self.skip_lines() {
            return;
        }
        let Some(byte) = self.peek() else {
            self.error_at_end();
            return self.set_state(State::Close);
        };
        if self.peek_keyword() == Some(Keyword::Esac) {
            self.keyword(Keyword::Esac);
            return self.go_on(Phase::Redirections);
        }
        if class::of(byte) & class::META != 0 && byte != b'(' {
            return self.malformed();
        }
        let item = self.begin(NodeKind::CaseItem, self.at);
        self.push(State::Compound(Phase::CasePattern), item);
        if byte == b'(' {
            self.token(NodeKind::Operator(Operator::OpenParenthesis), 1);
        }
    }

    fn step_case_pattern(&mut self) {
        self.skip_blanks();
        if self.at_word() {
            self.go_on(Phase::CaseAfterPattern);
            return self.word(Mode::Plain);
        }
        self.malformed();
    }

    fn step_case_after_pattern(&mut self) {
        self.skip_blanks();
        match self.peek() {
            Some(b'|') => {
                self.token(NodeKind::Operator(Operator::Pipe), 1);
                self.go_on(Phase::CasePattern);
            }
            Some(b')') => {
                self.token(NodeKind::Operator(Operator::CloseParenthesis), 1);
                self.go_on(Phase::CaseEnd);
                self.list(Until::CaseEnd);
            }
            None => {
                self.error_at_end();
                self.set_state(State::Close);
            }
            Some(_) => self.malformed(),
        }
    }

    fn step_case_end(&mut self, node: u32) {
        if self.peek() == Some(b';') {
            let length = if self.starts_with(b";;&") { 3 } else { 2 };
            self.token(NodeKind::Operator(Operator::CaseEnd), length);
        }
        self.pop(node);
    }

    fn step_function_body(&mut self, node: u32) {
        if !self.skip_lines() {
            return;
        }
        self.set_state(State::Close);
        let compound = match self.peek() {
            Some(b'(') => true,
            Some(_) => self.peek_keyword().is_some_and(|keyword| {
                !matches!(keyword, Keyword::Not | Keyword::Time | Keyword::Coproc | Keyword::CloseBrace)
            }),
            None => {
                self.error_at_end();
                return self.pop(node);
            }
        };
        if compound {
            self.command();
        } else {
            self.malformed();
        }
    }

    fn step_test(&mut self, regex: bool) {
        if !self.skip_lines() {
            return;
        }
        let Some(byte) = self.peek() else {
            self.error_at_end();
            return self.set_state(State::Close);
        };
        let operator = |operator| NodeKind::Operator(operator);
        match (byte, self.peek_at(1)) {
            (b'&', Some(b'&')) => self.token(operator(Operator::And), 2),
            (b'|', Some(b'|')) => self.token(operator(Operator::Or), 2),
            (b'(', _) if !regex => self.token(operator(Operator::OpenParenthesis), 1),
            (b')', _) => self.token(operator(Operator::CloseParenthesis), 1),
            (b'<' | b'>', next) if next != Some(b'(') => self.token(operator(Operator::Compare), 1),
            (b';' | b'&' | b'|', _) => {
                self.error(Unreadable::CloseFirst);
                return self.set_state(State::Close);
            }
            (b']', Some(b']')) if self.peek_keyword() == Some(Keyword::CloseTest) => {
                self.keyword(Keyword::CloseTest);
                return self.go_on(Phase::Redirections);
            }
            _ => {
                let matches = self.starts_with(b"=~")
                    && self.peek_at(2).is_none_or(|byte| class::of(byte) & (class::BLANK | class::NEWLINE) != 0);
                self.go_on(Phase::Test { regex: matches });
                return self.word(if regex { Mode::Regex { depth: 0 } } else { Mode::Test });
            }
        }
        self.go_on(Phase::Test { regex: false });
    }
}
