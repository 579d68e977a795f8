//! How much there is.

use std::collections::HashMap;

use serde::Serialize;

use super::listing::Listing;
use super::path::split;
use super::{Entry, EntryKind};

/// How much there is of what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Totals {
    /// How many files.
    pub files: u64,
    /// How many directories.
    pub directories: u64,
    /// How many links.
    pub links: u64,
    /// How many pipes, sockets and devices.
    pub others: u64,
    /// What the files hold, in bytes; 0 where sizes were not asked for. A file that has several names counts once.
    pub bytes: u64,
}

impl Totals {
    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry<'_>) {
        match entry.kind {
            EntryKind::File => self.files += 1,
            EntryKind::Directory => self.directories += 1,
            EntryKind::Link => self.links += 1,
            EntryKind::Other => self.others += 1,
        }
        self.bytes = self.bytes.saturating_add(entry.content());
    }

    fn merge(&mut self, other: &Self) {
        self.files += other.files;
        self.directories += other.directories;
        self.links += other.links;
        self.others += other.others;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// A directory and how much is in it, at any depth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectoryTotals<'l> {
    /// The path from the root of the context; empty for the root.
    pub path: &'l [u8],
    /// How much is in it; itself not counted.
    pub totals: Totals,
}

impl Listing {
    /// How much there is.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.iter().for_each(|entry| totals.add(&entry));
        totals
    }

    /// How much is in each directory, the root first, in the order of the listing.
    #[must_use]
    pub fn by_directory(&self) -> Vec<DirectoryTotals<'_>> {
        let mut found = vec![DirectoryTotals { path: &[], totals: Totals::default() }];
        let mut numbers: HashMap<&[u8], usize> = HashMap::from([(&[] as &[u8], 0)]);
        let entries: Vec<Entry<'_>> = (0..self.len()).filter_map(|number| self.get(number)).collect();
        let mut parents = vec![0];
        for entry in &entries {
            let parent = numbers.get(split(entry.path).0).copied().unwrap_or(0);
            if let Some(parent) = found.get_mut(parent) {
                parent.totals.add(entry);
            }
            if entry.kind == EntryKind::Directory {
                numbers.insert(entry.path, found.len());
                parents.push(parent);
                found.push(DirectoryTotals { path: entry.path, totals: Totals::default() });
            }
        }
        // Directories come after those that hold them.
        for number in (1..found.len()).rev() {
            let (Some(totals), Some(parent)) = (found.get(number).map(|of| of.totals), parents.get(number)) else {
                continue;
            };
            if let Some(parent) = found.get_mut(*parent) {
                parent.totals.merge(&totals);
            }
        }
        found
    }

    /// The files with the most content, at most `count`, the largest first; of equals the first in order.
    #[must_use]
    pub fn largest(&self, count: usize) -> Vec<Entry<'_>> {
        let mut files: Vec<Entry<'_>> = (0..self.len())
            .filter_map(|number| self.get(number))
            .filter(|entry| entry.kind == EntryKind::File && entry.content() > 0)
            .collect();
        files.sort_by_key(|entry| std::cmp::Reverse(entry.content()));
        files.truncate(count);
        files
    }
}
