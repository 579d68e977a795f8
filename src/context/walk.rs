//! The walk through a context: parents first, names in the order of their bytes, no directory entered that can't matter.

use std::io;
use std::num::NonZero;
use std::ops::Range;
use std::path::Path;

use super::EntryKind;
use super::directory::{Buffer, Directory};
use super::filter::Filter;
use super::listing::Listing;
use super::open::Progress;
use super::pool::{Part, Pool, Task};

/// More directories than these are not kept open, however deep a tree is.
const OPEN_DIRECTORIES: usize = 64;

/// What a walk asks the system for, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// Sizes and permissions, which costs a call for each entry.
    pub(super) status: bool,
    /// Where links lead.
    pub(super) targets: bool,
    /// How many threads walk at most.
    pub(super) threads: NonZero<usize>,
    /// How many entries one thread lists before the others help.
    pub(super) alone: usize,
}

impl Options {
    /// For a listing, with sizes or without.
    pub(super) fn new(status: bool, threads: NonZero<usize>) -> Self {
        // To list fewer takes less time than to start a thread and wake it up; with a status each takes three times as long.
        Self { status, targets: status, threads, alone: if status { 3_000 } else { 10_000 } }
    }
}

/// Lists what `filter` leaves of the tree at `root`.
///
/// `progress` counts the entries as they are found, and may stop the walk; what was listed by then is only a part.
pub(super) fn walk<F: Filter>(root: &Path, filter: &F, options: Options, progress: &Progress) -> io::Result<Listing> {
    let directory = Directory::open(root)?;
    let pool = Pool::new();
    let first = pool.give(Task { directory, path: Vec::new(), results: filter.root(), part: Part::default() });
    std::thread::scope(|scope| {
        let help = || {
            let helpers = options.threads.get() - 1;
            pool.join(helpers);
            for _ in 0..helpers {
                scope.spawn(|| Walker::new(filter, options, progress, &pool).work(|| {}));
            }
        };
        Walker::new(filter, options, progress, &pool).work(help);
    });
    let mut listing = pool.assemble(first);
    listing.finish();
    Ok(listing)
}

/// One thread of a walk. The stack is its own, so that a tree may be as deep as it likes.
struct Walker<'w, F: Filter> {
    filter: &'w F,
    options: Options,
    progress: &'w Progress,
    pool: &'w Pool<F::Results>,
    buffer: Buffer,
    /// The directories that the walk is in, the innermost last.
    frames: Vec<Frame<F::Results>>,
    /// What is still to be visited in them.
    children: Vec<Child>,
    /// The names of the children.
    names: Vec<u8>,
    /// The path of the innermost directory, or of the child that is visited.
    path: Vec<u8>,
    /// Results of directories that were left, to be used again.
    spare: Vec<F::Results>,
    part: Part,
}

struct Frame<R> {
    /// None where too many are open; it can be opened again.
    directory: Option<Directory>,
    results: R,
    /// Those of `children` that are not visited yet.
    children: Range<usize>,
    /// The end of those that may still be given away.
    to_give: usize,
    /// Where its children begin.
    first: usize,
    /// Where its names begin.
    names: usize,
    /// The length of its path.
    path: usize,
}

#[derive(Clone, Copy)]
struct Child {
    /// The first bytes of the name, by which most are told apart.
    key: u64,
    name: usize,
    length: u32,
    kind: EntryKind,
    given: Option<NonZero<u32>>,
}

impl<'w, F: Filter> Walker<'w, F> {
    fn new(filter: &'w F, options: Options, progress: &'w Progress, pool: &'w Pool<F::Results>) -> Self {
        Self {
            filter,
            options,
            progress,
            pool,
            buffer: Buffer::new(),
            frames: Vec::new(),
            children: Vec::new(),
            names: Vec::new(),
            path: Vec::new(),
            spare: Vec::new(),
            part: Part::default(),
        }
    }

    /// Walks through one directory after another, until there is none. Where there is much to do, `help` is called, once.
    fn work(mut self, help: impl FnOnce()) {
        let alone = self.options.alone;
        let mut help = (self.options.threads.get() > 1).then_some(help);
        while let Some((number, task)) = self.pool.next() {
            let part = self.run(task, &mut |seen| {
                if seen > alone
                    && let Some(help) = help.take()
                {
                    help();
                }
            });
            self.pool.finish(number, part);
        }
    }

    /// Walks through a directory.
    fn run(&mut self, task: Task<F::Results>, tell: &mut impl FnMut(usize)) -> Part {
        self.part = task.part;
        self.path.clone_from(&task.path);
        tell(self.enter(task.directory, task.results));
        while let Some(frame) = self.frames.last_mut() {
            let Some(number) = frame.children.next() else {
                self.leave();
                continue;
            };
            let path = frame.path;
            let Some(child) = self.children.get(number).copied() else { continue };
            if let Some(part) = child.given {
                self.part.holes.push((self.part.listing.len(), part));
                continue;
            }
            self.path.truncate(path);
            if let Some((directory, results)) = self.visit(self.frames.len() - 1, child) {
                tell(self.enter(directory, results));
                if self.pool.is_hungry() {
                    self.give();
                }
            }
        }
        std::mem::take(&mut self.part)
    }

    /// Reads the directory at `self.path`; gives how many entries were seen so far.
    fn enter(&mut self, directory: Directory, results: F::Results) -> usize {
        let first = self.children.len();
        let names = self.names.len();
        let mut note = |name: &[u8], kind| {
            self.children.push(Child {
                key: key_of(name),
                name: self.names.len(),
                length: u32::try_from(name.len()).unwrap_or(u32::MAX),
                kind,
                given: None,
            });
            self.names.extend_from_slice(name);
        };
        let read = if self.progress.is_stopped() { Ok(()) } else { directory.read(&mut self.buffer, &mut note) };
        if let Err(error) = read {
            self.part.listing.push_error(&self.path, error);
        }
        let found = self.children.len() - first;
        let seen = self.progress.see(found);
        let all = &self.names;
        if let Some(children) = self.children.get_mut(first..) {
            children.sort_unstable_by(|one, other| {
                one.key.cmp(&other.key).then_with(|| name_of(all, one).cmp(name_of(all, other)))
            });
        }
        // The outermost ones stay open, for what is in them is given away first, and the innermost one is about to be read.
        let depth = self.frames.len();
        if depth > OPEN_DIRECTORIES
            && let Some(above) = self.frames.last_mut()
        {
            above.directory = None;
        }
        let children = first..self.children.len();
        self.frames.push(Frame {
            directory: Some(directory),
            results,
            first,
            to_give: children.end,
            children,
            names,
            path: self.path.len(),
        });
        seen
    }

    fn leave(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.names.truncate(frame.names);
            self.children.truncate(frame.first);
            self.path.truncate(frame.path);
            self.spare.push(frame.results);
        }
    }

    /// Lists a child of the frame `depth`, whose path is `self.path`; gives what is needed to enter it.
    fn visit(&mut self, depth: usize, child: Child) -> Option<(Directory, F::Results)> {
        if !self.path.is_empty() {
            self.path.push(b'/');
        }
        let name = name_of(&self.names, &child);
        self.path.extend_from_slice(name);
        let mut results = self.spare.pop().unwrap_or_else(|| self.filter.root());
        let frame = self.frames.get(depth)?;
        let out = self.filter.leaves_out(&self.path, &frame.results, &mut results);
        let is_directory = child.kind == EntryKind::Directory;
        if out && !(is_directory && self.filter.may_keep_below(&self.path)) {
            self.spare.push(results);
            return None;
        }
        if (is_directory || self.options.status || self.options.targets) && frame.directory.is_none() {
            self.open_again(depth);
        }
        let name = name_of(&self.names, &child);
        let directory = self.frames.get(depth)?.directory.as_ref();
        let entered = list(&mut self.part.listing, self.options, directory, name, &self.path, child.kind, out);
        match entered {
            Some(directory) => Some((directory, results)),
            None => {
                self.spare.push(results);
                None
            }
        }
    }

    /// Opens the directory of a frame again, from the nearest one that is open.
    fn open_again(&mut self, depth: usize) {
        let Some(open) = self.frames.get(..depth).and_then(|above| above.iter().rposition(|f| f.directory.is_some()))
        else {
            return;
        };
        let mut found: Option<Directory> = None;
        for number in open + 1..=depth {
            let (Some(above), Some(frame)) = (self.frames.get(number - 1), self.frames.get(number)) else { return };
            let name = self.path.get(above.path..frame.path).unwrap_or_default();
            let name = name.strip_prefix(b"/").unwrap_or(name);
            let Some(parent) = found.as_ref().or(above.directory.as_ref()) else { return };
            match parent.open_child(name) {
                Ok(directory) => found = Some(directory),
                // Then each child says that it can't be read.
                Err(_) => return,
            }
        }
        if let Some(frame) = self.frames.get_mut(depth) {
            frame.directory = found;
        }
    }

    /// Gives a directory away that is still to be visited, as far out as there is one.
    fn give(&mut self) {
        for depth in 0..self.frames.len() {
            let Some(frame) = self.frames.get_mut(depth) else { return };
            while frame.to_give > frame.children.start {
                frame.to_give -= 1;
                let number = frame.to_give;
                let Some(child) = self.children.get(number).copied() else { return };
                if child.kind != EntryKind::Directory || frame.directory.is_none() {
                    continue;
                }
                let own_path = self.path.clone();
                let own_part = std::mem::take(&mut self.part);
                self.path.truncate(frame.path);
                let entered = self.visit(depth, child);
                let path = std::mem::replace(&mut self.path, own_path);
                let part = std::mem::replace(&mut self.part, own_part);
                let given = match entered {
                    Some((directory, results)) => self.pool.give(Task { directory, path, results, part }),
                    None => self.pool.set_aside(part),
                };
                if let Some(child) = self.children.get_mut(number) {
                    child.given = Some(given);
                }
                return;
            }
        }
    }
}

/// The first eight bytes as a number that is in the order of the names.
fn key_of(name: &[u8]) -> u64 {
    match name.first_chunk::<8>() {
        Some(start) => u64::from_be_bytes(*start),
        None => (0..8).fold(0, |key, at| key << 8 | name.get(at).map_or(0, |byte| u64::from(*byte))),
    }
}

fn name_of<'n>(names: &'n [u8], child: &Child) -> &'n [u8] {
    names.get(child.name..child.name + child.length as usize).unwrap_or_default()
}

/// Adds an entry to a listing; opens it where it is a directory.
fn list(
    listing: &mut Listing,
    options: Options,
    parent: Option<&Directory>,
    name: &[u8],
    path: &[u8],
    kind: EntryKind,
    tentative: bool,
) -> Option<Directory> {
    let vanished = || io::Error::from(io::ErrorKind::NotFound);
    let mut target = None;
    let mut status = None;
    if options.targets && kind == EntryKind::Link {
        match parent.ok_or_else(vanished).and_then(|parent| parent.target(name)) {
            Ok(found) => target = Some(found),
            Err(error) => {
                listing.push_error(path, error);
                return None;
            }
        }
    }
    if options.status {
        match parent.ok_or_else(vanished).and_then(|parent| parent.status(name)) {
            Ok(found) => status = Some(found),
            Err(error) => {
                listing.push_error(path, error);
                return None;
            }
        }
    }
    listing.push(path, kind, tentative);
    if let Some(status) = status {
        listing.push_status(status);
    }
    if let Some(target) = target {
        listing.push_target(target);
    }
    if kind != EntryKind::Directory {
        return None;
    }
    match parent.ok_or_else(vanished).and_then(|parent| parent.open_child(name)) {
        Ok(directory) => Some(directory),
        Err(error) => {
            listing.push_error(path, error);
            None
        }
    }
}
