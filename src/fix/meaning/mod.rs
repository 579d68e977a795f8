//! Whether a file means after some fixes what it meant before.

mod ignore_file;
mod instruction;
mod script;
mod word;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::Reason;
use super::choose::Candidate;
use crate::ast::{DirectiveKind, Dockerfile, Instruction};
use crate::diagnostic::Applicability;
use crate::parse::{Parsed, parse};
use crate::rules::{Change, Rule};
use crate::semantic::{Model, Scripts, Setting, Shell};
use crate::source::Span;

pub(super) use ignore_file::judge_ignore_file;
use instruction::{Difference, Pair, compare};

/// What some fixes may change, and where.
pub(super) struct Changes {
    /// What is replaced, in order, and by which rule.
    edits: Vec<(Span, &'static Rule)>,
    is_safe: bool,
}

impl Changes {
    pub(super) fn of(fixes: &[&Candidate]) -> Self {
        let of_one = |fix: &&Candidate| fix.edits.iter().map(|edit| (edit.span, fix.rule)).collect::<Vec<_>>();
        let mut edits: Vec<_> = fixes.iter().flat_map(of_one).collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let is_safe = fixes.iter().all(|fix| fix.applicability == Applicability::Safe);
        Self { edits, is_safe }
    }

    /// Whether the edits that touch a place may make a change there.
    fn allow(&self, change: Change, place: Span) -> bool {
        let first = self.edits.partition_point(|(span, _)| span.end < place.start);
        let touching = self.edits.get(first..).unwrap_or_default().iter();
        touching.take_while(|(span, _)| span.start <= place.end).any(|(_, rule)| rule.changes.contains(&change))
    }

    /// Whether any edit may make a change.
    fn allow_anywhere(&self, change: Change) -> bool {
        self.edits.iter().any(|(_, rule)| rule.changes.contains(&change))
    }
}

/// Whether a Dockerfile can be read after some fixes as far as before and, if they are safe, means the same.
pub(super) fn judge(before: &str, after: &str, changes: &Changes) -> Result<(), Reason> {
    let (before, after) = (parse(before), parse(after));
    let kinds = |parsed: &Parsed<'_>| {
        parsed.errors.iter().map(|error| (std::mem::discriminant(&error.kind), error.rejection)).collect::<Vec<_>>()
    };
    if !holds(&kinds(&before), &kinds(&after)) {
        return Err(Reason::Syntax);
    }
    if changes.is_safe && !means_the_same(&before.dockerfile, &after.dockerfile, changes) {
        return Err(Reason::Meaning);
    }
    Ok(())
}

/// Whether each of `few` is among `many`, and as often.
fn holds<T: Eq + Hash>(many: &[T], few: &[T]) -> bool {
    let mut counts: HashMap<&T, usize> = HashMap::new();
    for one in many {
        *counts.entry(one).or_default() += 1;
    }
    few.iter().all(|one| match counts.get_mut(one) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    })
}

fn means_the_same(before: &Dockerfile<'_>, after: &Dockerfile<'_>, changes: &Changes) -> bool {
    if before.escape != after.escape
        || before.instructions.len() != after.instructions.len()
        || !same_directives(before, after, changes)
        || !same_comments(before, after, changes)
    {
        return false;
    }
    let (old, new) = (Model::build(before), Model::build(after));
    let (old_scripts, new_scripts) = (Scripts::new(&old), Scripts::new(&new));
    let names: HashSet<String> =
        old.stages.iter().filter_map(|stage| stage.name()).map(|name| name.to_lowercase()).collect();
    let pairs = before.instructions.iter().zip(&after.instructions);
    let same_instructions = || {
        pairs.clone().all(|(one, other)| {
            let pair = Pair { before: one, after: other, escape: before.escape, names: &names };
            let found = compare(&pair, || (old_scripts.of(one), new_scripts.of(other)));
            match found {
                Difference::Nothing => true,
                Difference::Changes(found) => found.iter().all(|change| changes.allow(*change, one.span)),
                Difference::More => false,
            }
        })
    };
    same_stages(&old, &new) && same_instructions()
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

/// Whether there are the same stages, which build on the same ones, take from the same ones, and run the same in the end.
fn same_stages(old: &Model<'_, '_>, new: &Model<'_, '_>) -> bool {
    let number = |dockerfile: &Dockerfile<'_>, at: u32| {
        dockerfile.instructions.partition_point(|instruction| instruction.span.start <= at)
    };
    let shell = |model: &Model<'_, '_>, shell: Shell<'_, '_>| match shell {
        Shell::Sh => (0, 0),
        Shell::Cmd => (1, 0),
        Shell::OfBase => (2, 0),
        Shell::Unknown => (3, 0),
        // Which instruction says it: that one is compared by itself.
        Shell::Set(words) => (4, words.first().map_or(0, |word| number(model.dockerfile, word.span.start))),
    };
    let setting = |model: &Model<'_, '_>, setting: Setting<'_, '_>| match setting {
        Setting::OfBase(base) => (0, base.map_or(0, |base| std::ptr::from_ref(base) as usize), (0, 0)),
        Setting::None => (1, 0, (0, 0)),
        Setting::Unknown => (2, 0, (0, 0)),
        Setting::Set(said) => (3, number(model.dockerfile, said.instruction.span.start), shell(model, said.shell)),
    };
    let triggers = |model: &Model<'_, '_>, stage: &crate::semantic::Stage<'_, '_>| {
        let place = |instruction: &Instruction<'_>| number(model.dockerfile, instruction.span.start);
        stage.triggers.iter().map(|trigger| place(trigger.instruction)).collect::<Vec<_>>()
    };
    let stages = |model: &Model<'_, '_>| {
        let stages = model.stages.iter().map(|stage| {
            let settings = (setting(model, stage.entrypoint), setting(model, stage.command));
            (stage.base, stage.inherited, stage.reaches_output, settings, triggers(model, stage))
        });
        stages.collect::<Vec<_>>()
    };
    let edges = |model: &Model<'_, '_>| model.edges.iter().map(|edge| (edge.stage, edge.source)).collect::<Vec<_>>();
    old.target == new.target && stages(old) == stages(new) && edges(old) == edges(new)
}
