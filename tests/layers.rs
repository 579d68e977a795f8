//! Data flows one way: no module uses one that comes after it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::path::{Path, PathBuf};

use support::{report, root};

/// The modules in the order in which data flows.
const ORDER: [&str; 26] = [
    "source",
    "dockerignore",
    "context",
    "nearest",
    "size",
    "ast",
    "expand",
    "error",
    "syntax",
    "grammar",
    "parse",
    "shell",
    "invariants",
    "diagnostic",
    "semantic",
    "rules",
    "selection",
    "suppress",
    "lint",
    "fix",
    "yaml",
    "render",
    "config",
    "cli",
    "lsp",
    "main",
];

/// What only names what comes later, where the order says otherwise.
const ALLOWED: [(&str, &str); 1] = [
    // The command line starts the server.
    ("cli", "lsp"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_module_uses_a_later_one() {
    let src = root().join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut failures = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap().display().to_string();
        let own = relative.split(['/', '.']).next().unwrap();
        if own == "lib" {
            continue;
        }
        let Some(place) = ORDER.iter().position(|module| *module == own) else {
            failures.push(format!("{own} is not in the order"));
            continue;
        };
        for line in std::fs::read_to_string(&file).unwrap().lines().filter(|line| !line.trim().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used = used.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                let later = ORDER.iter().position(|module| *module == used).is_some_and(|used| used > place);
                if later && !ALLOWED.contains(&(own, used)) {
                    failures.push(format!("{relative} uses {used}: {}", line.trim()));
                }
            }
        }
    }
    report(failures);
}
