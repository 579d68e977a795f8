//! Patterns for files, as `.gitignore` has them.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns that start at a directory.
#[derive(Clone, Debug)]
pub(crate) struct Patterns {
    directory: PathBuf,
    matcher: Gitignore,
    /// Whether the files are meant that match not.
    inverted: bool,
}

impl Patterns {
    /// All files that one of the patterns matches.
    pub(crate) fn any<'p>(directory: &Path, patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new(directory);
        builder.allow_unclosed_class(false);
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| reason(&error))?;
        }
        let matcher = builder.build().map_err(|error| reason(&error))?;
        Ok(Self { directory: directory.to_path_buf(), matcher, inverted: false })
    }

    /// The files that one pattern matches; with a `!` before it, those that it does not match.
    pub(crate) fn one(directory: &Path, pattern: &str) -> Result<Self, String> {
        let (pattern, inverted) = pattern.strip_prefix('!').map_or((pattern, false), |pattern| (pattern, true));
        Ok(Self { inverted, ..Self::any(directory, [pattern])? })
    }

    /// Whether a file is meant; its path is absolute.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        // What is elsewhere is not meant, either way.
        let Ok(inside) = path.strip_prefix(&self.directory) else { return false };
        self.matcher.matched_path_or_any_parents(inside, false).is_ignore() != self.inverted
    }
}

fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        error => error.to_string(),
    }
}

/// A path from the root on, without `.` and `..`.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
mod tests {
    use super::*;

    #[test]
    fn patterns_start_at_their_directory() {
        let cases = [
            ("legacy/", "/p/legacy/api/Dockerfile", true),
            ("legacy/**", "/p/legacy/api/Dockerfile", true),
            ("legacy/*.Dockerfile", "/p/legacy/a.Dockerfile", true),
            ("*.dev", "/p/a/b/Dockerfile.dev", true),
            ("/Dockerfile", "/p/Dockerfile", true),
            ("/Dockerfile", "/p/a/Dockerfile", false),
            ("Dockerfile", "/p/a/Dockerfile", true),
            ("!api/", "/p/web/Dockerfile", true),
            ("!api/", "/p/api/Dockerfile", false),
            ("Dockerfile", "/q/Dockerfile", false),
            ("!Dockerfile", "/q/x", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(
                Patterns::one(Path::new("/p"), pattern).unwrap().matches(Path::new(path)),
                expected,
                "{pattern}"
            );
        }
        assert!(Patterns::one(Path::new("/p"), "a[").is_err());
        assert_eq!(absolute(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
