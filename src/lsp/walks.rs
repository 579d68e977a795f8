//! What is in the directories that builds are given. Each is walked through beside everything else; who asks before it was is told
//! what was found the last time, or nothing.

use std::collections::HashMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use super::inbox::Event;
use crate::context::{Context, IgnoreSource, Options, Progress};
use crate::dockerignore::Tool;

/// A walk that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(20);

/// A directory with more than this is no context: somebody opened the root of the disk.
const LARGEST: usize = 2_000_000;

/// How often a walk is looked after.
const WATCH: Duration = Duration::from_millis(100);

/// The least time between two walks through one directory.
const PAUSE: Duration = Duration::from_secs(1);

/// What is walked through.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Place {
    /// All that is in a directory, ignored or not.
    Tree(PathBuf),
    /// What a build may read.
    Build {
        /// The directory that it is given.
        root: PathBuf,
        /// Its Dockerfile, where that has an ignore file of its own.
        dockerfile: Option<PathBuf>,
    },
}

impl Place {
    /// The context of the build of a Dockerfile.
    pub(super) fn of_build(root: PathBuf, dockerfile: Option<&Path>) -> Self {
        let has_own = |dockerfile: &&Path| {
            let mut own = OsString::from(dockerfile);
            own.push(".dockerignore");
            Path::new(&own).exists()
        };
        Self::Build { root, dockerfile: dockerfile.filter(has_own).map(Path::to_path_buf) }
    }

    fn root(&self) -> &Path {
        match self {
            Self::Tree(root) | Self::Build { root, .. } => root,
        }
    }

    /// Whether what is found here may depend on a file.
    fn depends_on(&self, file: &Path) -> bool {
        let is_own = match self {
            Self::Build { dockerfile: Some(dockerfile), .. } => {
                file.file_stem() == dockerfile.file_name() && file.parent() == dockerfile.parent()
            }
            _ => false,
        };
        is_own || file.starts_with(self.root())
    }

    fn open(&self, progress: &Progress) -> Option<Context> {
        let ignore = match self {
            Self::Tree(_) => IgnoreSource::None,
            Self::Build { dockerfile, .. } => {
                IgnoreSource::Found { dockerfile: dockerfile.clone(), tool: Tool::Docker }
            }
        };
        Context::open_with(self.root(), &Options { ignore, ..Options::default() }, progress).ok()
    }
}

/// What came of a walk.
#[derive(Debug)]
pub(super) struct Walked {
    place: Place,
    /// Nothing where it can't be read, or was given up.
    context: Option<Context>,
}

#[derive(Debug)]
struct Known {
    context: Option<Arc<Context>>,
    /// Whether something may have changed since.
    is_stale: bool,
    /// Whether somebody asked since then.
    is_wanted: bool,
    /// When it may be walked through again.
    not_before: Instant,
}

struct Running {
    place: Place,
    progress: Arc<Progress>,
    since: Instant,
}

/// All that is known of directories.
pub(super) struct Walks {
    known: HashMap<Place, Known>,
    running: Option<Running>,
    events: SyncSender<Event>,
}

impl Walks {
    pub(super) fn new(events: SyncSender<Event>) -> Self {
        Self { known: HashMap::new(), running: None, events }
    }

    /// What is known of a place, be it old. If it may have changed it will be looked at, and an event tells when that is done.
    pub(super) fn get(&mut self, place: &Place) -> Option<Arc<Context>> {
        let new = || Known { context: None, is_stale: true, is_wanted: true, not_before: Instant::now() };
        let known = self.known.entry(place.clone()).or_insert_with(new);
        known.is_wanted |= known.is_stale;
        let context = known.context.clone();
        self.start();
        context
    }

    /// Notes that a file was changed, made or taken away; says whether anything depends on it.
    pub(super) fn changed(&mut self, file: &Path) -> bool {
        let mut any = false;
        for (place, known) in &mut self.known {
            if place.depends_on(file) {
                known.is_stale = true;
                any = true;
            }
        }
        any
    }

    /// Forgets all places but those that somebody needs.
    pub(super) fn retain(&mut self, needed: impl Fn(&Place) -> bool) {
        self.known.retain(|place, _| needed(place));
        if let Some(running) = &self.running
            && !self.known.contains_key(&running.place)
        {
            running.progress.stop();
        }
    }

    /// How long until there is something to look after; forever, where there is nothing.
    pub(super) fn patience(&self) -> Option<Duration> {
        if self.running.is_some() {
            return Some(WATCH);
        }
        let next = self.known.values().filter(|known| known.is_wanted).map(|known| known.not_before).min()?;
        Some(next.saturating_duration_since(Instant::now()))
    }

    /// Looks after what runs, and starts what is to be started.
    pub(super) fn tick(&mut self) {
        if let Some(Running { progress, since, .. }) = &self.running
            && (since.elapsed() > LONGEST || progress.entries() > LARGEST)
        {
            progress.stop();
        }
        self.start();
    }

    /// Takes what came of a walk; gives the place.
    pub(super) fn walked(&mut self, walked: Walked) -> Place {
        let Walked { place, context } = walked;
        let took = self.running.take().map_or(Duration::ZERO, |running| running.since.elapsed());
        if let Some(known) = self.known.get_mut(&place) {
            known.context = context.map(Arc::new);
            // What changes all the time is not looked at all the time.
            known.not_before = Instant::now() + PAUSE.max(took * 10);
        }
        self.start();
        place
    }

    fn start(&mut self) {
        if self.running.is_some() {
            return;
        }
        let now = Instant::now();
        let next = self.known.iter_mut().find(|(_, known)| known.is_wanted && known.not_before <= now);
        let Some((place, known)) = next else { return };
        (known.is_wanted, known.is_stale) = (false, false);
        let progress = Arc::new(Progress::default());
        self.running = Some(Running { place: place.clone(), progress: Arc::clone(&progress), since: now });
        let (place, events) = (place.clone(), self.events.clone());
        std::thread::spawn(move || {
            let context = catch_unwind(AssertUnwindSafe(|| place.open(&progress))).ok().flatten();
            // Nobody listens any more when the server is at its end.
            drop(events.send(Event::Walked(Box::new(Walked { place, context }))));
        });
    }
}
