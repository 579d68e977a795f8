//! `--fix` and `--diff`: what becomes of a file, and where it goes.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use similar::{Algorithm, TextDiff};

use super::lint::{Checked, Linted, lint, name, with_dockerfiles, with_ignore_files};
use crate::cli::args::Check;
use crate::cli::contexts::Contexts;
use crate::cli::files::{self, Found, Unreadable};
use crate::cli::write::{self, Unwritable};
use crate::dockerignore::IgnoreFile;
use crate::fix::{Dropped, Fixed, Fixer, Level};
use crate::lint::{Answer, Linter};
use crate::parse::Parsed;
use crate::source::{Source, encode};

/// What is done with fixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// They are only told of.
    Tell,
    /// They are applied, and what becomes of the file is written.
    Write,
    /// They are applied, and it is shown what the file would become.
    Diff,
}

impl Mode {
    pub(super) const fn of(arguments: &Check) -> Self {
        match (arguments.diff, arguments.fix) {
            (true, _) => Self::Diff,
            (false, true) => Self::Write,
            (false, false) => Self::Tell,
        }
    }
}

/// The fixes that are asked for.
pub(super) const fn level(arguments: &Check) -> Level {
    if arguments.unsafe_fixes { Level::Unsafe } else { Level::Safe }
}

/// What was fixed in a file.
#[derive(Default)]
pub(super) struct Mending {
    /// What was in it and what is to be, where that differs.
    pub(super) rewritten: Option<Rewritten>,
    /// How many fixes were applied, by the name of the rule.
    pub(super) applied: BTreeMap<&'static str, usize>,
    /// The fixes of rules that are wrong.
    pub(super) dropped: Vec<Dropped>,
    /// Why it could not be written.
    pub(super) unwritten: Option<Unwritable>,
}

/// The bytes of a file before and after.
pub(super) struct Rewritten {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

/// The files without those that come again under another name, for each is fixed once.
pub(super) fn once(found: Vec<Found>) -> Vec<Found> {
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let is_new = |found: &Found| match found {
        Ok(path) => fs::canonicalize(path).map_or(true, |path| seen.insert(path)),
        Err(_) => true,
    };
    let mut is_new = is_new;
    found.into_iter().filter(|found| is_new(found)).collect()
}

/// Fixes the bytes of a file; nothing is written.
pub(super) fn mend(
    linter: &Linter,
    contexts: &Contexts<'_>,
    path: &Path,
    bytes: &[u8],
    level: Level,
) -> Result<Linted, Unreadable> {
    let fixer = Fixer::new(level);
    let blind = RefCell::new(Vec::new());
    let noted = |answer: Answer| {
        *blind.borrow_mut() = answer.blind;
        answer.found
    };
    let (fixed, invalid_utf8) = if files::is_ignore_file(path) {
        let name = name(path);
        let fix = |lint: &dyn Fn(&IgnoreFile) -> Answer| fixer.fix_ignore_file(&name, bytes, |file| noted(lint(file)));
        (with_ignore_files(linter, contexts, path, fix), None)
    } else {
        let source = Source::decode(bytes)?;
        let fix = |lint: &dyn Fn(&Parsed<'_>) -> Answer| fixer.fix(source.text(), |parsed| noted(lint(parsed)));
        (with_dockerfiles(linter, contexts, path, fix), source.invalid_utf8())
    };
    let Fixed { text, applied, dropped, remaining, .. } = fixed;
    // No fix touches a byte that is no character, so that each has its place in the text.
    let after = encode(&text, bytes).filter(|after| after != bytes);
    let rewritten = after.map(|after| Rewritten { before: bytes.to_vec(), after });
    let mending = Mending { rewritten, applied, dropped, unwritten: None };
    Ok(Linted { text, invalid_utf8, diagnostics: remaining, blind: blind.into_inner(), mending: Some(mending) })
}

/// Fixes a file and writes it. Where it can't be written, the findings are those of what is there.
pub(super) fn mend_file(
    linter: &Linter,
    contexts: &Contexts<'_>,
    path: &Path,
    bytes: &[u8],
    level: Level,
) -> Result<Linted, Unreadable> {
    let mut mended = mend(linter, contexts, path, bytes, level)?;
    let Some(mending) = &mut mended.mending else { return Ok(mended) };
    let Some(Rewritten { after, .. }) = &mending.rewritten else { return Ok(mended) };
    let Err(reason) = write::replace(path, bytes, after) else { return Ok(mended) };
    let dropped = std::mem::take(&mut mending.dropped);
    let mending = Mending { dropped, unwritten: Some(reason), ..Mending::default() };
    Ok(Linted { mending: Some(mending), ..lint(linter, contexts, path, bytes)? })
}

/// What becomes of standard input, which is passed on as it is where it can't be read.
pub(super) fn output(result: &Result<Linted, Unreadable>, input: Vec<u8>) -> Vec<u8> {
    let mending = result.as_ref().ok().and_then(|linted| linted.mending.as_ref());
    mending.and_then(|mending| mending.rewritten.as_ref()).map_or(input, |rewritten| rewritten.after.clone())
}

/// Writes how each file would change; says whether one would.
pub(super) fn show_differences(files: &[Checked], out: &mut dyn Write) -> io::Result<bool> {
    let mut differ = false;
    for Checked { path, result, .. } in files {
        let mending = result.as_ref().ok().and_then(|linted| linted.mending.as_ref());
        let Some(Rewritten { before, after }) = mending.and_then(|mending| mending.rewritten.as_ref()) else {
            continue;
        };
        differ = true;
        let mut config = TextDiff::configure();
        // Where nearly all lines change, the shortest difference takes long to find, and tells no more than any other.
        config.algorithm(Algorithm::Patience).timeout(Duration::from_secs(1));
        let diff = config.diff_lines(before.as_slice(), after.as_slice());
        diff.unified_diff().header(path, path).to_writer(&mut *out)?;
    }
    Ok(differ)
}
