use std::io::{self, Write};

use super::FileFindings;
use super::json::findings;

/// A line each, with an object as in `json`.
pub(super) fn render(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings(file) {
        serde_json::to_writer(&mut *out, &finding)?;
        writeln!(out)?;
    }
    Ok(())
}
