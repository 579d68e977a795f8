use std::io::{self, Write};

use super::FileFindings;
use super::places::{Places, Unit};
use super::text::one_line;

/// `path:line:column: severity[CODE name] message`
pub(super) fn render(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let path = one_line(file.path);
    let places = Places::new(file, Unit::Characters);
    for diagnostic in file.diagnostics {
        let place = places.of(diagnostic.span).start;
        writeln!(
            out,
            "{path}:{}:{}: {}[{} {}] {}",
            place.line,
            place.column,
            diagnostic.severity,
            diagnostic.code,
            diagnostic.name,
            one_line(&diagnostic.message)
        )?;
    }
    Ok(())
}
