//! The paths that a build asks its client for: those of its `COPY`, `ADD` and bind mounts, and where links in them lead.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::EntryKind;
use super::directory::{Buffer, Directory};
use super::path::{below_root, join, split};
use super::wildcard::{has_wildcard, matches};

/// The patterns that say which part of the tree at `root` a build with these sources asks for; `None` where it asks for all.
///
/// As in BuildKit, a source may hold wildcards, and a link at any place of it is followed within the root. The link itself is
/// asked for too.
pub(super) fn patterns<'s>(
    root: &Path,
    sources: impl IntoIterator<Item = &'s [u8]>,
) -> io::Result<Option<Vec<Vec<u8>>>> {
    let sources: BTreeSet<Vec<u8>> = sources.into_iter().map(below_root).collect();
    if sources.contains(b"".as_slice()) {
        return Ok(None);
    }
    let mut follower = Follower { root: Directory::open(root)?, buffer: Buffer::new(), found: BTreeSet::new() };
    // No recursion: links may lead to links.
    let mut left: Vec<Vec<u8>> = sources.into_iter().rev().collect();
    while let Some(path) = left.pop() {
        let mut targets = follower.follow(&path);
        targets.reverse();
        left.append(&mut targets);
    }
    if follower.found.contains(b"".as_slice()) {
        return Ok(None);
    }
    let mut patterns: Vec<Vec<u8>> = Vec::with_capacity(follower.found.len());
    for found in follower.found {
        let is_below = |last: &Vec<u8>| found.strip_prefix(last.as_slice()).is_some_and(|rest| rest.starts_with(b"/"));
        if !patterns.last().is_some_and(is_below) {
            patterns.push(found);
        }
    }
    Ok(Some(patterns))
}

struct Follower {
    root: Directory,
    buffer: Buffer,
    found: BTreeSet<Vec<u8>>,
}

impl Follower {
    /// Takes a path up to the first link in it; gives the paths that the link stands for.
    fn follow(&mut self, path: &[u8]) -> Vec<Vec<u8>> {
        let mut current = Vec::new();
        let mut rest = path;
        loop {
            let slash = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            let name = rest.get(..slash).unwrap_or_default();
            let directory = current;
            current = join(&directory, name);
            rest = rest.get(slash + 1..).unwrap_or_default();
            let targets = self.targets(&directory, name);
            if targets.is_empty() && !rest.is_empty() {
                continue;
            }
            // A second path through a link is not followed again, though it may go on to another place: so it is in BuildKit.
            if !self.found.insert(current) {
                return Vec::new();
            }
            return targets.into_iter().map(|target| below_root(&join(&target, rest))).collect();
        }
    }

    /// Where a name leads, if it is a link, or each link that its wildcards match.
    fn targets(&mut self, directory: &[u8], name: &[u8]) -> Vec<Vec<u8>> {
        let Ok(opened) = self.open(directory) else { return Vec::new() };
        let opened = opened.as_ref().unwrap_or(&self.root);
        let mut links: Vec<Vec<u8>> = Vec::new();
        if has_wildcard(name) {
            let read = opened.read(&mut self.buffer, |found, kind| {
                if kind == EntryKind::Link && matches(name, found) {
                    links.push(found.to_vec());
                }
            });
            if read.is_err() {
                return Vec::new();
            }
            links.sort();
        } else {
            links.push(name.to_vec());
        }
        let lead = |link: Vec<u8>| {
            // What is no link has no target.
            let target = opened.target(&link).ok()?;
            if target.starts_with(b"/") {
                return Some(below_root(&target));
            }
            Some(below_root(&join(split(&join(directory, &link)).0, &target)))
        };
        links.into_iter().filter_map(lead).collect()
    }

    /// A directory below the root; `None` is the root itself.
    fn open(&self, path: &[u8]) -> io::Result<Option<Directory>> {
        let mut opened: Option<Directory> = None;
        for name in path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
            opened = Some(opened.as_ref().unwrap_or(&self.root).open_child(name)?);
        }
        Ok(opened)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_within_the_root() {
        let tree = tempfile::tempdir().unwrap();
        let root = tree.path();
        std::fs::create_dir_all(root.join("real/deep")).unwrap();
        std::fs::write(root.join("real/deep/file"), "").unwrap();
        for (link, target) in [
            ("link", "real"),
            ("absolute", "/real/deep"),
            ("out", "../../etc"),
            ("loop", "loop/x"),
            ("one", "two"),
            ("two", "one"),
            ("everything", "."),
        ] {
            std::os::unix::fs::symlink(target, root.join(link)).unwrap();
        }
        // `(sources, patterns)`
        let cases: [(&[&str], &[&str]); 13] = [
            (&["real"], &["real"]),
            (&["./real/", "/real/deep"], &["real"]),
            (&["missing/a"], &["missing/a"]),
            (&["link"], &["link", "real"]),
            (&["link/deep/file"], &["link", "real/deep/file"]),
            (&["link/deep", "link/other"], &["link", "real/deep"]),
            (&["absolute/file"], &["absolute", "real/deep/file"]),
            (&["out/passwd"], &["etc/passwd", "out"]),
            (&["loop"], &["loop"]),
            (&["one"], &["one", "two"]),
            (&["l*k"], &["l*k", "real"]),
            (&["*.txt", "a/b?"], &["*.txt", "a/b?"]),
            (&["../x"], &["x"]),
        ];
        for (sources, expected) in cases {
            let found = patterns(root, sources.iter().map(|source| source.as_bytes())).unwrap().unwrap();
            let found: Vec<&str> = found.iter().map(|pattern| std::str::from_utf8(pattern).unwrap()).collect();
            assert_eq!(found, expected, "{sources:?}");
        }
        for sources in [&["."], &["/"], &["everything"], &["a/.."]] {
            let found = patterns(root, sources.iter().map(|source| source.as_bytes())).unwrap();
            assert_eq!(found, None, "{sources:?}");
        }
    }
}
