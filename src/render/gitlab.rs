use std::io::{self, Write};

use serde::Serialize;

use super::FileFindings;
use super::codeclimate::{Location, location, severity};
use super::fingerprint::Fingerprints;
use super::places::{Places, Unit};
use super::text::message_and_help;

/// A finding in a code quality report of GitLab.
#[derive(Serialize)]
struct Finding<'f> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'f>,
}

/// One array of all findings.
pub(super) fn render(files: &[FileFindings<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let mut findings = Vec::new();
    for file in files {
        let places = Places::new(file, Unit::Characters);
        findings.extend(file.diagnostics.iter().map(|diagnostic| Finding {
            description: message_and_help(diagnostic),
            check_name: diagnostic.code,
            fingerprint: fingerprints.next(file, diagnostic),
            severity: severity(diagnostic),
            location: location(file.path, &places, diagnostic),
        }));
    }
    serde_json::to_writer_pretty(&mut *out, &findings)?;
    writeln!(out)
}
