use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Whose ignore files are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Tool {
    /// `docker build`, and all that is BuildKit.
    #[default]
    Docker,
    /// `podman build` and `buildah`, which prefer the same names with `containerignore`.
    Podman,
}

/// The ignore file in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why the ignore file in force could not be read.
#[derive(Debug, Error)]
#[error("{}: {source}", path.display())]
pub struct ChooseError {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub source: io::Error,
}

/// Finds the ignore file in force for a build of `dockerfile` with the context `context`, and reads it; `None` if there is none,
/// and so everything is in.
///
/// `<dockerfile>.dockerignore`, beside the Dockerfile, replaces `.dockerignore` at the root of the context, even when it is
/// empty. An ignore file anywhere else has no effect. `dockerfile` is a path as programs take it, not one inside the context;
/// without one only the root of the context is looked at.
///
/// # Errors
///
/// When the file is there and can't be read. That a file is missing is no error.
pub fn choose(context: &Path, dockerfile: Option<&Path>, tool: Tool) -> Result<Option<Chosen>, ChooseError> {
    let endings: &[&str] = match tool {
        Tool::Docker => &[".dockerignore"],
        Tool::Podman => &[".containerignore", ".dockerignore"],
    };
    let beside = dockerfile.into_iter().flat_map(|dockerfile| {
        endings.iter().map(move |ending| {
            let mut name = OsString::from(dockerfile);
            name.push(ending);
            PathBuf::from(name)
        })
    });
    let at_root = endings.iter().map(|name| context.join(name));
    for path in beside.chain(at_root) {
        match fs::read(&path) {
            Ok(bytes) => return Ok(Some(Chosen { path, bytes })),
            Err(error) if is_missing(&error) => {}
            Err(source) => return Err(ChooseError { path, source }),
        }
    }
    Ok(None)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
