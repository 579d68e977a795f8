use std::io::{self, Write};

use super::FileFindings;
use super::places::{Places, Unit};
use super::text::one_line;
use crate::diagnostic::Severity;

/// `file:line:column: severity: message [CODE]`, as compilers write. The GNU coding standards count columns as the screen
/// shows them.
pub(super) fn render(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let path = one_line(file.path);
    let places = Places::new(file, Unit::Screen);
    for diagnostic in file.diagnostics {
        let place = places.of(diagnostic.span).start;
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Style => "note",
        };
        let message = one_line(&diagnostic.message);
        writeln!(out, "{path}:{}:{}: {severity}: {message} [{}]", place.line, place.column, diagnostic.code)?;
    }
    Ok(())
}
