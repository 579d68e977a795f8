//! From a text to the nodes of its tree.
//!
//! A machine with a stack of its own, by hand: what a character means in a shell depends on all that is open around it - quotes,
//! substitutions, `case` patterns, heredocs announced earlier on the line - and any of it may nest in any other, so that
//! combinators, which call one another, would recurse as deep as the file says, and could not go on after what they can't read.
//! What is a small language of its own inside, with no nesting, is nom's: the head of an expansion in [`parameter`], and, outside
//! this folder, shebangs and package names.
//!
//! Each step either takes characters or takes a frame off the stack, and no character is looked at more often than a few
//! times, so that time and memory grow with the length of the text.

mod arithmetic;
mod class;
mod compound;
mod expansion;
mod heredoc;
mod parameter;
mod simple;
mod word;

use super::tree::{Keyword, Node, NodeKind, Operator, Unreadable};
use crate::source::Span;

/// What is open.
#[derive(Clone, Copy, Debug)]
struct Frame {
    state: State,
    /// Its node.
    node: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    List {
        until: Until,
        empty: bool,
    },
    Statement {
        after_operator: bool,
    },
    Pipeline {
        after_operator: bool,
    },
    Simple(simple::Place),
    /// Nothing follows what was read last.
    Close,
    Array,
    HeredocTarget,
    Word {
        mode: word::Mode,
        braces: u32,
    },
    DoubleQuoted,
    Operand {
        quoted: bool,
        pattern: bool,
    },
    Substitution,
    /// What was read up to a limit, and how many bytes close it.
    Limited {
        closing: u8,
    },
    HeredocBody {
        redirection: u32,
    },
    Compound(compound::Phase),
}

/// What ends a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Until {
    End,
    Parenthesis,
    Brace,
    Then,
    ElseOrFi,
    Fi,
    Do,
    Done,
    CaseEnd,
}

impl Until {
    const fn group(self) -> Option<Group> {
        match self {
            Self::End => None,
            Self::Parenthesis => Some(Group::Parenthesis),
            Self::Brace => Some(Group::Brace),
            Self::Then | Self::ElseOrFi | Self::Fi => Some(Group::If),
            Self::Do | Self::Done => Some(Group::Loop),
            Self::CaseEnd => Some(Group::Case),
        }
    }

    const fn takes(self, closer: Closer) -> bool {
        matches!(
            (self, closer),
            (Self::Parenthesis, Closer::Parenthesis)
                | (Self::CaseEnd, Closer::CaseEnd | Closer::Keyword(Keyword::Esac))
                | (Self::Brace, Closer::Keyword(Keyword::CloseBrace))
                | (Self::Then, Closer::Keyword(Keyword::Then))
                | (Self::ElseOrFi, Closer::Keyword(Keyword::Elif | Keyword::Else | Keyword::Fi))
                | (Self::Fi, Closer::Keyword(Keyword::Fi))
                | (Self::Do, Closer::Keyword(Keyword::Do))
                | (Self::Done, Closer::Keyword(Keyword::Done))
        )
    }
}

/// What opens and closes together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Group {
    Parenthesis,
    Brace,
    If,
    Loop,
    Case,
}

/// What closes lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Closer {
    Parenthesis,
    CaseEnd,
    Keyword(Keyword),
}

impl Closer {
    /// Whether it closes the whole command, and not only one of its lists.
    const fn is_last(self) -> bool {
        matches!(self, Self::Keyword(Keyword::Fi | Keyword::Done))
    }

    const fn group(self) -> Group {
        match self {
            Self::Parenthesis => Group::Parenthesis,
            Self::Keyword(Keyword::CloseBrace) => Group::Brace,
            Self::Keyword(Keyword::Do | Keyword::Done) => Group::Loop,
            Self::CaseEnd | Self::Keyword(Keyword::Esac) => Group::Case,
            Self::Keyword(_) => Group::If,
        }
    }
}

/// What holds outside a substitution while one is read.
#[derive(Clone, Copy, Debug)]
struct Outside {
    open: [u32; 5],
    heredocs: heredoc::Waiting,
}

pub(super) struct Parser<'t> {
    text: &'t str,
    /// The text as far as it may be read: up to the end of the innermost part whose end is known.
    bytes: &'t [u8],
    /// Where it went on before, and how far, for each such part.
    limits: Vec<usize>,
    at: usize,
    nodes: Vec<Node>,
    /// The innermost open node.
    parent: u32,
    /// The end of the last token.
    last: usize,
    stack: Vec<Frame>,
    /// How many lists of each group are open.
    open: [u32; 5],
    outside: Vec<Outside>,
    heredocs: heredoc::Heredocs,
    braces: Vec<word::Brace>,
    /// The commas in them.
    commas: Vec<u32>,
    /// No `]` stands between the last place where one was looked for and here.
    no_bracket: usize,
    arithmetic: arithmetic::Parentheses,
    /// Where the text ended too early last.
    ended: Option<usize>,
}

/// The tree of a text, and which body belongs to which heredoc.
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) bodies: Vec<(u32, u32)>,
}

/// Reads a script.
pub(super) fn parse(text: &str) -> Tree {
    let mut parser = Parser::new(text);
    parser.run();
    Tree { nodes: parser.nodes, bodies: parser.heredocs.bodies }
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            limits: Vec::new(),
            at: 0,
            // A word has about seven characters, and two words out of three nodes are plain.
            nodes: Vec::with_capacity(text.len() / 4 + 8),
            parent: 0,
            last: 0,
            stack: Vec::with_capacity(16),
            open: [0; 5],
            outside: Vec::new(),
            heredocs: heredoc::Heredocs::default(),
            braces: Vec::new(),
            commas: Vec::new(),
            no_bracket: 0,
            arithmetic: arithmetic::Parentheses::default(),
            ended: None,
        }
    }

    fn run(&mut self) {
        self.list(Until::End);
        while let Some(frame) = self.stack.last().copied() {
            match frame.state {
                State::List { until, empty } => self.step_list(frame.node, until, empty),
                State::Statement { after_operator } => self.step_statement(frame.node, after_operator),
                State::Pipeline { after_operator } => self.step_pipeline(frame.node, after_operator),
                State::Simple(place) => self.step_simple(frame.node, place),
                State::Close => self.pop(frame.node),
                State::Array => self.step_array(frame.node),
                State::HeredocTarget => self.step_heredoc_target(frame.node),
                State::Word { mode, braces } => self.step_word(frame.node, mode, braces),
                State::DoubleQuoted => self.step_double_quoted(frame.node),
                State::Operand { quoted, pattern } => self.step_operand(frame.node, quoted, pattern),
                State::Substitution => self.step_substitution(frame.node),
                State::Limited { closing } => self.step_limited(frame.node, closing),
                State::HeredocBody { redirection } => self.step_heredoc_body(frame.node, redirection),
                State::Compound(phase) => self.step_compound(frame.node, phase),
            }
        }
    }

    // Characters.

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_at(&self, offset: usize) -> Option<u8> {
        self.bytes.get(self.at + offset).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text))
    }

    /// How many bytes from here on are in none of the classes.
    fn run_without(&self, classes: u8) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.iter().position(|byte| class::of(*byte) & classes != 0).unwrap_or(rest.len())
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.peek_at(1) == Some(b'\n') => self.at += 2,
                _ => return,
            }
        }
    }

    /// Skips blanks, line feeds and comments. Says false where a heredoc has to be read first: call it again after that.
    fn skip_lines(&mut self) -> bool {
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'\n') => {
                    self.at += 1;
                    if !self.read_heredocs() {
                        return false;
                    }
                }
                Some(b'#') => self.comment(),
                _ => return true,
            }
        }
    }

    fn comment(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.token(NodeKind::Comment, length);
    }

    // Nodes.

    fn leaf(&mut self, kind: NodeKind, start: usize, end: usize) -> u32 {
        let index = self.next_index();
        self.nodes.push(Node { kind, range: Span::of_range(start..end), end: index + 1, parent: self.parent });
        self.last = end;
        index
    }

    /// A leaf of the next `length` bytes.
    fn token(&mut self, kind: NodeKind, length: usize) {
        let start = self.at;
        self.at += length;
        self.leaf(kind, start, self.at);
    }

    fn next_index(&self) -> u32 {
        Span::of_range(0..self.nodes.len()).end
    }

    fn begin(&mut self, kind: NodeKind, start: usize) -> u32 {
        let index = self.next_index();
        self.nodes.push(Node { kind, range: Span::of_range(start..start), end: index + 1, parent: self.parent });
        self.parent = index;
        self.last = start;
        index
    }

    fn end(&mut self, node: u32) {
        let end = self.next_index();
        let last = Span::of_range(self.last..self.last).start;
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.end = end;
            node.range = Span::new(node.range.start, last);
            self.parent = node.parent;
        }
    }

    fn kind_of(&self, node: u32) -> Option<NodeKind> {
        self.nodes.get(node as usize).map(|node| node.kind)
    }

    fn set_kind(&mut self, node: u32, kind: NodeKind) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.kind = kind;
        }
    }

    fn error(&mut self, why: Unreadable) {
        self.leaf(NodeKind::Error(why), self.last.max(self.at), self.last.max(self.at));
    }

    /// Notes that the text ends too early; of all that is open at its end, the innermost is named.
    fn error_at_end(&mut self) {
        if self.ended != Some(self.at) {
            self.ended = Some(self.at);
            self.error(Unreadable::Unclosed);
        }
    }

    // Frames.

    fn push(&mut self, state: State, node: u32) {
        self.stack.push(Frame { state, node });
    }

    fn pop(&mut self, node: u32) {
        self.end(node);
        self.stack.pop();
    }

    fn set_state(&mut self, state: State) {
        if let Some(frame) = self.stack.last_mut() {
            frame.state = state;
        }
    }

    /// Reads no further than `end` until [`Parser::unlimit`].
    fn limit(&mut self, end: usize) {
        self.limits.push(self.bytes.len());
        self.bytes = self.bytes.get(..end).unwrap_or(self.bytes);
    }

    fn unlimit(&mut self) {
        let end = self.limits.pop().unwrap_or(self.text.len());
        self.bytes = self.text.as_bytes().get(..end).unwrap_or(self.bytes);
    }

    // Lists.

    fn list(&mut self, until: Until) {
        let node = self.begin(NodeKind::List, self.at);
        self.push(State::List { until, empty: true }, node);
        if let Some(group) = until.group() {
            self.count(group, |open| open + 1);
        }
    }

    fn count(&mut self, group: Group, change: impl Fn(u32) -> u32) {
        if let Some(open) = self.open.get_mut(group as usize) {
            *open = change(*open);
        }
    }

    fn is_open(&self, group: Group) -> bool {
        self.open.get(group as usize).is_some_and(|open| *open > 0)
    }

    fn pop_list(&mut self, node: u32, until: Until) {
        if let Some(group) = until.group() {
            self.count(group, |open| open.saturating_sub(1));
        }
        self.pop(node);
    }

    fn step_list(&mut self, node: u32, until: Until, empty: bool) {
        if !self.skip_lines() {
            return;
        }
        let Some(byte) = self.peek() else {
            if until != Until::End {
                self.error_at_end();
            }
            return self.pop_list(node, until);
        };
        let Some(closer) = self.closer(byte) else {
            self.set_state(State::List { until, empty: false });
            return self.statement();
        };
        if until.takes(closer) {
            if empty && !self.may_be_empty(node, until) {
                self.error(Unreadable::EmptyList);
            }
            self.pop_list(node, until);
        } else if until.group() == Some(closer.group()) && closer.is_last() {
            self.error(Unreadable::CloseFirst);
            self.pop_list(node, until);
        } else if until.group() != Some(closer.group()) && self.is_open(closer.group()) {
            self.unwind(closer.group());
        } else {
            self.set_state(State::List { until, empty: false });
            self.unexpected();
        }
    }

    /// Whether a list that is closed may have no command: that of a `case`, and that of a substitution.
    fn may_be_empty(&self, node: u32, until: Until) -> bool {
        let parent = self.nodes.get(node as usize).and_then(|list| self.kind_of(list.parent));
        match until {
            Until::End | Until::CaseEnd => true,
            Until::Parenthesis => {
                matches!(parent, Some(NodeKind::CommandSubstitution | NodeKind::ProcessSubstitution))
            }
            _ => false,
        }
    }

    /// The closer that stands here, where a command could.
    fn closer(&self, byte: u8) -> Option<Closer> {
        match byte {
            b')' => Some(Closer::Parenthesis),
            b';' if matches!(self.peek_at(1), Some(b';' | b'&')) => Some(Closer::CaseEnd),
            b'}' | b't' | b'e' | b'f' | b'd' => match self.peek_keyword()? {
                keyword @ (Keyword::CloseBrace
                | Keyword::Then
                | Keyword::Elif
                | Keyword::Else
                | Keyword::Fi
                | Keyword::Do
                | Keyword::Done
                | Keyword::Esac) => Some(Closer::Keyword(keyword)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The reserved word that stands here.
    fn peek_keyword(&self) -> Option<Keyword> {
        const LONGEST: usize = "function".len();
        let rest = self.bytes.get(self.at..)?;
        let length = rest
            .iter()
            .take(LONGEST + 1)
            .take_while(|byte| byte.is_ascii_lowercase() || matches!(byte, b'{' | b'}' | b'[' | b']' | b'!'))
            .count();
        let ends = rest.get(length).is_none_or(|byte| class::of(*byte) & class::WORD_END != 0);
        if !ends || length > LONGEST {
            return None;
        }
        Keyword::of(self.text.get(self.at..self.at + length)?)
    }

    fn keyword(&mut self, keyword: Keyword) {
        let length = match keyword {
            Keyword::Not | Keyword::OpenBrace | Keyword::CloseBrace => 1,
            Keyword::If | Keyword::In | Keyword::Do | Keyword::Fi | Keyword::OpenTest | Keyword::CloseTest => 2,
            Keyword::For => 3,
            Keyword::Time | Keyword::Then | Keyword::Elif | Keyword::Else | Keyword::Done => 4,
            Keyword::Case | Keyword::Esac => 4,
            Keyword::While | Keyword::Until => 5,
            Keyword::Coproc | Keyword::Select => 6,
            Keyword::Function => 8,
        };
        self.token(NodeKind::Keyword(keyword), length);
    }

    /// Closes all that has to be closed before the innermost list of `group`.
    fn unwind(&mut self, group: Group) {
        self.error(Unreadable::CloseFirst);
        while let Some(frame) = self.stack.last().copied() {
            match frame.state {
                State::List { until, .. } if until.group() == Some(group) => return,
                State::List { until, .. } => self.pop_list(frame.node, until),
                _ => self.pop(frame.node),
            }
        }
    }

    /// Takes a token that can't stand here.
    fn unexpected(&mut self) {
        let why = NodeKind::Error(Unreadable::Unexpected);
        match self.peek() {
            Some(b';') => {
                let length = if self.starts_with(b";;&") { 3 } else { 2 };
                self.token(why, length);
            }
            Some(byte) if class::of(byte) & class::META != 0 => self.token(why, 1),
            Some(_) => {
                let node = self.begin(why, self.at);
                self.push(State::Close, node);
                self.word(word::Mode::Plain);
            }
            None => {}
        }
    }

    fn statement(&mut self) {
        let node = self.begin(NodeKind::Statement, self.at);
        self.push(State::Statement { after_operator: false }, node);
        self.pipeline();
    }

    fn pipeline(&mut self) {
        let node = self.begin(NodeKind::Pipeline, self.at);
        self.push(State::Pipeline { after_operator: false }, node);
        self.command();
    }

    fn step_statement(&mut self, node: u32, after_operator: bool) {
        if after_operator {
            if self.skip_lines() {
                self.set_state(State::Statement { after_operator: false });
                self.pipeline();
            }
            return;
        }
        self.skip_blanks();
        let joined = State::Statement { after_operator: true };
        match (self.peek(), self.peek_at(1)) {
            (None | Some(b'\n' | b')' | b'#'), _) => self.pop(node),
            (Some(b'&'), Some(b'&')) => {
                self.token(NodeKind::Operator(Operator::And), 2);
                self.set_state(joined);
            }
            (Some(b'|'), Some(b'|')) => {
                self.token(NodeKind::Operator(Operator::Or), 2);
                self.set_state(joined);
            }
            (Some(b'&'), _) => {
                self.token(NodeKind::Operator(Operator::Background), 1);
                self.pop(node);
            }
            (Some(b';'), Some(b';' | b'&')) => self.pop(node),
            (Some(b';'), _) => {
                self.token(NodeKind::Operator(Operator::Semicolon), 1);
                self.pop(node);
            }
            (Some(byte), _) if self.closer(byte).is_some() => self.pop(node),
            _ => self.unexpected(),
        }
    }

    fn step_pipeline(&mut self, node: u32, after_operator: bool) {
        if after_operator {
            if self.skip_lines() {
                self.set_state(State::Pipeline { after_operator: false });
                self.command();
            }
            return;
        }
        self.skip_blanks();
        match (self.peek(), self.peek_at(1)) {
            (Some(b'|'), Some(b'|')) | (Some(b'&'), _) => self.pop(node),
            (Some(b'|'), Some(b'&')) => {
                self.token(NodeKind::Operator(Operator::PipeBoth), 2);
                self.set_state(State::Pipeline { after_operator: true });
            }
            (Some(b'|'), _) => {
                self.token(NodeKind::Operator(Operator::Pipe), 1);
                self.set_state(State::Pipeline { after_operator: true });
            }
            _ => self.pop(node),
        }
    }
}
