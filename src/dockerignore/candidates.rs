//! Which of many patterns are worth asking for a path.
//!
//! Most patterns name a beginning or an end of the paths that they match, so tries of these leave few to be asked. The usual
//! patterns among the others are asked all at once, by a `GlobSet`.

use globset::{GlobSet, GlobSetBuilder};
use memchr::memrchr;

use super::general::Matcher;
use super::results::ParentResults;
use super::trie::Trie;

/// From this many patterns on, a `GlobSet` is faster than asking each.
const WORTH_A_SET: usize = 8;

/// So many bytes of a literal tell it from the others.
const TELLING: usize = 32;

/// Finds the patterns that may match a path.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    /// By how a path begins.
    beginnings: Trie,
    /// By how it ends, backwards.
    ends: Trie,
    /// By how its last name begins.
    names: Trie,
    /// The patterns that a set answers for.
    set: Option<(GlobSet, Vec<u32>)>,
    /// The patterns that are always worth asking.
    others: Vec<u32>,
}

impl Candidates {
    pub(super) fn new<'m>(matchers: impl Iterator<Item = Option<&'m Matcher>>) -> Self {
        let (mut beginnings, mut ends, mut names) = (Vec::new(), Vec::new(), Vec::new());
        let (mut usual, mut others) = (Vec::new(), Vec::new());
        for (number, matcher) in (0..).zip(matchers) {
            let Some(matcher) = matcher else {
                others.push(number);
                continue;
            };
            let mut start = matcher.general.literal_start();
            start.truncate(TELLING);
            let end: Vec<u8> = matcher.general.literal_end().into_iter().rev().take(TELLING).collect();
            let name = matcher.glob.as_ref().map(|glob| glob.last_name_start()).unwrap_or_default();
            let name = name.get(..TELLING).unwrap_or(name);
            let longest = start.len().max(end.len()).max(name.len());
            match longest {
                0 => match &matcher.glob {
                    Some(glob) => usual.push((number, glob)),
                    None => others.push(number),
                },
                _ if end.len() == longest => ends.push((end, number)),
                _ if start.len() == longest => beginnings.push((start, number)),
                _ => names.push((name.to_vec(), number)),
            }
        }
        let mut set = None;
        if usual.len() >= WORTH_A_SET {
            let mut builder = GlobSetBuilder::new();
            for glob in usual.iter().filter_map(|(_, glob)| glob.to_shell()) {
                builder.add(glob);
            }
            let numbers: Vec<u32> = usual.iter().map(|(number, _)| *number).collect();
            set = builder.build().ok().filter(|set| set.len() == numbers.len()).map(|set| (set, numbers));
        }
        if set.is_none() {
            others.extend(usual.iter().map(|(number, _)| *number));
        }
        Self { beginnings: Trie::new(beginnings), ends: Trie::new(ends), names: Trie::new(names), set, others }
    }

    /// Marks in `found` the patterns that may match; all that match are among them.
    pub(super) fn find(&self, path: &[u8], found: &mut ParentResults) {
        let (marks, hits) = found.parts();
        let mut mark = |number: u32| {
            if let Some(word) = marks.get_mut(number as usize / 64) {
                *word |= 1 << (number % 64);
            }
        };
        self.beginnings.find(path.iter().copied(), &mut mark);
        self.ends.find(path.iter().rev().copied(), &mut mark);
        if !self.names.is_empty() {
            let name = memrchr(b'/', path).and_then(|slash| path.get(slash + 1..)).unwrap_or(path);
            self.names.find(name.iter().copied(), &mut mark);
        }
        self.others.iter().for_each(|number| mark(*number));
        if let Some((set, numbers)) = &self.set {
            if path.is_ascii() && !path.contains(&b'\n') {
                set.matches_into(std::str::from_utf8(path).unwrap_or_default(), hits);
                hits.iter().filter_map(|hit| numbers.get(*hit)).for_each(|number| mark(*number));
            } else {
                numbers.iter().for_each(|number| mark(*number));
            }
        }
    }
}
