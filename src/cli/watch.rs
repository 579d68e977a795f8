//! `--watch`: a command is run again whenever something changes that it looked at.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use ignore::WalkBuilder;
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::args::Check;
use super::check::Run;
use super::{Outcome, Streams, builds, files};

/// Programs write files in several steps, and several files at once: this long nothing may happen before the next run,
const SILENCE: Duration = Duration::from_millis(100);
/// but it waits no longer than this.
const LONGEST: Duration = Duration::from_secs(2);

/// Empties the screen and what was scrolled off it.
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// Runs `once` now and after each change, until the process is ended or nobody reads the output.
pub(super) fn watch(
    arguments: &Check,
    streams: &mut Streams<'_>,
    once: impl Fn(&mut Streams<'_>) -> io::Result<Run>,
) -> io::Result<Outcome> {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        writeln!(streams.err, "error: standard input can't be watched; name a file or a directory")?;
        return Ok(Outcome::Failed);
    }
    let (sender, changes) = channel();
    let watcher = notify::recommended_watcher(move |event| {
        // Nobody is left to be told when the receiver is gone.
        drop(sender.send(event));
    });
    let mut watched = match watcher {
        Ok(watcher) => Watched { watcher, watched: BTreeSet::new(), looked_into: BTreeSet::new() },
        Err(error) => {
            writeln!(streams.err, "error: nothing can be watched here: {error}")?;
            return Ok(Outcome::Failed);
        }
    };
    loop {
        // What changes while it is looked at is looked at again.
        let (above, inside) = directories(arguments);
        let mut problem = watched.add(above, false).and(watched.add(inside, true));
        if streams.terminal {
            streams.out.write_all(CLEAR.as_bytes())?;
        }
        let run = once(streams)?;
        problem = problem.and(watched.add(run.directories, true));
        if let Err(error) = problem {
            writeln!(streams.err, "warning: not all changes will be seen: {error}")?;
        }
        writeln!(streams.err, "Watching for changes; Ctrl-C ends it.")?;
        streams.out.flush()?;
        streams.err.flush()?;
        let paths: Vec<PathBuf> = named(arguments).map(resolved).collect();
        if !watched.wait(&changes, |path| paths.iter().any(|named| named == path)) {
            return Ok(run.outcome);
        }
    }
}

struct Watched {
    watcher: RecommendedWatcher,
    /// All directories that are watched.
    watched: BTreeSet<PathBuf>,
    /// Those of them in which any change counts.
    looked_into: BTreeSet<PathBuf>,
}

impl Watched {
    /// Watches further directories, each by itself, so that what nobody looks at costs nothing.
    fn add(&mut self, directories: Vec<PathBuf>, looked_into: bool) -> notify::Result<()> {
        let mut result = Ok(());
        for directory in directories {
            let directory = resolved(&directory);
            if looked_into {
                self.looked_into.insert(directory.clone());
            }
            if self.watched.contains(&directory) {
                continue;
            }
            match self.watcher.watch(&directory, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(directory);
                }
                Err(_) if !directory.is_dir() => {}
                Err(error) => result = Err(error),
            }
        }
        result
    }

    /// Waits until something changes that counts, and then until nothing does; no, where nothing ever will.
    fn wait(&mut self, changes: &Receiver<notify::Result<Event>>, is_named: impl Fn(&Path) -> bool) -> bool {
        loop {
            match changes.recv() {
                Ok(event) if self.note(&event, &is_named) => break,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
        let first = Instant::now();
        while first.elapsed() < LONGEST {
            match changes.recv_timeout(SILENCE) {
                Ok(event) => {
                    self.note(&event, &is_named);
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        true
    }

    /// Whether a change counts. A directory that is gone is watched anew when it is there again.
    fn note(&mut self, event: &notify::Result<Event>, is_named: impl Fn(&Path) -> bool) -> bool {
        // Some changes were lost.
        let Ok(event) = event else { return true };
        if !is_change(event) {
            return false;
        }
        if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            for path in &event.paths {
                self.watched.retain(|directory| !directory.starts_with(path));
            }
        }
        let counts = |path: &PathBuf| {
            self.looked_into.contains(path)
                || path.parent().is_some_and(|directory| self.looked_into.contains(directory))
                || is_known_by_name(path)
                || is_named(path)
        };
        event.paths.is_empty() || event.paths.iter().any(counts)
    }
}

/// The files and directories that are named on the command line.
fn named(arguments: &Check) -> impl Iterator<Item = &Path> {
    let named = arguments
        .paths
        .iter()
        .chain(&arguments.builds)
        .chain(&arguments.baseline)
        .chain(&arguments.configuration.config)
        .chain(&arguments.context);
    named.map(PathBuf::as_path)
}

/// The directories above, in which configurations and descriptions of builds are, and those of files; and those that are
/// searched.
fn directories(arguments: &Check) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut above, mut inside) = (BTreeSet::new(), BTreeSet::new());
    for path in named(arguments).map(resolved) {
        let directory = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new(".")) };
        for directory in directory.ancestors() {
            above.insert(directory.to_path_buf());
            if directory.join(".git").exists() {
                break;
            }
        }
        if path.is_dir() {
            let walk = WalkBuilder::new(&path)
                .hidden(false)
                .require_git(false)
                .filter_entry(|entry| entry.file_name() != ".git")
                .build();
            let directories = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
            inside.extend(directories.map(ignore::DirEntry::into_path));
        }
    }
    (above.into_iter().collect(), inside.into_iter().collect())
}

/// The path without links and dots, as the changes name it; of a file that is not there, its directory's.
fn resolved(path: &Path) -> PathBuf {
    let directory = || path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let missing = || Some(directory().canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(missing).unwrap_or_else(|| path.to_path_buf())
}

/// Whether a file counts wherever it is.
fn is_known_by_name(path: &Path) -> bool {
    let is_configuration = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
        ["plimsoll.toml", ".plimsoll.toml", ".hadolint.yaml", ".hadolint.yml", ".gitignore", ".git"].contains(&name)
    });
    is_configuration || builds::is_description(path) || files::is_ignore_file(path)
}

/// Whether something is other than it was; that somebody reads a file changes nothing.
fn is_change(event: &Event) -> bool {
    !event.kind.is_access() || event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write))
}
