//! What a file means: its stages, and what holds in each. Built once, read only.

mod expand;

use std::collections::HashMap;

pub use expand::{Budget, Expansion, ExpansionError, Lookup, Reference, State, Syntax, Value, expand, expand_words};

use crate::ast::{Dockerfile, From, Instruction, Keyword, Kind, Workdir};

/// What a file means.
#[derive(Clone, Debug)]
pub struct Model<'d, 'a> {
    /// The tree that it is about.
    pub dockerfile: &'d Dockerfile<'a>,
    /// The stages in order.
    pub stages: Vec<Stage<'d, 'a>>,
}

/// A stage: a `FROM` and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'d, 'a> {
    /// Its number, from 0.
    pub index: usize,
    /// The `FROM`; the line may be malformed, and then all about the base is unknown.
    pub instruction: &'d Instruction<'a>,
    /// The instructions after it.
    pub body: &'d [Instruction<'a>],
    /// What it begins with.
    pub base: Base,
    /// What it has from the stages that it builds on.
    pub inherited: Inherited,
}

/// What a stage begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    /// `scratch`, the empty image.
    Scratch,
    /// An earlier stage, by its number.
    Stage(usize),
    /// An image that somebody else built.
    Image,
    /// What it is depends on a variable, or can't be read.
    Unknown,
}

/// What a stage has from the stages that it builds on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Inherited {
    /// Whether one of them sets an absolute working directory.
    pub absolute_workdir: bool,
    /// Whether one of them sets a shell.
    pub shell: bool,
}

impl<'d, 'a> Model<'d, 'a> {
    /// Reads the meaning of a tree, in one pass.
    #[must_use]
    pub fn build(dockerfile: &'d Dockerfile<'a>) -> Self {
        let instructions = dockerfile.instructions.as_slice();
        let starts: Vec<usize> = instructions
            .iter()
            .enumerate()
            .filter(|(_, instruction)| instruction.kind.keyword() == Some(Keyword::From))
            .map(|(start, _)| start)
            .collect();
        let mut stages: Vec<Stage<'d, 'a>> = Vec::with_capacity(starts.len());
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(instructions.len());
            let (Some(instruction), Some(body)) = (instructions.get(*start), instructions.get(start + 1..end)) else {
                continue;
            };
            let base = base(instruction, &by_name, dockerfile);
            let inherited = match base {
                Base::Stage(parent) => stages.get(parent).map(passed_on).unwrap_or_default(),
                Base::Scratch | Base::Image | Base::Unknown => Inherited::default(),
            };
            let stage = Stage { index, instruction, body, base, inherited };
            if let Some(name) = stage.from().and_then(|from| from.name.as_ref()) {
                // Of two stages with one name the later one is meant.
                by_name.insert(name.to_lowercase(), index);
            }
            stages.push(stage);
        }
        Self { dockerfile, stages }
    }
}

/// What a stage that builds on `stage` has from it.
fn passed_on(stage: &Stage<'_, '_>) -> Inherited {
    let mut inherited = stage.inherited;
    for instruction in stage.body {
        match &instruction.kind {
            Kind::Workdir(workdir) => inherited.absolute_workdir |= may_be_absolute(workdir),
            Kind::Shell(_) => inherited.shell = true,
            _ => {}
        }
    }
    inherited
}

/// Whether the path is absolute, on Linux or Windows, or may be, for a variable stands at its start.
#[must_use]
pub fn may_be_absolute(workdir: &Workdir<'_>) -> bool {
    let path = workdir.path.trim_start_matches(['"', '\'']);
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\', '$']) || drive
}

impl<'d, 'a> Stage<'d, 'a> {
    /// The `FROM`, where it could be read.
    #[must_use]
    pub const fn from(&self) -> Option<&'d From<'a>> {
        match &self.instruction.kind {
            Kind::From(from) => Some(from),
            _ => None,
        }
    }
}

fn base(instruction: &Instruction<'_>, by_name: &HashMap<String, usize>, dockerfile: &Dockerfile<'_>) -> Base {
    let Kind::From(from) = &instruction.kind else { return Base::Unknown };
    let image = &from.image.word;
    if image.has_variable(dockerfile.escape) {
        return Base::Unknown;
    }
    match by_name.get(&image.to_lowercase()) {
        Some(stage) => Base::Stage(*stage),
        None if image.as_str() == "scratch" => Base::Scratch,
        None => Base::Image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases() {
        let parsed = crate::parse("FROM a AS One\nFROM one\nFROM scratch\nFROM $x\nFROM a b\nFROM two\n");
        let model = Model::build(&parsed.dockerfile);
        let bases: Vec<Base> = model.stages.iter().map(|stage| stage.base).collect();
        let expected = [Base::Image, Base::Stage(0), Base::Scratch, Base::Unknown, Base::Unknown, Base::Image];
        assert_eq!(bases, expected);
    }
}
