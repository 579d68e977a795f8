//! `--add-ignores`: comments for all that is found, so that only what comes later is reported.

use std::io::{self, Write};
use std::path::Path;

use super::lint::{Checked, Linted, lint, with_dockerfiles, with_ignore_files};
use crate::cli::contexts::Contexts;
use crate::cli::files;
use crate::cli::write::replace;
use crate::config::Configurations;
use crate::diagnostic::{Diagnostic, Edit};
use crate::dockerignore::IgnoreFile;
use crate::lint::Linter;
use crate::parse::parse;
use crate::rules::unused_ignore;
use crate::suppress;

/// A comment may itself be found where a description is looked for, and is silenced in the next round.
const ROUNDS: usize = 4;

/// Writes comments into all files with findings, and lints them again. Tells what was done, and gives whether a file could not
/// be written.
pub(super) fn add_ignores(
    reason: Option<&str>,
    files: &mut [Checked],
    configurations: &Configurations,
    contexts: &Contexts<'_>,
    err: &mut dyn Write,
) -> io::Result<bool> {
    let (mut written, mut silenced, mut failed) = (0, 0, false);
    for checked in files {
        let Some(linter) = checked.linter(configurations) else { continue };
        let place = checked.place().to_path_buf();
        let Ok(linted) = &mut checked.result else { continue };
        let before = count(&linted.diagnostics);
        let text = silence(reason, &place, linted, &linter, contexts);
        if checked.file.is_none() {
            checked.output = Some(text.clone().into_bytes());
        } else if text == linted.text {
            continue;
        } else if let Err(problem) = put(&place, linted, &text) {
            failed = true;
            writeln!(err, "error: {}: {problem}", checked.path)?;
            continue;
        }
        let Ok(again) = lint(&linter, contexts, &place, text.as_bytes()) else { continue };
        written += usize::from(text != linted.text);
        silenced += before.saturating_sub(count(&again.diagnostics));
        *linted = again;
    }
    let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    writeln!(err, "Silenced {} in {}.", plural(silenced, "finding"), plural(written, "file"))?;
    Ok(failed)
}

/// How many findings could be silenced.
fn count(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.name != unused_ignore::RULE.name).count()
}

/// The text of a file with comments for all that is found in it.
fn silence(reason: Option<&str>, path: &Path, linted: &Linted, linter: &Linter, contexts: &Contexts<'_>) -> String {
    let mut text = linted.text.clone();
    let mut found = linted.diagnostics.clone();
    for _ in 0..ROUNDS {
        if files::is_ignore_file(path) {
            let file = IgnoreFile::parse_bytes("", text.as_bytes());
            text = applied(&text, &suppress::ignores_for_patterns(&file, &found, reason));
            let file = IgnoreFile::parse_bytes("", text.as_bytes());
            found = with_ignore_files(linter, contexts, path, |lint| lint(&file)).found;
        } else {
            text = applied(&text, &suppress::ignores_for(&parse(&text), &found, reason));
            found = with_dockerfiles(linter, contexts, path, |lint| lint(&parse(&text))).found;
        }
        if count(&found) == 0 {
            break;
        }
    }
    text
}

/// The text with edits that are in order, without overlaps.
fn applied(text: &str, edits: &[Edit]) -> String {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        written.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        written.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    written.push_str(text.get(at..).unwrap_or_default());
    written
}

fn put(path: &Path, linted: &Linted, text: &str) -> Result<(), String> {
    let bytes = files::read(path).map_err(|error| error.to_string())?;
    if std::str::from_utf8(&bytes).is_err() {
        return Err("some bytes are not UTF-8, so it is left as it is".to_owned());
    }
    // Whoever wrote into it meanwhile is told.
    replace(path, linted.text.as_bytes(), text.as_bytes()).map_err(|error| error.to_string())
}
