//! Names of documents, and where they are on disk.

use std::path::{Path, PathBuf};

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands for itself in the path of an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a document is on disk; nothing where it is not, or on another machine.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    let is_here = uri.authority().is_none_or(|host| matches!(host.as_str(), "" | "localhost"));
    let is_file = uri.scheme().is_some_and(|scheme| scheme.as_str().eq_ignore_ascii_case("file"));
    if !is_here || !is_file {
        return None;
    }
    let decoded = percent_decode_str(uri.path().as_str()).decode_utf8().ok()?;
    if decoded.contains('\0') {
        return None;
    }
    // `/c:/x` is how an address begins on Windows.
    let mut start = decoded.bytes();
    let has_drive = (start.next(), start.next().map(|b| b.is_ascii_alphabetic()), start.next())
        == (Some(b'/'), Some(true), Some(b':'));
    let local = if cfg!(windows) && has_drive { decoded.get(1..)? } else { &*decoded };
    Some(PathBuf::from(local))
}

/// The name of what is at an absolute path; nothing where the path is not Unicode.
pub(crate) fn of_path(path: &Path) -> Option<Uri> {
    let path = path.to_str()?;
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let root = if path.starts_with('/') { "" } else { "/" };
    format!("file://{root}{}", utf8_percent_encode(&path, PLAIN)).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for path in ["/a/Dockerfile", "/a b/ü/#1?.Dockerfile", "/a%20b/100%", "/"] {
            let uri = of_path(Path::new(path)).unwrap();
            assert_eq!(super::path(&uri).as_deref(), Some(Path::new(path)), "{}", uri.as_str());
        }
    }

    #[test]
    fn what_is_not_on_disk() {
        for uri in [
            "untitled:Untitled-1",
            "git:/a/Dockerfile",
            "file://host/a",
            "http://localhost/a",
            "Dockerfile",
            "file:///a%00",
        ] {
            assert_eq!(path(&uri.parse().unwrap()), None, "{uri}");
        }
    }
}
