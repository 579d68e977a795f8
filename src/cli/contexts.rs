//! The contexts of the builds whose Dockerfiles are checked.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::args::Check;
use super::builds::{Build, Builds};
use super::files;
use crate::context::{Context, ContextError, EntryKind, IgnoreSource, Options};
use crate::dockerignore::Tool;
use crate::rules::Role;

type Opened = Arc<OnceLock<Result<Context, ContextError>>>;

/// More builds of one Dockerfile than this are not looked at.
const MOST: usize = 64;

/// What `--context` says, what is known of builds, and the contexts that were opened so far: one for each directory and ignore
/// file in force.
pub(crate) struct Contexts<'c> {
    root: Option<&'c Path>,
    unknown: bool,
    builds: Option<&'c dyn Builds>,
    opened: Mutex<HashMap<(PathBuf, Option<PathBuf>), Opened>>,
}

/// A build of a Dockerfile, and its context if that is known.
#[derive(Clone)]
pub(crate) struct Known {
    pub(super) build: Build,
    opened: Option<Opened>,
}

impl Known {
    /// What the build may read.
    pub(super) fn context(&self) -> Option<&Context> {
        self.opened.as_ref().and_then(|opened| opened.get()?.as_ref().ok())
    }
}

impl<'c> Contexts<'c> {
    pub(super) fn new(arguments: &'c Check) -> Self {
        let root = arguments.context.as_deref();
        Self { root, unknown: arguments.no_context, builds: None, opened: Mutex::default() }
    }

    /// The contexts where `root` is given to the builds, if somebody named it.
    #[cfg(feature = "lsp")]
    pub(crate) fn at(root: Option<&'c Path>) -> Self {
        Self { root, unknown: false, builds: None, opened: Mutex::default() }
    }

    /// The same, with somebody who knows of builds.
    pub(super) fn with_builds(self, builds: &'c dyn Builds) -> Self {
        Self { builds: Some(builds), ..self }
    }

    /// The builds of a Dockerfile, each once; one of which nothing is known, where nobody knows of any.
    pub(super) fn builds_of(&self, dockerfile: &Path) -> Vec<Known> {
        let mut known: Vec<Known> = Vec::new();
        for mut build in self.named(dockerfile) {
            if known.len() == MOST {
                break;
            }
            if known.iter().any(|known| known.build.is_same(&build)) {
                continue;
            }
            let opened = build.context.as_deref().map(|root| self.open(root, dockerfile));
            // What is no directory gives no context, and is told to those who named it.
            build.context = build.context.filter(|root| root.is_dir());
            known.push(Known { build, opened });
        }
        known
    }

    /// The builds as they are written down, with the context that `--context` says.
    fn named(&self, dockerfile: &Path) -> Vec<Build> {
        let mut builds = self.builds.map(|builds| builds.of(dockerfile)).unwrap_or_default();
        if builds.is_empty() {
            builds.push(Build::default());
        }
        for build in &mut builds {
            match self.root {
                Some(root) => build.context = Some(root.to_path_buf()),
                None if self.unknown => build.context = None,
                None => {}
            }
        }
        builds
    }

    fn open(&self, root: &Path, dockerfile: &Path) -> Opened {
        let own = Some(own_ignore_file(dockerfile)).filter(|own| own.exists());
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
        opened
    }

    /// The directory that is given to the builds that an ignore file is for. A file that is called `.dockerignore` counts only
    /// where it lies at the root of a context, so that this is its own directory; one that is called after a Dockerfile is for
    /// the context that somebody named.
    pub(crate) fn root_of(&self, ignore_file: &Path) -> Option<PathBuf> {
        if self.unknown {
            return None;
        }
        match (self.root, dockerfile_of(ignore_file)) {
            (Some(root), dockerfile) if dockerfile.is_some() || !ignore_file.exists() => Some(root.to_path_buf()),
            (_, None) => Some(directory_of(ignore_file).to_path_buf()),
            (_, Some(dockerfile)) => {
                let mut roots: Vec<PathBuf> =
                    self.named(&dockerfile).into_iter().filter_map(|build| build.context).collect();
                roots.dedup();
                // Of several nobody knows which one is meant.
                if roots.len() == 1 { roots.pop() } else { None }
            }
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
        // With a Dockerfile beside it, or where a build names it, the directory is the context of a build of its own.
        if is_inside && !has_dockerfile(directory) && self.that_read(directory).is_empty() {
            Role::Nested
        } else {
            Role::Unknown
        }
    }

    /// The Dockerfiles of the builds that are given a directory.
    fn that_read(&self, directory: &Path) -> Vec<PathBuf> {
        self.builds.map(|builds| builds.that_read(directory)).unwrap_or_default()
    }

    /// The Dockerfiles that an ignore file is for: the one that it is called after, or those that a build takes by itself.
    pub(crate) fn dockerfiles_of(&self, ignore_file: &Path) -> Vec<PathBuf> {
        let candidates = match dockerfile_of(ignore_file) {
            Some(dockerfile) => vec![dockerfile],
            None => {
                let directory = ignore_file.parent().unwrap_or(Path::new(""));
                let mut dockerfiles = ["Dockerfile", "Containerfile"].map(|name| directory.join(name)).to_vec();
                for dockerfile in self.that_read(directory_of(ignore_file)) {
                    let is_new = |known: &PathBuf| known.canonicalize().ok() != dockerfile.canonicalize().ok();
                    if dockerfiles.iter().all(is_new) {
                        dockerfiles.push(dockerfile);
                    }
                }
                dockerfiles.retain(|dockerfile| !own_ignore_file(dockerfile).exists());
                dockerfiles
            }
        };
        candidates.into_iter().filter(|path| path.is_file()).collect()
    }

    /// What went wrong with the context that `--context` names, each once.
    pub(super) fn errors(&self) -> Vec<String> {
        let mut errors = self.problems(|root| self.root == Some(root));
        // No Dockerfile may have asked for it.
        if let Some(root) = self.root.filter(|root| !root.exists()) {
            errors.push(ContextError::Missing(root.to_path_buf()).to_string());
        }
        errors.sort();
        errors.dedup();
        errors
    }

    /// The directories that the builds may read, and those in them as far as they are sent.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        let all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let contexts = all.values().filter_map(|opened| opened.get()?.as_ref().ok());
        let inside = |context: &Context| {
            let entries = context.listing().iter().filter(|entry| entry.kind == EntryKind::Directory);
            let mut directories: Vec<PathBuf> =
                entries.map(|entry| context.root().join(entry.path_text().as_ref())).collect();
            directories.push(context.root().to_path_buf());
            directories
        };
        contexts.flat_map(inside).collect()
    }

    /// What went wrong with other contexts, each once.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.problems(|root| self.root != Some(root))
    }

    fn problems(&self, of: impl Fn(&Path) -> bool) -> Vec<String> {
        let all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let mut errors: Vec<String> = all
            .iter()
            .filter_map(|((root, _), opened)| opened.get().filter(|_| of(root)))
            .flat_map(|opened| match opened {
                Err(error) => vec![error.to_string()],
                Ok(context) => context.listing().errors().iter().map(ToString::to_string).collect(),
            })
            .collect();
        errors.sort();
        errors.dedup();
        errors
    }
}

/// The ignore file that is called after a Dockerfile.
fn own_ignore_file(dockerfile: &Path) -> PathBuf {
    let mut own = OsString::from(dockerfile);
    own.push(".dockerignore");
    PathBuf::from(own)
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
