use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::hadolint::places;
use super::text::message_and_help;

/// A finding as hadolint writes it with `--format codacy`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'f> {
    filename: &'f str,
    line: u32,
    message: String,
    pattern_id: &'static str,
}

/// An object on a line each.
pub(super) fn render(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (diagnostic, place) in places(file) {
        let finding = Finding {
            filename: file.path,
            line: place.line,
            message: message_and_help(diagnostic),
            pattern_id: diagnostic.code,
        };
        serde_json::to_writer(&mut *out, &finding)?;
        writeln!(out)?;
    }
    Ok(())
}
