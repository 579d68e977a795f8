//! Where the names of stages and variables occur.
//!
//! All `ARG`s of one name are one variable, for a build is given one value for the name, wherever it is declared. `ENV`s of one
//! name are one variable where one stands in the scope of the other.

use std::collections::{HashMap, HashSet};

use crate::ast::{Instruction, Kind, Word};
use crate::lsp::document::Reading;
use crate::semantic::{Base, Binder, Expanded, Point, Source, Syntax, expanded_words, mentions};
use crate::shell::{NodeKind, NodeRef, Script};
use crate::source::Span;

use super::cursor::touches;

/// Something that the file declares and that has a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Symbol {
    /// A stage, by its number.
    Stage(usize),
    /// A variable, by where its first declaration stands.
    Variable(u32),
}

/// A place where a symbol is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Occurrence {
    /// Where the name stands.
    pub(super) span: Span,
    pub(super) symbol: Symbol,
    pub(super) role: Role,
    /// Where that stands which the name means here.
    pub(super) declaration: Span,
}

/// What a name is there for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Role {
    /// It is declared, or given a value.
    Declaration,
    /// A command of a script gives it a value.
    Assignment,
    /// It is used.
    Use,
    /// It is meant, but by a number.
    Number,
}

/// All occurrences, in order of place.
///
/// Takes time in proportion to the length of the file.
pub(super) fn occurrences(reading: &Reading<'_, '_>) -> Vec<Occurrence> {
    let mut collector = Collector {
        reading,
        found: Vec::new(),
        groups: HashMap::new(),
        arguments: HashMap::new(),
        triggered: HashSet::new(),
        foreign: HashMap::new(),
    };
    collector.stages();
    collector.variables();
    let Collector { mut found, groups, .. } = collector;
    for occurrence in &mut found {
        if let Symbol::Variable(declaration) = occurrence.symbol {
            occurrence.symbol = Symbol::Variable(groups.get(&declaration).copied().unwrap_or(declaration));
        }
    }
    // What is read twice, in a script and in one that it holds, is one occurrence.
    found.sort_by_key(|occurrence| (occurrence.span, occurrence.role != Role::Declaration));
    found.dedup_by_key(|occurrence| occurrence.span);
    found
}

/// The occurrence at a place, or behind the `$` or `${` there.
pub(super) fn at(text: &str, occurrences: &[Occurrence], offset: u32) -> Option<Occurrence> {
    let rest = text.get(offset as usize..).unwrap_or_default();
    let skipped = if rest.starts_with("${") { 2 } else { u32::from(rest.starts_with('$')) };
    touching(occurrences, offset).or_else(|| touching(occurrences, offset + skipped))
}

fn touching(occurrences: &[Occurrence], offset: u32) -> Option<Occurrence> {
    let next = occurrences.partition_point(|occurrence| occurrence.span.start <= offset);
    let before = occurrences.get(..next).unwrap_or_default();
    // Names don't overlap, but one may end where the next begins.
    before.iter().rev().take(2).find(|occurrence| touches(occurrence.span, offset)).copied()
}

struct Collector<'c, 'r, 'd> {
    reading: &'c Reading<'r, 'd>,
    found: Vec<Occurrence>,
    /// Of a declaration, by where it stands: the first one of the same variable.
    groups: HashMap<u32, u32>,
    /// Where each `ARG` is declared first.
    arguments: HashMap<String, u32>,
    /// Where those instructions of `ONBUILD`s stand that some stage runs.
    triggered: HashSet<u32>,
    /// What the `ONBUILD`s of a stage declare for other builds, by the stage and the name.
    foreign: HashMap<(usize, String), Span>,
}

impl<'d> Collector<'_, '_, 'd> {
    fn stages(&mut self) {
        let model = self.reading.model;
        let declared = |index: usize| model.stages.get(index).and_then(|stage| stage.name()).map(|name| name.span);
        let named = |index: usize| declared(index).or_else(|| Some(model.stages.get(index)?.instruction.keyword.span));
        for stage in &model.stages {
            if let Some(name) = stage.name() {
                self.add(name.span, Symbol::Stage(stage.index), Role::Declaration, name.span);
            }
            let image = stage.from().map(|from| &from.image.word);
            if let (Base::Stage(base), Some(image)) = (stage.base, image)
                && !image.contains('$')
                && let Some(declaration) = named(base)
            {
                self.add(bare(image), Symbol::Stage(base), Role::Use, declaration);
            }
        }
        for edge in &model.edges {
            if let Source::Stage(index) = edge.source
                && let Some(declaration) = named(index)
            {
                let name = model.stages.get(index).and_then(|stage| stage.name());
                let by_name = name.is_some_and(|name| name.eq_ignore_ascii_case(edge.word));
                let role = if by_name { Role::Use } else { Role::Number };
                self.add(edge.word.span, Symbol::Stage(index), role, declaration);
            }
        }
    }

    fn variables(&mut self) {
        let model = self.reading.model;
        for instruction in model.preamble() {
            if let Some(point) = model.at(instruction) {
                self.instruction(instruction, &point, None);
            }
        }
        for stage in &model.stages {
            if let Some(point) = model.at(stage.instruction) {
                self.instruction(stage.instruction, &point, Some(stage.index));
            }
            for trigger in &stage.triggers {
                // However many stages run it, it stands there once.
                if self.triggered.insert(trigger.instruction.span.start) {
                    self.instruction(trigger.instruction, &model.at_trigger(trigger), Some(stage.index));
                }
            }
            for instruction in stage.body {
                let Some(point) = model.at(instruction) else { continue };
                match &instruction.kind {
                    Kind::Onbuild(onbuild) => {
                        if let Some(inner) = &onbuild.instruction {
                            self.elsewhere(inner, &point, stage.index);
                        }
                    }
                    _ => self.instruction(instruction, &point, Some(stage.index)),
                }
            }
        }
    }

    fn add(&mut self, span: Span, symbol: Symbol, role: Role, declaration: Span) {
        if !span.is_empty() {
            self.found.push(Occurrence { span, symbol, role, declaration });
        }
    }

    fn declare(&mut self, name: &Word<'_>, binder: Binder, before: Option<Span>) {
        let declaration = name.span.start;
        let earlier = match binder {
            Binder::Arg => Some(*self.arguments.entry(name.as_str().to_owned()).or_insert(declaration)),
            Binder::Env => before.map(|before| before.start),
        };
        if let Some(earlier) = earlier.filter(|earlier| *earlier < declaration) {
            let first = self.groups.get(&earlier).copied().unwrap_or(earlier);
            self.groups.entry(declaration).or_insert(first);
        }
        self.add(name.span, Symbol::Variable(declaration), Role::Declaration, name.span);
    }

    fn instruction(&mut self, instruction: &'d Instruction<'d>, point: &Point<'_, 'd, 'd>, stage: Option<usize>) {
        match &instruction.kind {
            Kind::Arg(arg) => arg.items.iter().for_each(|item| self.declare(&item.name, Binder::Arg, None)),
            Kind::Env(env) => {
                for pair in env.pairs.iter().filter(|pair| is_name(&pair.key)) {
                    let before = point.declaration(&pair.key).filter(|before| before.binder == Binder::Env);
                    self.declare(&pair.key, Binder::Env, before.map(|before| before.span));
                }
            }
            _ => {}
        }
        let resolve = |name: &str| point.declaration(name).map(|declaration| declaration.span);
        self.words(instruction, point.syntax(), &resolve);
        // A container has what holds in the end, and only what `ENV` sets.
        let end = stage.and_then(|stage| Some(self.reading.model.at_end(self.reading.model.stages.get(stage)?)));
        let runs_later = matches!(instruction.kind, Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::Healthcheck(_));
        let in_script = |name: &str| match end.filter(|_| runs_later) {
            Some(end) => end.declaration(name).filter(|declaration| declaration.binder == Binder::Env),
            None => point.declaration(name),
        };
        self.scripts(instruction, &|name| in_script(name).map(|declaration| declaration.span));
    }

    /// An instruction of an `ONBUILD`, which other builds run: it sees what others of the kind declare, and what `ENV` sets.
    fn elsewhere(&mut self, instruction: &'d Instruction<'d>, point: &Point<'_, 'd, 'd>, stage: usize) {
        match &instruction.kind {
            Kind::Arg(arg) => {
                for item in &arg.items {
                    self.declare(&item.name, Binder::Arg, None);
                    self.foreign.insert((stage, item.name.as_str().to_owned()), item.name.span);
                }
            }
            Kind::Env(env) => {
                for pair in env.pairs.iter().filter(|pair| is_name(&pair.key)) {
                    let before = point.declaration(&pair.key).filter(|before| before.binder == Binder::Env);
                    self.declare(&pair.key, Binder::Env, before.map(|before| before.span));
                    self.foreign.insert((stage, pair.key.as_str().to_owned()), pair.key.span);
                }
            }
            _ => {}
        }
        let foreign = std::mem::take(&mut self.foreign);
        let resolve = |name: &str| {
            let of_env = || point.declaration(name).filter(|declaration| declaration.binder == Binder::Env);
            foreign.get(&(stage, name.to_owned())).copied().or_else(|| of_env().map(|declaration| declaration.span))
        };
        self.words(instruction, point.syntax(), &resolve);
        self.scripts(instruction, &resolve);
        self.foreign = foreign;
    }

    /// The variables in the words that BuildKit expands.
    fn words(&mut self, instruction: &'d Instruction<'d>, syntax: Syntax, resolve: &dyn Fn(&str) -> Option<Span>) {
        expanded_words(instruction, |word| {
            for (name, span) in variables_in(word, syntax) {
                if let Some(declaration) = resolve(&name) {
                    self.add(span, Symbol::Variable(declaration.start), Role::Use, declaration);
                }
            }
        });
    }

    /// The variables in the scripts of an instruction.
    fn scripts(&mut self, instruction: &'d Instruction<'d>, resolve: &dyn Fn(&str) -> Option<Span>) {
        let scripts = self.reading.scripts;
        for script in scripts.of(instruction) {
            names_in_script(script, &mut |name, span, role| {
                if let Some(declaration) = resolve(name) {
                    self.add(span, Symbol::Variable(declaration.start), role, declaration);
                }
            });
        }
    }
}

/// A word without the quotes around it.
fn bare(word: &Word<'_>) -> Span {
    let text = word.as_str();
    let quoted = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if quoted('"') || quoted('\'') { word.span_of(1..text.len() - 1) } else { word.span }
}

/// Whether a text can be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The variables that BuildKit sees in a word: the name of each, and where that stands.
pub(super) fn variables_in(word: Expanded<'_, '_>, syntax: Syntax) -> Vec<(String, Span)> {
    match word {
        Expanded::Word(word) => {
            let variables = word.variables(syntax.escape);
            variables.iter().map(|variable| (variable.name.to_owned(), variable.name_span)).collect()
        }
        Expanded::Heredoc(text, span) => in_heredoc(text)
            .map(|(at, name)| {
                let range = Span::of_range(at..at + name.len());
                (name.to_owned(), Span::new(span.start + range.start, span.start + range.end))
            })
            .collect(),
    }
}

/// The variables in the lines of a heredoc, where quotes mean nothing.
fn in_heredoc(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.as_bytes().get(at..)?;
            let next = rest.iter().position(|byte| matches!(byte, b'$' | b'\\'))?;
            let special = at + next;
            if rest.get(next) == Some(&b'\\') {
                at = special + 2;
                continue;
            }
            let start = special + 1 + usize::from(text.as_bytes().get(special + 1) == Some(&b'{'));
            let length =
                text.as_bytes().get(start..).unwrap_or_default().iter().take_while(|byte| is_of_name(byte)).count();
            at = start + length;
            if length > 0 {
                return Some((start, text.get(start..at)?));
            }
        }
    })
}

/// Commands of the shell whose arguments are names of variables.
const BUILTINS: [&str; 7] = ["export", "read", "unset", "local", "declare", "readonly", "typeset"];

/// Shows each name of a variable in a script, in no order.
fn names_in_script<'s>(script: &'s Script<'_>, show: &mut dyn FnMut(&'s str, Span, Role)) {
    // Where the last arithmetic ends: what is in it was looked at with it.
    let mut looked_at = 0;
    for node in script.nodes() {
        match node.kind() {
            NodeKind::Parameter(_) => {
                if let Some((name, span)) = parameter(node) {
                    show(name, span, Role::Use);
                }
            }
            NodeKind::Arithmetic | NodeKind::ArithmeticExpansion if node.range().end > looked_at => {
                looked_at = node.range().end;
                for (at, name) in mentions(node.text()) {
                    show(name, node.span_of(at..at + name.len()), Role::Use);
                }
            }
            // The first words of `A=1 make` are the environment of a single command.
            NodeKind::Simple if node.child(NodeKind::Word).is_none_or(|name| BUILTINS.contains(&name.text())) => {
                for assignment in node.children().filter(|child| child.kind() == NodeKind::Assignment) {
                    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                    let length = assignment.text().as_bytes().iter().take_while(|byte| of_name(byte)).count();
                    assigned(assignment, length, show);
                }
            }
            NodeKind::For | NodeKind::Select => {
                if let Some(name) = node.child(NodeKind::Word) {
                    assigned(name, name.text().len(), show);
                }
            }
            _ => {}
        }
    }
    for call in script.calls() {
        if !BUILTINS.contains(&call.name()) {
            continue;
        }
        for operand in call.operands().filter(|operand| operand.word().is_leaf()) {
            let text = operand.word().text();
            let name = text.split('=').next().unwrap_or_default();
            if is_name(name) {
                assigned(operand.word(), name.len(), show);
            }
        }
    }
}

fn assigned<'s>(node: NodeRef<'s>, length: usize, show: &mut dyn FnMut(&'s str, Span, Role)) {
    if let Some(name) = node.text().get(..length).filter(|name| is_name(name)) {
        show(name, node.span_of(0..length), Role::Assignment);
    }
}

/// The name in `$name` or `${name…}`, and where it stands.
pub(super) fn parameter(node: NodeRef<'_>) -> Option<(&str, Span)> {
    let text = node.text();
    let rest = text.strip_prefix('$')?;
    let rest = rest.strip_prefix('{').map_or(rest, |rest| rest.strip_prefix(['#', '!']).unwrap_or(rest));
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let name = rest.get(..length).filter(|name| is_name(name))?;
    let start = text.len() - rest.len();
    Some((name, node.span_of(start..start + length)))
}
