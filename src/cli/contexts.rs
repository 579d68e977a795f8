//! The contexts of the builds whose Dockerfiles are checked.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::args::Check;
use super::builds::{Build, Builds};
use super::files;
use crate::context::{Context, ContextError, IgnoreSource, Options};
use crate::dockerignore::Tool;
use crate::rules::Role;

type Opened = Arc<OnceLock<Result<Context, ContextError>>>;

/// What `--context` and the builds say, and the contexts that were opened so far: one for each directory and ignore file in force.
pub(crate) struct Contexts<'c> {
    root: Option<&'c Path>,
    unknown: bool,
    builds: &'c dyn Builds,
    opened: Mutex<HashMap<(PathBuf, Option<PathBuf>), Opened>>,
}

impl<'c> Contexts<'c> {
    pub(super) fn new(arguments: &'c Check, builds: &'c dyn Builds) -> Self {
        let root = arguments.context.as_deref();
        Self { root, unknown: arguments.no_context, builds, opened: Mutex::default() }
    }

    /// The contexts where `root` is given to the builds, if somebody named it.
    #[cfg(feature = "lsp")]
    pub(crate) fn at(root: Option<&'c Path>) -> Self {
        Self { root, unknown: false, builds: &super::builds::NoBuilds, opened: Mutex::default() }
    }

    /// The builds of a Dockerfile; one that nothing is known of, where nobody knows any.
    pub(super) fn builds_of(&self, dockerfile: &Path) -> Vec<Build> {
        let builds = self.builds.of(dockerfile);
        if builds.is_empty() { vec![Build::default()] } else { builds }
    }

    /// The context of a build of a Dockerfile, if somebody named it.
    pub(super) fn of_dockerfile(&self, dockerfile: &Path, build: &Build) -> Option<Opened> {
        let of_build = build.context.as_deref().filter(|_| !self.unknown);
        let root = self.root.or(of_build)?;
        let mut own = OsString::from(dockerfile);
        own.push(".dockerignore");
        let own = Some(PathBuf::from(own)).filter(|own| own.exists());
        let opened = {
            let mut all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry((root.to_path_buf(), own)).or_default())
        };
        opened.get_or_init(|| {
            let dockerfile = Some(dockerfile.to_path_buf());
            let options =
                Options { ignore: IgnoreSource::Found { dockerfile, tool: Tool::Docker }, ..Options::default() };
            Context::open(root, &options)
        });
        Some(opened)
    }

    /// The directory that is given to the builds that an ignore file is for. A file that is called `.dockerignore` counts only
    /// where it lies at the root of a context, so that this is its own directory; one that is called after a Dockerfile is for
    /// the context that somebody named.
    pub(crate) fn root_of(&self, ignore_file: &Path) -> Option<PathBuf> {
        if self.unknown {
            return None;
        }
        let is_general = dockerfile_of(ignore_file).is_none();
        match self.root {
            Some(root) if !is_general || !ignore_file.exists() => Some(root.to_path_buf()),
            _ => is_general.then(|| directory_of(ignore_file).to_path_buf()),
        }
    }

    /// For which builds an ignore file counts.
    pub(crate) fn role_of(&self, ignore_file: &Path) -> Role {
        let directory = directory_of(ignore_file);
        if let Some(dockerfile) = dockerfile_of(ignore_file) {
            let is_orphan = directory.is_dir() && files::is_dockerfile(&dockerfile) && !dockerfile.exists();
            let name = dockerfile.file_name().map(|name| name.to_string_lossy().into_owned());
            return name.filter(|_| is_orphan).map_or(Role::Unknown, Role::Orphan);
        }
        let root = self.root.and_then(|root| root.canonicalize().ok());
        let is_inside = match (root, directory.canonicalize()) {
            (Some(root), Ok(directory)) => directory != root && directory.starts_with(&root),
            _ => false,
        };
        // With a Dockerfile beside it, the directory is the context of a build of its own.
        if is_inside && !has_dockerfile(directory) { Role::Nested } else { Role::Unknown }
    }

    /// The Dockerfiles that an ignore file is for: the one that it is called after, or those that a build takes by itself.
    pub(crate) fn dockerfiles_of(&self, ignore_file: &Path) -> Vec<PathBuf> {
        let candidates = match dockerfile_of(ignore_file) {
            Some(dockerfile) => vec![dockerfile],
            None => {
                let directory = ignore_file.parent().unwrap_or(Path::new(""));
                let has_own = |name: &&str| !directory.join(format!("{name}.dockerignore")).exists();
                ["Dockerfile", "Containerfile"]
                    .iter()
                    .filter(|name| has_own(name))
                    .map(|name| directory.join(name))
                    .collect()
            }
        };
        candidates.into_iter().filter(|path| path.is_file()).collect()
    }

    /// What went wrong with the contexts, each once.
    pub(super) fn errors(&self) -> Vec<String> {
        let all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let mut errors: Vec<String> = all
            .values()
            .filter_map(|opened| opened.get())
            .flat_map(|opened| match opened {
                Err(error) => vec![error.to_string()],
                Ok(context) => context.listing().errors().iter().map(ToString::to_string).collect(),
            })
            .collect();
        // No Dockerfile may have asked for it.
        if let Some(root) = self.root.filter(|root| !root.exists()) {
            errors.push(ContextError::Missing(root.to_path_buf()).to_string());
        }
        errors.sort();
        errors.dedup();
        errors
    }
}

/// The Dockerfile that an ignore file is called after.
fn dockerfile_of(ignore_file: &Path) -> Option<PathBuf> {
    let extension = ignore_file.extension()?;
    (extension == "dockerignore" || extension == "containerignore").then(|| ignore_file.with_extension(""))
}

/// The directory that a file is in.
fn directory_of(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether there is a Dockerfile in a directory; yes where that can't be told.
fn has_dockerfile(directory: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(directory) else { return true };
    entries.any(|entry| entry.is_ok_and(|entry| files::is_dockerfile(&entry.path())))
}

/// The texts of some Dockerfiles, as far as they can be read.
pub(crate) fn texts(dockerfiles: &[PathBuf]) -> Vec<String> {
    let text = |path: &PathBuf| {
        let bytes = files::read(path).ok()?;
        Some(crate::Source::decode(&bytes).ok()?.text().to_owned())
    };
    dockerfiles.iter().filter_map(text).collect()
}
