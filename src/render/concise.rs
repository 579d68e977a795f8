use std::io::{self, Write};

use super::FileFindings;

/// `path:line:column: severity[CODE name] message`
pub(super) fn render(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in file.diagnostics {
        let place = file.lines.line_column(file.text, diagnostic.span.start);
        writeln!(
            out,
            "{}:{}:{}: {}[{} {}] {}",
            file.path,
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

/// The message without what would break the line, or speak to the terminal.
pub(super) fn one_line(message: &str) -> String {
    message.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
