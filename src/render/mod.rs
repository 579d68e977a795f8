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

/// Writes the findings of all files; people get them in `look`.
pub(crate) fn render(
    format: OutputFormat,
    look: Look,
    files: &[FileFindings<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        OutputFormat::Full => files.iter().try_for_each(|file| full::render(file, look, out)),
        OutputFormat::Concise => files.iter().try_for_each(|file| concise::render(file, out)),
        OutputFormat::Json => json::render(files, out),
        OutputFormat::JsonLines => files.iter().try_for_each(|file| json_lines::render(file, out)),
        OutputFormat::Sarif => sarif::render(files, out),
        OutputFormat::Github => files.iter().try_for_each(|file| github::render(file, out)),
        OutputFormat::Gitlab => gitlab::render(files, out),
        OutputFormat::Checkstyle => checkstyle::render(files, out),
        OutputFormat::Codeclimate => codeclimate::render(files, out),
        OutputFormat::Junit => junit::render(files, out),
        OutputFormat::Sonarqube => sonarqube::render(files, out),
        OutputFormat::Gnu => files.iter().try_for_each(|file| gnu::render(file, out)),
        OutputFormat::Codacy => files.iter().try_for_each(|file| codacy::render(file, out)),
        OutputFormat::Rdjson => rdjson::render(files, out),
        OutputFormat::Hadolint => hadolint::render(files, out),
    }
}

/// Writes the findings of all files as hadolint does for people.
pub(crate) fn render_as_hadolint(look: Look, files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    files.iter().try_for_each(|file| tty::render(file, look.colours, out))
}
