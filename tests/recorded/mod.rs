//! The recorded answers of the reference: what several tests share, and not each uses whole.
#![allow(dead_code, clippy::unwrap_used, clippy::print_stderr)]

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The folder of recorded answers: `PLIMSOLL_CONFORMANCE`, else `../shared/conformance`. Where it is missing, a line says
/// so, and a test goes on with the fixtures; on CI it must be there.
pub(crate) fn conformance() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let folder = std::env::var_os("PLIMSOLL_CONFORMANCE").map_or(default, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "no recorded answers at {}", folder.display());
    eprintln!("no recorded answers at {}: only the fixtures are run", folder.display());
    None
}

/// The fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// An answer of the reference that is not copied.
#[derive(Deserialize)]
pub(crate) struct Divergence {
    /// The file of recorded answers.
    pub(crate) data: String,
    /// The case in it.
    pub(crate) case: String,
    /// Why.
    pub(crate) reason: String,
}

/// The answers in `data` that are not copied.
pub(crate) fn divergences(data: &str) -> Vec<Divergence> {
    #[derive(Deserialize)]
    struct File {
        divergence: Vec<Divergence>,
    }
    let text = std::fs::read_to_string(fixtures().join("divergences.toml")).unwrap();
    let file: File = toml::from_str(&text).unwrap();
    for divergence in &file.divergence {
        assert!(!divergence.reason.trim().is_empty(), "{} has no reason", divergence.case);
    }
    file.divergence.into_iter().filter(|divergence| divergence.data == data).collect()
}
