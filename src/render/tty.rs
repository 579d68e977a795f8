use std::io::{self, Write};

use super::FileFindings;
use super::hadolint::places;
use super::text::message_and_help;
use crate::diagnostic::Severity;

/// `path:line CODE severity: message`, as hadolint writes for people.
pub(super) fn render(file: &FileFindings<'_>, colours: bool, out: &mut dyn Write) -> io::Result<()> {
    let path = super::text::one_line(file.path);
    for (diagnostic, place) in places(file) {
        let severity = diagnostic.severity;
        let (start, end) = match (colours, severity) {
            (false, _) => ("", ""),
            (true, Severity::Error) => ("\u{1b}[1;91m", "\u{1b}[0m"),
            (true, Severity::Warning) => ("\u{1b}[1;93m", "\u{1b}[0m"),
            (true, Severity::Info) => ("\u{1b}[92m", "\u{1b}[0m"),
            (true, Severity::Style) => ("\u{1b}[96m", "\u{1b}[0m"),
        };
        let message = message_and_help(diagnostic);
        writeln!(out, "{path}:{} {} {start}{severity}{end}: {message}", place.line, diagnostic.code)?;
    }
    Ok(())
}
