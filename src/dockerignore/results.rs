/// Which patterns count as matching a directory, for the entries in it: what the walk knows when it enters a directory.
///
/// One bit a pattern. Made by [`Ignore::root`](super::Ignore::root) for the root of the context, and by
/// [`Ignore::walk`](super::Ignore::walk) for each directory below. A value that was used before may be used again, which
/// takes no memory.
#[derive(Clone, Debug, Default)]
pub struct ParentResults {
    /// A bit a pattern, 64 in a word, the first pattern lowest.
    words: Vec<u64>,
    /// Room to find out.
    hits: Vec<usize>,
}

impl ParentResults {
    /// No pattern matches.
    pub(super) fn none(patterns: usize) -> Self {
        let mut results = Self::default();
        results.reset(patterns);
        results
    }

    /// Forgets everything, and makes room for this many patterns.
    pub(super) fn reset(&mut self, patterns: usize) {
        self.words.clear();
        self.words.resize(patterns.div_ceil(64), 0);
    }

    /// Whether a pattern matches.
    pub(super) fn contains(&self, pattern: usize) -> bool {
        self.words.get(pattern / 64).is_some_and(|word| word & 1 << (pattern % 64) != 0)
    }

    /// The bits of 64 patterns.
    pub(super) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }

    /// The bits, and room to find them out.
    pub(super) fn parts(&mut self) -> (&mut [u64], &mut Vec<usize>) {
        (&mut self.words, &mut self.hits)
    }
}
