//! What is in the directory of a context, left out or not.

use super::open::Context;
use super::path::{below_root, join};
use super::wildcard::{has_wildcard, matches};

/// How many names are looked at.
const MOST: usize = 10_000;

impl Context {
    /// The paths in the directory that a source with wildcards matches, left out by the ignore file or not, in order; looks
    /// at a limited number of names, so that some may be missing.
    #[must_use]
    pub fn on_disk(&self, source: &[u8]) -> Vec<Vec<u8>> {
        let source = below_root(source);
        let mut found: Vec<Vec<u8>> = vec![Vec::new()];
        let mut left = MOST;
        for part in source.split(|byte| *byte == b'/') {
            let mut next = Vec::new();
            for directory in found {
                if !has_wildcard(part) {
                    next.push(join(&directory, part));
                    continue;
                }
                let Ok(directory_text) = std::str::from_utf8(&directory) else { continue };
                let Ok(entries) = std::fs::read_dir(self.root().join(directory_text)) else { continue };
                for entry in entries.flatten().take(left) {
                    left = left.saturating_sub(1);
                    let name = entry.file_name();
                    if let Some(name) = name.to_str().filter(|name| matches(part, name.as_bytes())) {
                        next.push(join(&directory, name.as_bytes()));
                    }
                }
            }
            found = next;
        }
        found.retain(|path| {
            std::str::from_utf8(path).is_ok_and(|path| self.root().join(path).symlink_metadata().is_ok())
        });
        found.sort();
        found
    }
}
