//! What takes files of the context: `COPY` and `ADD` without `--from`, and bind mounts without `from`.

use super::point::Point;
use super::stage::Stage;
use super::{Model, Value};
use crate::ast::{CopySource, Instruction, Kind, Mount, MountType, Word};

/// An instruction that takes files of the context.
#[derive(Clone, Debug)]
pub struct Take<'d, 'a> {
    /// The number of the stage.
    pub stage: usize,
    /// The instruction; of an `ONBUILD` that is triggered, the inner one.
    pub instruction: &'d Instruction<'a>,
    /// How it takes them.
    pub way: Way,
    /// What it takes; addresses and heredocs, which are not of the context, are left out.
    pub sources: Vec<TakenSource<'d, 'a>>,
    /// Where it puts them: an absolute path in the image, without a `/` at the end.
    pub destination: Value<'d>,
    /// Whether the destination is written as a directory: with a `/` or a `.` at its end, or empty.
    pub into_directory: bool,
    /// The patterns of `--exclude`.
    pub excludes: Vec<Value<'d>>,
    /// Whether the directories of a source are kept: `--parents`.
    pub parents: bool,
}

/// How files of the context are taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Way {
    /// `COPY`
    Copy,
    /// `ADD`; whether an archive is unpacked, which is the default.
    Add {
        /// `--unpack`
        unpack: bool,
    },
    /// `RUN --mount=type=bind`
    Mount,
}

/// A source of a [`Take`].
#[derive(Clone, Debug)]
pub struct TakenSource<'d, 'a> {
    /// The word; a mount without one takes the whole context.
    pub word: Option<&'d Word<'a>>,
    /// The path, from the root of the context, whatever it begins with. It may have wildcards.
    pub path: Value<'d>,
}

/// What a build takes of the context, all in all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked<'t> {
    /// The paths that are known.
    pub known: Vec<&'t str>,
    /// Whether there are others, which are not.
    pub has_unknown: bool,
}

impl<'d, 'a> Model<'d, 'a> {
    /// What takes files of the context, in order of the stages.
    #[must_use]
    pub fn takes(&self) -> Vec<Take<'d, 'a>> {
        let mut takes = Vec::new();
        for stage in &self.stages {
            for trigger in &stage.triggers {
                self.add(&mut takes, stage, trigger.instruction, || Some(self.at_trigger(trigger)));
            }
            for instruction in stage.body {
                self.add(&mut takes, stage, instruction, || self.at(instruction));
            }
        }
        takes
    }

    /// The paths that BuildKit asks the client for: those of the stages that the image needs.
    ///
    /// Like BuildKit, it takes the source of a `tmpfs` mount for one of the context; there is none, and so all is asked for.
    #[must_use]
    pub fn asked<'t>(&self, takes: &'t [Take<'d, 'a>]) -> Asked<'t> {
        let mut asked = Asked::default();
        let is_needed = |stage: usize| self.stages.get(stage).is_some_and(|stage| stage.reaches_output);
        for source in takes.iter().filter(|take| is_needed(take.stage)).flat_map(|take| &take.sources) {
            match source.path.known() {
                Some(path) => asked.known.push(path),
                None => asked.has_unknown = true,
            }
        }
        if !asked.known.is_empty() && self.has_tmpfs() {
            asked.known.push("/");
        }
        asked
    }

    fn has_tmpfs(&self) -> bool {
        let needed = self.stages.iter().filter(|stage| stage.reaches_output);
        let triggered =
            |stage: &Stage<'d, 'a>| stage.triggers.iter().map(|trigger| trigger.instruction).collect::<Vec<_>>();
        needed.flat_map(|stage| triggered(stage).into_iter().chain(stage.body)).any(|instruction| {
            let Kind::Run(run) = &instruction.kind else { return false };
            run.mounts().any(|mount| mount.kind == Some(MountType::Tmpfs) && is_empty(mount.from.as_ref()))
        })
    }

    fn add<'m>(
        &'m self,
        takes: &mut Vec<Take<'d, 'a>>,
        stage: &Stage<'d, 'a>,
        instruction: &'d Instruction<'a>,
        point: impl FnOnce() -> Option<Point<'m, 'd, 'a>>,
    ) {
        let (sources, destination, excludes, parents, way) = match &instruction.kind {
            Kind::Copy(copy) if is_empty(copy.from()) => {
                let excludes: Vec<&Word<'a>> = copy.excludes().collect();
                (&copy.sources, &copy.destination, excludes, copy.parents() == Some(true), Way::Copy)
            }
            Kind::Add(add) => {
                let way = Way::Add { unpack: add.unpack() != Some(false) };
                (&add.sources, &add.destination, add.excludes().collect(), false, way)
            }
            Kind::Run(run) => {
                let mut mounts = run.mounts().filter(|mount| is_of_context(mount)).peekable();
                if mounts.peek().is_some()
                    && let Some(point) = point()
                {
                    takes.extend(mounts.map(|mount| mounted(stage.index, instruction, mount, &point)));
                }
                return;
            }
            _ => return,
        };
        let Some(point) = point() else { return };
        let sources: Vec<TakenSource<'d, 'a>> = sources
            .iter()
            .filter_map(|source| match source {
                CopySource::Path(word) => Some(TakenSource { word: Some(word), path: point.value(word) }),
                CopySource::Heredoc(_) => None,
            })
            .filter(|source| !(matches!(way, Way::Add { .. }) && source.path.known().is_some_and(is_address)))
            .collect();
        if sources.is_empty() {
            return;
        }
        let destination = point.value(destination);
        takes.push(Take {
            stage: stage.index,
            instruction,
            way,
            sources,
            into_directory: destination.known().is_some_and(is_directory),
            destination: super::resolve(&point.workdir(), &destination),
            excludes: excludes.into_iter().map(|pattern| point.value(pattern)).collect(),
            parents,
        });
    }
}

fn is_empty(from: Option<&Word<'_>>) -> bool {
    from.is_none_or(|word| word.is_empty())
}

fn is_of_context(mount: &Mount<'_>) -> bool {
    mount.kind == Some(MountType::Bind) && is_empty(mount.from.as_ref())
}

fn mounted<'d, 'a>(
    stage: usize,
    instruction: &'d Instruction<'a>,
    mount: &'d Mount<'a>,
    point: &Point<'_, 'd, 'a>,
) -> Take<'d, 'a> {
    let word = mount.source.as_ref();
    let target = mount.target.as_ref().map_or(Value::Unknown, |word| point.value(word));
    Take {
        stage,
        instruction,
        way: Way::Mount,
        sources: vec![TakenSource { word, path: word.map_or(Value::of("/"), |word| point.value(word)) }],
        destination: super::resolve(&point.workdir(), &target),
        into_directory: false,
        excludes: Vec::new(),
        parents: false,
    }
}

/// Whether a source of an `ADD` is no path.
fn is_address(source: &str) -> bool {
    let schemes = ["http://", "https://", "git://", "ssh://", "git@"];
    schemes.iter().any(|scheme| source.starts_with(scheme))
}

/// Whether a destination is a directory by the way it is written.
fn is_directory(destination: &str) -> bool {
    matches!(destination, "" | ".") || destination.ends_with('/') || destination.ends_with("/.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_and_what_is_asked_for() {
        let text = "\
            ARG BASE=node\n\
            FROM $BASE AS deps\n\
            WORKDIR /app\n\
            COPY --parents --exclude=*.md packages/*/package.json ./\n\
            FROM scratch AS unused\n\
            COPY not-needed /\n\
            FROM deps\n\
            ARG DIR\n\
            ENV TO=out\n\
            ADD https://example.com/a.tar.gz local.tar /opt/$TO/\n\
            COPY <<EOF $DIR/src $TO\n\
            x\n\
            EOF\n\
            COPY --from=deps /app /x\n\
            RUN --mount=type=bind,source=conf,target=/conf --mount=type=cache,target=/c true\n";
        let parsed = crate::parse(text);
        let model = Model::build(&parsed.dockerfile);
        let takes = model.takes();
        let shown: Vec<String> = takes
            .iter()
            .map(|take| {
                let sources: Vec<_> = take.sources.iter().map(|source| source.path.known()).collect();
                format!(
                    "{} {:?} {sources:?} {:?} {}",
                    take.stage,
                    take.way,
                    take.destination.known(),
                    take.into_directory
                )
            })
            .collect();
        let expected = [
            "0 Copy [Some(\"packages/*/package.json\")] Some(\"/app\") true",
            "1 Copy [Some(\"not-needed\")] Some(\"/\") true",
            "2 Add { unpack: true } [Some(\"local.tar\")] Some(\"/opt/out\") true",
            "2 Copy [None] Some(\"/app/out\") false",
            "2 Mount [Some(\"conf\")] Some(\"/conf\") false",
        ];
        assert_eq!(shown, expected);
        let asked = model.asked(&takes);
        assert_eq!(asked, Asked { known: vec!["packages/*/package.json", "local.tar", "conf"], has_unknown: true });
    }

    #[test]
    fn a_tmpfs_asks_for_all() {
        let parsed = crate::parse("FROM a\nCOPY b /\nRUN --mount=type=tmpfs,target=/t true\n");
        let model = Model::build(&parsed.dockerfile);
        assert_eq!(model.asked(&model.takes()).known, ["b", "/"]);
    }
}
