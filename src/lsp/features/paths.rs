//! The words of a Dockerfile that name something in the context of the build.

use crate::ast::{CopySource, Instruction, Kind, MountType, Word};
use crate::context::path::{below_root, strip};
use crate::context::wildcard::{has_wildcard, matches};
use crate::context::{Context, Entry, EntryKind, Listing};
use crate::lsp::document::Reading;
use crate::semantic::Point;
use crate::size::HumanSize;
use crate::source::Span;

use super::completion::{Completion, CompletionKind, Slot};

/// So many entries that match a pattern are looked at, at most.
const MOST: usize = 100;

/// So many names are offered, at most: nobody reads more.
const MOST_COMPLETIONS: usize = 1_000;

/// The words of an instruction that name something in the context; none of one that takes from elsewhere.
pub(super) fn sources<'d>(instruction: &'d Instruction<'d>) -> Vec<&'d Word<'d>> {
    let paths = |sources: &'d [CopySource<'d>]| {
        let path = |source: &'d CopySource<'d>| match source {
            CopySource::Path(word) => Some(word),
            CopySource::Heredoc(_) => None,
        };
        sources.iter().filter_map(path).collect()
    };
    match &instruction.kind {
        Kind::Copy(copy) if copy.from().is_none_or(|from| from.is_empty()) => paths(&copy.sources),
        Kind::Add(add) => {
            let is_path = |word: &&Word<'_>| !word.contains("://") && !word.starts_with("git@");
            paths(&add.sources).into_iter().filter(is_path).collect()
        }
        Kind::Run(run) => {
            let of_context = run
                .mounts()
                .filter(|mount| mount.kind == Some(MountType::Bind))
                .filter(|mount| mount.from.as_ref().is_none_or(|from| from.is_empty()));
            of_context.filter_map(|mount| mount.source.as_ref()).collect()
        }
        _ => Vec::new(),
    }
}

/// The entries of the context that a source names itself, not those that are in them; at most a hundred.
pub(super) fn named<'c>(context: &'c Context, point: &Point<'_, '_, '_>, word: &Word<'_>) -> Vec<Entry<'c>> {
    let value = point.value(word);
    let Some(path) = value.known().map(|path| below_root(path.as_bytes())) else { return Vec::new() };
    if !has_wildcard(&path) {
        return context.listing().find(&path).into_iter().collect();
    }
    // A wildcard stands for a part of one name.
    let depth = path.iter().filter(|byte| **byte == b'/').count();
    let is_named = |entry: &Entry<'_>| {
        entry.path.iter().filter(|byte| **byte == b'/').count() == depth && matches(&path, entry.path)
    };
    context.listing().iter().filter(is_named).take(MOST).collect()
}

/// The entry of the context that a source without wildcards names.
pub(super) fn entry<'c>(context: &'c Context, point: &Point<'_, '_, '_>, word: &Word<'_>) -> Option<Entry<'c>> {
    context.listing().find(&below_root(point.value(word).known()?.as_bytes()))
}

/// The context of the build, where it is known.
pub(super) fn context<'r>(reading: &Reading<'r, '_>) -> Option<&'r Context> {
    reading.surroundings.map(|surroundings| surroundings.context())
}

/// The entries of a listing that a path may go on with, `typed` being what stands before `offset` from `start` on. Directories first.
pub(super) fn complete(listing: &Listing, typed: &str, start: u32, offset: u32, text: &str) -> Vec<Completion> {
    let (directory, name) = typed.rsplit_once('/').unwrap_or(("", typed));
    let above = below_root(directory.as_bytes());
    let start = (start + Span::of_range(0..typed.len() - name.len()).end).min(offset);
    let is_of_path = |c: char| !c.is_whitespace() && !matches!(c, '/' | '"' | '\'' | ',' | ']');
    let slot = Slot::new(text, start, offset, is_of_path);
    let mut items = Vec::new();
    let mut number = listing.below(&above).start;
    while let Some(entry) = listing.get(number) {
        let Some(below) = strip(entry.path, &above) else { break };
        let is_directory = entry.kind == EntryKind::Directory;
        // What is in a directory is not looked at.
        number = if is_directory { listing.below(entry.path).end.max(number + 1) } else { number + 1 };
        let Some(below) = std::str::from_utf8(below).ok().filter(|below| !below.contains(char::is_whitespace)) else {
            continue;
        };
        let kind = if is_directory { CompletionKind::Directory } else { CompletionKind::File };
        let detail = if is_directory { String::new() } else { HumanSize(entry.content()).to_string() };
        let mut item = slot.item(kind, below, &detail);
        if is_directory {
            item.insert += "/";
            item.label += "/";
            item.goes_on = true;
        }
        items.push(item);
        if items.len() == MOST_COMPLETIONS {
            break;
        }
    }
    items.sort_by_key(|item| item.kind != CompletionKind::Directory);
    items
}
