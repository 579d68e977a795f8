//! Whether `((` begins an expression or two subshells, and where the expression ends.

use super::super::tree::NodeKind;
use super::{Parser, State};

/// Parentheses that were looked for.
#[derive(Debug, Default)]
pub(super) struct Parentheses {
    /// Up to where all are known.
    known: usize,
    /// Where `((` stands that `))` closes, and where that stands; in order of the former.
    pairs: Vec<(u32, u32)>,
    open: Vec<u32>,
}

impl Parentheses {
    /// Matches all parentheses from `from` on up to the one that closes the first. Quotes are not heeded: they are rare in
    /// expressions, and what is no expression has its two closing parentheses rarely side by side.
    fn look(&mut self, bytes: &[u8], from: usize) {
        let first = self.pairs.len();
        self.open.clear();
        let mut last_closed = (usize::MAX, u32::MAX);
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'(' => self.open.push(place(at)),
                b')' => {
                    let Some(open) = self.open.pop() else { break };
                    let (closed_at, inner) = last_closed;
                    if closed_at.wrapping_add(1) == at && open + 1 == inner {
                        self.pairs.push((open, place(closed_at)));
                    }
                    last_closed = (at, open);
                    if self.open.is_empty() {
                        at += 1;
                        break;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.known = at;
        if let Some(new) = self.pairs.get_mut(first..) {
            new.sort_unstable();
        }
    }
}

fn place(at: usize) -> u32 {
    crate::source::Span::of_range(at..at).start
}

impl Parser<'_> {
    /// Where the `))` stands that closes the `((` at `open`.
    pub(super) fn arithmetic_end(&mut self, open: usize) -> Option<usize> {
        if open >= self.arithmetic.known {
            self.arithmetic.look(self.bytes, open);
        }
        let pairs = &self.arithmetic.pairs;
        let found = pairs.binary_search_by_key(&place(open), |pair| pair.0).ok()?;
        pairs.get(found).map(|pair| pair.1 as usize).filter(|end| end + 2 <= self.bytes.len())
    }

    /// `((…))` as a command or the head of a `for`.
    pub(super) fn double_parentheses(&mut self) {
        let node = self.begin(NodeKind::Arithmetic, self.at);
        let end = self.arithmetic_end(self.at).unwrap_or(self.bytes.len());
        let closing = if end == self.bytes.len() { 0 } else { 2 };
        self.at += 2;
        self.last = self.at;
        self.limit(end);
        self.push(State::Limited { closing }, node);
    }

    /// What has a known end and means nothing else than its expansions: an expression.
    pub(super) fn step_limited(&mut self, node: u32, closing: u8) {
        if self.expansions(true) {
            return;
        }
        self.unlimit();
        if closing == 0 {
            self.error_at_end();
        }
        self.at += usize::from(closing);
        self.last = self.at;
        self.pop(node);
    }
}
