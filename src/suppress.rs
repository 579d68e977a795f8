//! Comments that silence findings.

use std::collections::HashMap;

use crate::ast::{Comment, DirectiveKind, Dockerfile, Instruction};
use crate::diagnostic::Diagnostic;
use crate::dockerignore::{IgnoreFile, Pattern};
use crate::rules::{self, Alias, Preset, Rule};
use crate::semantic::Model;
use crate::source::Span;

/// The ignores of a file.
pub(crate) struct Ignores<'t> {
    ignores: Vec<Ignore<'t>>,
    /// By rule and reach, in order of scope; scopes of one reach do not overlap.
    by_rule: HashMap<(&'static str, Reach), Vec<usize>>,
    preset: Preset,
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

/// What the `check` directive at the top of a file says.
#[derive(Default)]
pub(crate) struct CheckDirective<'t> {
    /// The checks that do not run, separated by commas.
    skip: Option<&'t str>,
    /// Whether a finding fails the build.
    error: bool,
    /// The experimental checks that run.
    experimental: Option<&'t str>,
    /// What BuildKit does not accept.
    invalid: Option<&'t str>,
}

impl<'t> CheckDirective<'t> {
    /// Reads the directive of a file. Its value ends at the first space.
    pub(crate) fn of(dockerfile: &Dockerfile<'t>) -> Self {
        let directive = dockerfile.directives.iter().find(|directive| directive.kind == DirectiveKind::Check);
        let value = directive.map(|directive| directive.value.span.of(dockerfile.text)).unwrap_or_default();
        Self::parse(value)
    }

    fn parse(value: &'t str) -> Self {
        let mut said = Self::default();
        let value = value.split(' ').next().unwrap_or_default();
        for option in value.split(';').filter(|_| !value.is_empty()) {
            match option.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some(("skip", ids)) => said.skip = Some(ids),
                Some(("error", "1" | "t" | "T" | "true" | "TRUE" | "True")) => said.error = true,
                Some(("error", "0" | "f" | "F" | "false" | "FALSE" | "False")) => said.error = false,
                Some(("experimental", ids)) => said.experimental = Some(ids),
                _ => said.invalid = Some(option),
            }
        }
        said
    }

    /// What BuildKit does not accept in it, and stops at.
    pub(crate) fn invalid(&self, preset: Preset) -> Option<&'t str> {
        self.invalid.filter(|_| preset != Preset::Hadolint)
    }

    /// Whether the findings of BuildKit's checks fail the build.
    pub(crate) fn makes_errors(&self, preset: Preset) -> bool {
        self.error && preset != Preset::Hadolint
    }

    /// Whether the directive asks for the experimental check of that name.
    pub(crate) fn asks_for(&self, check: Alias) -> bool {
        let Some(name) = check.id().strip_prefix("buildkit/") else { return false };
        self.experimental.is_some_and(|ids| ids == "all" || ids.split(',').any(|id| id.trim() == name))
    }
}

/// One id in a comment.
struct Ignore<'t> {
    id: &'t str,
    span: Span,
    scope: Span,
    /// Whether it is written for this tool, and should do something.
    own: bool,
    used: bool,
}

/// How far an ignore goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Reach {
    Instruction,
    Stage,
    File,
}

/// What a comment says, where it silences something.
struct Said<'t> {
    ids: &'t str,
    reach: Reach,
    own: bool,
    /// Whether only BuildKit's checks are meant.
    buildkit: bool,
}

impl Said<'_> {
    /// Whether it silences what is found: not where the answers of one tool are asked for, and the comment is another's.
    fn counts_in(&self, preset: Preset) -> bool {
        match preset {
            Preset::Buildkit => self.own || self.buildkit,
            // hadolint reads nothing else in a list of ids, and knows no other ids.
            Preset::Hadolint => {
                let is_read = |c: char| matches!(c, 'D' | 'L' | 'S' | 'C' | '0'..='9' | ',') || c.is_whitespace();
                self.own || !self.buildkit && self.ids.chars().all(is_read)
            }
            _ => true,
        }
    }
}

impl<'t> Ignores<'t> {
    /// Reads the ignores of a file, of which `directive` is one.
    pub(crate) fn read(model: &Model<'_, 't>, directive: &CheckDirective<'t>, preset: Preset) -> Self {
        let mut ignores = Self { ignores: Vec::new(), by_rule: HashMap::new(), preset };
        let dockerfile = model.dockerfile;
        let file = Span::of_range(0..dockerfile.text.len());
        if let Some(ids) = directive.skip.filter(|_| preset != Preset::Hadolint) {
            let said = Said { ids, reach: Reach::File, own: false, buildkit: true };
            ignores.add(dockerfile.text, &said, file);
        }
        if dockerfile.comments.is_empty() {
            return ignores;
        }
        let mut stages = model.stages.iter().peekable();
        for instruction in &dockerfile.instructions {
            let stage = stages.next_if(|stage| std::ptr::eq(stage.instruction, instruction)).map(|stage| {
                let end = stage.body.last().map_or(instruction.span.end, |last| last.span.end);
                Span::new(instruction.span.start, end)
            });
            let inside = inside(dockerfile, instruction.comments.end, instruction.header);
            for comment in dockerfile.comments_of(instruction).iter().chain(inside) {
                let Some(said) = said(comment.text).filter(|said| said.counts_in(preset)) else { continue };
                if preset == Preset::Hadolint && !said.own && !is_right_above(dockerfile.text, comment, instruction) {
                    continue;
                }
                let scope = match said.reach {
                    Reach::Instruction => instruction.span,
                    Reach::Stage => match stage {
                        Some(stage) => stage,
                        None => continue,
                    },
                    // Those are read below, wherever they stand.
                    Reach::File => continue,
                };
                ignores.add(dockerfile.text, &said, scope);
            }
        }
        for comment in &dockerfile.comments {
            if let Some(said) = said(comment.text).filter(|said| said.reach == Reach::File && said.counts_in(preset)) {
                ignores.add(dockerfile.text, &said, file);
            }
        }
        ignores
    }

    /// None, where nobody may silence anything.
    pub(crate) fn none(preset: Preset) -> Self {
        Self { ignores: Vec::new(), by_rule: HashMap::new(), preset }
    }

    /// Reads the ignores of an ignore file: comments of this tool's own, each for the pattern that follows.
    pub(crate) fn read_ignore_file(file: &'t IgnoreFile, preset: Preset) -> Self {
        let mut ignores = Self { ignores: Vec::new(), by_rule: HashMap::new(), preset };
        let text = file.text.as_str();
        let mut patterns = file.patterns.iter().peekable();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let content = line.strip_prefix('\u{feff}').unwrap_or(line);
            if let Some(said) =
                content.strip_prefix('#').and_then(|comment| said(comment.trim())).filter(|said| said.own)
            {
                let is_before = |pattern: &&Pattern| (pattern.span.start as usize) < end;
                while patterns.next_if(is_before).is_some() {}
                let scope = match said.reach {
                    Reach::File => Some(Span::of_range(0..text.len())),
                    Reach::Instruction | Reach::Stage => patterns.peek().map(|pattern| pattern.span),
                };
                if let Some(scope) = scope {
                    ignores.add(text, &said, scope);
                }
            }
            start = end;
        }
        ignores
    }

    fn add(&mut self, text: &'t str, said: &Said<'t>, scope: Span) {
        for id in said.ids.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let span = place(text, id);
            let index = self.ignores.len();
            self.ignores.push(Ignore { id, span, scope, own: said.own, used: false });
            let all = id == "all";
            let preset = self.preset;
            let is_meant = |alias: &Alias| {
                alias.id().strip_prefix("buildkit/").is_some_and(|name| all && said.ids == "all" || name == id)
            };
            let meant = |rule: &&&Rule| match said.buildkit {
                // BuildKit's names are those, and in no other case.
                true => {
                    let late = said.reach == Reach::File
                        || preset != Preset::Buildkit
                        || !BEFORE_COMMENTS.contains(&rule.name);
                    late && !EXPERIMENTAL.contains(&rule.name) && rule.aliases.iter().any(is_meant)
                }
                false => rule.is_called(id),
            };
            for rule in rules::ALL.iter().filter(meant) {
                self.by_rule.entry((rule.name, said.reach)).or_default().push(index);
            }
        }
    }

    /// Whether `diagnostic` is silenced; notes by which ignore.
    pub(crate) fn silences(&mut self, diagnostic: &Diagnostic) -> bool {
        let at = diagnostic.span.start;
        for reach in [Reach::Instruction, Reach::Stage, Reach::File] {
            let Some(candidates) = self.by_rule.get(&(diagnostic.name, reach)) else { continue };
            let after = candidates
                .partition_point(|index| self.ignores.get(*index).is_some_and(|ignore| ignore.scope.start <= at));
            let nearest = after.checked_sub(1).and_then(|last| candidates.get(last).copied());
            if let Some(ignore) = nearest.and_then(|index| self.ignores.get_mut(index))
                && at <= ignore.scope.end
            {
                ignore.used = true;
                return true;
            }
        }
        false
    }

    /// The ignores that were written for this tool and silenced nothing: their place, their id, and whether there is such
    /// a rule.
    pub(crate) fn unused(&self) -> impl Iterator<Item = (Span, &'t str, bool)> {
        let unused = self.ignores.iter().filter(|ignore| ignore.own && !ignore.used);
        unused.map(|ignore| (ignore.span, ignore.id, rules::find(ignore.id).is_some()))
    }
}

/// The ids of rules in a comment that silences something, be it for this tool or another one.
#[cfg(feature = "lsp")]
pub(crate) fn ids_in_comment(text: &str) -> impl Iterator<Item = &str> {
    let ids = said(text).map(|said| said.ids).unwrap_or_default();
    ids.split(',').map(str::trim).filter(|id| !id.is_empty())
}

/// The ids of checks in the `check` directive of a file.
#[cfg(feature = "lsp")]
pub(crate) fn ids_in_directive<'t>(dockerfile: &Dockerfile<'t>) -> impl Iterator<Item = &'t str> {
    let directive = CheckDirective::of(dockerfile);
    let ids = directive.skip.into_iter().chain(directive.experimental);
    ids.flat_map(|ids| ids.split(',')).map(str::trim).filter(|id| !id.is_empty())
}

/// Where a part of a text stands in it.
pub(crate) fn place(text: &str, part: &str) -> Span {
    let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize).min(text.len());
    Span::of_range(start..start + part.len())
}

/// The comments between the continued lines of an instruction.
fn inside<'d, 'a>(dockerfile: &'d Dockerfile<'a>, first: u32, header: Span) -> impl Iterator<Item = &'d Comment<'a>> {
    let rest = dockerfile.comments.get(first as usize..).unwrap_or_default();
    rest.iter().take_while(move |comment| header.contains(comment.span))
}

/// Whether a comment stands on the line above an instruction, which is where hadolint looks for one.
fn is_right_above(text: &str, comment: &Comment<'_>, instruction: &Instruction<'_>) -> bool {
    let between = Span::new(comment.span.end, instruction.span.start.max(comment.span.end)).of(text);
    between.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').is_some_and(|rest| !rest.contains('\n'))
        && comment.span.end <= instruction.span.start
}

/// What the text of a comment says.
fn said(text: &str) -> Option<Said<'_>> {
    // Nearly all comments are for people.
    let is_check = || text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("check"));
    if !text.starts_with("plimsoll") && !text.starts_with("hadolint") && !is_check() {
        return None;
    }
    let (tool, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start();
    match tool {
        "plimsoll" => {
            let (key, ids) = rest.split_once('=')?;
            let reach = match key.trim() {
                "ignore" => Reach::Instruction,
                "file-ignore" => Reach::File,
                _ => return None,
            };
            let ids = ids.split(';').next().unwrap_or_default();
            Some(Said { ids, reach, own: true, buildkit: false })
        }
        "hadolint" => {
            let (key, ids) = rest.split_once('=')?;
            let mut words = key.split_whitespace();
            let reach = match (words.next(), words.next(), words.next()) {
                (Some("ignore"), None, _) => Reach::Instruction,
                (Some("stage"), Some("ignore"), None) => Reach::Stage,
                (Some("global"), Some("ignore"), None) => Reach::File,
                _ => return None,
            };
            let ids = ids.split('#').next().unwrap_or_default();
            Some(Said { ids, reach, own: false, buildkit: false })
        }
        _ => {
            let (key, value) = text.split_once('=')?;
            let ids = key.trim().eq_ignore_ascii_case("check").then(|| skipped(value.trim_start())).flatten()?;
            Some(Said { ids, reach: Reach::Instruction, own: false, buildkit: true })
        }
    }
}

/// The ids of `skip=…` in the value of a `check`, which ends at the first space.
fn skipped(value: &str) -> Option<&str> {
    CheckDirective::parse(value).skip
}
