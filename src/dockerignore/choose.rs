use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// More than this is no ignore file, and would only take memory.
const LONGEST: u64 = 256 << 20;

/// Whose ignore files are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Tool {
    /// `docker build`, and all that is BuildKit.
    #[default]
    Docker,
    /// `podman build` and `buildah`, which look for `.containerignore` before `.dockerignore`.
    Podman,
}

/// An ignore file and what is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// Where it is.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why an ignore file could not be read.
#[derive(Debug, Error)]
#[error("{}: {source}", path.display())]
pub struct ChooseError {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub source: io::Error,
}

/// Finds the ignore file in force for a build with this context, and reads it; `None` if there is none, and so everything is in.
///
/// `<dockerfile>.dockerignore`, beside the Dockerfile, replaces `.dockerignore` at the root of the context, even when it is
/// empty. An ignore file anywhere else has no effect. `dockerfile` is a path as programs take it, not one inside the context;
/// without one it is the one that the tool takes by itself, at the root of the context.
///
/// # Errors
///
/// When the file is there and can't be read. That a file is missing is no error.
pub fn choose(context: &Path, dockerfile: Option<&Path>, tool: Tool) -> Result<Option<Chosen>, ChooseError> {
    let endings: &[&str] = match tool {
        Tool::Docker => &[".dockerignore"],
        Tool::Podman => &[".containerignore", ".dockerignore"],
    };
    let dockerfile = dockerfile.map_or_else(|| default_dockerfile(context, tool), Path::to_path_buf);
    let beside = endings.iter().map(|ending| {
        let mut name = OsString::from(&dockerfile);
        name.push(ending);
        PathBuf::from(name)
    });
    let at_root = endings.iter().map(|name| context.join(name));
    for path in beside.chain(at_root) {
        match Chosen::read(path) {
            Err(error) if is_missing(&error.source) => {}
            result => return result.map(Some),
        }
    }
    Ok(None)
}

fn default_dockerfile(context: &Path, tool: Tool) -> PathBuf {
    let containerfile = context.join("Containerfile");
    if tool == Tool::Podman && containerfile.exists() { containerfile } else { context.join("Dockerfile") }
}

impl Chosen {
    /// Reads an ignore file.
    ///
    /// # Errors
    ///
    /// When it can't be read, or holds more than 256 MiB.
    pub fn read(path: PathBuf) -> Result<Self, ChooseError> {
        let read = || {
            let mut bytes = Vec::new();
            File::open(&path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > LONGEST {
                return Err(io::Error::other("it holds more than 256 MiB, which is no ignore file"));
            }
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => Ok(Self { path, bytes }),
            Err(source) => Err(ChooseError { path, source }),
        }
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(files: &[&str], dockerfile: Option<&str>, tool: Tool) -> Option<String> {
        let context = tempfile::tempdir().unwrap();
        for file in files {
            let path = context.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let dockerfile = dockerfile.map(|dockerfile| context.path().join(dockerfile));
        let chosen = choose(context.path(), dockerfile.as_deref(), tool).unwrap()?;
        Some(chosen.path.strip_prefix(context.path()).unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn the_file_beside_the_dockerfile_comes_first() {
        let docker: &[(&[&str], Option<&str>, Option<&str>)] = &[
            (&[], None, None),
            (&["a/.dockerignore"], None, None),
            (&[".dockerignore", ".containerignore"], None, Some(".dockerignore")),
            (&[".dockerignore", "Dockerfile.dockerignore"], None, Some("Dockerfile.dockerignore")),
            (&[".dockerignore", "Dockerfile.dockerignore"], Some("api.Dockerfile"), Some(".dockerignore")),
            (&[".dockerignore", "a/b.dockerignore"], Some("a/b"), Some("a/b.dockerignore")),
            (&[".dockerignore", "a/.dockerignore"], Some("a/Dockerfile"), Some(".dockerignore")),
        ];
        for (files, dockerfile, expected) in docker {
            assert_eq!(chosen(files, *dockerfile, Tool::Docker).as_deref(), *expected, "{files:?} {dockerfile:?}");
        }
        let podman: &[(&[&str], Option<&str>)] = &[
            (&[".dockerignore", ".containerignore"], Some(".containerignore")),
            (&[".dockerignore"], Some(".dockerignore")),
            (&["Containerfile", "Containerfile.dockerignore", ".containerignore"], Some("Containerfile.dockerignore")),
            (&["Containerfile.dockerignore", "Dockerfile.containerignore"], Some("Dockerfile.containerignore")),
        ];
        for (files, expected) in podman {
            assert_eq!(chosen(files, None, Tool::Podman).as_deref(), *expected, "{files:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error() {
        let context = tempfile::tempdir().unwrap();
        std::fs::create_dir(context.path().join(".dockerignore")).unwrap();
        let error = choose(context.path(), None, Tool::Docker).unwrap_err();
        assert_eq!(error.path, context.path().join(".dockerignore"));
    }
}
