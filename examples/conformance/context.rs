//! A context as it is sent: `TYPE<tab>SIZE<tab>PATH` a line, in the order of the bytes of the paths.

use std::io::Write;

use plimsoll::context::{Entry, EntryKind, Listing};

/// The word for what an entry is.
pub(crate) fn kind(entry: &Entry<'_>) -> &'static str {
    match entry.kind {
        EntryKind::File => "file",
        EntryKind::Directory => "dir",
        EntryKind::Link => "symlink",
        EntryKind::Other => "other",
    }
}

/// The lines of a listing. What a link holds is no content, so its size is 0.
pub(crate) fn write(listing: &Listing, out: &mut impl Write) -> std::io::Result<()> {
    for entry in listing.by_path() {
        write!(out, "{}\t{}\t", kind(&entry), entry.content())?;
        out.write_all(entry.path)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
