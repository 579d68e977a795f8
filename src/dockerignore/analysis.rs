//! What can be said of patterns without any path: which of them change nothing.

use std::cell::Cell;
use std::collections::HashMap;

use super::matcher::{Ignore, parents};
use super::results::ParentResults;
use super::shape::Shape;

/// So many patterns are compared at most. No real file has more, and comparing each with each would take long.
const MOST_PATTERNS: usize = 4096;

/// So many comparisons are made at most.
const MOST_COMPARISONS: usize = 1 << 18;

/// A pattern without which every build sends what it sends with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RedundantPattern {
    /// Its number among [`Ignore::patterns`].
    pub pattern: usize,
    /// The number of the one that does all that it does.
    pub because_of: usize,
    /// Whether the two are the same.
    pub is_same: bool,
}

/// A pattern with `!` that brings nothing back, whatever the paths are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IdleNegation {
    /// Its number among [`Ignore::patterns`].
    pub pattern: usize,
    /// Why that is so.
    pub reason: IdleReason,
}

/// Why a pattern with `!` brings nothing back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdleReason {
    /// There is no pattern without `!` before it.
    Nothing,
    /// No pattern before it leaves out what it names.
    OtherPaths,
    /// Only the one of this number leaves it out, which comes later.
    TooEarly(usize),
    /// The one of this number leaves out what is in the directory that it names, and not the directory.
    Content(usize),
    /// The same, and a pattern of this number brings back some of it.
    NamedBelow(usize),
}

impl Ignore {
    /// The patterns that could be taken out, all of them at once, and each build would send what it sends now.
    ///
    /// Only what is certain by the patterns alone is among them; and nothing, if one can't be asked.
    ///
    /// ```
    /// # use plimsoll::dockerignore::Ignore;
    /// let ignore = Ignore::from_patterns(["docs", "*.log", "docs/old", "!a.log", "*.log"]).unwrap();
    /// let redundant: Vec<_> = ignore.redundant_patterns().iter().map(|found| (found.pattern, found.because_of)).collect();
    /// // The last `*.log` takes `a.log` out again.
    /// assert_eq!(redundant, [(2, 0)]);
    /// ```
    #[must_use]
    pub fn redundant_patterns(&self) -> Vec<RedundantPattern> {
        Patterns::of(self).map(|patterns| patterns.redundant()).unwrap_or_default()
    }

    /// The patterns with `!` that bring nothing back, whatever the paths are.
    ///
    /// Only what is certain by the patterns alone is among them; and nothing, if one can't be asked.
    ///
    /// ```
    /// # use plimsoll::dockerignore::{IdleReason, Ignore};
    /// let ignore = Ignore::from_patterns(["**/*.md", "!docs", "!README.md"]).unwrap();
    /// let idle = ignore.idle_negations();
    /// assert_eq!((idle.len(), idle[0].pattern, idle[0].reason), (1, 1, IdleReason::Content(0)));
    /// ```
    #[must_use]
    pub fn idle_negations(&self) -> Vec<IdleNegation> {
        Patterns::of(self).map(|patterns| patterns.idle()).unwrap_or_default()
    }

    /// Of each pattern the first of these paths that it matches, by itself, whatever the others say.
    ///
    /// ```
    /// # use plimsoll::dockerignore::Ignore;
    /// let ignore = Ignore::from_patterns(["*.md", "docs", "!docs/a"]).unwrap();
    /// let paths: [&[u8]; 3] = [b"README.md", b"docs/a", b"a.md"];
    /// assert_eq!(ignore.first_matches(paths), [Some(&b"README.md"[..]), None, Some(b"docs/a")]);
    /// ```
    pub fn first_matches<'p>(&self, paths: impl IntoIterator<Item = &'p [u8]>) -> Vec<Option<&'p [u8]>> {
        let mut first: Vec<Option<&'p [u8]>> = vec![None; self.patterns().len()];
        let mut candidates = ParentResults::default();
        for path in paths {
            let Some(below) = self.below_start(path) else { continue };
            candidates.reset(first.len());
            self.candidates().find(below, &mut candidates);
            for (at, (first, matcher)) in first.iter_mut().zip(self.matchers()).enumerate() {
                let is_match = || matcher.as_ref().is_ok_and(|matcher| matcher.matches(below));
                if first.is_none() && candidates.contains(at) && is_match() {
                    *first = Some(path);
                }
            }
        }
        first
    }

    /// Whether all patterns are of the usual kind: made of names, `*`, `?`, and `**` for whole names.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.patterns().iter().all(|pattern| Shape::of(pattern.cleaned()).is_some())
    }
}

/// The patterns of a matcher, to be compared with each other.
struct Patterns<'i> {
    ignore: &'i Ignore,
    shapes: Vec<Option<Shape>>,
    comparisons: Cell<usize>,
}

impl<'i> Patterns<'i> {
    /// None where there are too many, or one can't be asked: whether a build fails on it depends on the others.
    fn of(ignore: &'i Ignore) -> Option<Self> {
        if ignore.patterns().len() > MOST_PATTERNS || ignore.matchers().iter().any(Result::is_err) {
            return None;
        }
        let shapes = ignore.patterns().iter().map(|pattern| Shape::of(pattern.cleaned())).collect();
        Some(Self { ignore, shapes, comparisons: Cell::new(0) })
    }

    fn is_negation(&self, at: usize) -> bool {
        self.ignore.patterns().get(at).is_some_and(|pattern| pattern.exclusion)
    }

    fn shape(&self, at: usize) -> Option<&Shape> {
        self.shapes.get(at)?.as_ref()
    }

    /// Whether there is still time to compare.
    fn may_compare(&self) -> bool {
        self.comparisons.set(self.comparisons.get() + 1);
        self.comparisons.get() <= MOST_COMPARISONS
    }

    fn redundant(&self) -> Vec<RedundantPattern> {
        let patterns = self.ignore.patterns();
        let mut is_redundant = vec![false; patterns.len()];
        let mut last_same: HashMap<(&[u8], bool), usize> = HashMap::new();
        let mut redundant = Vec::new();
        for (at, pattern) in patterns.iter().enumerate() {
            let same = last_same.insert((pattern.cleaned(), pattern.exclusion), at);
            let same = same.filter(|same| self.is_repeated(at, *same));
            let other = same.or_else(|| if pattern.exclusion { None } else { self.cover_of(at, &is_redundant) });
            let Some(because_of) = other else { continue };
            if let Some(place) = is_redundant.get_mut(at) {
                *place = true;
            }
            if same.is_some() {
                // Later ones are held against the one that stays.
                last_same.insert((pattern.cleaned(), pattern.exclusion), because_of);
            }
            redundant.push(RedundantPattern { pattern: at, because_of, is_same: same.is_some() });
        }
        redundant
    }

    /// Whether the same pattern earlier still decides when it comes to this one: nothing of the other kind between them touches
    /// what they match. A pattern is asked only where it changes something, so that this one is never asked with success.
    fn is_repeated(&self, at: usize, earlier: usize) -> bool {
        let is_negation = self.is_negation(at);
        (earlier + 1..at).all(|between| self.is_negation(between) == is_negation || !self.meets(between, at))
    }

    /// Whether a pattern may match something that another one matches, or a directory that holds it.
    fn meets(&self, one: usize, other: usize) -> bool {
        if !self.may_compare() {
            return true;
        }
        match (self.shape(one), self.shape(other)) {
            (Some(one), Some(other)) => one.may_meet(other),
            _ => true,
        }
    }

    /// The pattern that leaves out all that this one leaves out.
    fn cover_of(&self, at: usize, is_redundant: &[bool]) -> Option<usize> {
        self.shape(at)?;
        let stays = |at: usize| is_redundant.get(at) == Some(&false);
        // Negations in force for what this one matches, the last first.
        let last_negation = (0..at).rev().find(|before| self.is_negation(*before) && self.meets(*before, at));
        let next_negation = (at..self.shapes.len()).find(|after| self.is_negation(*after)).unwrap_or(self.shapes.len());
        let has_negation_before = (0..at).any(|before| self.is_negation(before));
        for other in (0..next_negation).filter(|other| *other != at && stays(*other)) {
            if self.is_negation(other) || !self.may_compare() {
                continue;
            }
            let (Some(cover), Some(own)) = (self.shape(other), self.shape(at)) else { continue };
            let certain = match other < at {
                // A directory that an earlier one leaves out stays left out, if nothing brings back what this one matches.
                true if last_negation.is_none() => cover.covers(own),
                true => last_negation.is_some_and(|negation| negation < other) && cover.matches_all_of(own),
                // Where the two do the same, the later one is taken out. No pattern with `!` stands between them.
                false if own.covers(cover) => false,
                false if !has_negation_before => cover.covers(own),
                false => cover.matches_all_of(own),
            };
            if certain {
                return Some(other);
            }
        }
        None
    }

    fn idle(&self) -> Vec<IdleNegation> {
        let mut idle = Vec::new();
        for at in (0..self.shapes.len()).filter(|at| self.is_negation(*at)) {
            let before: Vec<usize> = (0..at).filter(|before| !self.is_negation(*before)).collect();
            if before.iter().any(|before| self.may_leave_out(*before, at)) {
                continue;
            }
            let content = before.iter().rev().copied().find(|before| match (self.shape(*before), self.shape(at)) {
                (Some(before), Some(own)) => own.path().is_some() && before.may_match_below(own),
                _ => false,
            });
            let mut after = at + 1..self.shapes.len();
            let later = after.find(|after| !self.is_negation(*after) && self.certainly_leaves_out(*after, at));
            let reason = match (content, later) {
                (None, Some(later)) => IdleReason::TooEarly(later),
                (None, None) if before.is_empty() => IdleReason::Nothing,
                (None, None) => IdleReason::OtherPaths,
                (Some(content), _) => self.named_below(at).map_or(IdleReason::Content(content), IdleReason::NamedBelow),
            };
            idle.push(IdleNegation { pattern: at, reason });
        }
        idle
    }

    /// Whether a pattern may leave out something that the negation at `at` matches.
    fn may_leave_out(&self, pattern: usize, at: usize) -> bool {
        if !self.may_compare() {
            return true;
        }
        match self.shape(at).and_then(Shape::path) {
            // There is one path, and so the pattern can be asked.
            Some(path) => match self.ignore.matchers().get(pattern) {
                Some(Ok(matcher)) => parents(&path).chain([path.as_slice()]).any(|path| matcher.matches(path)),
                _ => true,
            },
            None => match (self.shape(pattern), self.shape(at)) {
                (Some(pattern), Some(own)) => pattern.may_meet(own),
                _ => true,
            },
        }
    }

    /// Whether a pattern leaves out all that the negation at `at` matches.
    fn certainly_leaves_out(&self, pattern: usize, at: usize) -> bool {
        let (Some(pattern), Some(own)) = (self.shape(pattern), self.shape(at)) else { return false };
        self.may_compare() && pattern.covers(own)
    }

    /// A negation of something in the directory that the one at `at` names.
    fn named_below(&self, at: usize) -> Option<usize> {
        let own = self.ignore.patterns().get(at)?.cleaned();
        let is_below = |path: &[u8]| path.strip_prefix(own).is_some_and(|rest| rest.first() == Some(&b'/'));
        let mut others = self.ignore.patterns().iter().enumerate();
        others.find(|(_, pattern)| pattern.exclusion && is_below(pattern.cleaned())).map(|(other, _)| other)
    }
}
