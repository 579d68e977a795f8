//! `plimsoll check`: one file after the other is read and linted, then all are shown.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::Check;
use super::builds::{Builds, Discovery, Environment, FirstThatKnows};
use super::contexts::Contexts;
use super::files::{self, Found, Unreadable};
use super::watch::watch;
use super::{Outcome, Streams, settings};
use crate::config::{Configurations, Given, Layer};

mod add_ignores;
mod baseline;
mod fix;
mod lint;
mod show;
mod summary;

pub(super) use show::format;

use add_ignores::add_ignores;
use baseline::{Baseline, BaselineError, Compared};
use fix::Mode;
use lint::{Checked, lint, name};

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
    let configurations = match settings::configurations(&arguments.configuration, said(arguments)) {
        Ok(configurations) => configurations,
        Err(reason) => {
            writeln!(streams.err, "error: {reason}")?;
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
    // What a configuration says of a Dockerfile outweighs what the files say that describe builds.
    let builds: Vec<&dyn Builds> = [&configurations as &dyn Builds]
        .into_iter()
        .chain(discovery.iter().map(|found| found as &dyn Builds))
        .collect();
    let builds = FirstThatKnows(&builds);
    let contexts = Contexts::new(arguments).with_builds(&builds);
    let mut files = check_all(arguments, &configurations, &contexts, streams);
    let mut failed = false;
    let compared = match &mut baseline {
        Some(baseline) => {
            failed |= write_baseline(arguments, baseline, &mut files, &configurations, streams)?;
            baseline.compare(&mut files, &configurations)
        }
        None => Compared::default(),
    };
    if let Some(reason) = &arguments.add_ignores {
        let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
        failed |= add_ignores(reason, &mut files, &configurations, &contexts, streams.err)?;
        if let Some(baseline) = &baseline {
            baseline.compare(&mut files, &configurations);
        }
    }
    let fails = show_all(arguments, &configurations, &files, streams)?;
    // What is said of all comes after what is said of each.
    streams.out.flush()?;
    failed |= summary::tell(&files, streams)?;
    for error in contexts.errors() {
        failed = true;
        writeln!(streams.err, "error: {error}")?;
    }
    let problems = discovery.iter().flat_map(Discovery::problems);
    for warning in contexts.warnings().into_iter().chain(problems) {
        writeln!(streams.err, "warning: {warning}")?;
    }
    summary::summarize(arguments, &files, streams.err)?;
    summary::tell_of_baseline(&compared, streams.err)?;
    let outcome = match (failed, fails && !arguments.exit_zero) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    };
    Ok(Run { outcome, directories: contexts.directories() })
}

/// Shows what came of the files; says whether it makes the command fail.
fn show_all(
    arguments: &Check,
    configurations: &Configurations,
    files: &[Checked],
    streams: &mut Streams<'_>,
) -> io::Result<bool> {
    if Mode::of(arguments) == Mode::Diff {
        return fix::show_differences(files, streams.out);
    }
    for output in files.iter().filter_map(|file| file.output.as_deref()) {
        streams.out.write_all(output)?;
    }
    let here = configurations.of_working_directory().ok();
    show::show(arguments, here.as_deref(), files, streams)?;
    Ok(files.iter().any(Checked::fails))
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
    configurations: &Configurations,
    streams: &mut Streams<'_>,
) -> io::Result<bool> {
    if arguments.update_baseline {
        baseline.update(files, configurations);
    } else if arguments.prune_baseline {
        baseline.prune(files, configurations);
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

/// What the options say.
fn said(arguments: &Check) -> Layer {
    let platforms = arguments.image_platform.iter();
    Layer {
        fail_on: arguments.fail_on.map(|fail_on| Given::on_command_line(fail_on, "--fail-on")),
        output_format: arguments.output_format.map(|format| Given::on_command_line(format, "--output-format")),
        image_platforms: platforms
            .map(|(image, platform)| (image.clone(), Given::on_command_line(platform.clone(), "--image-platform")))
            .collect(),
        ..Layer::default()
    }
}

/// What was read of standard input, where that is meant.
type Input = Option<Result<Vec<u8>, Unreadable>>;

fn check_all(
    arguments: &Check,
    configurations: &Configurations,
    contexts: &Contexts<'_>,
    streams: &mut Streams<'_>,
) -> Vec<Checked> {
    let mode = Mode::of(arguments);
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
