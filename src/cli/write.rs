//! Files are written whole or not at all.
//!
//! The new content goes into a file beside the old one, which takes its place in one step once it is on the disk. Who is
//! killed meanwhile leaves the old file or the new one.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};
use thiserror::Error;

/// Why a file is as it was.
#[derive(Debug, Error)]
pub(super) enum Unwritable {
    #[error("it is gone, so nothing was written")]
    Vanished,
    #[error("it was changed meanwhile, so it is left as it is; run the command again")]
    Changed,
    #[error("it is read-only, so it is left as it is")]
    ReadOnly,
    #[error("you may not write into its directory, so it is left as it is")]
    Forbidden,
    #[error("there is no room left on the disk, so it is left as it is")]
    Full,
    #[error("it is no file that can be replaced, so it is left as it is")]
    Irregular,
    #[error("it can't be written, so it is left as it is: {0}")]
    Other(String),
}

impl From<io::Error> for Unwritable {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Vanished,
            ErrorKind::PermissionDenied => Self::Forbidden,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Writes `after` into a file that held `before` when it was read.
///
/// # Errors
///
/// [`Unwritable::Changed`] where it holds something else by now, and all that [`write`] says.
pub(super) fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), Unwritable> {
    if fs::symlink_metadata(path)?.is_dir() {
        return Err(Unwritable::Irregular);
    }
    if fs::metadata(path)?.is_file() && fs::read(path)? != before {
        return Err(Unwritable::Changed);
    }
    write(path, after)
}

/// Writes a file, over the one that there may be. That one's mode is kept, and its owner where possible; where it is a link,
/// what it leads to is written, and the link stays.
///
/// # Errors
///
/// Why the file is as it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Unwritable> {
    let (target, old) = match fs::canonicalize(path) {
        Ok(target) => {
            let old = writable(&target)?;
            (target, Some(old))
        }
        // A link that leads nowhere is there, too.
        Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
            (path.to_path_buf(), None)
        }
        Err(error) => return Err(error.into()),
    };
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    put(&directory, &target, old.as_ref(), bytes)
}

/// What is known of a file, if it may be written.
fn writable(path: &Path) -> Result<Metadata, Unwritable> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(Unwritable::Irregular);
    }
    // Nothing of it is written here, and root may write anything: what counts is what its owner wants.
    if metadata.permissions().readonly() {
        return Err(Unwritable::ReadOnly);
    }
    match OpenOptions::new().write(true).open(path) {
        Ok(_) => Ok(metadata),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(Unwritable::ReadOnly),
        Err(error) => Err(error.into()),
    }
}

fn put(directory: &Path, target: &Path, old: Option<&Metadata>, bytes: &[u8]) -> Result<(), Unwritable> {
    let fill = |mut file: &File| -> io::Result<()> {
        file.write_all(bytes)?;
        old.map_or(Ok(()), |old| like(file, old))?;
        file.sync_all()
    };
    let mut builder = Builder::new();
    builder.prefix(".plimsoll-").suffix(".tmp");
    if let Some(file) = unnamed(directory, old.is_none()) {
        fill(&file)?;
        let named = builder.make_in(directory, |path| give_name(&file, path))?;
        named.persist(target).map_err(|error| error.error)?;
        return Ok(());
    }
    if let Some(permissions) = everybodys().filter(|_| old.is_none()) {
        builder.permissions(permissions);
    }
    let file: NamedTempFile = builder.tempfile_in(directory)?;
    fill(file.as_file())?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// Gives a new file the mode of the old one, and its owner if that may be.
fn like(file: &File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
            // Only root may give files away; then whoever writes it owns it.
            drop(fchown(file, Some(old.uid()), Some(old.gid())));
        }
    }
    file.set_permissions(old.permissions())
}

/// The permissions that a file has that nobody asks anything of, less what the mask of the process takes away.
#[cfg(unix)]
fn everybodys() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn everybodys() -> Option<Permissions> {
    None
}

/// A file without a name, which is gone when the process is: who is killed while writing leaves nothing behind.
#[cfg(target_os = "linux")]
fn unnamed(directory: &Path, for_everybody: bool) -> Option<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(if for_everybody { 0o666 } else { 0o600 });
    // Some file systems have no such files.
    open(directory, flags, mode).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_directory: &Path, _for_everybody: bool) -> Option<File> {
    None
}

#[cfg(target_os = "linux")]
fn give_name(file: &File, path: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};
    let place = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, place, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn give_name(_file: &File, _path: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't write its files fails")]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn new_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new");
        write(&path, b"a").unwrap();
        write(&path, b"b").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"b");
        assert_eq!(names(directory.path()), ["new"]);
        assert!(matches!(write(&directory.path().join("no/new"), b"a"), Err(Unwritable::Vanished)));
    }

    #[test]
    fn what_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        assert!(matches!(replace(&path, b"", b"a"), Err(Unwritable::Vanished)));
        assert!(matches!(replace(directory.path(), b"", b"a"), Err(Unwritable::Irregular)));
        fs::write(&path, b"old").unwrap();
        assert!(matches!(replace(&path, b"older", b"new"), Err(Unwritable::Changed)));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        replace(&path, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert!(matches!(replace(&path, b"new", b"newer"), Err(Unwritable::ReadOnly)));
        assert_eq!(names(directory.path()), ["file"]);
    }

    #[cfg(unix)]
    #[test]
    fn modes_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let directory = tempfile::tempdir().unwrap();
        let within = |name: &str| directory.path().join(name);
        fs::write(within("file"), b"old").unwrap();
        fs::set_permissions(within("file"), Permissions::from_mode(0o751)).unwrap();
        symlink("file", within("link")).unwrap();
        symlink("nowhere", within("broken")).unwrap();
        replace(&within("link"), b"old", b"new").unwrap();
        assert!(fs::symlink_metadata(within("link")).unwrap().is_symlink());
        assert_eq!(fs::read(within("file")).unwrap(), b"new");
        assert_eq!(fs::metadata(within("file")).unwrap().permissions().mode() & 0o7777, 0o751);
        assert!(matches!(replace(&within("broken"), b"old", b"new"), Err(Unwritable::Vanished)));
        assert!(matches!(write(&within("broken"), b"new"), Err(Unwritable::Vanished)));
        assert_eq!(names(directory.path()), ["broken", "file", "link"]);
    }
}
