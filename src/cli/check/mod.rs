//! `plimsoll check`: one file after the other is read and linted, then all are shown.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::args::Check;
use super::contexts::Contexts;
use super::files::{self, Found, Unreadable};
use super::{Outcome, Streams};
use crate::lint::{Linter, Options};

mod fix;
mod lint;
mod show;
mod summary;

use fix::Mode;
use lint::{Checked, lint, name};

/// `plimsoll check`
pub(super) fn run(arguments: &Check, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let options = Options {
        preset: arguments.preset,
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        ..Options::default()
    };
    let linter = match Linter::new(options) {
        Ok(linter) => linter.with_image_platforms(arguments.image_platform.iter().cloned().collect()),
        Err(error) => {
            writeln!(streams.err, "error: {error}")?;
            return Ok(Outcome::Failed);
        }
    };
    let contexts = Contexts::new(arguments);
    let mode = Mode::of(arguments);
    let files = check_all(arguments, &linter, &contexts, streams);
    let mut fails = false;
    if mode == Mode::Diff {
        fails |= fix::show_differences(&files, streams.out)?;
    } else {
        for output in files.iter().filter_map(|file| file.output.as_deref()) {
            streams.out.write_all(output)?;
        }
        let found = show::show(arguments, &files, streams)?;
        fails |= found.iter().any(|severity| *severity >= arguments.fail_on);
    }
    let mut failed = summary::tell(&files, streams.err)?;
    for error in contexts.errors() {
        failed = true;
        writeln!(streams.err, "error: {error}")?;
    }
    summary::summarize(arguments, &files, streams.err)?;
    Ok(match (failed, fails && !arguments.exit_zero) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

fn check_all(arguments: &Check, linter: &Linter, contexts: &Contexts<'_>, streams: &mut Streams<'_>) -> Vec<Checked> {
    let (mode, level) = (Mode::of(arguments), fix::level(arguments));
    let is_stdin = |found: &Found| found.as_ref().is_ok_and(|path| path.as_os_str() == "-");
    let found = files::find(&arguments.paths);
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
    type Input = Option<Result<Vec<u8>, Unreadable>>;
    let check = |(number, (found, bytes)): (usize, (Found, Input))| {
        let checked = match (found, bytes) {
            (Ok(_), Some(bytes)) => {
                let path = Path::new(&arguments.stdin_filename);
                let (result, output) = match bytes {
                    Ok(bytes) => {
                        let result = match mode {
                            Mode::Tell => lint(linter, contexts, path, &bytes),
                            Mode::Write | Mode::Diff => fix::mend(linter, contexts, path, &bytes, level),
                        };
                        let output = (mode == Mode::Write).then(|| fix::output(&result, bytes));
                        (result, output)
                    }
                    Err(reason) => (Err(reason), None),
                };
                Checked { path: name(path), result, output }
            }
            (Ok(path), None) => {
                let result = files::read(&path).and_then(|bytes| match mode {
                    Mode::Tell => lint(linter, contexts, &path, &bytes),
                    Mode::Write => fix::mend_file(linter, contexts, &path, &bytes, level),
                    Mode::Diff => fix::mend(linter, contexts, &path, &bytes, level),
                });
                Checked { path: name(&path), result, output: None }
            }
            (Err((path, reason)), _) => Checked { path: name(&path), result: Err(reason), output: None },
        };
        (number, checked)
    };
    let mut checked: Vec<(usize, Checked)> = first.into_par_iter().map(check).collect();
    checked.par_extend(rest.into_par_iter().map(check));
    checked.sort_by_key(|(number, _)| *number);
    checked.into_iter().map(|(_, checked)| checked).collect()
}
