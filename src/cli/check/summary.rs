//! What is said at the end, about all files at once.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::baseline::Compared;
use super::fix::Mode;
use super::lint::{Checked, Linted};
use crate::cli::Streams;
use crate::cli::args::Check;
use crate::cli::files::Unreadable;
use crate::cli::settings::{self, by};
use crate::config::{ConfigError, Given};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::fix::Dropped;
use crate::source::LineIndex;

/// How many rules are named that fixed something.
const MOST_NAMED: usize = 8;

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
pub(super) fn tell(files: &[Checked], streams: &mut Streams<'_>) -> io::Result<bool> {
    let mut failed = false;
    // Many files have one configuration.
    let mut told: Vec<&ConfigError> = Vec::new();
    let mut remarked: Vec<&Given<String>> = Vec::new();
    for Checked { path, settings, result, .. } in files {
        for remark in settings.iter().flat_map(|settings| settings.remarks()) {
            if !remarked.contains(&remark) {
                remarked.push(remark);
                let by = by(&remark.origin).unwrap_or_default();
                writeln!(streams.err, "warning: {by}: {}", remark.value)?;
            }
        }
        match result {
            Err(reason) => {
                failed = true;
                if let Unreadable::Configuration(error) = reason
                    && !told.contains(&error.as_ref())
                {
                    told.push(error);
                    settings::tell(error, streams)?;
                }
                writeln!(streams.err, "error: {path}: {reason}")?;
            }
            Ok(linted) => {
                if let Some(span) = linted.invalid_utf8 {
                    let line = LineIndex::new(&linted.text).line(span.start);
                    writeln!(
                        streams.err,
                        "warning: {path}:{line}: some bytes are not UTF-8; what they say is passed over"
                    )?;
                }
                for Dropped { rule, line, reason } in linted.mending.iter().flat_map(|mending| &mending.dropped) {
                    let (code, name) = (rule.code, rule.name);
                    writeln!(streams.err, "warning: {path}:{line}: {code} ({name}): {reason}; it was left out")?;
                    writeln!(streams.err, "  this is a defect of the rule: please report it, with the file")?;
                }
                if let Some(reason) = linted.mending.as_ref().and_then(|mending| mending.unwritten.as_ref()) {
                    failed = true;
                    writeln!(streams.err, "error: {path}: {reason}")?;
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

/// Says how much was found, how much of it was fixed, and how much can be.
pub(super) fn summarize(arguments: &Check, files: &[Checked], err: &mut dyn Write) -> io::Result<()> {
    let read: Vec<&Linted> = files.iter().filter_map(|file| file.result.as_ref().ok()).collect();
    if read.is_empty() {
        return Ok(());
    }
    let mode = Mode::of(arguments);
    let checked = plural(read.len(), "file");
    let counts = counts(&read);
    match (mode, counts.is_empty()) {
        // What is shown then is what would change, and not what is found.
        (Mode::Diff, _) => {}
        (_, true) => writeln!(err, "Checked {checked}: nothing to say.")?,
        (_, false) => writeln!(err, "Checked {checked}: {}.", counts.join(", "))?,
    }
    if mode != Mode::Tell {
        let mut applied: BTreeMap<&str, usize> = BTreeMap::new();
        for (rule, count) in read.iter().filter_map(|file| file.mending.as_ref()).flat_map(|mending| &mending.applied) {
            *applied.entry(rule).or_default() += count;
        }
        let total: usize = applied.values().sum();
        match (mode, total) {
            (Mode::Diff, 0) => writeln!(err, "Checked {checked}: nothing would be fixed.")?,
            (Mode::Diff, _) => {
                writeln!(err, "Checked {checked}: {total} would be fixed ({}).", most_frequent(applied))?
            }
            (_, 0) => {}
            (_, _) => writeln!(err, "{total} fixed ({}).", most_frequent(applied))?,
        }
    }
    let fixes = |applicability| {
        let diagnostics = read.iter().flat_map(|file| &file.diagnostics);
        let offered = diagnostics
            .filter(|diagnostic| diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == applicability));
        offered.count()
    };
    // What is offered and was not applied though it was asked for has been told of.
    let safe = if mode == Mode::Tell { fixes(Applicability::Safe) } else { 0 };
    let risky = if mode == Mode::Tell || !arguments.unsafe_fixes { fixes(Applicability::Unsafe) } else { 0 };
    const WARNING: &str = "which may change what the build does";
    match (safe, risky) {
        (0, 0) => Ok(()),
        (safe, risky) if arguments.unsafe_fixes && risky > 0 => {
            let all = safe + risky;
            writeln!(
                err,
                "{all} can be fixed with `--fix --unsafe-fixes`, {risky} of them in ways that may change what the build does."
            )
        }
        (safe, 0) => writeln!(err, "{safe} can be fixed with `--fix`."),
        (0, risky) if mode == Mode::Tell => {
            writeln!(err, "{risky} can be fixed with `--fix --unsafe-fixes`, {WARNING}.")
        }
        (0, risky) => writeln!(err, "{risky} more can be fixed with `--fix --unsafe-fixes`, {WARNING}."),
        (safe, risky) => {
            writeln!(err, "{safe} can be fixed with `--fix`, {risky} more with `--fix --unsafe-fixes`, {WARNING}.")
        }
    }
}

/// How many findings there are of each severity, the worst first.
fn counts(read: &[&Linted]) -> Vec<String> {
    let count = |severity| {
        read.iter().flat_map(|file| &file.diagnostics).filter(|diagnostic| diagnostic.severity == severity).count()
    };
    Severity::ALL
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
        .collect()
}

/// The rules that fixed something, the most frequent first.
fn most_frequent(applied: BTreeMap<&str, usize>) -> String {
    let mut applied: Vec<(&str, usize)> = applied.into_iter().collect();
    applied.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let named = applied.iter().take(MOST_NAMED).map(|(rule, count)| format!("{count} {rule}"));
    let others: usize = applied.iter().skip(MOST_NAMED).map(|(_, count)| count).sum();
    let others = (others > 0).then(|| format!("{others} of other rules"));
    named.chain(others).collect::<Vec<_>>().join(", ")
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
