use std::io::{self, Write};

use super::FileFindings;
use super::places::{Places, Unit};
use super::text::{Xml, message_and_help};

/// The XML of JUnit: a suite for each file that was looked at, with a failed test for each finding. A file without findings
/// has one test, which passes.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let failures: usize = files.iter().map(|file| file.diagnostics.len()).sum();
    let tests: usize = files.iter().map(tests).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"plimsoll\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
    files.iter().try_for_each(|file| render_file(file, out))?;
    writeln!(out, "</testsuites>")
}

fn tests(file: &FileFindings<'_>) -> usize {
    file.diagnostics.len().max(1)
}

fn render_file(file: &FileFindings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let path = Xml(file.path);
    let failures = file.diagnostics.len();
    writeln!(
        out,
        "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">",
        tests(file)
    )?;
    if failures == 0 {
        writeln!(out, "    <testcase name=\"{path}\" classname=\"plimsoll\" file=\"{path}\" time=\"0\"/>")?;
    }
    let places = Places::new(file, Unit::Characters);
    for diagnostic in file.diagnostics {
        let place = places.of(diagnostic.span).start;
        let message = message_and_help(diagnostic);
        let (code, name) = (Xml(diagnostic.code), Xml(diagnostic.name));
        let (line, column) = (place.line, place.column);
        writeln!(
            out,
            "    <testcase name=\"{code} {name} ({line}:{column})\" classname=\"plimsoll.{name}\" file=\"{path}\" line=\"{line}\" time=\"0\">"
        )?;
        writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\">{path}:{line}:{column}: {}</failure>",
            diagnostic.severity,
            Xml(&message),
            Xml(&message)
        )?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}
