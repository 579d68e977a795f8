//! Stages, and which of them need which.

use std::collections::HashMap;

use super::base_image::BaseImage;
use super::entrypoint::Setting;
use super::scope::Scope;
use super::shell::Shell;
use super::{Inputs, Value};
use crate::ast::{Escape, From, Healthcheck, Instruction, Kind, MountType, Stopsignal, Word};

/// A stage: a `FROM` and what follows it.
#[derive(Clone, Debug)]
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
    /// The image that `FROM` names, its variables expanded.
    pub image: Value<'d>,
    /// The instructions that the stage which it builds on has in `ONBUILD`, and that run before its own.
    pub triggers: Vec<Trigger<'d, 'a>>,
    /// The entrypoint in the end.
    pub entrypoint: Setting<'d, 'a>,
    /// The command in the end.
    pub command: Setting<'d, 'a>,
    /// The last `HEALTHCHECK`, here or in the stages that it builds on.
    pub healthcheck: Option<&'d Healthcheck<'a>>,
    /// The last `STOPSIGNAL`, here or in the stages that it builds on.
    pub stopsignal: Option<&'d Stopsignal<'a>>,
    /// Whether the image that is built has something of it: it is the target, or the target needs it.
    pub reaches_output: bool,
    /// What the stages that build on it have from it.
    pub(super) passes_on: Inherited,
    /// What holds right after the `FROM`.
    pub(super) start: State<'d, 'a>,
    /// What holds in the end.
    pub(super) end: State<'d, 'a>,
    /// The `ONBUILD`s, for the stages that build on it.
    pub(super) onbuild: Vec<&'d Instruction<'a>>,
    /// Where an `ARG` has hidden an `ENV`: those are seen again in the stages that build on it.
    pub(super) hidden: Vec<Scope>,
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
    /// Whether one of them sets a working directory.
    pub workdir: bool,
    /// Whether one of them sets a shell.
    pub shell: bool,
}

/// An instruction of an `ONBUILD` that runs in a stage.
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'d, 'a> {
    /// The inner instruction.
    pub instruction: &'d Instruction<'a>,
    /// What holds before it.
    pub(super) state: State<'d, 'a>,
}

/// What holds before an instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct State<'d, 'a> {
    /// The number of the stage; none before the first.
    pub(super) stage: Option<u32>,
    pub(super) scope: Scope,
    pub(super) root: Root,
    /// The number of the working directory, and of the user.
    pub(super) workdir: u32,
    pub(super) user: u32,
    pub(super) shell: Shell<'d, 'a>,
}

/// Which variables there are besides those that are bound.
#[derive(Clone, Copy, Debug)]
pub(super) enum Root {
    /// Before a stage: the platform arguments.
    Builder,
    /// `PATH` and nothing else.
    Empty,
    /// Nothing at all.
    Nothing,
    /// Those of a base image.
    Image(Option<&'static BaseImage>),
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

    /// The name as it is written.
    #[must_use]
    pub fn name(&self) -> Option<&'d Word<'a>> {
        self.from()?.name.as_ref()
    }
}

/// The stages by their names, in any case; of two with one name the later one.
#[derive(Debug, Default)]
pub(super) struct Names<'d> {
    few: Vec<(&'d str, usize)>,
    many: HashMap<String, usize>,
}

impl<'d> Names<'d> {
    const FEW: usize = 8;

    pub(super) fn insert(&mut self, name: &'d str, stage: usize) {
        if self.few.len() < Self::FEW {
            self.few.push((name, stage));
        } else {
            self.many.insert(name.to_lowercase(), stage);
        }
    }

    /// The stage of that name, in any case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        if !self.many.is_empty()
            && let Some(stage) = self.many.get(&name.to_lowercase())
        {
            return Some(*stage);
        }
        self.few.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, stage)| *stage)
    }
}

/// A place where a stage takes files from somewhere else than the context.
#[derive(Clone, Copy, Debug)]
pub struct Edge<'d, 'a> {
    /// The number of the stage that takes.
    pub stage: usize,
    /// The `COPY` or the `RUN`.
    pub instruction: &'d Instruction<'a>,
    /// The value of `from`.
    pub word: &'d Word<'a>,
    /// What it names.
    pub source: Source,
}

/// What a `from` names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A stage by its number. The build fails if that is not an earlier one.
    Stage(usize),
    /// An image, or a context that is given to the build.
    Image,
    /// A number that no stage has; the build fails.
    NoStage,
    /// It holds a variable, which BuildKit rejects, or a context of that name is known to be given.
    Unknown,
}

/// Where the stages take files from, of which `takers` are the `COPY`s and `RUN`s with flags, in order of the stages.
pub(super) fn edges<'d, 'a>(
    takers: &[(usize, &'d Instruction<'a>)],
    escape: Escape,
    stages: usize,
    names: &Names<'d>,
    inputs: &Inputs,
) -> Vec<Edge<'d, 'a>> {
    let mut edges = Vec::new();
    for (stage, instruction) in takers.iter().copied() {
        let mut add = |word: &'d Word<'a>, by_number| {
            let source = if word.has_variable(escape) || inputs.is_named_context(word) {
                Source::Unknown
            } else {
                source(word, by_number, names, stages)
            };
            edges.push(Edge { stage, instruction, word, source });
        };
        match &instruction.kind {
            Kind::Copy(copy) => {
                if let Some(word) = copy.from().filter(|word| !word.is_empty()) {
                    add(word, true);
                }
            }
            Kind::Run(run) => {
                for mount in run.mounts().filter(|mount| mount.kind != Some(MountType::Tmpfs)) {
                    if let Some(word) = mount.from.as_ref().filter(|word| !word.is_empty()) {
                        add(word, false);
                    }
                }
            }
            _ => {}
        }
    }
    edges
}

fn source(word: &str, by_number: bool, names: &Names<'_>, stages: usize) -> Source {
    if by_number && let Ok(number) = word.strip_prefix('+').unwrap_or(word).parse::<i64>() {
        let stage = usize::try_from(number).ok().filter(|stage| *stage < stages);
        return stage.map_or(Source::NoStage, Source::Stage);
    }
    names.find(word).map_or(Source::Image, Source::Stage)
}

/// Marks the stages that `target` needs, and itself.
pub(super) fn mark_reachable(stages: &mut [Stage<'_, '_>], edges: &[Edge<'_, '_>], target: usize) {
    let (mut next, mut open) = (Some(target), Vec::new());
    while let Some(index) = next.take().or_else(|| open.pop()) {
        let Some(stage) = stages.get_mut(index) else { continue };
        if std::mem::replace(&mut stage.reaches_output, true) {
            continue;
        }
        if let Base::Stage(base) = stage.base {
            open.push(base);
        }
        let first = edges.partition_point(|edge| edge.stage < index);
        let own = edges.get(first..).unwrap_or_default().iter().take_while(|edge| edge.stage == index);
        open.extend(own.filter_map(|edge| match edge.source {
            Source::Stage(source) => Some(source),
            _ => None,
        }));
    }
}
