//! What is said at the end, about all files at once.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::baseline::Compared;
use super::lint::{Checked, Linted};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::source::LineIndex;

/// How often each rule speaks up, the most talkative first.
pub(super) fn statistics<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, &str), (Severity, usize)> = BTreeMap::new();
    for diagnostic in diagnostics {
        counts.entry((diagnostic.code, diagnostic.name)).or_insert((diagnostic.severity, 0)).1 += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
    for ((code, name), (severity, count)) in counts {
        writeln!(out, "{count:>7}  {severity:<7}  {code:<12}  {name}")?;
    }
    Ok(())
}

/// Tells what could not be read, and what was read only with losses; says whether anything could not be read.
pub(super) fn tell(files: &[Checked], err: &mut dyn Write) -> io::Result<bool> {
    let mut failed = false;
    for Checked { path, result, .. } in files {
        match result {
            Err(reason) => {
                failed = true;
                writeln!(err, "error: {path}: {reason}")?;
            }
            Ok(linted) => {
                if let Some(span) = linted.invalid_utf8 {
                    let line = LineIndex::new(&linted.text).line(span.start);
                    writeln!(err, "warning: {path}:{line}: some bytes are not UTF-8; what they say is passed over")?;
                }
            }
        }
    }
    Ok(failed)
}

/// Says what was passed over, for it is in the baseline.
pub(super) fn tell_of_baseline(compared: &Compared, err: &mut dyn Write) -> io::Result<()> {
    match compared.known {
        0 => {}
        1 => writeln!(err, "1 more is in the baseline.")?,
        known => writeln!(err, "{known} more are in the baseline.")?,
    }
    match compared.gone {
        0 => Ok(()),
        1 => writeln!(err, "1 finding of the baseline is gone: `--prune-baseline` takes it out."),
        gone => writeln!(err, "{gone} findings of the baseline are gone: `--prune-baseline` takes them out."),
    }
}

/// Says how much was found, and how much of it can be fixed.
pub(super) fn summarize(files: &[Checked], err: &mut dyn Write) -> io::Result<()> {
    let read: Vec<&Linted> = files.iter().filter_map(|file| file.result.as_ref().ok()).collect();
    if read.is_empty() {
        return Ok(());
    }
    let count = |severity| {
        read.iter().flat_map(|file| &file.diagnostics).filter(|diagnostic| diagnostic.severity == severity).count()
    };
    let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let counts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (severity, count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| match severity {
            Severity::Error => plural(count, "error"),
            Severity::Warning => plural(count, "warning"),
            Severity::Info => format!("{count} to know"),
            Severity::Style => format!("{count} of style"),
        })
        .collect();
    let files = plural(read.len(), "file");
    match counts.is_empty() {
        true => writeln!(err, "Checked {files}: nothing to say."),
        false => writeln!(err, "Checked {files}: {}.", counts.join(", ")),
    }?;
    let fixes = |applicability| {
        read.iter()
            .flat_map(|file| &file.diagnostics)
            .filter(|diagnostic| diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == applicability))
            .count()
    };
    match (fixes(Applicability::Safe), fixes(Applicability::Unsafe)) {
        (0, 0) => Ok(()),
        (safe, 0) => writeln!(err, "{safe} can be fixed safely."),
        (0, risky) => writeln!(err, "{risky} can be fixed, which may change what the build does."),
        (safe, risky) => {
            writeln!(err, "{safe} can be fixed safely, {risky} more in ways that may change what the build does.")
        }
    }
}
