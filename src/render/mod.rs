//! Findings as people and programs read them.

mod checkstyle;
mod codacy;
mod codeclimate;
mod concise;
mod excerpt;
mod fingerprint;
mod found_rules;
mod full;
mod github;
mod gitlab;
mod gnu;
mod hadolint;
mod instructions;
mod json;
mod json_lines;
mod junit;
mod output_format;
mod places;
mod rdjson;
mod sarif;
mod sonarqube;
mod text;
mod tty;

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::source::LineIndex;

pub(crate) use fingerprint::fingerprint;
pub(crate) use full::Look;
pub(crate) use output_format::OutputFormat;

/// What is said of one file.
pub(crate) struct FileFindings<'f> {
    /// The name to show.
    pub(crate) path: &'f str,
    /// The text that the findings are of.
    pub(crate) text: &'f str,
    /// Whether it is an ignore file, not a Dockerfile.
    pub(crate) is_ignore_file: bool,
    /// Where its lines begin.
    pub(crate) lines: LineIndex,
    /// The findings, in order.
    pub(crate) diagnostics: &'f [Diagnostic],
}

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// With the lines they are about.
    Full(Look),
    /// A line each.
    Concise,
    /// An array of objects.
    Json,
    /// An object a line.
    JsonLines,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// The XML of Checkstyle.
    Checkstyle,
    /// Issues of Code Climate.
    Codeclimate,
    /// The XML of JUnit.
    Junit,
    /// Generic issues of SonarQube.
    Sonarqube,
    /// A line each, as compilers write.
    Gnu,
    /// What hadolint writes for Codacy.
    Codacy,
    /// Diagnostics of reviewdog.
    Rdjson,
    /// hadolint's JSON.
    Hadolint,
    /// What hadolint writes for people, with colours or without.
    Tty(bool),
}

/// Writes the findings of all files.
pub(crate) fn render(format: Format, files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full(look) => files.iter().try_for_each(|file| full::render(file, look, out)),
        Format::Concise => files.iter().try_for_each(|file| concise::render(file, out)),
        Format::Json => json::render(files, out),
        Format::JsonLines => files.iter().try_for_each(|file| json_lines::render(file, out)),
        Format::Sarif => sarif::render(files, out),
        Format::Github => files.iter().try_for_each(|file| github::render(file, out)),
        Format::Gitlab => gitlab::render(files, out),
        Format::Checkstyle => checkstyle::render(files, out),
        Format::Codeclimate => codeclimate::render(files, out),
        Format::Junit => junit::render(files, out),
        Format::Sonarqube => sonarqube::render(files, out),
        Format::Gnu => files.iter().try_for_each(|file| gnu::render(file, out)),
        Format::Codacy => files.iter().try_for_each(|file| codacy::render(file, out)),
        Format::Rdjson => rdjson::render(files, out),
        Format::Hadolint => hadolint::render(files, out),
        Format::Tty(colours) => files.iter().try_for_each(|file| tty::render(file, colours, out)),
    }
}
