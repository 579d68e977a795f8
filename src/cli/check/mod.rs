//! `plimsoll check`: one file after the other is read and linted, then all are shown.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::args::Check;
use super::contexts::Contexts;
use super::files::{self, Found};
use super::{Outcome, Streams};
use crate::lint::{Linter, Options};

mod lint;
mod show;
mod summary;

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
    let files = check_all(arguments, &linter, &contexts, streams);
    let found = show::show(arguments, &files, streams)?;
    let mut failed = summary::tell(&files, streams.err)?;
    for error in contexts.errors() {
        failed = true;
        writeln!(streams.err, "error: {error}")?;
    }
    summary::summarize(&files, streams.err)?;
    let fails = found.iter().any(|severity| *severity >= arguments.fail_on) && !arguments.exit_zero;
    Ok(match (failed, fails) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

fn check_all(arguments: &Check, linter: &Linter, contexts: &Contexts<'_>, streams: &mut Streams<'_>) -> Vec<Checked> {
    let is_stdin = |found: &Found| found.as_ref().is_ok_and(|path| path.as_os_str() == "-");
    let found = files::find(&arguments.paths);
    // Standard input can be read once, and by one.
    let mut input = found.iter().any(is_stdin).then(|| files::read_all(&mut *streams.input));
    let with_input: Vec<_> = found
        .into_iter()
        .map(|found| {
            let bytes = is_stdin(&found).then(|| input.take().unwrap_or(Ok(Vec::new())));
            (found, bytes)
        })
        .collect();
    with_input
        .into_par_iter()
        .map(|(found, bytes)| match (found, bytes) {
            (Ok(_), Some(bytes)) => {
                let path = Path::new(&arguments.stdin_filename);
                let result = bytes.and_then(|bytes| lint(linter, contexts, path, &bytes));
                Checked { path: arguments.stdin_filename.clone(), result }
            }
            (Ok(path), None) => {
                let result = files::read(&path).and_then(|bytes| lint(linter, contexts, &path, &bytes));
                Checked { path: name(&path), result }
            }
            (Err((path, reason)), _) => Checked { path: name(&path), result: Err(reason) },
        })
        .collect()
}
