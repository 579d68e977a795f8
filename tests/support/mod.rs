//! Comparing with an expectation beside the input.
#![allow(dead_code, clippy::unwrap_used, reason = "not each test uses all, and one that can't read its data fails")]

use std::path::{Path, PathBuf};

/// The fixtures.
pub(crate) fn fixtures() -> PathBuf {
    root().join("fixtures")
}

/// The project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is wrong with `found`: it differs from what `path` holds. With `BLESS=1` the file is written instead.
pub(crate) fn golden(path: &Path, found: &str) -> Option<String> {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, found).unwrap();
        return None;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    difference(&path.strip_prefix(root()).unwrap_or(path).display().to_string(), &expected, found)
}

/// The lines in which two texts differ.
pub(crate) fn difference(name: &str, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let diff = similar::TextDiff::from_lines(expected, found);
    Some(diff.unified_diff().header(&format!("{name} (expected)"), &format!("{name} (found)")).to_string())
}

/// Fails with all that is wrong.
pub(crate) fn report(failures: Vec<String>) {
    assert!(failures.is_empty(), "{}\n\nBLESS=1 writes what was found.", failures.join("\n"));
}

/// The folders in a folder, sorted, by name.
pub(crate) fn folders(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut folders: Vec<(String, PathBuf)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    folders.sort();
    folders
}
