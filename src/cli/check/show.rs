//! The findings, in the format that was asked for.

use std::borrow::Cow;
use std::io;
use std::path::{Component, Path, PathBuf};

use clap::ColorChoice;

use super::lint::{Checked, Linted};
use super::summary::statistics;
use crate::cli::Streams;
use crate::cli::args::{Check, OutputFormat};
use crate::cli::files;
use crate::config::Settings;
use crate::render::{FileFindings, render};
use crate::source::LineIndex;

/// Shows the findings, as the options say, else as the configuration of the working directory does; on standard error where a
/// text goes to standard output.
pub(super) fn show(
    arguments: &Check,
    here: Option<&Settings>,
    files: &[Checked],
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let output_format = arguments.output_format.or(here.map(|here| here.output_format().value));
    let output_format = output_format.unwrap_or(OutputFormat::Full);
    let working_directory = std::env::current_dir().ok();
    let read: Vec<(Cow<'_, str>, &Linted)> = files
        .iter()
        .filter_map(|file| Some((file, file.result.as_ref().ok()?)))
        .map(|(file, linted)| (name_for_programs(output_format, &file.path, working_directory.as_deref()), linted))
        .collect();
    let linted: Vec<FileFindings<'_>> = read
        .iter()
        .map(|(path, linted)| FileFindings {
            path,
            is_ignore_file: files::is_ignore_file(Path::new(path.as_ref())),
            text: &linted.text,
            lines: LineIndex::new(&linted.text),
            diagnostics: &linted.diagnostics,
        })
        .collect();
    let diagnostics = || linted.iter().flat_map(|file| file.diagnostics);
    let may_be_coloured = here.and_then(Settings::colours).is_none_or(|given| given.value);
    let mut look = streams.look();
    look.colours = colours(arguments.color, look.colours && may_be_coloured);
    let out = if files.iter().any(|file| file.output.is_some()) {
        look.colours = false;
        &mut *streams.err
    } else {
        &mut *streams.out
    };
    if arguments.statistics {
        return statistics(diagnostics(), out);
    }
    render(output_format, look, &linted, out)
}

fn colours(asked: ColorChoice, by_itself: bool) -> bool {
    match asked {
        ColorChoice::Auto => by_itself,
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

/// The name of a file as programs look for it: from the working directory on, which in CI is the root of the repository, and
/// without `.`.
fn name_for_programs<'f>(format: OutputFormat, path: &'f str, working_directory: Option<&Path>) -> Cow<'f, str> {
    if matches!(format, OutputFormat::Full | OutputFormat::Concise) {
        return Cow::Borrowed(path);
    }
    let within = working_directory.and_then(|directory| Path::new(path).strip_prefix(directory).ok());
    let plain: PathBuf =
        within.unwrap_or(Path::new(path)).components().filter(|part| *part != Component::CurDir).collect();
    match plain.to_str() {
        Some(plain) if std::path::MAIN_SEPARATOR == '/' => Cow::Owned(plain.to_owned()),
        Some(plain) => Cow::Owned(plain.replace(std::path::MAIN_SEPARATOR, "/")),
        None => Cow::Borrowed(path),
    }
}
