//! What a build may read: the tree that it is given, after the ignore file.
//!
//! [`Context::open`] lists a directory exactly as BuildKit sends it: path for path, in its order, ignored directories that
//! hold something that is kept included, links as links. [`Context::transfer`] says which part of it a Dockerfile's `COPY`,
//! `ADD` and bind mounts make BuildKit send.

mod directory;
mod filter;
mod follow;
mod listing;
mod on_disk;
mod open;
pub(crate) mod path;
mod pool;
mod totals;
mod twin;
mod walk;
pub(crate) mod wildcard;

use serde::Serialize;

pub use listing::{Entry, EntryStatus, Listing, WalkError, WalkErrorReason};
pub use open::{Context, ContextError, IgnoreSource, Options, Progress, TransferError, unpruned};
pub use totals::{DirectoryTotals, Totals};
pub use twin::Twins;

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
