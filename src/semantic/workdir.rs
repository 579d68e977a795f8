//! Paths in the image.

use std::borrow::Cow;

use super::Value;
use crate::ast::Workdir;

/// Whether the path is absolute, on Linux or Windows, or may be, for a variable stands at its start.
#[must_use]
pub fn may_be_absolute(workdir: &Workdir<'_>) -> bool {
    let path = workdir.path.trim_start_matches(['"', '\'']);
    path.starts_with(['/', '\\', '$']) || has_drive(path)
}

/// Whether the path begins with a drive of Windows, like `C:`.
#[must_use]
pub fn has_drive(path: &str) -> bool {
    path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(1) == Some(&b':')
}

/// Whether the path is absolute for `system`, as BuildKit sees it: a drive counts for Windows only.
#[must_use]
pub fn is_absolute(path: &str, windows: bool) -> bool {
    if !windows {
        return path.starts_with('/');
    }
    let path = if has_drive(path) { path.get(2..).unwrap_or_default() } else { path };
    path.starts_with(['/', '\\'])
}

/// Where `path` leads from `directory`: an absolute path without `.`, `..` and needless slashes.
///
/// Unknown where either is unknown and counts, and for paths of Windows, which mean something else on Linux.
///
/// ```
/// use plimsoll::semantic::{Value, resolve};
///
/// assert_eq!(resolve(&Value::of("/app"), &Value::of("../data/")).known(), Some("/data"));
/// assert_eq!(resolve(&Value::Unknown, &Value::of("/data")).known(), Some("/data"));
/// assert_eq!(resolve(&Value::Unknown, &Value::of("data")).known(), None);
/// ```
#[must_use]
pub fn resolve<'v>(directory: &Value<'_>, path: &Value<'v>) -> Value<'v> {
    let Value::Known(path) = path else { return Value::Unknown };
    if path.contains('\\') || has_drive(path) {
        return Value::Unknown;
    }
    if path.starts_with('/') {
        if is_clean(path) {
            return Value::Known(path.clone());
        }
        return Value::of(clean(path));
    }
    match directory {
        Value::Known(directory) => Value::of(clean(&format!("/{directory}/{path}"))),
        Value::Unknown => Value::Unknown,
    }
}

/// Whether an absolute path is as [`clean`] would write it.
fn is_clean(path: &str) -> bool {
    path == "/" || path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."))
}

fn clean(path: &str) -> Cow<'static, str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/")).into()
}

/// A path without `.`, needless slashes and, where that can be told, `..`; `.` where nothing is left.
#[must_use]
pub fn clean_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let absolute = path.starts_with('/');
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if absolute => {}
            (part, _) => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}
