//! What the builds of a Dockerfile are given, as far as somebody says: the configuration, `compose.yaml`, a bake file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::semantic::{Inputs, Platform};

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
        Some(self.name.as_ref().map_or(place.clone(), |name| format!("`{name}` ({place})")))
    }
}

impl Build {
    /// Whether another build is given the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let Self { context, target, build_arguments, unknown_arguments, platform, origin: _ } = self;
        *context == other.context
            && *target == other.target
            && *build_arguments == other.build_arguments
            && *unknown_arguments == other.unknown_arguments
            && *platform == other.platform
    }

    /// What the model of a Dockerfile is told. Who runs the build may always give more arguments than are written down.
    pub(crate) fn inputs(&self) -> Inputs {
        Inputs {
            build_arguments: self.build_arguments.clone(),
            unknown_arguments: self.unknown_arguments.clone(),
            target: self.target.clone(),
            platform: self.platform.clone(),
            ..Inputs::default()
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
impl<B: Builds + ?Sized> Builds for [&B] {
    fn of(&self, dockerfile: &Path) -> Vec<Build> {
        self.iter().map(|builds| builds.of(dockerfile)).find(|builds| !builds.is_empty()).unwrap_or_default()
    }

    fn that_read(&self, directory: &Path) -> Vec<PathBuf> {
        self.iter().flat_map(|builds| builds.that_read(directory)).collect()
    }
}
