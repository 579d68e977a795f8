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
use crate::diagnostic::Severity;
use crate::render::{FileFindings, Format, Look, render};
use crate::source::LineIndex;

/// Shows the findings, on standard error where a text goes to standard output; gives their severities.
pub(super) fn show(arguments: &Check, files: &[Checked], streams: &mut Streams<'_>) -> io::Result<Vec<Severity>> {
    let working_directory = std::env::current_dir().ok();
    let read: Vec<(Cow<'_, str>, &Linted)> = files
        .iter()
        .filter_map(|file| Some((file, file.result.as_ref().ok()?)))
        .map(|(file, linted)| (name_for_programs(arguments, &file.path, working_directory.as_deref()), linted))
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
    let mut look = streams.look();
    let out = if files.iter().any(|file| file.output.is_some()) {
        look.colours = false;
        &mut *streams.err
    } else {
        &mut *streams.out
    };
    if arguments.statistics {
        statistics(diagnostics(), out)?;
    } else {
        render(format(arguments, look), &linted, out)?;
    }
    Ok(diagnostics().map(|diagnostic| diagnostic.severity).collect())
}

fn format(arguments: &Check, look: Look) -> Format {
    match arguments.output_format {
        OutputFormat::Full => Format::Full(Look {
            colours: match arguments.color {
                ColorChoice::Auto => look.colours,
                ColorChoice::Always => true,
                ColorChoice::Never => false,
            },
            ..look
        }),
        OutputFormat::Concise => Format::Concise,
        OutputFormat::Json => Format::Json,
        OutputFormat::JsonLines => Format::JsonLines,
        OutputFormat::Sarif => Format::Sarif,
        OutputFormat::Github => Format::Github,
        OutputFormat::Gitlab => Format::Gitlab,
        OutputFormat::Checkstyle => Format::Checkstyle,
        OutputFormat::Codeclimate => Format::Codeclimate,
        OutputFormat::Junit => Format::Junit,
        OutputFormat::Sonarqube => Format::Sonarqube,
        OutputFormat::Gnu => Format::Gnu,
        OutputFormat::Codacy => Format::Codacy,
        OutputFormat::Rdjson => Format::Rdjson,
        OutputFormat::Hadolint => Format::Hadolint,
    }
}

/// The name of a file as programs look for it: from the working directory on, which in CI is the root of the repository, and
/// without `.`.
fn name_for_programs<'f>(arguments: &Check, path: &'f str, working_directory: Option<&Path>) -> Cow<'f, str> {
    if matches!(arguments.output_format, OutputFormat::Full | OutputFormat::Concise) {
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
