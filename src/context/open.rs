use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use thiserror::Error;

use super::filter::{Everything, Filter, Ignored};
use super::follow;
use super::listing::Listing;
use super::walk::{self, walk};
use crate::dockerignore::{ChooseError, Decision, Ignore, IgnoreFile, PatternError, Tool, choose};

/// What a build may read: a directory after its ignore file.
///
/// ```
/// use plimsoll::context::{Context, Options};
///
/// let directory = tempfile::tempdir()?;
/// std::fs::create_dir(directory.path().join("docs"))?;
/// std::fs::write(directory.path().join("docs/guide.md"), "Read me.\n")?;
/// std::fs::write(directory.path().join("main.go"), "package main\n")?;
/// std::fs::write(directory.path().join(".dockerignore"), "docs\n.dockerignore\n")?;
///
/// let context = Context::open(directory.path(), &Options::default())?;
/// let paths: Vec<_> = context.listing().iter().map(|entry| entry.path.to_vec()).collect();
/// assert_eq!(paths, [b"main.go"]);
/// assert_eq!(context.listing().totals().bytes, 13);
/// assert!(context.decide(b"docs/guide.md")?.ignored);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Context {
    root: PathBuf,
    file: Option<IgnoreFile>,
    ignore: Ignore,
    listing: Listing,
    pattern_errors: Vec<PatternError>,
}

/// What is asked of a context.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which ignore file is in force.
    pub ignore: IgnoreSource,
    /// The directory where its patterns start, `.` for the root of the context, as in any build.
    pub patterns_start: String,
    /// Whether sizes, permissions and the targets of links are asked for; it takes a call of the system for each entry.
    pub sizes: bool,
    /// How many threads walk at most; in a small context one does.
    pub threads: NonZero<usize>,
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        // More are not faster: they wait for each other in the system.
        let threads = threads.min(NonZero::<usize>::MIN.saturating_add(7));
        Self { ignore: IgnoreSource::default(), patterns_start: ".".to_owned(), sizes: true, threads }
    }
}

/// Which ignore file is in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IgnoreSource {
    /// The one that a build finds: `<dockerfile>.dockerignore` if there is a Dockerfile and that file, else `.dockerignore` at
    /// the root of the context.
    Found {
        /// The Dockerfile of the build.
        dockerfile: Option<PathBuf>,
        /// Who builds.
        tool: Tool,
    },
    /// This one.
    Given(IgnoreFile),
    /// None: all is in.
    None,
}

impl Default for IgnoreSource {
    fn default() -> Self {
        Self::Found { dockerfile: None, tool: Tool::Docker }
    }
}

/// Why there is no context.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ContextError {
    /// There is nothing of this name.
    #[error("{}: there is no such directory", .0.display())]
    Missing(PathBuf),
    /// A build's context is a directory.
    #[error("{}: it is a file; a build's context is a directory", .0.display())]
    NotADirectory(PathBuf),
    /// Somebody had the walk end before it was through.
    #[error("{}: there was no time to look through all of it", .0.display())]
    Stopped(PathBuf),
    /// Permissions.
    #[error("{}: you may not read it", .0.display())]
    Forbidden(PathBuf),
    /// Whatever else the system says.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The ignore file in force is there, but can't be read.
    #[error(transparent)]
    IgnoreFile(#[from] ChooseError),
}

impl ContextError {
    fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::NotADirectory => Self::NotADirectory(path),
            io::ErrorKind::PermissionDenied => Self::Forbidden(path),
            _ => Self::Unreadable { path, source },
        }
    }
}

/// How far a walk has come; another thread may look at it, and stop it.
#[derive(Debug, Default)]
pub struct Progress {
    entries: AtomicUsize,
    stopped: AtomicBool,
}

impl Progress {
    /// How many entries were seen, ignored ones too.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries.load(Ordering::Relaxed)
    }

    /// Lets the walk end before it enters another directory. It then ends with [`ContextError::Stopped`].
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Notes entries; gives how many were seen so far.
    pub(super) fn see(&self, entries: usize) -> usize {
        self.entries.fetch_add(entries, Ordering::Relaxed) + entries
    }
}

impl Context {
    /// Finds the ignore file, and lists what it leaves of a directory.
    ///
    /// What could not be read below the root is in [`Listing::errors`], and patterns that BuildKit does not take are in
    /// [`Context::pattern_errors`]; all else is listed, as if they were not there.
    ///
    /// # Errors
    ///
    /// [`ContextError`] where the root or the ignore file can't be read.
    pub fn open(root: &Path, options: &Options) -> Result<Self, ContextError> {
        Self::open_with(root, options, &Progress::default())
    }

    /// [`Context::open`], and tells how far it has come.
    ///
    /// # Errors
    ///
    /// [`ContextError`] where the root or the ignore file can't be read.
    pub fn open_with(root: &Path, options: &Options, progress: &Progress) -> Result<Self, ContextError> {
        // What is wrong with the root is told before what is wrong in it.
        let handle = super::directory::Directory::open(root).map_err(|error| ContextError::new(root, error))?;
        drop(handle);
        let file = match &options.ignore {
            IgnoreSource::Found { dockerfile, tool } => choose(root, dockerfile.as_deref(), *tool)?.map(|chosen| {
                let name = chosen.path.to_string_lossy();
                IgnoreFile::parse_bytes(name.strip_prefix("./").unwrap_or(&name), &chosen.bytes)
            }),
            IgnoreSource::Given(file) => Some(file.clone()),
            IgnoreSource::None => None,
        };
        let (ignore, mut pattern_errors) = file.as_ref().map_or_else(|| (Ignore::empty(), Vec::new()), compile);
        let ignore = ignore.rooted_at(&options.patterns_start);
        let filter = Ignored::new(&ignore, false);
        let listing = walk(root, &filter, options.into(), progress);
        let listing = listing.map_err(|error| ContextError::new(root, error))?;
        if progress.is_stopped() {
            return Err(ContextError::Stopped(root.to_path_buf()));
        }
        pattern_errors.extend(filter.into_error());
        Ok(Self { root: root.to_path_buf(), file, ignore, listing, pattern_errors })
    }

    /// The directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What a build may read.
    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Whether a build may read a path, be it that it is a directory which is ignored and holds something that is not.
    #[must_use]
    pub fn has(&self, path: &[u8]) -> bool {
        matches!(path, b"" | b".") || self.listing.find(path).is_some()
    }

    /// The ignore file in force.
    #[must_use]
    pub fn ignore_file(&self) -> Option<&IgnoreFile> {
        self.file.as_ref()
    }

    /// The patterns that decide.
    #[must_use]
    pub fn ignore(&self) -> &Ignore {
        &self.ignore
    }

    /// What is wrong with the patterns of the ignore file. As long as there is something, every build fails.
    #[must_use]
    pub fn pattern_errors(&self) -> &[PatternError] {
        &self.pattern_errors
    }

    /// Whether a path is left out, and why. It need not exist.
    ///
    /// # Errors
    ///
    /// Where a pattern that is wrong had to be asked.
    pub fn decide<'d>(&'d self, path: &'d [u8]) -> Result<Decision<'d>, PatternError> {
        self.ignore.decide(path)
    }

    /// What another ignore file would leave of this context. Nothing is walked through again: where this context is what no
    /// ignore file was applied to, the answer is what a walk with that file would find.
    #[must_use]
    pub fn after(&self, file: &IgnoreFile) -> Self {
        let (ignore, mut pattern_errors) = compile(file);
        let filter = Ignored::new(&ignore, false);
        let listing = self
            .listing
            .subset(&ignore.root(), |entry, parent, results| !filter.leaves_out(entry.path, parent, results));
        pattern_errors.extend(filter.into_error());
        Self { root: self.root.clone(), file: Some(file.clone()), ignore, listing, pattern_errors }
    }

    /// What of the context BuildKit sends for a build that has these sources in `COPY`, `ADD` and bind mounts: what they
    /// match, wildcards and all, and where links lead to; with the source `.` everything.
    ///
    /// A source that can't be known, since a variable is in it, is no source: then this is a part of what is sent, and the
    /// whole context an upper bound.
    ///
    /// # Errors
    ///
    /// Where the root can't be read any more, or a pattern of a source is wrong, on which the build fails.
    pub fn transfer<'s>(&self, sources: impl IntoIterator<Item = &'s [u8]>) -> Result<Listing, TransferError> {
        let Some(patterns) = follow::patterns(&self.root, sources)? else { return Ok(self.listing.clone()) };
        // BuildKit asks what is to be sent in the way in which it asks what is not.
        let asked = Ignore::from_patterns(patterns)?;
        let mut error = None;
        let listing = self.listing.subset(&asked.root(), |entry, parent, results| {
            asked.walk(entry.path, parent, results).unwrap_or_else(|wrong| {
                error.get_or_insert(wrong);
                false
            })
        });
        error.map_or(Ok(listing), |error| Err(error.into()))
    }
}

/// Why it can't be said what is sent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The root of the context can't be read any more.
    #[error(transparent)]
    Root(#[from] io::Error),
    /// A source is a pattern that BuildKit does not take.
    #[error("{}", .0.kind)]
    Source(#[from] PatternError),
}

/// The patterns that can be asked, and what is wrong with the others.
fn compile(file: &IgnoreFile) -> (Ignore, Vec<PatternError>) {
    let wrong: Vec<u32> = file.errors.iter().map(|error| error.line).collect();
    let patterns =
        file.patterns.iter().filter(|pattern| wrong.binary_search(&pattern.line).is_err()).cloned().collect();
    let right = IgnoreFile { patterns, errors: Vec::new(), ..file.clone() };
    (Ignore::new(&right).unwrap_or_else(|_| Ignore::empty()), file.errors.clone())
}

impl From<&Options> for walk::Options {
    fn from(options: &Options) -> Self {
        Self::new(options.sizes, options.threads)
    }
}

/// Lists a directory with nothing left out, or with each ignored directory entered, whether something can be kept in it or
/// not: what other walks are measured and compared with.
///
/// # Errors
///
/// Where the root can't be read.
#[doc(hidden)]
pub fn unpruned(root: &Path, ignore: Option<&Ignore>, sizes: bool, threads: NonZero<usize>) -> io::Result<Listing> {
    // However little there is to do: it is the ways to walk that are compared.
    let options = walk::Options { alone: 0, ..walk::Options::new(sizes, threads) };
    match ignore {
        None => walk(root, &Everything, options, &Progress::default()),
        Some(ignore) => walk(root, &Ignored::new(ignore, true), options, &Progress::default()),
    }
}
