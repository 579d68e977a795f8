//! Paths as BuildKit has them, on whatever system: bytes, with `/` between names.

/// A path below a root, whatever it begins with: no `.`, no `..`, no empty name, no `/` at either end. The root is empty.
pub(crate) fn below_root(path: &[u8]) -> Vec<u8> {
    let mut names: Vec<&[u8]> = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join(&b'/')
}

/// A path below a directory that is below the root.
pub(crate) fn join(directory: &[u8], path: &[u8]) -> Vec<u8> {
    match (directory, path) {
        (b"", path) => path.to_vec(),
        (directory, b"") => directory.to_vec(),
        (directory, path) => [directory, path].join(&b'/'),
    }
}

/// The directory of a path and its name.
pub(crate) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (path.get(..slash).unwrap_or_default(), path.get(slash + 1..).unwrap_or_default()),
        None => (&[], path),
    }
}

/// What of a path is below a directory; all of it below the root. None where it is elsewhere, or the directory itself.
pub(crate) fn strip<'p>(path: &'p [u8], directory: &[u8]) -> Option<&'p [u8]> {
    match directory {
        b"" => Some(path).filter(|path| !path.is_empty()),
        directory => path.strip_prefix(directory)?.strip_prefix(b"/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below() {
        let cases = [
            ("", ""),
            ("/", ""),
            (".", ""),
            ("./", ""),
            ("a", "a"),
            ("/a/", "a"),
            ("../a", "a"),
            ("a/../../b", "b"),
            ("a//./b/", "a/b"),
            ("a/..", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(below_root(path.as_bytes()), expected.as_bytes(), "{path}");
        }
    }
}
