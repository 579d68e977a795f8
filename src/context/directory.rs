//! Directories as the system shows them: what is in one, without following a link.
//!
//! On Linux a directory is opened relative to its parent's handle, so that no path is resolved twice and no link that is put
//! in its place meanwhile leads elsewhere. Elsewhere the standard library does the same by path.

#[cfg(target_os = "linux")]
pub(super) use linux::{Buffer, Directory};
#[cfg(not(target_os = "linux"))]
pub(super) use portable::{Buffer, Directory};

use super::EntryKind;

/// What the system knows of an entry beyond its name and its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Status {
    pub(super) kind: EntryKind,
    /// In bytes; of a link, the length of its target.
    pub(super) size: u64,
    /// The type and the permissions, as `st_mode` has them.
    pub(super) mode: u32,
    /// The device and the file on it, where the file has several names.
    pub(super) several_names: Option<(u64, u64)>,
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, Stat};
    use rustix::io::Errno;

    use super::Status;
    use crate::context::EntryKind;

    const OPEN: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    /// Room for what the system says of a directory at once.
    pub(in crate::context) struct Buffer(Vec<u8>);

    impl Buffer {
        pub(in crate::context) fn new() -> Self {
            // As large as the C library's; any entry fits.
            Self(Vec::with_capacity(32 << 10))
        }
    }

    /// An open directory.
    pub(in crate::context) struct Directory(OwnedFd);

    impl Directory {
        /// Opens a directory by its path; a link to one is followed.
        pub(in crate::context) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(rustix::fs::openat(CWD, path, OPEN, Mode::empty())?))
        }

        /// Opens a directory in this one; a link is not followed.
        pub(in crate::context) fn open_child(&self, name: &[u8]) -> io::Result<Self> {
            Ok(Self(rustix::fs::openat(&self.0, name, OPEN.union(OFlags::NOFOLLOW), Mode::empty())?))
        }

        /// Gives each entry, in no order.
        pub(in crate::context) fn read(
            &self,
            buffer: &mut Buffer,
            mut each: impl FnMut(&[u8], EntryKind),
        ) -> io::Result<()> {
            let mut entries = RawDir::new(&self.0, buffer.0.spare_capacity_mut());
            while let Some(entry) = entries.next() {
                let entry = entry?;
                let name = entry.file_name().to_bytes();
                if matches!(name, b"." | b"..") {
                    continue;
                }
                let kind = match entry.file_type() {
                    // Not each file system says it along with the name.
                    FileType::Unknown => match self.status(name) {
                        Ok(status) => status.kind,
                        Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                        Err(error) => return Err(error),
                    },
                    kind => kind_of(kind),
                };
                each(name, kind);
            }
            Ok(())
        }

        /// What the system knows of an entry; of a link, not of its target.
        pub(in crate::context) fn status(&self, name: &[u8]) -> io::Result<Status> {
            let status = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(Status {
                kind: kind_of(FileType::from_raw_mode(status.st_mode)),
                size: u64::try_from(status.st_size).unwrap_or_default(),
                mode: status.st_mode,
                several_names: names(&status),
            })
        }

        /// Where a link leads.
        pub(in crate::context) fn target(&self, name: &[u8]) -> io::Result<Vec<u8>> {
            match rustix::fs::readlinkat(&self.0, name, Vec::new()) {
                Ok(target) => Ok(target.into_bytes()),
                // It was no link any more.
                Err(Errno::INVAL) => Err(io::ErrorKind::NotFound.into()),
                Err(error) => Err(error.into()),
            }
        }
    }

    #[allow(clippy::useless_conversion, reason = "the types of the fields differ between processors")]
    fn names(status: &Stat) -> Option<(u64, u64)> {
        (u64::from(status.st_nlink) > 1).then_some((status.st_dev, status.st_ino))
    }

    fn kind_of(kind: FileType) -> EntryKind {
        match kind {
            FileType::RegularFile => EntryKind::File,
            FileType::Directory => EntryKind::Directory,
            FileType::Symlink => EntryKind::Link,
            _ => EntryKind::Other,
        }
    }
}

#[cfg_attr(target_os = "linux", cfg(test))]
mod portable {
    use std::fs::{FileType, Metadata};
    use std::io;
    use std::path::{Path, PathBuf};

    use super::Status;
    use crate::context::EntryKind;

    /// The standard library has its own.
    pub(in crate::context) struct Buffer;

    impl Buffer {
        pub(in crate::context) fn new() -> Self {
            Self
        }
    }

    /// A directory that there was.
    pub(in crate::context) struct Directory(PathBuf);

    impl Directory {
        /// Finds a directory by its path; a link to one is followed.
        pub(in crate::context) fn open(path: &Path) -> io::Result<Self> {
            match std::fs::metadata(path)?.is_dir() {
                true => Ok(Self(path.to_path_buf())),
                false => Err(io::ErrorKind::NotADirectory.into()),
            }
        }

        /// Finds a directory in this one; a link is not followed.
        pub(in crate::context) fn open_child(&self, name: &[u8]) -> io::Result<Self> {
            let path = self.join(name)?;
            match std::fs::symlink_metadata(&path)?.is_dir() {
                true => Ok(Self(path)),
                false => Err(io::ErrorKind::NotADirectory.into()),
            }
        }

        /// Gives each entry, in no order.
        pub(in crate::context) fn read(
            &self,
            _: &mut Buffer,
            mut each: impl FnMut(&[u8], EntryKind),
        ) -> io::Result<()> {
            for entry in std::fs::read_dir(&self.0)? {
                let entry = entry?;
                each(entry.file_name().as_encoded_bytes(), kind_of(entry.file_type()?));
            }
            Ok(())
        }

        /// What the system knows of an entry; of a link, not of its target.
        pub(in crate::context) fn status(&self, name: &[u8]) -> io::Result<Status> {
            let status = std::fs::symlink_metadata(self.join(name)?)?;
            Ok(Status {
                kind: kind_of(status.file_type()),
                size: status.len(),
                mode: mode(&status),
                several_names: names(&status),
            })
        }

        /// Where a link leads.
        pub(in crate::context) fn target(&self, name: &[u8]) -> io::Result<Vec<u8>> {
            Ok(std::fs::read_link(self.join(name)?)?.into_os_string().into_encoded_bytes())
        }

        #[cfg(unix)]
        fn join(&self, name: &[u8]) -> io::Result<PathBuf> {
            use std::os::unix::ffi::OsStrExt;
            Ok(self.0.join(std::ffi::OsStr::from_bytes(name)))
        }

        #[cfg(not(unix))]
        fn join(&self, name: &[u8]) -> io::Result<PathBuf> {
            let name = std::str::from_utf8(name).map_err(|_| io::ErrorKind::InvalidFilename)?;
            Ok(self.0.join(name))
        }
    }

    #[cfg(unix)]
    fn mode(status: &Metadata) -> u32 {
        std::os::unix::fs::MetadataExt::mode(status)
    }

    #[cfg(not(unix))]
    fn mode(status: &Metadata) -> u32 {
        // As BuildKit has it where files have no permissions.
        if status.is_dir() { 0o040_755 } else { 0o100_755 }
    }

    #[cfg(unix)]
    fn names(status: &Metadata) -> Option<(u64, u64)> {
        use std::os::unix::fs::MetadataExt;
        (status.nlink() > 1).then_some((status.dev(), status.ino()))
    }

    #[cfg(not(unix))]
    fn names(_: &Metadata) -> Option<(u64, u64)> {
        None
    }

    fn kind_of(kind: FileType) -> EntryKind {
        if kind.is_file() {
            EntryKind::File
        } else if kind.is_dir() {
            EntryKind::Directory
        } else if kind.is_symlink() {
            EntryKind::Link
        } else {
            EntryKind::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn both_ways_see_the_same() {
        let tree = tempfile::tempdir().unwrap();
        let root = tree.path();
        std::fs::create_dir(root.join("directory")).unwrap();
        std::fs::write(root.join("file"), "12345").unwrap();
        std::fs::hard_link(root.join("file"), root.join("second name")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("link")).unwrap();
        std::os::unix::fs::symlink("directory", root.join("link to directory")).unwrap();
        std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        let by_handle = linux::Directory::open(root).unwrap();
        let by_path = portable::Directory::open(root).unwrap();
        let (mut one, mut other) = (Vec::new(), Vec::new());
        by_handle.read(&mut linux::Buffer::new(), |name, kind| one.push((name.to_vec(), kind))).unwrap();
        by_path.read(&mut portable::Buffer::new(), |name, kind| other.push((name.to_vec(), kind))).unwrap();
        one.sort();
        other.sort();
        assert_eq!(one, other);
        assert_eq!(one.len(), 6);
        for (name, _) in &one {
            let name = name.as_slice();
            assert_eq!(by_handle.status(name).unwrap(), by_path.status(name).unwrap(), "{name:?}");
            assert_eq!(by_handle.target(name).ok(), by_path.target(name).ok(), "{name:?}");
            assert_eq!(by_handle.open_child(name).is_ok(), by_path.open_child(name).is_ok(), "{name:?}");
        }
    }
}
