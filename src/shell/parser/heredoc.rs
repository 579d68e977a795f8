//! Heredocs inside a script: announced on one line, read after it.

use super::super::tree::{NodeKind, Redirection};
use super::{Parser, State, class};

/// How many heredocs may be nested in substitutions in one another: the end of each is looked for in all that is in it.
const DEEPEST: u32 = 16;

/// The heredocs that were announced.
#[derive(Debug, Default)]
pub(super) struct Heredocs {
    /// Those of this line: the redirection of each.
    announced: Vec<u32>,
    waiting: Waiting,
    /// How many bodies are open.
    depth: u32,
    /// Which body belongs to which redirection.
    pub(super) bodies: Vec<(u32, u32)>,
}

/// Which of the announced ones are to be read at the next line feed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waiting {
    /// Those before are of an outer substitution.
    first: usize,
    /// The next to be read.
    next: usize,
}

impl Heredocs {
    /// Begins a substitution, in which those announced outside wait.
    pub(super) fn begin(&mut self) -> Waiting {
        let outside = self.waiting;
        self.waiting = Waiting { first: self.announced.len(), next: self.announced.len() };
        outside
    }

    /// Ends a substitution; those that are still announced in it have no body.
    pub(super) fn resume(&mut self, outside: Waiting) {
        self.announced.truncate(self.waiting.first);
        self.waiting = outside;
    }
}

impl Parser<'_> {
    pub(super) fn step_heredoc_target(&mut self, node: u32) {
        self.heredocs.announced.push(node);
        self.pop(node);
    }

    /// Reads the bodies of the heredocs that were announced, at the start of a line. Says false where one has to be read
    /// first that expands something.
    pub(super) fn read_heredocs(&mut self) -> bool {
        while let Some(redirection) = self.heredocs.announced.get(self.heredocs.waiting.next).copied() {
            self.heredocs.waiting.next += 1;
            if !self.read_heredoc(redirection) {
                return false;
            }
        }
        self.heredocs.announced.truncate(self.heredocs.waiting.first);
        self.heredocs.waiting.next = self.heredocs.waiting.first;
        true
    }

    fn read_heredoc(&mut self, redirection: u32) -> bool {
        let strips = self.kind_of(redirection) == Some(NodeKind::Redirection(Redirection::HeredocStripped));
        let (name, quoted) = self.heredoc_name(redirection);
        let (end, terminator) = self.heredoc_end(&name, strips, quoted);
        let body = self.begin(NodeKind::HeredocBody { expands: !quoted }, self.at);
        self.heredocs.bodies.push((redirection, body));
        let text = self.bytes.get(self.at..end).unwrap_or_default();
        if !quoted && self.heredocs.depth < DEEPEST && text.iter().any(|byte| class::of(*byte) & class::EXPANDS != 0) {
            self.limit(end);
            self.heredocs.depth += 1;
            self.push(State::HeredocBody { redirection }, body);
            // The terminator is found again where the body ends.
            return false;
        }
        self.at = end;
        self.last = end;
        self.end(body);
        self.terminator(terminator, name.len());
        true
    }

    /// The name that ends a heredoc, and whether a part of it is quoted.
    fn heredoc_name(&self, redirection: u32) -> (Vec<u8>, bool) {
        let word = self.nodes.get(redirection as usize + 1).map(|word| word.range).unwrap_or_default();
        let written = word.of(self.text).as_bytes();
        let quoted = written.iter().any(|byte| matches!(byte, b'\'' | b'"' | b'\\'));
        let mut name = Vec::with_capacity(written.len());
        let mut bytes = written.iter().copied();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' => name.extend(bytes.next()),
                b'\'' | b'"' => {}
                byte => name.push(byte),
            }
        }
        (name, quoted)
    }

    /// Where the body ends, and where the name stands that ends it.
    fn heredoc_end(&self, name: &[u8], strips: bool, quoted: bool) -> (usize, Option<usize>) {
        let mut start = self.at;
        let mut continued = false;
        while let Some(rest) = self.bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            let tabs = if strips { line.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
            if !continued && line.get(tabs..) == Some(name) {
                return (start, Some(start + tabs));
            }
            let backslashes = line.iter().rev().take_while(|byte| **byte == b'\\').count();
            continued = !quoted && backslashes % 2 == 1;
            start += length + 1;
        }
        (self.bytes.len(), None)
    }

    fn terminator(&mut self, at: Option<usize>, length: usize) {
        if let Some(at) = at {
            self.leaf(NodeKind::HeredocEnd, at, at + length);
            self.at = at + length;
            if self.peek() == Some(b'\n') {
                self.at += 1;
            }
        }
    }

    pub(super) fn step_heredoc_body(&mut self, node: u32, redirection: u32) {
        if self.expansions(true) {
            return;
        }
        let end = self.bytes.len();
        self.unlimit();
        self.at = end;
        self.last = end;
        self.heredocs.depth -= 1;
        self.pop(node);
        let strips = self.kind_of(redirection) == Some(NodeKind::Redirection(Redirection::HeredocStripped));
        let (name, quoted) = self.heredoc_name(redirection);
        let (start, terminator) = self.heredoc_end(&name, strips, quoted);
        if start == end {
            self.terminator(terminator, name.len());
        }
        self.read_heredocs();
    }
}
