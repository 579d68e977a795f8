//! What the builds of a Dockerfile are given, as far as somebody says: the configuration, `compose.yaml`, a bake file.

mod bake;
mod bake_expression;
mod bake_functions;
mod bake_scope;
mod compose;
mod compose_value;
mod description;
mod discovery;
mod environment;
mod interpolation;
mod lint;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::semantic::{Inputs, Platform};

pub(crate) use discovery::Discovery;
pub(crate) use environment::Environment;
pub(crate) use lint::lint;

/// One build of a Dockerfile: what it is given besides the Dockerfile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Build {
    /// The directory that is given to the build.
    pub(crate) context: Option<PathBuf>,
    /// The stage that is built, by its name or number; the last one, where none is named.
    pub(crate) target: Option<String>,
    /// The build arguments that are given.
    pub(crate) build_arguments: BTreeMap<String, String>,
    /// The build arguments that are given, with values that nobody can tell.
    pub(crate) unknown_arguments: BTreeSet<String>,
    /// The names of further contexts, which stand for images and stages.
    pub(crate) named_contexts: BTreeSet<String>,
    /// What the image is built on and for.
    pub(crate) platform: Option<Platform>,
    /// Who says so.
    pub(crate) origin: BuildOrigin,
}

/// Where a build is written down.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct BuildOrigin {
    /// The file.
    pub(crate) file: PathBuf,
    /// The line in it, from 1.
    pub(crate) line: u32,
    /// What it is called there: a service, a target.
    pub(crate) name: Option<String>,
}

impl BuildOrigin {
    /// The build as people know it: what it is called, and where that is written.
    pub(crate) fn shown(&self) -> Option<String> {
        if self.file.as_os_str().is_empty() {
            return None;
        }
        let place = format!("{}:{}", self.file.display(), self.line);
        Some(match &self.name {
            Some(name) => format!("`{name}` ({place})"),
            None => place,
        })
    }
}

impl Build {
    /// Whether another build is given the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.given() == other.given()
    }

    /// All but who says so.
    fn given(&self) -> impl PartialEq {
        let Self { context, target, build_arguments, unknown_arguments, named_contexts, platform, origin: _ } = self;
        (context, target, build_arguments, unknown_arguments, named_contexts, platform)
    }

    /// What the model of a Dockerfile is told, besides what is known of each build. Who runs the build may always give more
    /// arguments than are written down.
    pub(crate) fn inputs(&self, known: &Inputs) -> Inputs {
        let mut build_arguments = known.build_arguments.clone();
        build_arguments.extend(self.build_arguments.clone());
        Inputs {
            build_arguments,
            unknown_arguments: self.unknown_arguments.clone(),
            named_contexts: self.named_contexts.clone(),
            target: self.target.clone().or_else(|| known.target.clone()),
            platform: self.platform.clone().or_else(|| known.platform.clone()),
            ..known.clone()
        }
    }
}

/// Who knows of builds.
pub(crate) trait Builds: Sync {
    /// The builds of a Dockerfile, in the order in which they are written down; none where nothing is known of it.
    fn of(&self, dockerfile: &Path) -> Vec<Build>;

    /// The Dockerfiles of the builds that are given a directory.
    fn that_read(&self, directory: &Path) -> Vec<PathBuf> {
        let _ = directory;
        Vec::new()
    }
}

/// What the first one says who knows of a Dockerfile at all.
pub(crate) struct FirstThatKnows<'b>(pub(crate) &'b [&'b dyn Builds]);

impl Builds for FirstThatKnows<'_> {
    fn of(&self, dockerfile: &Path) -> Vec<Build> {
        self.0.iter().map(|builds| builds.of(dockerfile)).find(|builds| !builds.is_empty()).unwrap_or_default()
    }

    fn that_read(&self, directory: &Path) -> Vec<PathBuf> {
        self.0.iter().flat_map(|builds| builds.that_read(directory)).collect()
    }
}

/// A build as a file describes it.
#[derive(Clone, Debug)]
struct WrittenBuild {
    dockerfile: PathBuf,
    build: Build,
}

/// Why a file can't be read.
#[derive(Debug)]
struct Broken {
    line: u32,
    reason: String,
}

impl Broken {
    fn in_file(self, file: &Path) -> Problem {
        Problem { file: file.to_path_buf(), line: Some(self.line), reason: self.reason }
    }
}

/// What is wrong with a file that describes builds.
#[derive(Clone, Debug)]
struct Problem {
    file: PathBuf,
    line: Option<u32>,
    reason: String,
}

/// More than this is no such file.
const LONGEST: u64 = 4 << 20;

fn text_of(file: &Path) -> Result<String, String> {
    let length = fs::metadata(file).map_err(|error| error.to_string())?.len();
    if length > LONGEST {
        return Err("it holds more than 4 MiB, and is passed over".to_owned());
    }
    fs::read_to_string(file).map_err(|error| error.to_string())
}

fn line(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether a context is fetched from elsewhere.
fn is_remote(context: &str) -> bool {
    context.contains("://") || ["github.com/", "git@", "target:"].iter().any(|start| context.starts_with(start))
}

/// Whether a file describes builds by its name.
pub(crate) fn is_description(file: &Path) -> bool {
    let names = compose::NAMES.iter().chain(&compose::OVERRIDES).chain(&bake::NAMES).chain(&[".env"]);
    file.file_name().is_some_and(|name| names.into_iter().any(|known| name == *known))
}
