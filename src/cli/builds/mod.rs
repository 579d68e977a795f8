//! What the builds of a Dockerfile are given, as far as somebody says: the configuration, `compose.yaml`, a bake file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::lint::Linter;
use crate::parse::Parsed;
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

impl Build {
    /// What the model of a Dockerfile is told, besides what is known of each build. Who runs the build may always give more
    /// arguments than are written down.
    pub(crate) fn inputs(&self, known: &Inputs) -> Inputs {
        Inputs {
            build_arguments: self.build_arguments.clone(),
            target: self.target.clone(),
            platform: self.platform.clone().or_else(|| known.platform.clone()),
            ..known.clone()
        }
    }
}

/// What is said of a Dockerfile, for all of its builds, each with the context that it is given, where that is known.
pub(crate) fn lint<'b>(
    linter: &Linter,
    parsed: &Parsed<'_>,
    builds: impl IntoIterator<Item = (&'b Build, Option<&'b Context>)>,
) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for (build, context) in builds {
        let found = match *build == Build::default() {
            true => linter.lint_in(parsed, context),
            false => linter.clone().with_inputs(build.inputs(linter.inputs())).lint_in(parsed, context),
        };
        // What holds for several builds is said once.
        let new: Vec<Diagnostic> = found.into_iter().filter(|diagnostic| !diagnostics.contains(diagnostic)).collect();
        diagnostics.extend(new);
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    diagnostics
}

/// Who knows of builds.
pub(crate) trait Builds: Sync {
    /// The builds of a Dockerfile, in the order in which they are written down; none where nothing is known of it.
    fn of(&self, dockerfile: &Path) -> Vec<Build>;
}

/// Who knows of none.
#[cfg(feature = "lsp")]
pub(crate) struct NoBuilds;

#[cfg(feature = "lsp")]
impl Builds for NoBuilds {
    fn of(&self, _: &Path) -> Vec<Build> {
        Vec::new()
    }
}
