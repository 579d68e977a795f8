//! `plimsoll hadolint`: hadolint's command line.

use std::io;
use std::path::Path;

use super::args::{Hadolint as Arguments, HadolintFormat, OutputFormat};
use super::files;
use super::settings::{self, by, shown};
use super::{Outcome, Streams};
use crate::config::{Configurations, Environment, FailOn, Given, HadolintConfig, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::{FileFindings, render, render_as_hadolint};
use crate::source::{LineIndex, Source};

/// `plimsoll hadolint`
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    if arguments.version {
        writeln!(streams.out, "plimsoll {}", env!("CARGO_PKG_VERSION"))?;
        return Ok(Outcome::Clean);
    }
    if arguments.files.is_empty() {
        writeln!(streams.err, "error: name a Dockerfile, or `-` for standard input")?;
        return Ok(Outcome::Findings);
    }
    let found = Configurations::of_hadolint(&Environment::of_process(), arguments.config.as_deref());
    let config = match found {
        Ok(config) => config.and(said(arguments)),
        Err(error) => {
            settings::tell(&error, streams)?;
            return Ok(Outcome::Findings);
        }
    };
    for remark in &config.remarks {
        writeln!(streams.err, "warning: {}: {}", by(&remark.origin).unwrap_or_default(), remark.value)?;
    }
    if arguments.verbose {
        match &config.path {
            Some(path) => writeln!(streams.err, "The configuration is {}.", shown(path))?,
            None => writeln!(streams.err, "There is no configuration.")?,
        }
    }
    let settings = Settings::new(vec![config.into_layer()]);
    check(arguments, &settings, streams)
}

/// What the options say.
fn said(arguments: &Arguments) -> HadolintConfig {
    let flag = |set: bool, option| set.then(|| Given::on_command_line(true, option));
    let list = |ids: &[String], option| -> Vec<Given<String>> {
        ids.iter().map(|id| Given::on_command_line(id.clone(), option)).collect()
    };
    let overrides = [
        (Severity::Error, &arguments.error, "--error"),
        (Severity::Warning, &arguments.warning, "--warning"),
        (Severity::Info, &arguments.info, "--info"),
        (Severity::Style, &arguments.style, "--style"),
    ];
    HadolintConfig {
        ignored: list(&arguments.ignore, "--ignore"),
        overrides: overrides
            .into_iter()
            .flat_map(|(severity, ids, option)| {
                ids.iter().map(move |id| Given::on_command_line((severity, id.clone()), option))
            })
            .collect(),
        trusted_registries: list(&arguments.trusted_registry, "--trusted-registry"),
        label_schema: arguments
            .require_label
            .iter()
            .map(|(label, format)| (label.clone(), Given::on_command_line(*format, "--require-label")))
            .collect(),
        strict_labels: flag(arguments.strict_labels, "--strict-labels"),
        threshold: arguments
            .failure_threshold
            .map(|threshold: FailOn| Given::on_command_line(threshold, "--failure-threshold")),
        no_fail: flag(arguments.no_fail, "--no-fail"),
        no_colour: flag(arguments.no_color, "--no-color"),
        format: match arguments.format {
            Some(HadolintFormat(format)) => format.map(|format| Given::on_command_line(format, "--format")),
            None => None,
        },
        disable_ignore_pragma: flag(arguments.disable_ignore_pragma, "--disable-ignore-pragma"),
        ..HadolintConfig::default()
    }
}

fn check(arguments: &Arguments, settings: &Settings, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let output_format = match arguments.format {
        // On the command line `tty` is a format like any other.
        Some(HadolintFormat(None)) => None,
        _ => settings.given_output_format().map(|given| given.value),
    };
    let linter = settings.linter_for(Path::new(""));
    let mut linted: Vec<(String, String, Vec<Diagnostic>)> = Vec::new();
    let mut failed = false;
    for file in &arguments.files {
        let bytes = if file.as_os_str() == "-" { files::read_all(&mut *streams.input) } else { files::read(file) };
        let text = bytes.and_then(|bytes| Ok(Source::decode(&bytes)?.text().to_owned()));
        match text {
            Ok(text) => {
                let diagnostics = linter.lint(&text);
                linted.push((name_in_report(arguments, output_format, file), text, diagnostics));
            }
            Err(reason) => {
                failed = true;
                writeln!(streams.err, "error: {}: {reason}", file.display())?;
            }
        }
    }
    let findings: Vec<FileFindings<'_>> = linted
        .iter()
        .map(|(path, text, diagnostics)| FileFindings {
            path,
            text,
            is_ignore_file: false,
            lines: LineIndex::new(text),
            diagnostics,
        })
        .collect();
    let mut look = streams.look();
    look.colours &= settings.colours().is_none_or(|given| given.value);
    match output_format {
        Some(format) => render(format, look, &findings, streams.out),
        None => render_as_hadolint(look, &findings, streams.out),
    }?;
    let fail_on = settings.fail_on().value;
    let fails = linted.iter().flat_map(|(_, _, found)| found).any(|diagnostic| fail_on.fails(diagnostic.severity));
    // hadolint knows one code for all that is wrong.
    Ok(if failed || fails { Outcome::Findings } else { Outcome::Clean })
}

/// The name of a file in a report. Another one is written only into reports that other programs match with their own files.
fn name_in_report(arguments: &Arguments, format: Option<OutputFormat>, file: &Path) -> String {
    let is_report = matches!(
        format,
        Some(
            OutputFormat::Checkstyle
                | OutputFormat::Codeclimate
                | OutputFormat::Gitlab
                | OutputFormat::Sonarqube
                | OutputFormat::Junit
        )
    );
    let in_report = arguments.file_path_in_report.as_deref().filter(|_| is_report);
    in_report.unwrap_or(file).to_string_lossy().into_owned()
}
