//! `plimsoll check`: one file after the other is read and linted, then all are shown.

use std::io;
use std::path::{Path, PathBuf};

use super::args::Check;
use super::builds::{Builds, Discovery, Environment, FirstThatKnows};
use super::contexts::Contexts;
use super::files;
use super::watch::watch;
use super::{Outcome, Streams, settings};
use crate::config::{Configurations, Given, Layer};

mod add_ignores;
mod all;
mod baseline;
mod fix;
mod lint;
mod show;
mod summary;

use add_ignores::add_ignores;
use all::check_all;
use baseline::{Baseline, BaselineError, Compared};
use fix::Mode;
use lint::Checked;

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
    let found = files::find(&arguments.paths);
    let found = match &discovery {
        Some(discovery) => discovery.with_named(&arguments.paths, found),
        None => found,
    };
    let mut files = check_all(arguments, found, &configurations, &contexts, streams);
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
