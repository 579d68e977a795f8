//! Comments that silence findings.

use std::collections::HashMap;

use crate::ast::{Comment, DirectiveKind, Dockerfile};
use crate::diagnostic::Diagnostic;
use crate::rules::{self, Rule};
use crate::semantic::Model;
use crate::source::Span;

/// The ignores of a file.
pub(crate) struct Ignores<'t> {
    ignores: Vec<Ignore<'t>>,
    /// By rule and reach, in order of scope; scopes of one reach do not overlap.
    by_rule: HashMap<(&'static str, Reach), Vec<usize>>,
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

impl<'t> Ignores<'t> {
    /// Reads the ignores of a file.
    pub(crate) fn read(model: &Model<'_, 't>) -> Self {
        let mut ignores = Self { ignores: Vec::new(), by_rule: HashMap::new() };
        let dockerfile = model.dockerfile;
        let file = Span::of_range(0..dockerfile.text.len());
        for directive in dockerfile.directives.iter().filter(|directive| directive.kind == DirectiveKind::Check) {
            let value = directive.value.span.of(dockerfile.text);
            if let Some(ids) = skipped(value) {
                let said = Said { ids, reach: Reach::File, own: false, buildkit: true };
                ignores.add(dockerfile, &said, file);
            }
        }
        let mut stages = model.stages.iter().peekable();
        for instruction in &dockerfile.instructions {
            let stage = stages.next_if(|stage| std::ptr::eq(stage.instruction, instruction)).map(|stage| {
                let end = stage.body.last().map_or(instruction.span.end, |last| last.span.end);
                Span::new(instruction.span.start, end)
            });
            let inside = inside(dockerfile, instruction.comments.end, instruction.header);
            for comment in dockerfile.comments_of(instruction).iter().chain(inside) {
                let Some(said) = said(comment) else { continue };
                let scope = match said.reach {
                    Reach::Instruction => instruction.span,
                    Reach::Stage => match stage {
                        Some(stage) => stage,
                        None => continue,
                    },
                    // Those are read below, wherever they stand.
                    Reach::File => continue,
                };
                ignores.add(dockerfile, &said, scope);
            }
        }
        for comment in &dockerfile.comments {
            if let Some(said) = said(comment).filter(|said| said.reach == Reach::File) {
                ignores.add(dockerfile, &said, file);
            }
        }
        ignores
    }

    fn add(&mut self, dockerfile: &Dockerfile<'t>, said: &Said<'t>, scope: Span) {
        let text = dockerfile.text;
        for id in said.ids.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let start = (id.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize).min(text.len());
            let span = Span::of_range(start..start + id.len());
            let index = self.ignores.len();
            self.ignores.push(Ignore { id, span, scope, own: said.own, used: false });
            let all = said.buildkit && id.eq_ignore_ascii_case("all");
            let meant = |rule: &&&Rule| match said.buildkit {
                true if all => rule.aliases.iter().any(|alias| alias.id().starts_with("buildkit/")),
                _ => rule.is_called(id),
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

/// The comments between the continued lines of an instruction.
fn inside<'d, 'a>(dockerfile: &'d Dockerfile<'a>, first: u32, header: Span) -> impl Iterator<Item = &'d Comment<'a>> {
    let rest = dockerfile.comments.get(first as usize..).unwrap_or_default();
    rest.iter().take_while(move |comment| header.contains(comment.span))
}

fn said<'t>(comment: &Comment<'t>) -> Option<Said<'t>> {
    let text = comment.text;
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
    let value = value.split(' ').next().unwrap_or_default();
    value.split(';').find_map(|part| part.trim().strip_prefix("skip="))
}
