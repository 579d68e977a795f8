//! The baseline: what was found before, and is not reported.
//!
//! A finding is recognized by its rule, its file, its line's text and what is marked in it, not by the line's number. Of
//! findings that look the same as many are passed over as were there before.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::lint::{Checked, Linted};
use crate::cli::write::{Unwritable, write};
use crate::config::Configurations;
use crate::lint::Linter;
use crate::render::fingerprint;
use crate::rules::{self, Rule};
use crate::source::LineIndex;

/// The only version there is so far.
const VERSION: u32 = 1;

/// Why there is no baseline.
#[derive(Debug, Error)]
pub(super) enum BaselineError {
    #[error("there is no such file; `--update-baseline` writes it")]
    Missing,
    #[error("line {line}, column {column}: {reason}")]
    Broken { line: usize, column: usize, reason: String },
    #[error("it is of version {0}, and only {VERSION} is known")]
    Version(u32),
    #[error("{0}")]
    Unreadable(String),
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Deserialize, Serialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Seen from the directory of the baseline, with `/`.
    file: String,
    /// The rule's name.
    rule: String,
    fingerprint: String,
    /// How many look the same.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

const fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "so it is called")]
const fn is_one(count: &usize) -> bool {
    *count == 1
}

/// What findings are recognized by: file, rule and fingerprint.
type Key = (String, String, String);

/// What was found before.
pub(super) struct Baseline {
    path: PathBuf,
    /// Where the file is, as an absolute path.
    directory: PathBuf,
    counts: BTreeMap<Key, usize>,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Compared {
    /// How many findings were there before.
    pub(super) known: usize,
    /// How many findings of the baseline are gone.
    pub(super) gone: usize,
}

impl Baseline {
    /// Reads a baseline; where it is to be written, it may be missing.
    pub(super) fn read(path: &Path, may_be_missing: bool) -> Result<Self, BaselineError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && may_be_missing => String::new(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(BaselineError::Missing),
            Err(error) => return Err(BaselineError::Unreadable(error.to_string())),
        };
        let mut baseline = Self { path: path.to_path_buf(), directory: directory_of(path), counts: BTreeMap::new() };
        if text.is_empty() && may_be_missing {
            return Ok(baseline);
        }
        let written: Written = serde_json::from_str(&text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            BaselineError::Broken { line, column, reason }
        })?;
        if written.version != VERSION {
            return Err(BaselineError::Version(written.version));
        }
        for Entry { file, rule, fingerprint, count } in written.findings {
            let rule = rules::find(&rule).map_or(rule, |rule| rule.name.to_owned());
            *baseline.counts.entry((file, rule, fingerprint)).or_default() += count;
        }
        Ok(baseline)
    }

    /// Takes the findings out of the files that were there before, the first ones of those that look the same.
    pub(super) fn compare(&self, files: &mut [Checked], configurations: &Configurations) -> Compared {
        let gone = self.gone(files, configurations).values().sum();
        let mut left = self.counts.clone();
        let mut known = 0;
        for (file, linted) in self.linted(files) {
            let keys = keys(&file, linted);
            let mut keys = keys.into_iter();
            linted.diagnostics.retain(|_| {
                let count = keys.next().and_then(|key| left.get_mut(&key)).filter(|count| **count > 0);
                let is_known = count.map(|count| *count -= 1).is_some();
                known += usize::from(is_known);
                !is_known
            });
        }
        Compared { known, gone }
    }

    /// Takes out what is gone.
    pub(super) fn prune(&mut self, files: &mut [Checked], configurations: &Configurations) {
        for (key, gone) in self.gone(files, configurations) {
            if let Some(count) = self.counts.get_mut(&key) {
                *count = count.saturating_sub(gone);
            }
        }
        self.counts.retain(|_, count| *count > 0);
    }

    /// Takes out what is gone, and in what is found.
    pub(super) fn update(&mut self, files: &mut [Checked], configurations: &Configurations) {
        self.prune(files, configurations);
        let found = self.found(files);
        for (key, count) in found {
            let known = self.counts.entry(key).or_default();
            *known = count.max(*known);
        }
    }

    /// How many of the findings are no longer there: those of files that were checked, by rules that ran and saw all they had to
    /// see; those of files that are no longer there; and those of rules that are no longer there.
    fn gone(&self, files: &mut [Checked], configurations: &Configurations) -> BTreeMap<Key, usize> {
        let found = self.found(files);
        let mut checked: BTreeMap<String, (Arc<Linter>, &[&'static Rule])> = BTreeMap::new();
        for file in &*files {
            if let (Ok(linted), Some(linter)) = (&file.result, file.linter(configurations)) {
                checked.insert(relative(&self.directory, file.place()), (linter, &linted.blind));
            }
        }
        let gone = self.counts.iter().filter_map(|(key, before)| {
            let (file, rule, _) = key;
            let is_told = match (checked.get(file), rules::find(rule)) {
                (_, None) => true,
                (Some((linter, blind)), Some(known)) => linter.runs(known) && !blind.contains(&known),
                (None, Some(_)) => !self.directory.join(file).exists(),
            };
            let now = found.get(key).copied().unwrap_or_default();
            (is_told && now < *before).then(|| (key.clone(), before - now))
        });
        gone.collect()
    }

    /// What is found.
    fn found(&self, files: &mut [Checked]) -> BTreeMap<Key, usize> {
        let mut found = BTreeMap::new();
        for (file, linted) in self.linted(files) {
            for key in keys(&file, linted) {
                *found.entry(key).or_default() += 1;
            }
        }
        found
    }

    /// The files that were read, each as it is called in the baseline.
    fn linted<'f>(&self, files: &'f mut [Checked]) -> impl Iterator<Item = (String, &'f mut Linted)> {
        files.iter_mut().filter_map(|checked| {
            let path = relative(&self.directory, checked.place());
            Some((path, checked.result.as_mut().ok()?))
        })
    }

    /// Writes the file: a line for each entry, sorted, so that a change shows what it is.
    pub(super) fn write(&self) -> Result<(), Unwritable> {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"findings\": [");
        for (number, ((file, rule, fingerprint), count)) in self.counts.iter().enumerate() {
            let entry =
                Entry { file: file.clone(), rule: rule.clone(), fingerprint: fingerprint.clone(), count: *count };
            let entry = serde_json::to_string(&entry).unwrap_or_default();
            text.push_str(if number == 0 { "\n    " } else { ",\n    " });
            text.push_str(&entry);
        }
        text.push_str(if self.counts.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        write(&self.path, text.as_bytes())
    }
}

fn keys(file: &str, linted: &Linted) -> Vec<Key> {
    let lines = LineIndex::new(&linted.text);
    let key = |name: &str, span| (file.to_owned(), name.to_owned(), fingerprint(name, &linted.text, &lines, span));
    linted.diagnostics.iter().map(|diagnostic| key(diagnostic.name, diagnostic.span)).collect()
}

/// The directory of a file, without links as far as it is there.
fn directory_of(file: &Path) -> PathBuf {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    directory.canonicalize().or_else(|_| absolute(directory)).unwrap_or_else(|_| directory.to_path_buf())
}

/// The path of a file as seen from a directory, with `/`.
fn relative(directory: &Path, file: &Path) -> String {
    let place = directory_of(file);
    let shared = directory.components().zip(place.components()).take_while(|(one, other)| one == other).count();
    let up = directory.components().skip(shared).map(|_| "..".to_owned());
    let down = place.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    up.chain(down).chain(name).collect::<Vec<_>>().join("/")
}
