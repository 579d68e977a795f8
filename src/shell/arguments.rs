//! The arguments that the words of a command become.

use super::analysis::{Analysis, parameter_name};
use super::facts::ArgumentData;
use super::switches::Switch;
use super::tree::{Node, NodeKind, Parameter};
use super::value::{HOLE, Stored, unquoted};
use super::variables::Found;
use crate::source::Span;

/// A value that is longer is not followed: what a short script says may double with each line.
const LONGEST: usize = 1024;

/// Makes arguments of a word.
pub(super) struct Fields<'f, 's, 'e> {
    analysis: &'f mut Analysis<'s, 'e>,
    index: u32,
    word: Node,
    /// Where the value begins that is being made.
    start: usize,
    /// Whether the field has something in it, if only quotes.
    present: bool,
    may_be_several: bool,
    globs: bool,
    /// Which alternative of each `{a,b}` is taken; where there is none for one, what it is is not known.
    choices: Vec<Choice>,
}

/// Which alternative of a `{a,b}` is taken.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// The node of its `{`, and the index after its `}`.
    braces: (u32, u32),
    /// The alternative, and how many there are.
    chosen: usize,
    count: usize,
}

/// More arguments than this are not made of one word.
const MOST: usize = 64;

impl<'f, 's, 'e> Fields<'f, 's, 'e> {
    pub(super) fn new(analysis: &'f mut Analysis<'s, 'e>, index: u32, word: Node) -> Self {
        let start = analysis.facts.values.len();
        Self { analysis, index, word, start, present: false, may_be_several: false, globs: false, choices: Vec::new() }
    }

    /// The arguments that the word is.
    pub(super) fn split(mut self) {
        if let Some(text) = self.as_it_stands() {
            return self.push(text);
        }
        self.choices = self.braces();
        loop {
            self.parts(true);
            if self.present {
                self.finish();
            }
            if !self.next_choice() {
                return;
            }
            if self.analysis.facts.values.len() > self.analysis.facts.budget(self.analysis.text) {
                self.unknown(false);
                return self.finish();
            }
        }
    }

    /// The `{a,b}` of the word, each with its first alternative; none where the shell expands none, or they make too many.
    fn braces(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        if self.analysis.interpreter.dialect.expands_braces() != Switch::On {
            return choices;
        }
        let nodes = self.analysis.nodes;
        let mut product = 1_usize;
        for (open, node) in self.analysis.children(self.index) {
            if node.kind != NodeKind::BraceOpen {
                continue;
            }
            let end = closing_brace(nodes, open, self.word.end);
            let count = alternatives(nodes, open, end).count();
            product = product.saturating_mul(count);
            if product > MOST {
                return Vec::new();
            }
            // A range has one, which is left unknown.
            if count > 1 {
                choices.push(Choice { braces: (open, end), chosen: 0, count });
            }
        }
        choices
    }

    /// Takes the next alternatives; says false where all were taken.
    fn next_choice(&mut self) -> bool {
        for at in (0..self.choices.len()).rev() {
            // What stands in an alternative that is not taken makes no difference.
            let is_taken = |choices: &[Choice], (open, _): (u32, u32)| {
                choices.iter().all(|holder| {
                    let (start, end) = holder.braces;
                    let inside = start < open && open < end;
                    !inside || self.alternative(holder).is_some_and(|(first, last)| first <= open && open < last)
                })
            };
            let Some(choice) = self.choices.get(at).copied() else { continue };
            if !is_taken(&self.choices, choice.braces) {
                continue;
            }
            let next = choice.chosen + 1;
            let done = next >= choice.count;
            if let Some(choice) = self.choices.get_mut(at) {
                choice.chosen = if done { 0 } else { next };
            }
            if !done {
                return true;
            }
        }
        false
    }

    /// The nodes of the alternative that is taken.
    fn alternative(&self, choice: &Choice) -> Option<(u32, u32)> {
        let (open, end) = choice.braces;
        alternatives(self.analysis.nodes, open, end).nth(choice.chosen)
    }

    /// The word as a value, which is not split. None where it is too long.
    pub(super) fn whole(mut self) -> Option<Stored> {
        if let Some(text) = self.as_it_stands() {
            return Some(text);
        }
        if let [part] = self.only_part()
            && part.kind == NodeKind::Parameter(Parameter::Value)
            && let Some(stored) = self.value(parameter_name(part.range.of(self.analysis.text)))
        {
            return Some(stored);
        }
        self.parts(false);
        let end = self.analysis.facts.values.len();
        (end - self.start <= LONGEST).then_some(Stored::Made(Span::of_range(self.start..end)))
    }

    fn only_part(&self) -> &'s [Node] {
        let first = self.index + 1;
        self.analysis.nodes.get(first as usize..self.word.end as usize).unwrap_or_default()
    }

    /// The value, where the script holds it so: the word is plain, or nothing but one quoted string.
    fn as_it_stands(&self) -> Option<Stored> {
        if self.word.end == self.index + 1 {
            return Some(Stored::Script(self.word.range));
        }
        let [part] = self.only_part() else { return None };
        let range = part.range;
        match part.kind {
            NodeKind::SingleQuoted => Some(Stored::Script(Span::new(range.start + 1, range.end - 1))),
            NodeKind::DoubleQuoted if !range.of(self.analysis.text).starts_with('$') => {
                Some(Stored::Script(Span::new(range.start + 1, range.end - 1)))
            }
            _ => None,
        }
    }

    fn parts(&mut self, splits: bool) {
        let (nodes, text) = (self.analysis.nodes, self.analysis.text);
        let mut at = self.index + 1;
        let mut quoted_until = 0;
        while at < self.word.end {
            let Some(node) = nodes.get(at as usize).copied() else { return };
            let quoted = at < quoted_until;
            let mut next = node.end;
            match node.kind {
                NodeKind::Literal | NodeKind::Tilde => self.add(node.range.of(text)),
                NodeKind::Glob => {
                    self.globs = true;
                    self.add(node.range.of(text));
                }
                NodeKind::DoubleQuoted if node.end > at + 1 => {
                    self.present = true;
                    quoted_until = node.end;
                    next = at + 1;
                }
                NodeKind::Escape | NodeKind::SingleQuoted | NodeKind::AnsiQuoted | NodeKind::DoubleQuoted => {
                    self.present |= node.kind != NodeKind::Escape;
                    self.add(&unquoted(node, text));
                }
                NodeKind::BraceOpen if self.analysis.interpreter.dialect.expands_braces() == Switch::Off => {
                    self.add("{");
                }
                NodeKind::BraceComma | NodeKind::BraceClose
                    if self.analysis.interpreter.dialect.expands_braces() == Switch::Off =>
                {
                    self.add(node.range.of(text));
                }
                NodeKind::BraceOpen => match self.choices.iter().find(|choice| choice.braces.0 == at) {
                    Some(choice) => next = self.alternative(choice).map_or(node.end, |(first, _)| first),
                    None => {
                        next = closing_brace(nodes, at, self.word.end);
                        self.unknown(false);
                    }
                },
                // The alternative that is taken ends.
                NodeKind::BraceComma => {
                    let around = self.choices.iter().rev().find(|choice| choice.braces.0 < at && at < choice.braces.1);
                    next = around.map_or(node.end, |choice| choice.braces.1);
                }
                NodeKind::BraceClose => {}
                NodeKind::Parameter(parameter) => self.parameter(parameter, node, quoted, splits),
                _ => self.unknown(quoted),
            }
            at = next.max(at + 1);
        }
    }

    fn add(&mut self, text: &str) {
        self.present |= !text.is_empty();
        self.analysis.facts.values.push_str(text);
    }

    /// Something that is not known.
    fn unknown(&mut self, quoted: bool) {
        self.present = true;
        self.may_be_several |= !quoted;
        self.analysis.facts.values.push(HOLE);
    }

    fn parameter(&mut self, parameter: Parameter, node: Node, quoted: bool, splits: bool) {
        let name = parameter_name(node.range.of(self.analysis.text));
        let value = match parameter {
            Parameter::Value => self.value(name),
            // What is known and not empty is not replaced.
            Parameter::Default | Parameter::Require => {
                self.value(name).filter(|stored| !self.analysis.facts.text(self.analysis.text, *stored).is_empty())
            }
            _ => None,
        };
        let Some(stored) = value else {
            // `"$@"` is as many arguments as there are.
            let all = name == "@" || node.range.of(self.analysis.text).contains("[@]");
            return self.unknown(quoted && !all);
        };
        let value = self.analysis.facts.text(self.analysis.text, stored).to_owned();
        if quoted || !splits {
            self.present |= quoted;
            return self.add(&value);
        }
        if value.contains(HOLE) {
            self.may_be_several = true;
        }
        self.globs |= value.contains(['*', '?', '[']);
        let mut words = value.split([' ', '\t', '\n']).peekable();
        while let Some(word) = words.next() {
            self.add(word);
            if words.peek().is_some() && self.present {
                self.finish();
            }
        }
    }

    /// The value of a variable.
    fn value(&mut self, name: &str) -> Option<Stored> {
        let facts = &self.analysis.facts;
        if facts.values.len() > facts.budget(self.analysis.text) {
            return None;
        }
        match self.analysis.variables.find(name) {
            Found::Value(stored) => Some(stored),
            Found::Unknown => None,
            Found::Outside => {
                let value = (self.analysis.lookup)(name).filter(|value| value.len() <= LONGEST)?;
                // What is being made stands at the end of the values, so that this may not.
                let facts = &mut self.analysis.facts;
                Some(facts.keep_outside(name, value))
            }
        }
    }

    /// Ends the field that is being made.
    fn finish(&mut self) {
        let end = self.analysis.facts.values.len();
        self.push(Stored::Made(Span::of_range(self.start..end)));
        self.start = end;
        self.present = false;
        self.may_be_several = false;
        self.globs = false;
    }

    fn push(&mut self, text: Stored) {
        self.analysis.facts.arguments.push(ArgumentData {
            word: self.index,
            text,
            may_be_several: self.may_be_several,
            globs: self.globs,
        });
    }
}

/// The nodes of each alternative of the braces from `open` to before `end`.
fn alternatives(nodes: &[Node], open: u32, end: u32) -> impl Iterator<Item = (u32, u32)> {
    let mut depth = 0_u32;
    let mut first = open + 1;
    let mut next = open + 1;
    let ends = std::iter::from_fn(move || {
        while next < end {
            let (at, node) = (next, nodes.get(next as usize)?);
            next = node.end.max(at + 1);
            match node.kind {
                NodeKind::BraceOpen => depth += 1,
                NodeKind::BraceClose if depth > 0 => depth -= 1,
                NodeKind::BraceComma | NodeKind::BraceClose if depth == 0 => return Some(at),
                _ => {}
            }
        }
        None
    });
    ends.map(move |last| {
        let alternative = (first, last);
        first = last + 1;
        alternative
    })
}

/// The index after the `}` that closes the brace at `open`.
fn closing_brace(nodes: &[Node], open: u32, end: u32) -> u32 {
    let mut depth = 0_u32;
    let mut at = open;
    while at < end {
        let Some(node) = nodes.get(at as usize) else { return end };
        match node.kind {
            NodeKind::BraceOpen => depth += 1,
            NodeKind::BraceClose => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at = node.end.max(at + 1);
    }
    end
}
