use std::io::{self, Write};

use super::FileFindings;
use super::places::{Places, Range, Unit};
use super::text::message_and_help;
use crate::diagnostic::Severity;

/// Commands that GitHub Actions makes annotations of.
pub(super) fn render(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::new(file, Unit::Characters);
    for diagnostic in file.diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Style => "notice",
        };
        let Range { start, end } = places.of(diagnostic.span);
        write!(out, "::{command} title={}", property(&format!("{} {}", diagnostic.code, diagnostic.name)))?;
        write!(out, ",file={},line={},endLine={}", property(file.path), start.line, end.line)?;
        // Columns are taken only where both are of one line.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        // The log of a run shows nothing but this text.
        let text = format!("{}:{}:{}: {}", file.path, start.line, start.column, message_and_help(diagnostic));
        writeln!(out, "::{}", data(&text))?;
    }
    Ok(())
}

/// The text of a command, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(data("50%\r\n: a, b"), "50%25%0D%0A: a, b");
        assert_eq!(property("a: b, 5%\n"), "a%3A b%2C 5%25%0A");
    }
}
