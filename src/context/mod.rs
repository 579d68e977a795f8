//! What a build may read: the tree that it is given, after the ignore file.

mod directory;
mod filter;
mod follow;
mod listing;
pub(crate) mod path;
mod pool;
mod totals;
mod walk;
pub(crate) mod wildcard;

use std::io;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::AtomicUsize;

use serde::Serialize;

pub use listing::{Entry, EntryStatus, Listing, WalkError, WalkErrorReason};
pub use totals::{DirectoryTotals, Totals};

/// What an entry of a context is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link. It is sent as a link, wherever it leads.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// Lists a tree, nothing left out.
///
/// # Errors
///
/// Where the root can't be opened.
pub fn list_all(root: &Path, status: bool, threads: NonZero<usize>) -> io::Result<Listing> {
    let options = walk::Options { status, targets: status, threads };
    walk::walk(root, &filter::Everything, options, &AtomicUsize::new(0))
}
