//! Findings as people and programs read them.

mod concise;
mod excerpt;
mod full;
mod json;

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::source::LineIndex;

pub(crate) use full::Look;

/// What is said of one file.
pub(crate) struct FileFindings<'f> {
    /// The name to show.
    pub(crate) path: &'f str,
    /// The text that the findings are of.
    pub(crate) text: &'f str,
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
}

/// Writes the findings of all files.
pub(crate) fn render(format: Format, files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full(look) => files.iter().try_for_each(|file| full::render(file, look, out)),
        Format::Concise => files.iter().try_for_each(|file| concise::render(file, out)),
        Format::Json => json::render(files, out),
    }
}
