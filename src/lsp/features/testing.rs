//! What tests of answers share: texts with a mark `‸` where the cursor is, read with or without the files of a context.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::context::{Context, IgnoreSource, Options};
use crate::lsp::document::{IgnoreReading, Reading, with_ignore_reading, with_reading};
use crate::semantic::Inputs;
use crate::source::Span;

/// Where the cursor is.
const MARK: char = '‸';

/// A text without its mark, and where that stood.
pub(super) fn marked(text: &str) -> (String, u32) {
    let at = text.find(MARK).unwrap_or(0);
    (text.replace(MARK, ""), Span::of_range(at..at).start)
}

/// Asks of a Dockerfile with a mark.
pub(super) fn in_file<T>(text: &str, answer: impl FnOnce(&Reading<'_, '_>, u32) -> T) -> T {
    let (text, at) = marked(text);
    with_reading(&text, &Inputs::default(), None, |reading| answer(reading, at))
}

/// Asks of a Dockerfile with a mark, in a context with these files.
pub(super) fn in_context<T>(directory: &TempDir, text: &str, answer: impl FnOnce(&Reading<'_, '_>, u32) -> T) -> T {
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    let (text, at) = marked(text);
    with_reading(&text, &Inputs::default(), Some(&context), |reading| answer(reading, at))
}

/// Asks of an ignore file with a mark, at the root of these files.
pub(super) fn in_ignore_file<T>(
    directory: &TempDir,
    text: &str,
    answer: impl FnOnce(&IgnoreReading<'_>, u32) -> T,
) -> T {
    let tree = Context::open(directory.path(), &Options { ignore: IgnoreSource::None, ..Options::default() }).unwrap();
    let (text, at) = marked(text);
    with_ignore_reading(&text, Some(&tree), |reading| answer(reading, at))
}

/// A directory with these files.
pub(super) fn written(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// Holds what is answered against what is expected, for all cases, each also with a comment before it that is not ASCII.
pub(super) fn check(cases: &[(&str, &str)], answer: impl Fn(&str) -> String) {
    hold(cases, true, answer);
}

/// Holds what is answered against what is expected, where answers name lines.
pub(super) fn check_as_written(cases: &[(&str, &str)], answer: impl Fn(&str) -> String) {
    hold(cases, false, answer);
}

fn hold(cases: &[(&str, &str)], commented: bool, answer: impl Fn(&str) -> String) {
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let found = answer(text);
        if found != *expected {
            failures.push(format!("--- {text}\nexpected: {expected}\nfound:    {found}\n"));
        }
        // A directive is none after a comment.
        if commented && !text.starts_with('#') {
            let found = answer(&format!("# é😀漢\n{text}"));
            if found != *expected {
                failures.push(format!("--- after a comment: {text}\nexpected: {expected}\nfound:    {found}\n"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A place as line, counted from 1, and text.
pub(super) fn shown(text: &str, span: Span) -> String {
    let before = Span::new(0, span.start).of(text);
    let lines = before.matches('\n').count() + usize::from(!text.starts_with("# é😀漢"));
    format!("{lines}:{}", span.of(text))
}
