use std::io::{self, Write};

use super::FileFindings;
use super::places::{Places, Unit};
use super::text::{Xml, message_and_help};
use crate::diagnostic::Severity;

/// The XML of Checkstyle: an element for each file that was looked at, with its findings.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")?;
    files.iter().try_for_each(|file| render_file(file, out))?;
    writeln!(out, "</checkstyle>")
}

fn render_file(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    if file.diagnostics.is_empty() {
        return writeln!(out, "  <file name=\"{}\"/>", Xml(file.path));
    }
    writeln!(out, "  <file name=\"{}\">", Xml(file.path))?;
    let places = Places::new(file, Unit::Characters);
    for diagnostic in file.diagnostics {
        let place = places.of(diagnostic.span).start;
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Style => "info",
        };
        writeln!(
            out,
            "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"{}\"/>",
            place.line,
            place.column,
            Xml(&message_and_help(diagnostic)),
            Xml(diagnostic.code)
        )?;
    }
    writeln!(out, "  </file>")
}
