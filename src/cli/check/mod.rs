//! `plimsoll check`: one file after the other is read and linted, then all are shown.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::args::Check;
use super::contexts::Contexts;
use super::files::{self, Found, Unreadable};
use super::{Outcome, Streams, settings};
use crate::config::{Configurations, Given, Layer};

mod lint;
mod show;
mod summary;

pub(super) use show::format;

use lint::{Checked, lint, name};

/// `plimsoll check`
pub(super) fn run(arguments: &Check, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let configurations = match settings::configurations(&arguments.configuration, said(arguments)) {
        Ok(configurations) => configurations,
        Err(reason) => {
            writeln!(streams.err, "error: {reason}")?;
            return Ok(Outcome::Failed);
        }
    };
    let contexts = Contexts::new(arguments, &configurations);
    let files = check_all(arguments, &configurations, &contexts, streams);
    let here = configurations.of_working_directory().ok();
    show::show(arguments, here.as_deref(), &files, streams)?;
    let mut failed = summary::tell(&files, streams)?;
    for error in contexts.errors() {
        failed = true;
        writeln!(streams.err, "error: {error}")?;
    }
    summary::summarize(&files, streams.err)?;
    let fails = files.iter().any(Checked::fails) && !arguments.exit_zero;
    Ok(match (failed, fails) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
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

fn check_all(
    arguments: &Check,
    configurations: &Configurations,
    contexts: &Contexts<'_>,
    streams: &mut Streams<'_>,
) -> Vec<Checked> {
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
    let check = |path: &Path, shown: String, bytes: Option<Result<Vec<u8>, Unreadable>>| {
        let settings = match configurations.of(path) {
            Ok(settings) => settings,
            Err(error) => return Some(Checked { path: shown, settings: None, result: Err(error.into()) }),
        };
        let absolute = configurations.absolute(path);
        let is_named = || arguments.paths.iter().any(|named| named == path);
        if bytes.is_none() && settings.excludes(&absolute) && (arguments.force_exclude || !is_named()) {
            return None;
        }
        let linter = settings.linter_for(&absolute);
        let bytes = bytes.unwrap_or_else(|| files::read(path));
        let result = bytes.and_then(|bytes| lint(&linter, contexts, path, &bytes));
        Some(Checked { path: shown, settings: Some(settings), result })
    };
    with_input
        .into_par_iter()
        .filter_map(|(found, bytes)| match (found, bytes) {
            (Ok(_), Some(bytes)) => {
                let path = Path::new(&arguments.stdin_filename);
                check(path, arguments.stdin_filename.clone(), Some(bytes))
            }
            (Ok(path), None) => check(&path, name(&path), None),
            (Err((path, reason)), _) => Some(Checked { path: name(&path), settings: None, result: Err(reason) }),
        })
        .collect()
}
