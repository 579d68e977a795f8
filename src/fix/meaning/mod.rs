//! Whether a file means after some fixes what it meant before.

mod ignore_file;
mod instruction;
mod script;
mod word;

use std::collections::HashSet;

use super::Reason;
use super::choose::Candidate;
use crate::ast::{DirectiveKind, Dockerfile, Instruction, Kind, Word};
use crate::diagnostic::{Applicability, Edit};
use crate::parse::{Parsed, parse};
use crate::rules::{Change, Rule};
use crate::semantic::{Base, Model, Scripts, Setting, Shell, Stage};
use crate::source::Span;

pub(super) use ignore_file::judge_ignore_file;
use instruction::{Difference, Pair, compare};

/// What some fixes may change, and where.
pub(super) struct Changes {
    /// What is replaced, in order.
    edits: Vec<Place>,
    is_safe: bool,
}

/// A place that a rule replaces.
struct Place {
    span: Span,
    rule: &'static Rule,
    /// What stands there afterwards: its place in the new text.
    new: Span,
}

impl Changes {
    pub(super) fn of(fixes: &[&Candidate]) -> Self {
        let of_one = |fix: &&Candidate| {
            let rule = fix.rule;
            let place = move |edit: &Edit| (edit.span, Span::of_range(0..edit.text.len()).len(), rule);
            fix.edits.iter().map(place).collect::<Vec<_>>()
        };
        let mut places: Vec<(Span, u32, &'static Rule)> = fixes.iter().flat_map(of_one).collect();
        places.sort_by_key(|(span, ..)| (span.start, span.end));
        let (mut old, mut new) = (0, 0);
        let edits = places.into_iter().map(|(span, length, rule)| {
            let start = new + span.start.saturating_sub(old);
            (old, new) = (span.end, start + length);
            Place { span, rule, new: Span::new(start, new) }
        });
        let edits = edits.collect();
        let is_safe = fixes.iter().all(|fix| fix.applicability == Applicability::Safe);
        Self { edits, is_safe }
    }

    /// The edits that touch a place and may make a change there.
    fn of_change(&self, change: Change, place: Span) -> impl Iterator<Item = &Place> {
        let first = self.edits.partition_point(|edit| edit.span.end < place.start);
        let touching = self.edits.get(first..).unwrap_or_default().iter();
        let touching = touching.take_while(move |edit| edit.span.start <= place.end);
        touching.filter(move |edit| edit.rule.changes.contains(&change))
    }

    /// Whether an edit that touches a place may make a change there.
    fn allow(&self, change: Change, place: Span) -> bool {
        self.of_change(change, place).next().is_some()
    }

    /// Whether an edit takes all that stands at a place out, and may make a change there.
    fn take_out(&self, change: Change, place: Span) -> bool {
        self.of_change(change, place).any(|edit| edit.new.is_empty() && edit.span.contains(place))
    }

    /// Where in the old text a place of the new one comes from.
    fn origin(&self, at: u32) -> u32 {
        let next = self.edits.partition_point(|edit| edit.new.start <= at);
        match next.checked_sub(1).and_then(|last| self.edits.get(last)) {
            Some(edit) if at < edit.new.end => edit.span.start,
            Some(edit) => edit.span.end + (at - edit.new.end),
            None => at,
        }
    }

    /// Whether any edit may make a change.
    fn allow_anywhere(&self, change: Change) -> bool {
        self.edits.iter().any(|edit| edit.rule.changes.contains(&change))
    }
}

/// Whether a Dockerfile can be read after some fixes as far as before and, if they are safe, means the same.
pub(super) fn judge(before: &str, after: &str, changes: &Changes) -> Result<(), Reason> {
    let (before, after) = (parse(before), parse(after));
    if has_new_errors(&before, &after, changes) {
        return Err(Reason::Syntax);
    }
    if changes.is_safe && !means_the_same(&before.dockerfile, &after.dockerfile, changes) {
        return Err(Reason::Meaning);
    }
    Ok(())
}

/// Whether there is an error in what comes of an instruction that had none. One that had an error may have others, for what could
/// not be read shows only then what else is wrong with it.
fn has_new_errors(before: &Parsed<'_>, after: &Parsed<'_>, changes: &Changes) -> bool {
    let number = |parsed: &Parsed<'_>, at: u32| {
        parsed.dockerfile.instructions.partition_point(|instruction| instruction.span.start <= at)
    };
    let wrong: HashSet<usize> = before.errors.iter().map(|error| number(before, error.span.start)).collect();
    after.errors.iter().any(|error| {
        let instruction =
            number(after, error.span.start).checked_sub(1).and_then(|at| after.dockerfile.instructions.get(at));
        let start = instruction.map_or(error.span.start, |instruction| instruction.span.start);
        !wrong.contains(&number(before, changes.origin(start)))
    })
}

fn means_the_same(before: &Dockerfile<'_>, after: &Dockerfile<'_>, changes: &Changes) -> bool {
    let numbering = Numbering::new(before, changes);
    if before.escape != after.escape
        || numbering.kept.len() != after.instructions.len()
        || !same_directives(before, after, changes)
        || !same_comments(before, after, changes)
    {
        return false;
    }
    let (old, new) = (Model::build(before), Model::build(after));
    let (old_scripts, new_scripts) = (Scripts::new(&old), Scripts::new(&new));
    let names: HashSet<String> =
        old.stages.iter().filter_map(|stage| stage.name()).map(|name| name.to_lowercase()).collect();
    let pairs = numbering.kept.iter().copied().zip(&after.instructions);
    let same_instructions = || {
        pairs.clone().all(|(one, other)| {
            let points = old.at(one).zip(new.at(other)).map(|(one, other)| [one, other]);
            let pair = Pair { before: one, after: other, escape: before.escape, names: &names, points };
            match compare(&pair, || (old_scripts.of(one), new_scripts.of(other))) {
                Difference::Nothing => true,
                Difference::Changes(found) => found.iter().all(|change| changes.allow(*change, one.span)),
                Difference::More => false,
            }
        })
    };
    let number = |at: u32| Some(after.instructions.partition_point(|instruction| instruction.span.start <= at));
    stages(&old, |at| numbering.number(at)) == stages(&new, number) && same_edges(&old, &new) && same_instructions()
}

/// The instructions of a file, numbered as they are after those are taken out that fixes take out.
struct Numbering<'d, 'a> {
    instructions: &'d [Instruction<'a>],
    kept: Vec<&'d Instruction<'a>>,
    /// The number of each, if it is kept.
    numbers: Vec<Option<usize>>,
}

impl<'d, 'a> Numbering<'d, 'a> {
    fn new(dockerfile: &'d Dockerfile<'a>, changes: &Changes) -> Self {
        let mut kept = Vec::with_capacity(dockerfile.instructions.len());
        let number = |instruction: &'d Instruction<'a>| {
            let may_be_replaced = matches!(instruction.kind, Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::Healthcheck(_));
            if may_be_replaced && changes.take_out(Change::ReplacedInstruction, instruction.span) {
                return None;
            }
            kept.push(instruction);
            Some(kept.len())
        };
        let numbers = dockerfile.instructions.iter().map(number).collect();
        Self { instructions: &dockerfile.instructions, kept, numbers }
    }

    /// The number of the instruction at a place; none where it is taken out.
    fn number(&self, at: u32) -> Option<usize> {
        let next = self.instructions.partition_point(|instruction| instruction.span.start <= at);
        self.numbers.get(next.checked_sub(1)?).copied().flatten()
    }
}

fn same_directives(before: &Dockerfile<'_>, after: &Dockerfile<'_>, changes: &Changes) -> bool {
    let may_change = |kind| kind == DirectiveKind::Check && changes.allow_anywhere(Change::Comments);
    let of = |dockerfile: &Dockerfile<'_>| {
        let kept = dockerfile.directives.iter().filter(|directive| !may_change(directive.kind));
        kept.map(|directive| (directive.kind, directive.value.to_string())).collect::<Vec<_>>()
    };
    of(before) == of(after)
}

/// Whether the comments are the same, but for those that may change.
fn same_comments(before: &Dockerfile<'_>, after: &Dockerfile<'_>, changes: &Changes) -> bool {
    let may_change = changes.allow_anywhere(Change::Comments);
    let mut rest = after.comments.iter();
    let kept = before.comments.iter().filter(|comment| !may_change || !changes.allow(Change::Comments, comment.span));
    let all_are_kept = kept.into_iter().all(|comment| match may_change {
        true => rest.any(|other| other.text == comment.text),
        false => rest.next().is_some_and(|other| other.text == comment.text),
    });
    all_are_kept && (may_change || rest.next().is_none())
}

/// What a stage is said to be by instructions, each known by its number: those are compared by themselves.
#[derive(PartialEq)]
struct Said {
    base: Base,
    reaches_output: bool,
    settings: [Setter; 4],
    triggers: Vec<Option<usize>>,
}

/// What says something of a stage.
#[derive(PartialEq)]
enum Setter {
    Nobody,
    /// The base image, and what is known of it.
    Base(Option<usize>),
    Unknown,
    /// An instruction, and the one whose shell it is for; none where those are taken out.
    Instruction(Option<usize>, Option<(u8, Option<usize>)>),
}

/// What the stages of a file are, where `number` tells the number of the instruction at a place.
fn stages(model: &Model<'_, '_>, number: impl Fn(u32) -> Option<usize>) -> (Option<usize>, Vec<Said>) {
    let shell = |shell: Shell<'_, '_>| match shell {
        Shell::Sh => (0, None),
        Shell::Cmd => (1, None),
        Shell::OfBase => (2, None),
        Shell::Unknown => (3, None),
        Shell::Set(words) => (4, words.first().and_then(|word| number(word.span.start))),
    };
    let setting = |setting: Setting<'_, '_>| match setting {
        Setting::OfBase(base) => Setter::Base(base.map(|base| std::ptr::from_ref(base) as usize)),
        Setting::None => Setter::Nobody,
        Setting::Unknown => Setter::Unknown,
        Setting::Set(said) => Setter::Instruction(number(said.instruction.span.start), Some(shell(said.shell))),
    };
    let word = |word: Option<&Word<'_>>| match word {
        Some(word) => Setter::Instruction(number(word.span.start), None),
        None => Setter::Nobody,
    };
    let said = |stage: &Stage<'_, '_>| Said {
        base: stage.base,
        reaches_output: stage.reaches_output,
        settings: [
            setting(stage.entrypoint),
            setting(stage.command),
            word(stage.healthcheck.map(|healthcheck| &healthcheck.kind)),
            word(stage.stopsignal.map(|stopsignal| &stopsignal.signal)),
        ],
        triggers: stage.triggers.iter().map(|trigger| number(trigger.instruction.span.start)).collect(),
    };
    (model.target, model.stages.iter().map(said).collect())
}

/// Whether the stages take files from the same stages and images.
fn same_edges(old: &Model<'_, '_>, new: &Model<'_, '_>) -> bool {
    let edges = |model: &Model<'_, '_>| model.edges.iter().map(|edge| (edge.stage, edge.source)).collect::<Vec<_>>();
    edges(old) == edges(new)
}
