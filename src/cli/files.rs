//! Which files are meant, and what is in them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use thiserror::Error;

use crate::config::ConfigError;

/// More than this is no Dockerfile, and would only take memory.
const LONGEST: u64 = 256 << 20;

/// Why there is nothing to read.
#[derive(Debug, Error)]
pub(crate) enum Unreadable {
    #[error("there is no such file or directory")]
    Missing,
    #[error("you may not read it")]
    Forbidden,
    #[error("there is no Dockerfile and no ignore file in this directory or below")]
    NoDockerfile,
    #[error("it holds more than 256 MiB, which is no Dockerfile")]
    TooLong,
    #[error("it is not checked, for its configuration is wrong")]
    Configuration(Arc<ConfigError>),
    #[error(transparent)]
    Encoding(#[from] crate::SourceError),
    #[error("{0}")]
    Other(String),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Forbidden,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<Arc<ConfigError>> for Unreadable {
    fn from(error: Arc<ConfigError>) -> Self {
        Self::Configuration(error)
    }
}

/// A file to read, or why there is none.
pub(super) type Found = Result<PathBuf, (PathBuf, Unreadable)>;

/// The files that `paths` name, in order, those in directories sorted.
pub(super) fn find(paths: &[PathBuf]) -> Vec<Found> {
    paths.iter().flat_map(|path| if path.is_dir() { search(path) } else { vec![Ok(path.clone())] }).collect()
}

fn search(directory: &Path) -> Vec<Found> {
    let walk = WalkBuilder::new(directory)
        // A Dockerfile in `.devcontainer` is a Dockerfile.
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut found: Vec<Found> = Vec::new();
    let mut entries = 0_usize;
    for entry in walk {
        match entry {
            Ok(entry) => {
                entries += 1;
                let is_directory = entry.file_type().is_none_or(|kind| kind.is_dir());
                if !is_directory && (is_dockerfile(entry.path()) || is_ignore_file(entry.path())) {
                    found.push(Ok(entry.into_path()));
                }
            }
            Err(error) => {
                let path = place(&error).unwrap_or(directory).to_path_buf();
                let reason = match error.io_error().map(io::Error::kind) {
                    Some(io::ErrorKind::PermissionDenied) => Unreadable::Forbidden,
                    Some(io::ErrorKind::NotFound) => Unreadable::Missing,
                    _ => Unreadable::Other(error.to_string()),
                };
                found.push(Err((path, reason)));
            }
        }
    }
    if found.is_empty() && entries > 0 {
        found.push(Err((directory.to_path_buf(), Unreadable::NoDockerfile)));
    }
    let name = |found: &Found| match found {
        Ok(path) | Err((path, _)) => path.clone(),
    };
    found.sort_by_key(name);
    // `.` is where everybody is, and says nothing.
    found
        .into_iter()
        .map(|found| found.map(|path| path.strip_prefix("./").map(Path::to_path_buf).unwrap_or(path)))
        .collect()
}

/// The path that an error of the walk is about.
fn place(error: &ignore::Error) -> Option<&Path> {
    let mut error = error;
    loop {
        match error {
            ignore::Error::WithPath { path, .. } => return Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error = err,
            _ => return None,
        }
    }
}

/// Whether a file in a directory is a Dockerfile by its name.
pub(crate) fn is_dockerfile(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_ascii_lowercase) else {
        return false;
    };
    let is_named = name == "dockerfile"
        || name.starts_with("dockerfile.")
        || name.ends_with(".dockerfile")
        || name == "containerfile"
        || name.starts_with("containerfile.");
    is_named && !name.ends_with(".dockerignore") && !name.ends_with(".containerignore")
}

/// Whether a file is an ignore file by its name.
pub(crate) fn is_ignore_file(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    name.ends_with(".dockerignore") || name.ends_with(".containerignore")
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(Unreadable::NoDockerfile);
    }
    read_all(file)
}

/// The bytes of a stream.
pub(super) fn read_all(stream: impl Read) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    stream.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST { Err(Unreadable::TooLong) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dockerfiles() {
        let cases = [
            ("Dockerfile", true),
            ("a/dockerfile", true),
            ("Dockerfile.dev", true),
            ("api.Dockerfile", true),
            ("api.dockerfile", true),
            ("Containerfile", true),
            ("Containerfile.arm64", true),
            ("Dockerfile.dockerignore", false),
            ("api.Dockerfile.dockerignore", false),
            ("Containerfile.containerignore", false),
            ("Dockerfiles", false),
            ("MyDockerfile", false),
        ];
        for (name, expected) in cases {
            assert_eq!(is_dockerfile(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn names_of_ignore_files() {
        let cases = [
            (".dockerignore", true),
            ("a/.containerignore", true),
            ("api.Dockerfile.dockerignore", true),
            ("Dockerfile", false),
            ("dockerignore", false),
            (".gitignore", false),
        ];
        for (name, expected) in cases {
            assert_eq!(is_ignore_file(Path::new(name)), expected, "{name}");
        }
    }
}
