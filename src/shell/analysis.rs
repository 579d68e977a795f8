//! What holds at each command of a script: the options of the shell, the values of variables, and what the words mean.
//!
//! One pass over the nodes in the order of the text, which is the order of execution but for loops and functions: what these
//! assign is not known in them before they do so, and what a function assigns is not known outside.

use super::arguments::Fields;
use super::command::Given;
use super::dialect::Interpreter;
use super::facts::{CallData, Facts};
use super::tree::{Node, NodeKind, Operator, Parameter};
use super::value::Stored;
use super::variables::Variables;
use super::{Lookup, command};

/// A part of a script in which things may hold that don't hold after it.
#[derive(Clone, Copy, Debug)]
struct Scope {
    kind: ScopeKind,
    /// The index after its last node.
    end: u32,
    /// How many assignments came before it.
    mark: usize,
    /// What held before it.
    switches: super::Switches,
    /// What was repeated before it.
    repeats_from: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ScopeKind {
    /// What is assigned in it is lost.
    Subshell,
    /// It may be executed or not.
    Doubtful,
    /// What follows `&&` or, where `or`, `||` in the statement of this index.
    Tail { statement: u32, or: bool },
}

pub(super) struct Analysis<'s, 'e> {
    pub(super) text: &'s str,
    pub(super) nodes: &'s [Node],
    pub(super) interpreter: Interpreter,
    pub(super) lookup: Lookup<'e>,
    pub(super) facts: Facts,
    pub(super) variables: Variables<'s>,
    scopes: Vec<Scope>,
    switches: super::Switches,
    /// Where the last arithmetic ends that was looked at.
    arithmetic_end: u32,
    /// Commands whose arguments are to be told apart: the first and the end of each, and what runs it.
    waiting: Vec<(u32, u32, Option<u32>)>,
}

/// What holds in a script.
pub(super) fn analyse(text: &str, nodes: &[Node], interpreter: Interpreter, lookup: Lookup<'_>) -> Facts {
    let mut analysis = Analysis {
        text,
        nodes,
        interpreter,
        lookup,
        facts: Facts::for_nodes(nodes.len()),
        variables: Variables::default(),
        scopes: Vec::new(),
        switches: interpreter.switches,
        arithmetic_end: 0,
        waiting: Vec::new(),
    };
    analysis.facts.changes.push((0, interpreter.switches));
    analysis.note_repeated();
    analysis.run();
    analysis.facts
}

impl<'s> Analysis<'s, '_> {
    fn run(&mut self) {
        for (index, node) in (0..).zip(self.nodes) {
            while let Some(scope) = self.scopes.last().copied().filter(|scope| scope.end <= index) {
                self.leave(scope);
            }
            self.node(index, *node);
            if node.kind == NodeKind::Simple && self.facts.changes.last().map(|change| change.1) != Some(self.switches)
            {
                // What a command changes holds from the next node on.
                self.facts.changes.push((index + 1, self.switches));
            }
        }
    }

    pub(super) fn get(&self, index: u32) -> Option<Node> {
        self.nodes.get(index as usize).copied()
    }

    pub(super) fn written(&self, node: Node) -> &'s str {
        node.range.of(self.text)
    }

    /// The children of a node, with their indices.
    pub(super) fn children(&self, index: u32) -> impl Iterator<Item = (u32, Node)> + use<'s> {
        let nodes = self.nodes;
        let end = nodes.get(index as usize).map_or(0, |node| node.end);
        let mut next = index + 1;
        std::iter::from_fn(move || {
            let node = *nodes.get(next as usize).filter(|_| next < end)?;
            let child = (next, node);
            next = node.end.max(next + 1);
            Some(child)
        })
    }

    fn node(&mut self, index: u32, node: Node) {
        match node.kind {
            NodeKind::Simple => self.simple(index),
            NodeKind::Subshell
            | NodeKind::CommandSubstitution
            | NodeKind::Backquoted
            | NodeKind::ProcessSubstitution => self.enter(ScopeKind::Subshell, node.end),
            NodeKind::Pipeline => {
                let pipe = NodeKind::Operator(Operator::Pipe);
                let both = NodeKind::Operator(Operator::PipeBoth);
                if self.children(index).any(|(_, child)| child.kind == pipe || child.kind == both) {
                    self.enter(ScopeKind::Subshell, node.end);
                }
            }
            NodeKind::Statement => {
                let last = self.get(node.end.saturating_sub(1));
                let background = NodeKind::Operator(Operator::Background);
                if last.is_some_and(|last| last.kind == background && last.parent == index) {
                    self.enter(ScopeKind::Subshell, node.end);
                }
            }
            NodeKind::Operator(Operator::And) => self.joined(node.parent, false),
            NodeKind::Operator(Operator::Or) => self.joined(node.parent, true),
            NodeKind::While | NodeKind::Until => self.repeated(node.end),
            NodeKind::For | NodeKind::Select => {
                if let Some(name) = self.get(index + 2).filter(|name| name.kind == NodeKind::Word) {
                    self.variables.assign(self.written(name), None);
                }
                self.repeated(node.end);
            }
            NodeKind::Function => self.repeated(node.end),
            NodeKind::CaseItem => self.enter(ScopeKind::Doubtful, node.end),
            NodeKind::List => {
                let parent = self.get(node.parent).map(|parent| parent.kind);
                // The first condition of an `if` is always executed.
                if parent == Some(NodeKind::If) && index != node.parent + 2 {
                    self.enter(ScopeKind::Doubtful, node.end);
                }
            }
            NodeKind::Parameter(Parameter::Assign) => {
                let name = parameter_name(self.written(node));
                self.variables.assign(name, None);
            }
            NodeKind::Arithmetic | NodeKind::ArithmeticExpansion => self.arithmetic(node),
            _ => {}
        }
    }

    fn enter(&mut self, kind: ScopeKind, end: u32) {
        let mark = self.variables.mark();
        let repeats_from = self.variables.repeats_from;
        self.scopes.push(Scope { kind, end, mark, switches: self.switches, repeats_from });
    }

    fn repeated(&mut self, end: u32) {
        self.enter(ScopeKind::Doubtful, end);
        self.variables.repeats_from = Some(self.variables.mark());
    }

    fn leave(&mut self, scope: Scope) {
        match scope.kind {
            ScopeKind::Subshell => {
                self.variables.undo(scope.mark);
                self.switches = scope.switches;
            }
            ScopeKind::Doubtful | ScopeKind::Tail { .. } => {
                self.variables.doubt(scope.mark);
                self.switches = self.switches.or(scope.switches);
            }
        }
        self.variables.repeats_from = scope.repeats_from;
        self.scopes.pop();
        let end = scope.end;
        if self.facts.changes.last().map(|change| change.1) != Some(self.switches) {
            self.facts.changes.push((end, self.switches));
        }
    }

    /// What follows `&&` or `||` in a statement is executed or not, but surely what stood before with `&&` between.
    fn joined(&mut self, statement: u32, or: bool) {
        let Some(node) = self.get(statement).filter(|node| node.kind == NodeKind::Statement) else { return };
        if let Some(scope) = self.scopes.last().copied()
            && let ScopeKind::Tail { statement: same, or: before } = scope.kind
            && same == statement
        {
            if !or && !before {
                return;
            }
            self.leave(scope);
        }
        self.enter(ScopeKind::Tail { statement, or }, node.end);
    }

    /// Notes which names loops and functions assign.
    fn note_repeated(&mut self) {
        let (mut loops, mut functions) = (0, 0);
        for (index, node) in (0..).zip(self.nodes) {
            match node.kind {
                NodeKind::While | NodeKind::Until | NodeKind::For | NodeKind::Select => loops = node.end.max(loops),
                NodeKind::Function => functions = node.end.max(functions),
                NodeKind::Assignment if index < loops || index < functions => {
                    let name = assigned_name(node.range.of(self.text));
                    self.variables.repeated.insert(name);
                    if index < functions {
                        self.variables.by_functions.insert(name);
                    }
                }
                NodeKind::Simple if index < loops || index < functions => {
                    for name in self.names_that_it_sets(index) {
                        self.variables.repeated.insert(name);
                        if index < functions {
                            self.variables.by_functions.insert(name);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The names that `read` and its like set, where the command is one.
    fn names_that_it_sets(&self, simple: u32) -> Vec<&'s str> {
        let mut words = self.children(simple).filter(|(_, child)| child.kind == NodeKind::Word);
        let name = words.next().map(|(_, name)| self.written(name)).unwrap_or_default();
        if !matches!(name, "read" | "unset" | "getopts" | "mapfile" | "readarray" | "printf" | "let") {
            return Vec::new();
        }
        words.map(|(_, word)| assigned_name(self.written(word))).filter(|name| is_name(name)).collect()
    }

    /// An expression may assign to any name in it.
    fn arithmetic(&mut self, node: Node) {
        // What stands in one that was looked at was looked at with it.
        if node.range.end <= self.arithmetic_end {
            return;
        }
        self.arithmetic_end = node.range.end;
        let written = self.written(node);
        if written.contains('=') || written.contains("++") || written.contains("--") {
            let names = written.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|name| is_name(name));
            for name in names {
                self.variables.assign(name, None);
            }
        }
    }

    fn simple(&mut self, index: u32) {
        let first = self.facts.arguments.len();
        let mut assignments = 0_usize;
        let mut words = 0_usize;
        for (child, node) in self.children(index) {
            match node.kind {
                NodeKind::Word => {
                    words += 1;
                    Fields::new(self, child, node).split();
                }
                NodeKind::Assignment if words == 0 => assignments += 1,
                NodeKind::Assignment => self.assignment(child, node),
                _ => {}
            }
        }
        if words == 0 && assignments > 0 {
            for (child, node) in self.children(index).filter(|(_, child)| child.kind == NodeKind::Assignment) {
                self.assignment(child, node);
            }
        }
        let end = self.facts.arguments.len();
        if end == first {
            return;
        }
        let (first, end) = (place(first), place(end));
        self.calls(index, first, end);
        self.builtin(index, first, end);
    }

    fn assignment(&mut self, index: u32, node: Node) {
        let written = self.written(node);
        let name = assigned_name(written);
        let plain = written.get(name.len()..).is_some_and(|rest| rest.starts_with('='));
        let value = self.children(index).next();
        let stored = match value {
            None if plain => Some(Stored::Script(crate::source::Span::empty(node.range.end))),
            Some((word, node)) if plain && node.kind == NodeKind::Word => Fields::new(self, word, node).whole(),
            _ => None,
        };
        self.variables.assign(name, stored);
    }

    /// The command that the arguments are, and those that it runs.
    fn calls(&mut self, node: u32, first: u32, end: u32) {
        self.waiting.push((first, end, None));
        while let Some((name, end, wrapped_in)) = self.waiting.pop() {
            let text = self.text;
            let facts = &mut self.facts;
            let (options_start, operands_start) = (place(facts.options.len()), place(facts.operands.len()));
            let Some(stored) = facts.arguments.get(name as usize).map(|argument| argument.text) else { continue };
            let path = facts.text(text, stored);
            let program = path.rsplit('/').next().unwrap_or(path);
            let stored = stored.ending(program.len());
            let table = command::table(program);
            let mut options: Vec<Given> = std::mem::take(&mut facts.options);
            let mut operands = std::mem::take(&mut facts.operands);
            let text_of = |argument: u32| facts.text_of(text, argument).unwrap_or_default();
            let outcome = command::parse(table, (name + 1, end), &text_of, &mut options, &mut operands);
            // An unknown word before a command with a subcommand is likely to run it: `$SUDO apt-get update`.
            let prefix = facts.arguments.get(name as usize).is_some_and(|argument| argument.may_be_several);
            let runs_next = prefix
                && table.is_none()
                && name + 2 < end
                && command::table(text_of(name + 1)).is_some_and(|next| {
                    let operand = (name + 2..end).map(text_of).find(|text| !text.starts_with('-'));
                    operand.is_some_and(|operand| next.subcommand(operand).is_some())
                });
            facts.options = options;
            facts.operands = operands;
            let call = place(facts.calls.len());
            facts.calls.push(CallData {
                node,
                name,
                program: stored,
                end,
                options: (options_start, place(facts.options.len())),
                operands: (operands_start, place(facts.operands.len())),
                table,
                subcommand: outcome.subcommand,
                script: outcome.script,
                wrapped_in,
                switches: self.switches,
            });
            if runs_next {
                self.waiting.push((name + 1, end, Some(call)));
            }
            self.waiting.extend(outcome.commands.into_iter().rev().map(|(first, end)| (first, end, Some(call))));
        }
    }

    /// What a command changes of the shell itself.
    fn builtin(&mut self, node: u32, first: u32, end: u32) {
        let name = self.facts.text_of(self.text, first).unwrap_or_default();
        match name {
            "set" => {
                let words: Vec<Option<&str>> =
                    (first + 1..end).map(|argument| self.facts.known(self.text, argument)).collect();
                if words.iter().any(Option::is_none) {
                    self.switches = super::Switches::unknown();
                } else {
                    self.switches.set(words.into_iter().flatten());
                }
            }
            "eval" | "." | "source" => self.variables.forget(),
            "read" | "unset" | "getopts" | "mapfile" | "readarray" | "printf" | "let" => {
                for name in self.names_that_it_sets(node) {
                    self.variables.assign(name, None);
                }
            }
            _ => {}
        }
    }
}

pub(super) fn place(of: usize) -> u32 {
    crate::source::Span::of_range(of..of).start
}

fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name that an assignment begins with.
pub(super) fn assigned_name(written: &str) -> &str {
    let length = written.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    written.get(..length).unwrap_or_default()
}

/// The name in `$name` or `${name…}`; what is no name is as it is written.
pub(super) fn parameter_name(written: &str) -> &str {
    let rest = written.trim_start_matches(['$', '{', '#', '!']);
    let name = assigned_name(rest);
    if name.is_empty() { rest.strip_suffix('}').unwrap_or(rest) } else { name }
}
