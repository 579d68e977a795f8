//! A context as it is sent: `TYPE<tab>SIZE<tab>PATH` a line, in the order of the bytes of the paths.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use plimsoll::context::{Context, Entry, EntryKind, Listing, Options};

/// The word for what an entry is.
pub fn kind(entry: &Entry<'_>) -> &'static str {
    match entry.kind {
        EntryKind::File => "file",
        EntryKind::Directory => "dir",
        EntryKind::Link => "symlink",
        EntryKind::Other => "other",
    }
}

/// The lines of a listing. What a link holds is no content, so its size is 0.
pub fn write(listing: &Listing, out: &mut impl Write) -> std::io::Result<()> {
    for entry in listing.by_path() {
        write!(out, "{}\t{}\t", kind(&entry), entry.content())?;
        out.write_all(entry.path)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Prints a directory after its ignore file.
pub fn print(root: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let context = Context::open(root, &Options::default())?;
    if let Some(error) = context.pattern_errors().first() {
        return Err(error.to_string().into());
    }
    if let Some(error) = context.listing().errors().first() {
        return Err(error.to_string().into());
    }
    Ok(write(context.listing(), out)?)
}
