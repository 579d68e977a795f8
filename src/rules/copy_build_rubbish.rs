use std::collections::HashMap;

use super::prelude::*;
use crate::context::Context;
use crate::context::path::{join, split};
use crate::semantic::{Taken, below_bases};
use crate::size::{HumanSize, counted};

rule! {
    /// Leave out what was built or fetched outside the image.
    ///
    /// ## What it does
    /// Finds a `COPY` or an `ADD` of a directory that holds `node_modules`, `__pycache__`, a virtual environment, the `target`
    /// of Cargo or Maven, `.git` or the like, and says how much that is. It speaks up only where the context is known, and not
    /// where the `COPY` names such a directory itself.
    ///
    /// ## Why
    /// It makes the image large, and each change in it makes the build start anew from there. What was built on another
    /// system may not even run in the image, and yet be found before what the image installs.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM node:22
    /// COPY . /app/
    /// ```
    /// ```dockerfile,good
    /// FROM node:22
    /// COPY src package.json /app/
    /// ```
    ///
    /// ## How to fix
    /// Name it in the ignore file: `**/node_modules`.
    ///
    /// ## When to ignore
    /// Where the image is meant to have what was built outside.
    "PL1016" "copy-build-rubbish" {
        severity: Warning,
        category: Size,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        keywords: [Add, Copy, Run],
        check: Check::File(check),
    }
}

/// Directories that are never written by hand.
const RUBBISH: [&[u8]; 22] = [
    b".eggs", b".git", b".gradle", b".hg", b".ipynb_checkpoints", b".mypy_cache", b".nox", b".nyc_output", b".parcel-cache",
    b".pnpm-store", b".pytest_cache", b".ruff_cache", b".sass-cache", b".svn", b".terraform", b".tox", b".turbo", b".venv",
    b"__pycache__", b"bower_components", b"node_modules", b".dart_tool",
];

/// How many are named.
const NAMED: usize = 3;

/// How much there is of one kind.
#[derive(Default)]
struct Heap {
    files: u64,
    bytes: u64,
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let context = surroundings.context();
    let mut known: HashMap<Vec<u8>, bool> = HashMap::new();
    for taken in surroundings.landings().taken(context) {
        let heaps = heaps(&taken, context, &mut known);
        if heaps.is_empty() {
            continue;
        }
        let shown: Vec<String> = heaps
            .iter()
            .take(NAMED)
            .map(|(name, heap)| {
                format!("`{name}` ({}, {})", counted(heap.files, "file", "files"), HumanSize(heap.bytes))
            })
            .collect();
        let more = match heaps.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names: Vec<String> = heaps.iter().take(NAMED).map(|(name, _)| format!("`**/{name}`")).collect();
        let keyword = taken.take.instruction.keyword.to_uppercase();
        findings
            .report(taken.span(), format!("{keyword} takes what was not written for the image: {}{more}", shown.join(", ")))
            .help(format!("leave it out in the ignore file: {}", names.join(", ")));
    }
}

/// What an instruction takes of each kind, the largest first.
fn heaps(taken: &Taken<'_, '_, '_>, context: &Context, known: &mut HashMap<Vec<u8>, bool>) -> Vec<(String, Heap)> {
    let bases = taken.bases();
    let mut heaps: HashMap<String, Heap> = HashMap::new();
    for entry in taken.entries.iter().filter(|entry| entry.kind == crate::context::EntryKind::File) {
        let Some(below) = below_bases(entry.path, &bases) else { continue };
        let above = entry.path.len() - below.len();
        let Some(name) = rubbish(entry.path, above, context, known) else { continue };
        let heap = heaps.entry(name).or_default();
        heap.files += 1;
        heap.bytes = heap.bytes.saturating_add(entry.content());
    }
    let mut heaps: Vec<(String, Heap)> = heaps.into_iter().collect();
    heaps.sort_by(|(name, heap), (other, than)| (than.bytes, than.files, name).cmp(&(heap.bytes, heap.files, other)));
    heaps
}

/// The first directory of a path, from `above` on, that holds rubbish; or what ends in `.pyc`.
fn rubbish(path: &[u8], above: usize, context: &Context, known: &mut HashMap<Vec<u8>, bool>) -> Option<String> {
    let below = path.get(above..)?;
    let mut end = above;
    for name in below.split(|byte| *byte == b'/') {
        end += name.len();
        if end >= path.len() {
            return name.ends_with(b".pyc").then(|| "*.pyc".to_owned());
        }
        let directory = path.get(..end)?;
        let is_rubbish = RUBBISH.contains(&name)
            || matches!(name, b"target" | b"venv" | b"env")
                && *known.entry(directory.to_vec()).or_insert_with(|| has_mark(directory, context));
        if is_rubbish {
            return Some(String::from_utf8_lossy(name).into_owned());
        }
        end += 1;
    }
    None
}

/// Whether a directory with a common name is what it seems to be, by what is beside it or in it.
fn has_mark(directory: &[u8], context: &Context) -> bool {
    let (above, name) = split(directory);
    let has = |directory: &[u8], name: &[u8]| {
        let path = join(directory, name);
        // The ignore file may leave out the mark and not the rubbish.
        context.has(&path) || context.root().join(&*String::from_utf8_lossy(&path)).is_file()
    };
    match name {
        b"target" => has(above, b"Cargo.toml") || has(above, b"pom.xml"),
        _ => has(directory, b"pyvenv.cfg"),
    }
}
