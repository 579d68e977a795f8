//! A script that is read.

use super::call::Call;
use super::facts::Facts;
use super::switches::Switches;
use super::tree::{Node, NodeKind, NodeRef};
use super::{Dialect, Interpreter, Text, analysis, parser};
use crate::ast;
use crate::source::Span;

/// What variables hold that a script does not set itself; none where that is not known.
pub type Lookup<'e> = &'e dyn Fn(&str) -> Option<&'e str>;

/// A script that is read.
#[derive(Clone, Debug)]
pub struct Script<'t> {
    pub(super) text: Text<'t>,
    pub(super) interpreter: Interpreter,
    pub(super) nodes: Vec<Node>,
    /// Which body belongs to which redirection, in the order of the latter.
    bodies: Vec<(u32, u32)>,
    pub(super) facts: Facts,
    is_exec: bool,
}

impl<'t> Script<'t> {
    /// Reads a script. One for a shell that is not read has no nodes but an empty list.
    ///
    /// Takes time and memory in proportion to the length of the text.
    ///
    /// ```
    /// use plimsoll::shell::{Interpreter, NodeKind, Script, Text};
    ///
    /// let script = Script::read(Text::plain("set -e; curl x | sh", 100), Interpreter::default(), &|_| None);
    /// let pipe = script.nodes().filter(|node| node.kind() == NodeKind::Pipeline).last().unwrap();
    /// assert_eq!(pipe.text(), "curl x | sh");
    /// assert_eq!(pipe.span().start, 108);
    /// assert!(script.switches_at(pipe).errexit.is_on());
    /// assert!(script.switches_at(pipe).pipefail.is_off());
    /// ```
    #[must_use]
    pub fn read(text: Text<'t>, interpreter: Interpreter, lookup: Lookup<'_>) -> Self {
        let read = if interpreter.dialect.is_read() { text.as_str() } else { "" };
        let mut tree = parser::parse(read);
        tree.bodies.sort_unstable();
        let facts = analysis::analyse(read, &tree.nodes, interpreter, lookup);
        Self { text, interpreter, nodes: tree.nodes, bodies: tree.bodies, facts, is_exec: false }
    }

    /// The command that an array of JSON strings is, as a script of one command whose words mean what is written.
    #[must_use]
    pub fn of_exec(words: &[ast::Word<'_>]) -> Script<'static> {
        let mut builder = super::text::Builder::default();
        let mut ranges: Vec<Span> = Vec::with_capacity(words.len());
        let mut length = 0;
        for word in words {
            if length > 0 {
                builder.push(' ', word.span.start.saturating_sub(1), 1);
                length += 1;
            }
            for (at, c) in word.char_indices() {
                let place = word.span_of(at..at + c.len_utf8());
                builder.push(c, place.start, place.len().max(1) as usize);
            }
            ranges.push(Span::of_range(length..length + word.len()));
            length += word.len();
        }
        let end = Span::of_range(0..words.len()).end + 4;
        let whole = Span::of_range(0..length);
        let holders = [NodeKind::List, NodeKind::Statement, NodeKind::Pipeline, NodeKind::Simple];
        let mut nodes: Vec<Node> = (0_u32..)
            .zip(holders)
            .map(|(index, kind)| Node { kind, range: whole, end, parent: index.saturating_sub(1) })
            .collect();
        nodes.extend((4..).zip(ranges).map(|(index, range): (u32, Span)| Node {
            kind: NodeKind::Word,
            range,
            end: index + 1,
            parent: 3,
        }));
        let text = builder.finish();
        let interpreter = Interpreter { dialect: Dialect::Unknown, switches: Switches::default() };
        let facts = analysis::analyse(text.as_str(), &nodes, interpreter, &|_| None);
        Script { text, interpreter, nodes, bodies: Vec::new(), facts, is_exec: true }
    }

    /// The text that the shell sees, and the way from it to the Dockerfile.
    #[must_use]
    pub const fn text(&self) -> &Text<'t> {
        &self.text
    }

    /// Which shell it is for.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.interpreter.dialect
    }

    /// Whether it is no script but the words of a command, which no shell reads.
    #[must_use]
    pub const fn is_exec(&self) -> bool {
        self.is_exec
    }

    /// The whole, a [`NodeKind::List`].
    #[must_use]
    pub fn root(&self) -> NodeRef<'_> {
        self.node(0)
    }

    pub(super) fn node(&self, index: u32) -> NodeRef<'_> {
        NodeRef { script: self, index }
    }

    /// All nodes in the order in which they begin, each before those in it.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        (0..).zip(&self.nodes).map(|(index, _)| self.node(index))
    }

    /// What could not be read.
    pub fn errors(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.nodes().filter(|node| matches!(node.kind(), NodeKind::Error(_)))
    }

    /// All pipelines, those of one command too.
    pub fn pipelines(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.nodes().filter(|node| node.kind() == NodeKind::Pipeline)
    }

    /// All commands that are executed by name, in order, at any depth; what a command runs, like `sudo`, follows it.
    pub fn calls(&self) -> impl Iterator<Item = Call<'_>> {
        (0..).zip(&self.facts.calls).map(|(index, _)| Call { script: self, index })
    }

    /// The options of the shell that hold where a node begins.
    #[must_use]
    pub fn switches_at(&self, node: NodeRef<'_>) -> Switches {
        let after = self.facts.changes.partition_point(|(from, _)| *from <= node.index());
        self.facts.changes.get(after.saturating_sub(1)).map_or(self.interpreter.switches, |change| change.1)
    }

    /// The body of the heredoc that a redirection announces.
    #[must_use]
    pub fn heredoc_body(&self, redirection: NodeRef<'_>) -> Option<NodeRef<'_>> {
        let found = self.bodies.binary_search_by_key(&redirection.index(), |(announced, _)| *announced).ok()?;
        self.bodies.get(found).map(|(_, body)| self.node(*body))
    }
}
