use std::cell::RefCell;
use std::collections::HashMap;

use super::comment::{Mistake, Pragma, Said, Tool};
use super::removal::{OwnComment, is_pinned};
use super::{CheckDirective, Reach, place, scope};
use crate::ast::{Comment, Dockerfile, Instruction, Keyword, Kind};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::dockerignore::{IgnoreFile, Pattern};
use crate::nearest::nearest;
use crate::rules::unused_ignore::{self, Useless};
use crate::rules::{self, Alias, Preset, Rule};
use crate::semantic::Model;
use crate::source::Span;

/// The ignores of a file.
pub(crate) struct Ignores<'t> {
    text: &'t str,
    ignores: Vec<Ignore<'t>>,
    /// By what they name and by reach, in order of scope; scopes of one reach do not overlap.
    by_rule: HashMap<(&'static str, Reach), Vec<usize>>,
    /// The comments that are written for this tool, and should do something.
    own: Vec<OwnComment>,
    mistakes: Vec<Mistake<'t>>,
    preset: Preset,
    /// What a comment is above: an instruction, or a pattern.
    subject: &'static str,
    /// What is meant by ids that are no rule's.
    meant: RefCell<HashMap<&'t str, Option<&'static str>>>,
}

/// BuildKit's checks that no comment above an instruction silences, for BuildKit reads those later.
const BEFORE_COMMENTS: [&str; 6] = [
    "consistent-instruction-casing",
    "duplicate-stage-name",
    "reserved-stage-name",
    "invalid-default-arg-in-from",
    "no-empty-continuation",
    "invalid-base-image-platform",
];

/// The experimental checks of BuildKit, which `skip` never silences.
const EXPERIMENTAL: [&str; 1] = ["invalid-definition-description"];

/// What stands for every rule.
const ALL: &str = "all";

/// For how many wrong ids of a file the right one is looked for.
const MOST_SLIPS: usize = 32;

/// One id in a comment.
pub(super) struct Ignore<'t> {
    pub(super) id: &'t str,
    pub(super) span: Span,
    /// What is silenced; nothing where the comment is above nothing.
    scope: Option<Span>,
    used: bool,
}

/// What is known of a rule's findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Told {
    /// All of them.
    All,
    /// Not all: the rule did not run, or did not see what it would have had to.
    Some,
}

/// What is wrong with a comment of this tool.
pub(crate) struct Unused<'t> {
    pub(crate) span: Span,
    pub(crate) problem: Useless<'t>,
    pub(crate) fix: Option<Fix>,
    /// Where an ignore silences this in turn.
    at: u32,
}

impl<'t> Ignores<'t> {
    fn new(text: &'t str, preset: Preset, subject: &'static str) -> Self {
        let (ignores, own, mistakes) = (Vec::new(), Vec::new(), Vec::new());
        Self { text, ignores, by_rule: HashMap::new(), own, mistakes, preset, subject, meant: RefCell::default() }
    }

    /// None, where nobody may silence anything.
    pub(crate) fn none(preset: Preset) -> Self {
        Self::new("", preset, "instruction")
    }

    /// Reads the ignores of a file, of which `directive` is one.
    pub(crate) fn read(model: &Model<'_, 't>, directive: &CheckDirective<'t>, preset: Preset) -> Self {
        let dockerfile = model.dockerfile;
        let mut ignores = Self::new(dockerfile.text, preset, "instruction");
        let file = Span::of_range(0..dockerfile.text.len());
        if let Some(ids) = directive.skip.filter(|_| preset != Preset::Hadolint) {
            ignores.add(&Said::new(Tool::Buildkit, Reach::File, ids), Some(file));
        }
        let instructions = dockerfile.instructions.as_slice();
        let has_script = |instruction: &&Instruction<'_>| is_run(instruction) && !instruction.heredocs().is_empty();
        let mut scripts: Vec<&Instruction<'_>> = Vec::new();
        for keyword in [Keyword::Run, Keyword::Onbuild] {
            scripts.extend(model.instructions_of(keyword).filter(has_script));
        }
        scripts.sort_by_key(|instruction| instruction.span.start);
        let mut scripts = scripts.into_iter().peekable();
        for (index, comment) in dockerfile.comments.iter().enumerate() {
            let pragma = Pragma::read(comment.text);
            let Some(said) = pragma.said.as_ref().filter(|said| said.counts_in(preset)) else {
                ignores.mistakes.extend(pragma.mistake);
                continue;
            };
            let is_before = |instruction: &Instruction<'_>| instruction.header.end <= comment.span.start;
            while let Some(instruction) = scripts.next_if(|instruction| is_before(instruction)) {
                ignores.read_heredocs(instruction, scope(dockerfile, instruction));
            }
            let Some(instruction) = instructions.get(instructions.partition_point(is_before)) else {
                // Nothing follows.
                if said.tool == Tool::Own || said.reach == Reach::File {
                    ignores.add(said, (said.reach == Reach::File).then_some(file));
                    ignores.note(dockerfile, comment, pragma);
                }
                continue;
            };
            let reaches = match said.tool {
                Tool::Own => true,
                _ if said.reach == Reach::File => true,
                Tool::Hadolint if preset == Preset::Hadolint => is_right_above(dockerfile.text, comment, instruction),
                _ => is_of(index, comment, instruction),
            };
            let scope = match said.reach {
                Reach::Instruction => Some(scope(dockerfile, instruction)),
                Reach::Stage => stage_of(model, instruction),
                Reach::File => Some(file),
            };
            if reaches && scope.is_some() {
                ignores.add(said, scope);
                ignores.note(dockerfile, comment, pragma);
            }
        }
        for instruction in scripts {
            ignores.read_heredocs(instruction, scope(dockerfile, instruction));
        }
        ignores
    }

    /// Reads the comments in the scripts of an instruction: they are the shell's, and it passes over them.
    fn read_heredocs(&mut self, instruction: &Instruction<'_>, scope: Span) {
        let text = self.text;
        for comment in instruction.heredocs().iter().flat_map(|heredoc| comments_of_script(heredoc.body.of(text))) {
            let pragma = Pragma::read(comment.trim());
            self.mistakes.extend(pragma.mistake.map(Mistake::without_fix));
            if let Some(said) = pragma.said {
                let first = self.ignores.len();
                let file = Span::of_range(0..text.len());
                self.add(&said, Some(if said.reach == Reach::File { file } else { scope }));
                // What a script holds is part of what the build does.
                self.own.push(OwnComment {
                    line: place(text, comment),
                    ids: first..self.ignores.len(),
                    removable: false,
                });
            }
        }
    }

    /// Reads the ignores of an ignore file: comments of this tool's own, each for the pattern that follows.
    pub(crate) fn read_ignore_file(file: &'t IgnoreFile, preset: Preset) -> Self {
        let text = file.text.as_str();
        let mut ignores = Self::new(text, preset, "pattern");
        let mut patterns = file.patterns.iter().peekable();
        for (line, comment) in comments_of_ignore_file(text) {
            let pragma = Pragma::read(comment);
            let is_before = |pattern: &&Pattern| pattern.span.start < line.end;
            while patterns.next_if(is_before).is_some() {}
            let Some(said) = pragma.said.as_ref().filter(|said| said.tool == Tool::Own) else {
                ignores.mistakes.extend(pragma.mistake);
                continue;
            };
            let scope = match said.reach {
                Reach::File => Some(Span::of_range(0..text.len())),
                Reach::Instruction | Reach::Stage => patterns.peek().map(|pattern| pattern.span),
            };
            let first = ignores.ignores.len();
            ignores.add(said, scope);
            ignores.own.push(OwnComment { line, ids: first..ignores.ignores.len(), removable: true });
            ignores.mistakes.extend(pragma.mistake);
        }
        ignores
    }

    /// Notes that the ids that were added last are those of a comment of our own.
    fn note(&mut self, dockerfile: &Dockerfile<'t>, comment: &Comment<'t>, pragma: Pragma<'t>) {
        self.mistakes.extend(pragma.mistake);
        if let Some(said) = pragma.said.filter(|said| said.tool == Tool::Own) {
            let ids = self.ignores.len() - said.ids.len()..self.ignores.len();
            let removable = !is_pinned(dockerfile, comment);
            self.own.push(OwnComment { line: OwnComment::line(self.text, comment.span), ids, removable });
        }
    }

    fn add(&mut self, said: &Said<'t>, scope: Option<Span>) {
        for id in said.ids.iter().copied() {
            let index = self.ignores.len();
            self.ignores.push(Ignore { id, span: place(self.text, id), scope, used: false });
            if scope.is_none() {
                continue;
            }
            if said.tool == Tool::Own && id.eq_ignore_ascii_case(ALL) {
                self.by_rule.entry((ALL, said.reach)).or_default().push(index);
                continue;
            }
            if said.tool != Tool::Buildkit {
                for rule in rules::called(id) {
                    self.by_rule.entry((rule.name, said.reach)).or_default().push(index);
                }
                continue;
            }
            let preset = self.preset;
            let is_meant = |alias: &Alias| {
                let all = said.is_all_of_buildkit();
                alias.id().strip_prefix("buildkit/").is_some_and(|name| all || name == id)
            };
            // BuildKit's names are those, and in no other case.
            let meant = |rule: &&&Rule| {
                let late =
                    said.reach == Reach::File || preset != Preset::Buildkit || !BEFORE_COMMENTS.contains(&rule.name);
                late && !EXPERIMENTAL.contains(&rule.name) && rule.aliases.iter().any(is_meant)
            };
            for rule in rules::ALL.iter().filter(meant) {
                self.by_rule.entry((rule.name, said.reach)).or_default().push(index);
            }
        }
    }

    /// Whether `diagnostic` is silenced; notes by which ignore.
    pub(crate) fn silences(&mut self, diagnostic: &Diagnostic) -> bool {
        self.silences_at(diagnostic.name, diagnostic.span.start)
    }

    fn silences_at(&mut self, name: &'static str, at: u32) -> bool {
        for reach in [Reach::Instruction, Reach::Stage, Reach::File] {
            for name in [name, ALL] {
                let Some(candidates) = self.by_rule.get(&(name, reach)) else { continue };
                let scope = |index: &usize| self.ignores.get(*index).and_then(|ignore| ignore.scope);
                let after = candidates.partition_point(|index| scope(index).is_some_and(|scope| scope.start <= at));
                let nearest = after.checked_sub(1).and_then(|last| candidates.get(last).copied());
                if let Some(ignore) = nearest.and_then(|index| self.ignores.get_mut(index))
                    && ignore.scope.is_some_and(|scope| at <= scope.end)
                {
                    ignore.used = true;
                    return true;
                }
            }
        }
        false
    }

    /// What is wrong with the comments that were written for this tool, in no order. `told` says what is known of a rule's
    /// findings, and of those of all rules where it is given none.
    pub(crate) fn unused(&mut self, told: impl Fn(Option<&'static Rule>) -> Told) -> Vec<Unused<'t>> {
        // An ignore may be there to silence what is said of others, and is looked at when those are known.
        let mut unused: Vec<Unused<'t>> = self.mistakes.iter().map(|mistake| self.mistaken(mistake)).collect();
        for last in [false, true] {
            let mut found = std::mem::take(&mut unused);
            for comment in &self.own {
                self.unused_in(comment, last, &told, &mut found);
            }
            unused =
                found.into_iter().filter(|unused| !self.silences_at(unused_ignore::RULE.name, unused.at)).collect();
        }
        unused
    }

    fn mistaken(&self, mistake: &Mistake<'t>) -> Unused<'t> {
        let span = place(self.text, mistake.at);
        Unused { span, problem: mistake.problem, fix: mistake.fix(self.text), at: span.start }
    }

    /// What is wrong with a comment: with those of its ids that are about ignores, or with the others.
    fn unused_in(
        &self,
        comment: &OwnComment,
        about_ignores: bool,
        told: impl Fn(Option<&'static Rule>) -> Told,
        found: &mut Vec<Unused<'t>>,
    ) {
        let ids = self.ignores.get(comment.ids.clone()).unwrap_or_default();
        let problems: Vec<Option<Useless<'t>>> = ids.iter().map(|ignore| self.problem(ignore, &told)).collect();
        let is_kept = |problem: &Option<Useless<'_>>| matches!(problem, None | Some(Useless::UnknownRule(_, Some(_))));
        let last_kept = problems.iter().rposition(is_kept);
        let is_about_ignores = |id: &str| id.eq_ignore_ascii_case(ALL) || unused_ignore::RULE.is_called(id);
        let chosen = ids
            .iter()
            .zip(&problems)
            .enumerate()
            .filter(|(_, (ignore, _))| is_about_ignores(ignore.id) == about_ignores);
        for (index, (ignore, problem)) in chosen {
            let Some(problem) = *problem else { continue };
            let fix = match problem {
                Useless::UnknownRule(_, Some(meant)) => Some(Fix {
                    title: format!("write `{meant}`").into(),
                    // What nobody saw silenced so far is silenced then.
                    applicability: Applicability::Unsafe,
                    edits: vec![Edit { span: ignore.span, text: meant.to_owned() }],
                }),
                _ => comment.removal(ids, last_kept, index),
            };
            let at = ignore.scope.map_or(ignore.span.start, |scope| scope.start);
            found.push(Unused { span: ignore.span, problem, fix, at });
        }
    }

    /// What is wrong with an id of our own.
    fn problem(&self, ignore: &Ignore<'t>, told: impl Fn(Option<&'static Rule>) -> Told) -> Option<Useless<'t>> {
        let id = ignore.id;
        let is_all = id.eq_ignore_ascii_case(ALL);
        if !is_all && rules::find(id).is_none() {
            return Some(Useless::UnknownRule(id, self.meant(id)));
        }
        if ignore.scope.is_none() {
            return Some(Useless::NothingFollows(self.subject));
        }
        let is_told = match is_all {
            true => told(None) == Told::All,
            false => rules::called(id).iter().all(|rule| told(Some(rule)) == Told::All),
        };
        (!ignore.used && is_told).then_some(Useless::SilencesNothing(id))
    }

    /// The id of a rule that is most likely meant: one of the codes and names, or what other tools call it.
    fn meant(&self, id: &'t str) -> Option<&'static str> {
        let mut known = self.meant.borrow_mut();
        if let Some(meant) = known.get(id) {
            return *meant;
        }
        // A code with one digit wrong is as near to a dozen others, and who has many wrong ids did not slip.
        if id.ends_with(|c: char| c.is_ascii_digit()) || known.len() == MOST_SLIPS {
            return None;
        }
        let alias = |alias: &Alias| alias.id().rsplit('/').next().unwrap_or_default();
        let ids =
            rules::ALL.iter().flat_map(|rule| [rule.code, rule.name].into_iter().chain(rule.aliases.iter().map(alias)));
        let meant = nearest(id, ids.chain([ALL]));
        known.insert(id, meant);
        meant
    }
}

/// The comments of an ignore file: the line with its end, and the text without the blanks around it.
pub(super) fn comments_of_ignore_file(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let text = text.strip_prefix('\u{feff}').map_or((0, text), |rest| (text.len() - rest.len(), rest));
    let (mut at, text) = text;
    text.split_inclusive('\n').filter_map(move |line| {
        let span = Span::of_range(at..at + line.len());
        at += line.len();
        Some((span, line.strip_prefix('#')?.trim()))
    })
}

/// The comments of a script that have lines of their own, without the `#`.
fn comments_of_script(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        loop {
            let hash = rest.find('#')?;
            let (before, comment) = rest.split_at(hash);
            let end = comment.find('\n').unwrap_or(comment.len());
            rest = comment.get(end..).unwrap_or_default();
            let in_line = before.rfind('\n').map_or(0, |feed| feed + 1);
            if before.get(in_line..).is_some_and(|before| before.trim().is_empty()) {
                return comment.get(1..end);
            }
        }
    })
}

/// The stage that an instruction begins.
fn stage_of(model: &Model<'_, '_>, instruction: &Instruction<'_>) -> Option<Span> {
    let stages = model.stages.as_slice();
    let number = stages.partition_point(|stage| stage.instruction.span.start < instruction.span.start);
    let stage = stages.get(number).filter(|stage| std::ptr::eq(stage.instruction, instruction))?;
    let end = stage.body.last().map_or(instruction.span.end, |last| last.span.end);
    Some(Span::new(instruction.span.start, end))
}

/// Whether a heredoc of the instruction is a script.
fn is_run(instruction: &Instruction<'_>) -> bool {
    match &instruction.kind {
        Kind::Run(_) => true,
        Kind::Onbuild(onbuild) => onbuild.instruction.as_ref().is_some_and(|inner| matches!(inner.kind, Kind::Run(_))),
        _ => false,
    }
}

/// Whether a comment belongs to an instruction, as BuildKit has it, or stands between its continued lines.
fn is_of(index: usize, comment: &Comment<'_>, instruction: &Instruction<'_>) -> bool {
    u32::try_from(index).is_ok_and(|index| instruction.comments.contains(&index))
        || instruction.header.contains(comment.span)
}

/// Whether a comment stands on the line above an instruction, which is where hadolint looks for one.
fn is_right_above(text: &str, comment: &Comment<'_>, instruction: &Instruction<'_>) -> bool {
    let between = Span::new(comment.span.end, instruction.span.start.max(comment.span.end)).of(text);
    between.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').is_some_and(|rest| !rest.contains('\n'))
        && comment.span.end <= instruction.span.start
}
