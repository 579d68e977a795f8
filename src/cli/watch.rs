//! `--watch`: a command is run again whenever something changes that it looked at.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use ignore::WalkBuilder;
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::args::Check;
use super::check::Run;
use super::{Outcome, Streams};

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
        Ok(watcher) => Watched { watcher, directories: BTreeSet::new() },
        Err(error) => {
            writeln!(streams.err, "error: nothing can be watched here: {error}")?;
            return Ok(Outcome::Failed);
        }
    };
    loop {
        // What changes while it is looked at is looked at again.
        let mut problem = watched.add(directories(arguments));
        if streams.terminal {
            streams.out.write_all(CLEAR.as_bytes())?;
        }
        let run = once(streams)?;
        problem = problem.and(watched.add(run.directories));
        if let Err(error) = problem {
            writeln!(streams.err, "warning: not all changes will be seen: {error}")?;
        }
        writeln!(streams.err, "Watching for changes; Ctrl-C ends it.")?;
        streams.out.flush()?;
        streams.err.flush()?;
        if !wait(&changes) {
            return Ok(run.outcome);
        }
    }
}

struct Watched {
    watcher: RecommendedWatcher,
    directories: BTreeSet<PathBuf>,
}

impl Watched {
    /// Watches further directories, each by itself, so that what nobody looks at costs nothing.
    fn add(&mut self, directories: Vec<PathBuf>) -> notify::Result<()> {
        // A directory that is gone is watched anew when it is there again.
        self.directories.retain(|directory| directory.is_dir());
        let mut result = Ok(());
        for directory in directories {
            if self.directories.contains(&directory) {
                continue;
            }
            match self.watcher.watch(&directory, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.directories.insert(directory);
                }
                Err(_) if !directory.is_dir() => {}
                Err(error) => result = Err(error),
            }
        }
        result
    }
}

/// The directories in which something may change that a run looks at: those that are searched, those of files, and those above,
/// where configurations and descriptions of builds are.
fn directories(arguments: &Check) -> Vec<PathBuf> {
    let mut directories = BTreeSet::new();
    for path in arguments.paths.iter().chain(&arguments.builds).chain(&arguments.baseline).chain(&arguments.context) {
        let path = path.canonicalize().unwrap_or_else(|_| path.clone());
        let directory = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new(".")) };
        for above in directory.ancestors() {
            directories.insert(above.to_path_buf());
            if above.join(".git").exists() {
                break;
            }
        }
        if !path.is_dir() {
            continue;
        }
        let walk = WalkBuilder::new(&path)
            .hidden(false)
            .require_git(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        let inside = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
        directories.extend(inside.map(ignore::DirEntry::into_path));
    }
    directories.into_iter().collect()
}

/// Waits until something changes, and then until nothing does; no, where nothing ever will.
fn wait(changes: &Receiver<notify::Result<Event>>) -> bool {
    loop {
        match changes.recv() {
            Ok(event) if is_change(&event) => break,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    let first = Instant::now();
    while first.elapsed() < LONGEST {
        match changes.recv_timeout(SILENCE) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

/// Whether something is other than it was; that somebody reads a file changes nothing.
fn is_change(event: &notify::Result<Event>) -> bool {
    match event {
        Ok(event) => !event.kind.is_access() || event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write)),
        // Some changes were lost.
        Err(_) => true,
    }
}
