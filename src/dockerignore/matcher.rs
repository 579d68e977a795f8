use std::sync::Arc;

use super::candidates::Candidates;
use super::clean::clean;
use super::error::{PatternError, PatternErrorKind};
use super::file::IgnoreFile;
use super::general::Matcher;
use super::pattern::Pattern;
use super::prune::Negations;
use super::results::ParentResults;

/// The patterns of an ignore file, ready to be asked.
///
/// `Send` and `Sync`, and cheap to clone.
#[derive(Clone, Debug)]
pub struct Ignore {
    compiled: Arc<Compiled>,
    /// The directory where patterns start, with a `/` after it; none for the root of the context.
    start: Option<Box<[u8]>>,
}

#[derive(Debug, Default)]
struct Compiled {
    patterns: Vec<Pattern>,
    /// How to ask each pattern; for one that can't be asked, why.
    matchers: Vec<Result<Matcher, PatternErrorKind>>,
    /// Which patterns are negations, 64 in a word.
    exclusions: Vec<u64>,
    candidates: Candidates,
    negations: Negations,
}

impl Ignore {
    /// Takes the patterns of an ignore file.
    ///
    /// # Errors
    ///
    /// The first error of the file, which is there for every one in [`IgnoreFile::errors`]: no build takes the file. A pattern
    /// that is wrong in a way that only shows when it is asked is no error yet.
    pub fn new(file: &IgnoreFile) -> Result<Self, PatternError> {
        if let Some(error) = file.errors.first() {
            return Err(error.clone());
        }
        let mut compiled = Compiled::default();
        for pattern in file.patterns.iter().filter(|pattern| !pattern.cleaned().is_empty()) {
            let at = compiled.patterns.len();
            compiled.exclusions.resize(at / 64 + 1, 0);
            if pattern.exclusion {
                compiled.exclusions.last_mut().into_iter().for_each(|word| *word |= 1 << (at % 64));
            }
            compiled.matchers.push(Matcher::new(pattern.cleaned()));
            compiled.patterns.push(pattern.clone());
        }
        let negations = compiled.patterns.iter().zip(&compiled.matchers).filter(|(pattern, _)| pattern.exclusion);
        compiled.negations = Negations::new(negations.map(|(pattern, matcher)| {
            (pattern.cleaned(), matcher.as_ref().ok().map(|matcher| matcher.general.beginning()))
        }));
        compiled.candidates = Candidates::new(compiled.matchers.iter().map(|matcher| matcher.as_ref().ok()));
        Ok(Self { compiled: Arc::new(compiled), start: None })
    }

    /// Takes patterns that no file holds, as the reference's matcher takes them; see [`IgnoreFile::from_patterns`].
    ///
    /// # Errors
    ///
    /// Those of [`Ignore::new`].
    pub fn from_patterns<P: AsRef<[u8]>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, PatternError> {
        Self::new(&IgnoreFile::from_patterns("patterns", patterns))
    }

    /// Nothing is ignored.
    #[must_use]
    pub fn empty() -> Self {
        Self { compiled: Arc::default(), start: None }
    }

    /// The same patterns, starting at another directory: `public` is then `app/public` for the directory `app`, and what is
    /// not below that directory is not ignored. The root of the context is `.` or nothing.
    #[must_use]
    pub fn rooted_at(mut self, directory: &str) -> Self {
        let cleaned = clean(directory.as_bytes());
        let directory = cleaned.strip_prefix(b"/").unwrap_or(&cleaned);
        self.start = (!matches!(directory, b"" | b".")).then(|| [directory, b"/"].concat().into());
        self
    }

    /// The patterns that are asked, in order.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.compiled.patterns
    }

    /// The patterns that are wrong in a way that only shows when they are asked: a build fails on the first path for which it
    /// asks one.
    pub fn wrong_when_asked(&self) -> impl Iterator<Item = PatternError> {
        let matchers = self.compiled.matchers.iter().enumerate();
        matchers.filter_map(|(at, matcher)| Some(self.error(at, matcher.as_ref().err()?)))
    }

    /// What the walk knows at the root of the context: no pattern has matched.
    #[must_use]
    pub fn root(&self) -> ParentResults {
        ParentResults::none(self.compiled.patterns.len())
    }

    /// Whether the walk leaves a path out, given what it knows of the path's directory; `results` is what it then knows for
    /// the entries in the path, if that is a directory.
    ///
    /// Every path but the root is asked once, each after its directory. `path` is relative to the root of the context.
    /// `parent` is what a call for its directory left in `results`, or [`Ignore::root`] for an entry of the root. `results` may
    /// be any value; what it held is lost.
    ///
    /// ```
    /// # use plimsoll::dockerignore::{Ignore, ParentResults};
    /// let ignore = Ignore::from_patterns(["docs/**", "!docs"]).unwrap();
    /// let root = ignore.root();
    /// let (mut docs, mut page) = (ParentResults::default(), ParentResults::default());
    /// assert!(!ignore.walk(b"docs", &root, &mut docs).unwrap());
    /// // `!docs` was not asked at `docs`, since nothing had matched, and so it brings nothing in `docs` back.
    /// assert!(ignore.walk(b"docs/page.md", &docs, &mut page).unwrap());
    /// // The check asks it again at each parent.
    /// assert!(!ignore.matches_or_parent_matches(b"docs/page.md").unwrap());
    /// ```
    ///
    /// # Errors
    ///
    /// Where a pattern that is wrong had to be asked. The build fails there.
    pub fn walk(&self, path: &[u8], parent: &ParentResults, results: &mut ParentResults) -> Result<bool, PatternError> {
        results.reset(self.compiled.patterns.len());
        let Some(path) = self.below_start(path) else { return Ok(false) };
        self.compiled.candidates.find(path, results);
        let mut ignored = false;
        let (words, _) = results.parts();
        for (at, word) in words.iter_mut().enumerate() {
            let exclusions = self.compiled.exclusions.get(at).copied().unwrap_or(0);
            // What the patterns in `matched` make of the path, of which the last counts.
            let after = |matched: u64, before| if matched == 0 { before } else { highest(matched) & exclusions == 0 };
            let mut matched = parent.word(at);
            let mut candidates = *word & !matched;
            while candidates != 0 {
                let candidate = candidates & candidates.wrapping_neg();
                candidates ^= candidate;
                let so_far = after(matched & (candidate - 1), ignored);
                let is_exclusion = exclusions & candidate != 0;
                if is_exclusion == so_far && self.ask(at * 64 + candidate.trailing_zeros() as usize, path)? {
                    matched |= candidate;
                }
            }
            ignored = after(matched, ignored);
            *word = matched;
        }
        Ok(ignored)
    }

    /// The number of the pattern that decided what [`Ignore::walk`] left `results` about; none where no pattern matched.
    ///
    /// ```
    /// # use plimsoll::dockerignore::{Ignore, ParentResults};
    /// let ignore = Ignore::from_patterns(["*.md", "!README.md"]).unwrap();
    /// let mut results = ParentResults::default();
    /// ignore.walk(b"README.md", &ignore.root(), &mut results).unwrap();
    /// assert_eq!(ignore.deciding(&results), Some(1));
    /// ```
    #[must_use]
    pub fn deciding(&self, results: &ParentResults) -> Option<usize> {
        let words = self.compiled.patterns.len().div_ceil(64);
        let last = (0..words).rev().find(|at| results.word(*at) != 0)?;
        Some(last * 64 + 63 - results.word(last).leading_zeros() as usize)
    }

    /// Whether the walk finds something to keep in a directory that is ignored. If not, it need not enter it.
    ///
    /// For a directory that is not ignored the answer means nothing.
    #[must_use]
    pub fn may_keep_below(&self, directory: &[u8]) -> bool {
        match &self.start {
            None => self.compiled.negations.may_keep_below(directory),
            Some(_) => self.below_start(directory).is_none_or(|below| self.compiled.negations.may_keep_below(below)),
        }
    }

    /// Whether BuildKit's check `CopyIgnoredFile` takes a path for ignored. It asks each pattern for the path and for all its
    /// parents, and forgets what was passed over on the way, so it disagrees with the walk about some paths.
    ///
    /// # Errors
    ///
    /// Where a pattern that is wrong had to be asked.
    pub fn matches_or_parent_matches(&self, path: &[u8]) -> Result<bool, PatternError> {
        let Some(path) = self.below_start(path) else { return Ok(false) };
        let directory = path.iter().rposition(|byte| *byte == b'/').and_then(|slash| path.get(..=slash));
        let directory = directory.map(clean).filter(|directory| directory != b".");
        let mut ignored = false;
        for (at, pattern) in self.compiled.patterns.iter().enumerate() {
            if pattern.exclusion == ignored {
                let mut directories = directory.iter().flat_map(|path| parents(path).chain([path.as_slice()]));
                let matches = self.ask(at, path)? || directories.any(|parent| self.ask(at, parent).unwrap_or(false));
                ignored ^= matches;
            }
        }
        Ok(ignored)
    }

    /// Whether a pattern is a negation that matches a path.
    pub(super) fn would_keep(&self, pattern: usize, path: &[u8]) -> bool {
        self.compiled.patterns.get(pattern).is_some_and(|pattern| pattern.exclusion)
            && self.below_start(path).is_some_and(|path| self.ask(pattern, path).unwrap_or(false))
    }

    /// How to ask each pattern.
    pub(super) fn matchers(&self) -> &[Result<Matcher, PatternErrorKind>] {
        &self.compiled.matchers
    }

    /// Which patterns are worth asking for a path.
    pub(super) fn candidates(&self) -> &Candidates {
        &self.compiled.candidates
    }

    /// The path from where patterns start; none where it is not below.
    pub(super) fn below_start<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        match &self.start {
            None => Some(path),
            Some(start) => path.strip_prefix(&**start),
        }
    }

    /// Whether a pattern matches a path.
    fn ask(&self, pattern: usize, path: &[u8]) -> Result<bool, PatternError> {
        match self.compiled.matchers.get(pattern) {
            Some(Ok(matcher)) => Ok(matcher.matches(path)),
            Some(Err(kind)) => Err(self.error(pattern, kind)),
            None => Ok(false),
        }
    }

    fn error(&self, pattern: usize, kind: &PatternErrorKind) -> PatternError {
        let pattern = self.compiled.patterns.get(pattern);
        PatternError {
            kind: kind.clone(),
            file: pattern.map(|pattern| Arc::clone(&pattern.file)).unwrap_or_default(),
            line: pattern.map_or(0, |pattern| pattern.line),
            span: pattern.map(|pattern| pattern.span).unwrap_or_default(),
        }
    }
}

/// The highest of some bits.
fn highest(bits: u64) -> u64 {
    1 << (63 - bits.leading_zeros())
}

/// The directories that hold a path, the outermost first.
pub(super) fn parents(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.filter_map(|(at, _)| path.get(..at))
}
