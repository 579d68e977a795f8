//! What a file means: its stages, and what holds in each. Built once, read only.

use crate::ast::{Dockerfile, From, Instruction, Kind};

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

impl<'d, 'a> Model<'d, 'a> {
    /// Reads the meaning of a tree.
    #[must_use]
    pub fn build(dockerfile: &'d Dockerfile<'a>) -> Self {
        let instructions = dockerfile.instructions.as_slice();
        let begins_stage =
            |instruction: &Instruction<'_>| instruction.kind.keyword() == Some(crate::ast::Keyword::From);
        let starts: Vec<usize> =
            (0..instructions.len()).filter(|at| instructions.get(*at).is_some_and(begins_stage)).collect();
        let mut stages: Vec<Stage<'d, 'a>> = Vec::with_capacity(starts.len());
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(instructions.len());
            let (Some(instruction), Some(body)) = (instructions.get(*start), instructions.get(start + 1..end)) else {
                continue;
            };
            let base = base(instruction, &stages, dockerfile);
            stages.push(Stage { index, instruction, body, base });
        }
        Self { dockerfile, stages }
    }

    /// The stage that `stage` begins with, where that is one.
    #[must_use]
    pub fn parent(&self, stage: &Stage<'d, 'a>) -> Option<&Stage<'d, 'a>> {
        match stage.base {
            Base::Stage(index) => self.stages.get(index),
            Base::Scratch | Base::Image | Base::Unknown => None,
        }
    }

    /// The stage, then what it begins with, and so on.
    pub fn ancestry<'m>(&'m self, stage: &'m Stage<'d, 'a>) -> impl Iterator<Item = &'m Stage<'d, 'a>> {
        std::iter::successors(Some(stage), |stage| self.parent(stage))
    }
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

    /// Whether the stage is called `name`, in any case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let own = self.from().and_then(|from| from.name.as_ref());
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

fn base(instruction: &Instruction<'_>, earlier: &[Stage<'_, '_>], dockerfile: &Dockerfile<'_>) -> Base {
    let Kind::From(from) = &instruction.kind else { return Base::Unknown };
    let image = &from.image.word;
    if !image.variables(dockerfile.escape).is_empty() {
        return Base::Unknown;
    }
    // Of two stages with one name the later one is meant.
    if let Some(stage) = earlier.iter().rev().find(|stage| stage.is_named(image)) {
        return Base::Stage(stage.index);
    }
    if image.as_str() == "scratch" { Base::Scratch } else { Base::Image }
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
