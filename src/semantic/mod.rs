//! What a file means: its stages, and what holds in each. Built once, read only.
//!
//! A [`Model`] knows what holds before every instruction: [`Model::at`] gives a [`Point`], which tells the value of a
//! variable, the working directory, the user and the shell, and expands words. What nobody can know is [`Value::Unknown`].

mod base_image;
mod build;
mod by_keyword;
mod entrypoint;
mod executed;
mod facts;
mod image;
mod inputs;
mod interpreters;
mod landing;
mod mention;
mod origin;
mod platform;
mod point;
mod reference;
mod scope;
mod scripts;
mod shell;
mod stage;
mod surroundings;
mod take;
mod taken;
mod user;
mod variable;
mod words;
mod workdir;

pub use crate::expand::{
    Budget, Expansion, ExpansionError, Lookup, Reference, State, Syntax, Value, expand, expand_words,
};
pub use base_image::{BaseImage, System, base_image, well_known_images};
pub use entrypoint::{Argument, Invocation, Process, Setting};
pub use executed::{Executed, Runner};
pub use image::{Image, Labels, Ports, Volumes};
pub use inputs::{BaseImages, Inputs};
pub use landing::{Landing, Landings, Place, TakeProblem, TakeProblemKind};
pub use mention::mentions;
pub use origin::Origin;
pub use platform::Platform;
pub use point::{Declaration, Point};
pub use reference::is_image_reference;
pub use scope::Binder;
pub use scripts::{Scripts, interpreter};
pub use shell::{Shell, shebang};
pub use stage::{Base, Edge, Inherited, Source, Stage, Trigger};
pub use surroundings::Surroundings;
pub use take::{Asked, Take, TakenSource, Way};
pub use taken::{Taken, below_bases};
pub use user::UserName;
pub use variable::{DEFAULT_PATH, PLATFORM_ARGUMENTS, PROXY_ARGUMENTS};
pub use words::{Expanded, expanded_words};
pub use workdir::{clean_path, has_drive, is_absolute, may_be_absolute, resolve};

use crate::ast::{Dockerfile, Instruction, Keyword, Keywords};
use build::Builder;
use by_keyword::ByKeyword;
use facts::Facts;

/// What a file means.
///
/// ```
/// use plimsoll::semantic::Model;
///
/// let parsed = plimsoll::parse("FROM alpine:3.22 AS base\nWORKDIR /app\nFROM base\nENV NAME=x\nWORKDIR $NAME\nCMD [\"sh\"]\n");
/// let model = Model::build(&parsed.dockerfile);
/// let cmd = model.at(&parsed.dockerfile.instructions[5]).unwrap();
/// assert_eq!(cmd.workdir().known(), Some("/app/x"));
/// assert_eq!(cmd.stage().unwrap().index, 1);
/// ```
#[derive(Debug)]
pub struct Model<'d, 'a> {
    /// The tree that it is about.
    pub dockerfile: &'d Dockerfile<'a>,
    /// The stages in order.
    pub stages: Vec<Stage<'d, 'a>>,
    /// Where stages take files from stages and images, in order of the stages.
    pub edges: Vec<Edge<'d, 'a>>,
    /// The number of the stage that is built; none where there is no such stage.
    pub target: Option<usize>,
    by_keyword: ByKeyword,
    facts: Facts<'d>,
    /// What holds before each instruction.
    states: Vec<stage::State<'d, 'a>>,
    /// What holds before a `FROM`.
    global: stage::State<'d, 'a>,
}

impl<'d, 'a> Model<'d, 'a> {
    /// Reads the meaning of a tree, in one pass, when nothing else is known of the build.
    #[must_use]
    pub fn build(dockerfile: &'d Dockerfile<'a>) -> Self {
        Self::with_inputs(dockerfile, &inputs::NOTHING)
    }

    /// Reads the meaning of a tree, in one pass.
    #[must_use]
    pub fn with_inputs(dockerfile: &'d Dockerfile<'a>, inputs: &'d Inputs) -> Self {
        Builder::new(dockerfile, inputs).run()
    }

    /// The keywords of its instructions, those in an `ONBUILD` too.
    #[must_use]
    pub const fn keywords(&self) -> Keywords {
        self.by_keyword.all
    }

    /// The instructions with a keyword, in order, those that can't be read too; but none in an `ONBUILD`.
    ///
    /// ```
    /// use plimsoll::ast::Keyword;
    /// use plimsoll::semantic::Model;
    ///
    /// let parsed = plimsoll::parse("FROM alpine\nRUN a\nUSER b\nRUN c\n");
    /// let model = Model::build(&parsed.dockerfile);
    /// assert_eq!(model.instructions_of(Keyword::Run).count(), 2);
    /// ```
    pub fn instructions_of(&self, keyword: Keyword) -> impl Iterator<Item = &'d Instruction<'a>> {
        let instructions = self.dockerfile.instructions.as_slice();
        self.by_keyword.numbers(keyword).filter_map(move |number| instructions.get(number))
    }

    /// What holds before `instruction`, or before the `ONBUILD` that it stands in; none for one of another file.
    #[must_use]
    pub fn at(&self, instruction: &Instruction<'_>) -> Option<Point<'_, 'd, 'a>> {
        Some(Point::new(self, *self.states.get(self.dockerfile.number_of(instruction)?)?))
    }

    /// What holds before a trigger.
    #[must_use]
    pub const fn at_trigger(&self, trigger: &Trigger<'d, 'a>) -> Point<'_, 'd, 'a> {
        Point::new(self, trigger.state)
    }

    /// What holds right after the `FROM` of a stage, before what its base triggers.
    #[must_use]
    pub const fn at_start(&self, stage: &Stage<'d, 'a>) -> Point<'_, 'd, 'a> {
        Point::new(self, stage.start)
    }

    /// What a stage leaves.
    #[must_use]
    pub const fn at_end(&self, stage: &Stage<'d, 'a>) -> Point<'_, 'd, 'a> {
        Point::new(self, stage.end)
    }

    /// What holds before the first `FROM`, all its `ARG`s read.
    #[must_use]
    pub const fn before_stages(&self) -> Point<'_, 'd, 'a> {
        Point::new(self, self.global)
    }

    /// The instructions before the first `FROM`.
    #[must_use]
    pub fn preamble(&self) -> &'d [Instruction<'a>] {
        let instructions = self.dockerfile.instructions.as_slice();
        let first = self.stages.first().map_or(u32::MAX, |stage| stage.instruction.span.start);
        let end = instructions.partition_point(|instruction| instruction.span.start < first);
        instructions.get(..end).unwrap_or_default()
    }

    /// A stage and those that it builds on, the last one first.
    pub fn lineage(&self, stage: &Stage<'d, 'a>) -> impl Iterator<Item = &Stage<'d, 'a>> {
        let mut next = self.stages.get(stage.index);
        std::iter::from_fn(move || {
            let stage = next?;
            next = match stage.base {
                // A stage builds on an earlier one only.
                Base::Stage(base) if base < stage.index => self.stages.get(base),
                _ => None,
            };
            Some(stage)
        })
    }

    /// What `docker run image arguments…` executes, where the image is that of `stage`.
    #[must_use]
    pub fn process<'v>(&self, stage: &Stage<'d, 'a>, arguments: &'v [String]) -> Process<'v>
    where
        'd: 'v,
    {
        Process::of(stage.entrypoint, stage.command, arguments)
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
