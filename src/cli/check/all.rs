//! All files, each as its own configuration says.

use std::path::Path;

use rayon::prelude::*;

use super::fix::{self, Mode};
use super::lint::{Checked, lint, name};
use crate::cli::Streams;
use crate::cli::args::Check;
use crate::cli::contexts::Contexts;
use crate::cli::files::{self, Found, Unreadable};
use crate::config::Configurations;

/// What was read of standard input, where that is meant.
type Input = Option<Result<Vec<u8>, Unreadable>>;

/// Checks the files that were found.
pub(super) fn check_all(
    arguments: &Check,
    found: Vec<Found>,
    configurations: &Configurations,
    contexts: &Contexts<'_>,
    streams: &mut Streams<'_>,
) -> Vec<Checked> {
    let mode = Mode::of(arguments);
    let is_stdin = |found: &Found| found.as_ref().is_ok_and(|path| path.as_os_str() == "-");
    let found = if mode == Mode::Tell { found } else { fix::once(found) };
    // Standard input can be read once, and by one.
    let mut input = found.iter().any(is_stdin).then(|| files::read_all(&mut *streams.input));
    let with_input = found.into_iter().map(|found| {
        let bytes = is_stdin(&found).then(|| input.take().unwrap_or(Ok(Vec::new())));
        (found, bytes)
    });
    // An ignore file that is written says what is in the contexts of the Dockerfiles, and so comes first.
    let is_first = |found: &Found| mode == Mode::Write && found.as_ref().is_ok_and(|path| files::is_ignore_file(path));
    let (first, rest): (Vec<_>, Vec<_>) = with_input.enumerate().partition(|(_, (found, _))| is_first(found));
    let check = |(number, (found, bytes)): (usize, (Found, Input))| {
        let checked = match (found, bytes) {
            (Ok(_), Some(bytes)) => {
                let path = Path::new(&arguments.stdin_filename);
                check_input(arguments, configurations, contexts, path, bytes)
            }
            (Ok(path), None) => check_file(arguments, configurations, contexts, &path)?,
            (Err((path, reason)), _) => {
                Checked { path: name(&path), file: Some(path), settings: None, result: Err(reason), output: None }
            }
        };
        Some((number, checked))
    };
    let mut checked: Vec<(usize, Checked)> = first.into_par_iter().filter_map(check).collect();
    checked.par_extend(rest.into_par_iter().filter_map(check));
    checked.sort_by_key(|(number, _)| *number);
    checked.into_iter().map(|(_, checked)| checked).collect()
}

/// Checks standard input, as if it were at `path`.
fn check_input(
    arguments: &Check,
    configurations: &Configurations,
    contexts: &Contexts<'_>,
    path: &Path,
    bytes: Result<Vec<u8>, Unreadable>,
) -> Checked {
    let shown = name(path);
    let settings = match configurations.of(path) {
        Ok(settings) => settings,
        Err(error) => {
            return Checked { path: shown, file: None, settings: None, result: Err(error.into()), output: None };
        }
    };
    let linter = settings.linter_for(&configurations.absolute(path));
    let mode = Mode::of(arguments);
    let (result, output) = match bytes {
        Ok(bytes) => {
            let result = match mode {
                Mode::Tell => lint(&linter, contexts, path, &bytes),
                Mode::Write | Mode::Diff => fix::mend(&linter, contexts, path, &bytes, fix::level(arguments)),
            };
            let output = (mode == Mode::Write).then(|| fix::output(&result, bytes));
            (result, output)
        }
        Err(reason) => (Err(reason), None),
    };
    Checked { path: shown, file: None, settings: Some(settings), result, output }
}

/// Checks a file; nothing comes of one that is excluded.
fn check_file(
    arguments: &Check,
    configurations: &Configurations,
    contexts: &Contexts<'_>,
    path: &Path,
) -> Option<Checked> {
    let (shown, file) = (name(path), Some(path.to_path_buf()));
    let settings = match configurations.of(path) {
        Ok(settings) => settings,
        Err(error) => {
            return Some(Checked { path: shown, file, settings: None, result: Err(error.into()), output: None });
        }
    };
    let absolute = configurations.absolute(path);
    let is_named = || arguments.paths.iter().any(|named| named == path);
    if settings.excludes(&absolute) && (arguments.force_exclude || !is_named()) {
        return None;
    }
    let linter = settings.linter_for(&absolute);
    let level = fix::level(arguments);
    let result = files::read(path).and_then(|bytes| match Mode::of(arguments) {
        Mode::Tell => lint(&linter, contexts, path, &bytes),
        Mode::Write => fix::mend_file(&linter, contexts, path, &bytes, level),
        Mode::Diff => fix::mend(&linter, contexts, path, &bytes, level),
    });
    Some(Checked { path: shown, file, settings: Some(settings), result, output: None })
}
