//! What a walk found.

use std::collections::HashMap;
use std::io;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use thiserror::Error;

use super::EntryKind;

/// What a build may read: files, directories and links, each with its path from the root of the context.
///
/// The order is the one in which BuildKit sends them: each directory is followed by what is in it, and within a directory
/// names are in the order of their bytes. [`Listing::by_path`] has the other order that is natural.
#[derive(Clone, Default, Debug)]
pub struct Listing {
    paths: Vec<u8>,
    records: Vec<Record>,
    /// As many as there are records, or none.
    statuses: Vec<Status>,
    /// Of links, by number, in order.
    targets: Vec<(usize, Box<[u8]>)>,
    /// Of further names of a file, by number, in order: the number of its first name.
    first_names: Vec<(usize, usize)>,
    errors: Vec<WalkError>,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    start: usize,
    length: u32,
    kind: EntryKind,
    /// An ignored directory, which belongs to the context only where it holds something that does.
    tentative: bool,
}

#[derive(Clone, Copy, Debug)]
struct Status {
    size: u64,
    mode: u32,
    several_names: Option<(u64, u64)>,
}

/// A file, a directory or a link of a [`Listing`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<'l> {
    /// The path from the root of the context, its parts separated by `/`. Names need not be UTF-8.
    pub path: &'l [u8],
    /// What it is.
    pub kind: EntryKind,
    /// The size and the permissions, where they were asked for.
    pub status: Option<EntryStatus>,
    /// Where a link leads, as it is written, where it was asked for; of a further name of a file, the first one in the
    /// context.
    pub target: Option<&'l [u8]>,
}

/// The size and the permissions of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EntryStatus {
    /// In bytes, as BuildKit has it: 0 for a directory and for a further name of a file, the length of its target for a
    /// link.
    pub size: u64,
    /// The type and the permissions, as `st_mode` has them.
    pub mode: u32,
}

impl Entry<'_> {
    /// The path as text; bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn path_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.path)
    }

    /// How many bytes of content are sent for it: of a file its size, else none.
    #[must_use]
    pub fn content(&self) -> u64 {
        match (self.kind, self.status) {
            (EntryKind::File, Some(status)) => status.size,
            _ => 0,
        }
    }
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_map(None)?;
        entry.serialize_entry("path", &self.path_text())?;
        if std::str::from_utf8(self.path).is_err() {
            entry.serialize_entry("path_bytes", self.path)?;
        }
        entry.serialize_entry("kind", &self.kind)?;
        if let Some(status) = self.status {
            entry.serialize_entry("size", &status.size)?;
            entry.serialize_entry("mode", &status.mode)?;
        }
        if let Some(target) = self.target {
            entry.serialize_entry("target", &String::from_utf8_lossy(target))?;
        }
        entry.end()
    }
}

/// Something that could not be read. All else is in the [`Listing`].
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[error("{}: {reason}", if path.is_empty() { ".".into() } else { String::from_utf8_lossy(path) })]
pub struct WalkError {
    /// The path from the root of the context; empty for the root itself.
    #[serde(serialize_with = "lossy")]
    pub path: Vec<u8>,
    /// Why.
    #[serde(serialize_with = "display")]
    pub reason: WalkErrorReason,
}

fn lossy<S: Serializer>(path: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(path))
}

fn display<S: Serializer>(reason: &WalkErrorReason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(reason)
}

/// Why something could not be read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum WalkErrorReason {
    /// Permissions. BuildKit fails on it.
    #[error("you may not read it, so the build fails; leave it out with .dockerignore or change its permissions")]
    Forbidden,
    /// It was there when its directory was read. BuildKit passes over it.
    #[error("it vanished while the context was read")]
    Vanished,
    /// Whatever else the system says.
    #[error("{0}")]
    Other(String),
}

impl From<io::Error> for WalkErrorReason {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Forbidden,
            // Something else may have been put in its place.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Vanished,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl Listing {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The entry of a number, counted from 0 in the order sent.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<Entry<'_>> {
        let record = self.records.get(number)?;
        let first_name = found(&self.first_names, number).and_then(|first| self.records.get(*first));
        let target = found(&self.targets, number).map(|target| &**target);
        let status = self
            .statuses
            .get(number)
            .map(|status| EntryStatus { size: if first_name.is_some() { 0 } else { status.size }, mode: status.mode });
        let target = target.or(first_name.map(|first| self.path(first)));
        Some(Entry { path: self.path(record), kind: record.kind, status, target })
    }

    /// The entries in the order in which BuildKit sends them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Entry<'_>> + Clone {
        // There is an entry of each of these numbers.
        let nothing = Entry { path: &[], kind: EntryKind::Other, status: None, target: None };
        (0..self.len()).map(move |number| self.get(number).unwrap_or(nothing))
    }

    /// The entries in the order of the bytes of their paths: `a.b` comes before `a/c`.
    pub fn by_path(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = self.iter().collect();
        entries.sort_by_key(|entry| entry.path);
        entries.into_iter()
    }

    /// The entry of a path.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<Entry<'_>> {
        self.get(self.position(path)?)
    }

    /// The numbers of the entries in a directory, at any depth; of all entries for the root, whose path is empty.
    #[must_use]
    pub fn below(&self, directory: &[u8]) -> std::ops::Range<usize> {
        if directory.is_empty() {
            return 0..self.len();
        }
        let Some(first) = self.position(directory).map(|position| position + 1) else { return 0..0 };
        let after = self.records.get(first..).unwrap_or_default();
        let count = after.partition_point(|record| super::path::strip(self.path(record), directory).is_some());
        first..first + count
    }

    /// The number of the entry of a path, in the order sent.
    #[must_use]
    pub fn position(&self, path: &[u8]) -> Option<usize> {
        self.records.binary_search_by(|record| parts(self.path(record)).cmp(parts(path))).ok()
    }

    /// What could not be read, in the order sent.
    #[must_use]
    pub fn errors(&self) -> &[WalkError] {
        &self.errors
    }

    fn path(&self, record: &Record) -> &[u8] {
        self.paths.get(record.start..record.start + record.length as usize).unwrap_or_default()
    }

    /// Appends an entry.
    pub(super) fn push(&mut self, path: &[u8], kind: EntryKind, tentative: bool) {
        let length = u32::try_from(path.len()).unwrap_or(u32::MAX);
        self.records.push(Record { start: self.paths.len(), length, kind, tentative });
        self.paths.extend_from_slice(path);
    }

    /// Adds what is known of the last entry.
    pub(super) fn push_status(&mut self, status: super::directory::Status) {
        let size = if status.kind == EntryKind::Directory { 0 } else { status.size };
        let several_names = status.several_names.filter(|_| status.kind != EntryKind::Directory);
        self.statuses.push(Status { size, mode: status.mode, several_names });
    }

    /// Adds where the last entry leads.
    pub(super) fn push_target(&mut self, target: Vec<u8>) {
        self.targets.push((self.records.len().saturating_sub(1), target.into()));
    }

    /// Appends what could not be read.
    pub(super) fn push_error(&mut self, path: &[u8], reason: io::Error) {
        self.errors.push(WalkError { path: path.to_vec(), reason: reason.into() });
    }

    /// Appends the entries of `other` from `from` up to `to`.
    pub(super) fn append_part(&mut self, other: &Self, from: usize, to: usize) {
        let moved = self.records.len();
        for record in other.records.get(from..to).unwrap_or_default() {
            self.push(other.path(record), record.kind, record.tentative);
        }
        self.statuses.extend_from_slice(other.statuses.get(from..to).unwrap_or_default());
        let first = other.targets.partition_point(|(number, _)| *number < from);
        let last = other.targets.partition_point(|(number, _)| *number < to);
        let targets = other.targets.get(first..last).unwrap_or_default();
        self.targets.extend(targets.iter().map(|(number, target)| (number - from + moved, target.clone())));
    }

    /// Appends the errors of `other`.
    pub(super) fn append_errors(&mut self, other: &mut Self) {
        self.errors.append(&mut other.errors);
    }

    /// Ends a walk: takes out the ignored directories that hold nothing of the context, and finds the files that have
    /// several names.
    pub(super) fn finish(&mut self) {
        self.drop_empty_tentative();
        self.link_names();
        // Threads come upon them in any order.
        self.errors.sort_by(|one, other| parts(&one.path).cmp(parts(&other.path)));
    }

    fn drop_empty_tentative(&mut self) {
        if !self.records.iter().any(|record| record.tentative) {
            return;
        }
        let mut keep = vec![true; self.records.len()];
        // What follows a directory, as far as it is kept, is in it or after it.
        let mut following: &[u8] = &[];
        for (record, keep) in self.records.iter().zip(&mut keep).rev() {
            let path = self.path(record);
            let holds_next = following.strip_prefix(path).is_some_and(|rest| rest.first() == Some(&b'/'));
            *keep = !record.tentative || holds_next;
            if *keep {
                following = path;
            }
        }
        let kept = |number: usize| keep.get(number).copied().unwrap_or_default();
        let mut before = Vec::with_capacity(if self.targets.is_empty() { 0 } else { keep.len() });
        if !self.targets.is_empty() {
            let mut count = 0;
            before.extend(keep.iter().map(|keep| {
                count += usize::from(*keep);
                count - usize::from(*keep)
            }));
        }
        self.targets.retain(|(number, _)| kept(*number));
        for (number, _) in &mut self.targets {
            *number = before.get(*number).copied().unwrap_or_default();
        }
        let mut kept_in_order = keep.iter();
        self.records.retain(|_| kept_in_order.next().copied().unwrap_or_default());
        let mut kept_in_order = keep.iter();
        self.statuses.retain(|_| kept_in_order.next().copied().unwrap_or_default());
    }

    /// BuildKit sends the content of a file under its first name only; the others are links to it.
    fn link_names(&mut self) {
        let mut first: HashMap<(u64, u64), usize> = HashMap::new();
        for (number, status) in self.statuses.iter().enumerate() {
            let Some(file) = status.several_names else { continue };
            let first = *first.entry(file).or_insert(number);
            if first != number {
                self.first_names.push((number, first));
            }
        }
    }

    /// Those of the entries that `keeps` says, and the directories that hold one of them. It is told of each entry with what
    /// it said of the entry's directory, parents first.
    pub(super) fn subset<R: Clone>(&self, root: &R, mut keeps: impl FnMut(Entry<'_>, &R, &mut R) -> bool) -> Self {
        let mut subset = Self::default();
        // The directories that the entry is in.
        let mut above: Vec<(&[u8], R)> = Vec::new();
        let mut results = root.clone();
        for (number, record) in self.records.iter().enumerate() {
            let path = self.path(record);
            while above.pop_if(|(directory, _)| super::path::strip(path, directory).is_none()).is_some() {}
            let Some(entry) = self.get(number) else { continue };
            let kept = keeps(entry, above.last().map_or(root, |(_, results)| results), &mut results);
            let is_directory = record.kind == EntryKind::Directory;
            if is_directory {
                above.push((path, results.clone()));
            }
            if kept || is_directory {
                subset.append_part(self, number, number + 1);
                if let Some(record) = subset.records.last_mut() {
                    record.tentative |= !kept;
                }
            }
        }
        subset.finish();
        subset
    }
}

/// The names of a path. In the order sent, `/` is before all other characters.
fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
}

fn found<T>(places: &[(usize, T)], number: usize) -> Option<&T> {
    if places.is_empty() {
        return None;
    }
    let place = places.binary_search_by_key(&number, |(number, _)| *number).ok()?;
    places.get(place).map(|(_, value)| value)
}
