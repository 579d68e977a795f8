//! `plimsoll check`: one file after the other is read and linted, then all are shown.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::Check;
use super::builds::{Discovery, Environment};
use super::contexts::Contexts;
use super::files::{self, Found};
use super::watch::watch;
use super::{Outcome, Streams};
use crate::diagnostic::Severity;
use crate::lint::{Linter, Options};

mod add_ignores;
mod baseline;
mod builds;
mod lint;
mod show;
mod summary;

use add_ignores::add_ignores;
use baseline::{Baseline, BaselineError, Compared};
use lint::{Checked, Linters, lint, name};

/// `plimsoll check`
pub(super) fn run(arguments: &Check, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    if arguments.watch {
        return watch(arguments, streams, |streams| once(arguments, streams));
    }
    Ok(once(arguments, streams)?.outcome)
}

/// What came of a run.
pub(super) struct Run {
    pub(super) outcome: Outcome,
    /// The directories that were looked into besides those of the paths.
    pub(super) directories: Vec<PathBuf>,
}

impl Run {
    fn failed() -> Self {
        Self { outcome: Outcome::Failed, directories: Vec::new() }
    }
}

fn once(arguments: &Check, streams: &mut Streams<'_>) -> io::Result<Run> {
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
            return Ok(Run::failed());
        }
    };
    let mut baseline = match read_baseline(arguments) {
        Ok(baseline) => baseline,
        Err((path, error)) => {
            writeln!(streams.err, "error: {}: {error}", path.display())?;
            return Ok(Run::failed());
        }
    };
    let discovery = (!arguments.no_builds).then(|| Discovery::new(&arguments.builds, Environment::of_process()));
    let contexts = Contexts::new(arguments);
    let contexts = match &discovery {
        Some(discovery) => contexts.with_builds(discovery),
        None => contexts,
    };
    let linters = |_: &Path| linter.clone();
    let found = files::find(&arguments.paths);
    let found = match &discovery {
        Some(discovery) => discovery.with_named(&arguments.paths, found),
        None => found,
    };
    let mut files = check_all(arguments, found, &linter, &contexts, streams);
    let mut failed = false;
    let compared = match &mut baseline {
        Some(baseline) => {
            failed |= write_baseline(arguments, baseline, &mut files, &linters, streams)?;
            baseline.compare(&mut files, &linters)
        }
        None => Compared::default(),
    };
    if let Some(reason) = &arguments.add_ignores {
        let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
        failed |= add_ignores(reason, &mut files, &linters, &contexts, streams.out, streams.err)?;
        if let Some(baseline) = &baseline {
            baseline.compare(&mut files, &linters);
        }
    }
    let found = match arguments.add_ignores.is_some() && files.iter().any(|file| file.file.is_none()) {
        true => show_on_error_output(arguments, &files, streams)?,
        false => show::show(arguments, &files, streams)?,
    };
    failed |= summary::tell(&files, streams.err)?;
    for error in contexts.errors() {
        failed = true;
        writeln!(streams.err, "error: {error}")?;
    }
    let problems = discovery.iter().flat_map(Discovery::problems);
    for warning in contexts.warnings().into_iter().chain(problems) {
        writeln!(streams.err, "warning: {warning}")?;
    }
    summary::summarize(&files, streams.err)?;
    summary::tell_of_baseline(&compared, streams.err)?;
    let fails = found.iter().any(|severity| *severity >= arguments.fail_on) && !arguments.exit_zero;
    let outcome = match (failed, fails) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    };
    Ok(Run { outcome, directories: contexts.directories() })
}

/// Shows the findings where the output is the text of a file.
fn show_on_error_output(arguments: &Check, files: &[Checked], streams: &mut Streams<'_>) -> io::Result<Vec<Severity>> {
    let mut shown = Vec::new();
    let Streams { width, colours, unicode, progress, terminal, .. } = *streams;
    let (input, out, err) = (&mut io::empty(), &mut shown, &mut io::sink());
    let found =
        show::show(arguments, files, &mut Streams { input, out, err, width, colours, unicode, progress, terminal })?;
    streams.err.write_all(&shown)?;
    Ok(found)
}

fn read_baseline(arguments: &Check) -> Result<Option<Baseline>, (&Path, BaselineError)> {
    let Some(path) = arguments.baseline.as_deref() else { return Ok(None) };
    Baseline::read(path, arguments.update_baseline).map(Some).map_err(|error| (path, error))
}

/// Writes the baseline if that was asked for; says whether that failed.
fn write_baseline(
    arguments: &Check,
    baseline: &mut Baseline,
    files: &mut [Checked],
    linters: &Linters<'_>,
    streams: &mut Streams<'_>,
) -> io::Result<bool> {
    if arguments.update_baseline {
        baseline.update(files, linters);
    } else if arguments.prune_baseline {
        baseline.prune(files, linters);
    } else {
        return Ok(false);
    }
    match baseline.write() {
        Ok(()) => Ok(false),
        Err(error) => {
            let path = arguments.baseline.as_deref().unwrap_or(Path::new("")).display();
            writeln!(streams.err, "error: {path}: {error}")?;
            Ok(true)
        }
    }
}

fn check_all(
    arguments: &Check,
    found: Vec<Found>,
    linter: &Linter,
    contexts: &Contexts<'_>,
    streams: &mut Streams<'_>,
) -> Vec<Checked> {
    let is_stdin = |found: &Found| found.as_ref().is_ok_and(|path| path.as_os_str() == "-");
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
                Checked { path: arguments.stdin_filename.clone(), file: None, result }
            }
            (Ok(path), None) => {
                let result = files::read(&path).and_then(|bytes| lint(linter, contexts, &path, &bytes));
                Checked { path: name(&path), file: Some(path), result }
            }
            (Err((path, reason)), _) => Checked { path: name(&path), file: Some(path), result: Err(reason) },
        })
        .collect()
}
