//! What of the context each instruction takes.

use std::collections::HashSet;

use super::Landings;
use super::landing::split_wildcards;
use super::take::{Take, Way};
use crate::ast::Word;
use crate::context::path::strip;
use crate::context::{Context, Entry};
use crate::source::Span;

/// What of the context an instruction takes.
#[derive(Clone, Debug)]
pub struct Taken<'l, 'd, 'a> {
    /// The instruction, and what it says.
    pub take: &'l Take<'d, 'a>,
    /// The entries, in the order sent.
    pub entries: Vec<Entry<'l>>,
}

impl<'d, 'a> Landings<'d, 'a> {
    /// What each `COPY` and `ADD` takes of the context, each instruction once, in order.
    #[must_use]
    pub fn taken<'l>(&'l self, context: &'l Context) -> Vec<Taken<'l, 'd, 'a>> {
        let mut seen: HashSet<Span> = HashSet::new();
        // An instruction in an ONBUILD may run several times.
        let is_first = |take: &Take<'d, 'a>| take.way != Way::Mount && seen.insert(take.instruction.span);
        let mut taken: Vec<(Taken<'l, 'd, 'a>, bool)> = Vec::with_capacity(self.takes.len());
        let firsts: Vec<bool> = self.takes.iter().map(is_first).collect();
        taken.extend(self.takes.iter().zip(firsts).map(|(take, first)| (Taken { take, entries: Vec::new() }, first)));
        for landing in &self.landings {
            if let Some((taken, true)) = taken.get_mut(landing.take)
                && let Some(entry) = context.listing().get(landing.entry)
            {
                taken.entries.push(entry);
            }
        }
        taken.into_iter().filter(|(_, first)| *first).map(|(taken, _)| taken).collect()
    }
}

impl<'d, 'a> Taken<'_, 'd, 'a> {
    /// Where to speak of all that is taken: the source, or the instruction where there are several.
    #[must_use]
    pub fn span(&self) -> Span {
        match self.take.sources.as_slice() {
            [only] => only.word.map_or(self.take.instruction.header, |word| word.span),
            _ => self.take.instruction.header,
        }
    }

    /// The sources without wildcards, or the directories in which these begin, the longest first.
    #[must_use]
    pub fn bases(&self) -> Vec<Vec<u8>> {
        let known = self.take.sources.iter().filter_map(|source| source.path.known());
        let mut bases: Vec<Vec<u8>> = known.map(|path| split_wildcards(path.as_bytes()).0).collect();
        bases.sort_by_key(|base| std::cmp::Reverse(base.len()));
        bases
    }

    /// The only source, where there is one only.
    #[must_use]
    pub fn only_source(&self) -> Option<&'d Word<'a>> {
        match self.take.sources.as_slice() {
            [only] => only.word,
            _ => None,
        }
    }
}

/// What of a path is below the first of `bases` that holds it.
#[must_use]
pub fn below_bases<'p>(path: &'p [u8], bases: &[Vec<u8>]) -> Option<&'p [u8]> {
    bases.iter().find_map(|base| strip(path, base))
}
