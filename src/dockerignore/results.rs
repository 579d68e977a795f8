/// Which patterns count as matching a directory, for the entries in it: what the walk knows when it enters a directory.
///
/// One bit a pattern. Made by [`Ignore::root`](super::Ignore::root) for the root of the context, and by
/// [`Ignore::walk`](super::Ignore::walk) for each directory below. A value that was used before may be used again, which
/// takes no memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ParentResults {
    words: Vec<u64>,
}

impl ParentResults {
    /// No pattern matches.
    pub(super) fn none(patterns: usize) -> Self {
        Self { words: vec![0; patterns.div_ceil(64)] }
    }

    /// Forgets everything, and makes room for this many patterns.
    pub(super) fn reset(&mut self, patterns: usize) {
        self.words.clear();
        self.words.resize(patterns.div_ceil(64), 0);
    }

    /// Says that a pattern matches.
    pub(super) fn insert(&mut self, pattern: usize) {
        if let Some(word) = self.words.get_mut(pattern / 64) {
            *word |= 1 << (pattern % 64);
        }
    }

    /// Whether a pattern matches.
    pub(super) fn contains(&self, pattern: usize) -> bool {
        self.words.get(pattern / 64).is_some_and(|word| word & 1 << (pattern % 64) != 0)
    }

    /// The bits of the patterns, 64 in a word, the first pattern lowest.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }
}
