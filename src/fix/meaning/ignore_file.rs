//! Whether an ignore file leaves out after some fixes what it left out before.

use std::collections::HashSet;

use super::{Changes, Reason};
use crate::dockerignore::{Ignore, IgnoreFile, ParentResults, Pattern, PatternError};
use crate::rules::Change;
use crate::source::Span;

/// How many patterns give paths that are tried.
const MOST_TRIED: usize = 512;

/// Whether an ignore file can be read after some fixes as far as before and, if they are safe, decides the same.
///
/// The decisions are compared for paths that the patterns name, for what is in those, and for what holds them: first of the
/// patterns that only one of the two has.
pub(crate) fn judge_ignore_file(before: &IgnoreFile, after: &IgnoreFile, changes: &Changes) -> Result<(), Reason> {
    // Which they are may change: a pattern that is mended in one place may be wrong in another.
    if after.errors.len() > before.errors.len() {
        return Err(Reason::Syntax);
    }
    if !changes.is_safe {
        return Ok(());
    }
    let is_same = same_comments(before, after, changes)
        && match (Ignore::new(before), Ignore::new(after)) {
            (Ok(old), Ok(new)) => same_decisions(&old, &new),
            // No build takes the file; then the patterns must stay.
            _ => before.patterns.iter().map(Pattern::read).eq(after.patterns.iter().map(Pattern::read)),
        };
    if is_same { Ok(()) } else { Err(Reason::Meaning) }
}

/// Whether the comments are the same, but for those that may change.
fn same_comments(before: &IgnoreFile, after: &IgnoreFile, changes: &Changes) -> bool {
    let may_change = changes.allow_anywhere(Change::Comments);
    let mut rest = comments(&after.text);
    let all_are_kept = comments(&before.text)
        .filter(|(span, _)| !may_change || !changes.allow(Change::Comments, *span))
        .all(|(_, comment)| match may_change {
            true => rest.any(|(_, other)| other == comment),
            false => rest.next().is_some_and(|(_, other)| other == comment),
        });
    all_are_kept && (may_change || rest.next().is_none())
}

fn comments(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let span = Span::of_range(start..start + line.len());
        start += line.len();
        (span, line.trim_start_matches('\u{FEFF}').trim_end())
    });
    lines.filter(|(_, line)| line.starts_with('#'))
}

fn same_decisions(old: &Ignore, new: &Ignore) -> bool {
    let of = |ignore: &Ignore| -> HashSet<Vec<u8>> {
        ignore.patterns().iter().map(|pattern| pattern.read().to_vec()).collect()
    };
    let (in_old, in_new) = (of(old), of(new));
    let (differing, shared): (Vec<&Pattern>, Vec<&Pattern>) = old
        .patterns()
        .iter()
        .chain(new.patterns())
        .partition(|pattern| in_old.contains(pattern.read()) != in_new.contains(pattern.read()));
    let mut tried = HashSet::new();
    let paths = differing.iter().chain(&shared).take(MOST_TRIED).flat_map(|pattern| paths_of(pattern.cleaned()));
    paths.filter(|path| tried.insert(path.clone())).all(|path| decide(old, &path) == decide(new, &path))
}

/// Paths that a pattern names: with as little as may be for each wildcard, and with more.
fn paths_of(pattern: &[u8]) -> Vec<Vec<u8>> {
    let fillings: [[&[u8]; 4]; 3] = [[b"", b"", b"x", b"x"], [b"x/", b"x", b"x", b"y"], [b"x/y/", b"x/y", b"xy", b"."]];
    let mut paths = Vec::new();
    for [directories, anything, name, character] in fillings {
        let mut path = Vec::with_capacity(pattern.len() + 8);
        let mut rest = pattern;
        while let Some((byte, after)) = rest.split_first() {
            let (text, after): (&[u8], &[u8]) = match (byte, after) {
                (b'*', [b'*', b'/', after @ ..]) => (directories, after),
                (b'*', [b'*', after @ ..]) => (anything, after),
                (b'*', after) => (name, after),
                (b'?', after) => (character, after),
                (b'\\', [escaped, after @ ..]) => (std::slice::from_ref(escaped), after),
                (b'[', after) => match after.iter().skip(1).position(|byte| *byte == b']') {
                    Some(end) => (after.get(..1).unwrap_or_default(), after.get(end + 2..).unwrap_or_default()),
                    None => (b"[", after),
                },
                (byte, after) => (std::slice::from_ref(byte), after),
            };
            path.extend_from_slice(text);
            rest = after;
        }
        let is_path = |path: &[u8]| path.split(|byte| *byte == b'/').all(|name| !matches!(name, b"" | b"." | b".."));
        let inside: [&[u8]; 3] = [b"", b"/x", b"/x/y"];
        paths.extend(inside.map(|inside| [&path, inside].concat()).into_iter().filter(|path| is_path(path)));
    }
    paths
}

/// Whether a path and what holds it is left out; none where a pattern that is wrong had to be asked.
fn decide(ignore: &Ignore, path: &[u8]) -> Option<Vec<bool>> {
    let walk = || -> Result<Vec<bool>, PatternError> {
        let (mut known, mut results) = (ignore.root(), ParentResults::default());
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        let mut decisions = Vec::new();
        for end in slashes.chain([path.len()]) {
            decisions.push(ignore.walk(path.get(..end).unwrap_or_default(), &known, &mut results)?);
            std::mem::swap(&mut known, &mut results);
        }
        Ok(decisions)
    };
    walk().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_decide_the_same() {
        let cases = [
            ("a\nb\n", "b\na\n", true),
            ("a\n", "a/\n", true),
            ("a\na/b\n", "a\n", true),
            ("a\n", "b\n", false),
            ("a\n", "", false),
            ("a\n!a/b\n", "a\n", false),
            ("!a/b\na\n", "a\n", true),
            ("a/b\n", "a/*\n", false),
            ("a/**\n", "a\n", false),
            ("**/*.md\n!docs/**/*.md\n", "**/*.md\n", false),
            ("*.md\n*.m[de]\n", "*.m[de]\n", true),
            ("a?c\n", "abc\n", false),
        ];
        let failures: Vec<_> = cases
            .into_iter()
            .filter(|(before, after, expected)| {
                let read = |text: &str| Ignore::new(&IgnoreFile::parse("", text)).ok();
                let (Some(before), Some(after)) = (read(before), read(after)) else { return true };
                same_decisions(&before, &after) != *expected
            })
            .collect();
        assert!(failures.is_empty(), "{failures:?}");
    }
}
