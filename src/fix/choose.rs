//! Which fixes go into one round.

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Edit};
use crate::rules::Rule;
use crate::source::Span;

/// A fix that a finding offers.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) rule: &'static Rule,
    pub(super) applicability: Applicability,
    /// Where the finding is.
    pub(super) place: Span,
    /// In order, without overlaps.
    pub(super) edits: Vec<Edit>,
}

impl Candidate {
    fn start(&self) -> u32 {
        self.edits.first().map_or(0, |edit| edit.span.start)
    }
}

/// The fixes that can be applied at once, in order of place: of two that touch the same bytes, or that put something in at one
/// place, the one that begins first. A fix goes in with all its edits or not at all.
pub(super) fn choose(candidates: impl IntoIterator<Item = Candidate>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = candidates.into_iter().collect();
    // Findings are in order of place and rule, and stay so where fixes begin at one place.
    candidates.sort_by_key(Candidate::start);
    let mut taken = Taken::default();
    candidates.retain(|candidate| taken.take(&candidate.edits));
    candidates
}

/// The bytes that are spoken for: the ends of spans by their starts.
#[derive(Default)]
struct Taken(BTreeMap<u32, u32>);

impl Taken {
    /// Takes the places of all edits, if all are free.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let is_free = edits.iter().all(|edit| self.is_free(edit.span));
        if is_free {
            for Edit { span, .. } in edits {
                let end = self.0.entry(span.start).or_default();
                *end = span.end.max(*end);
            }
        }
        is_free
    }

    /// Whether nothing that was taken meets `span`. What is put in meets what ends or begins at its place, too.
    fn is_free(&self, span: Span) -> bool {
        let meets = |start: u32, end: u32| {
            if span.is_empty() || start == end {
                start <= span.end && span.start <= end
            } else {
                start < span.end && span.start < end
            }
        };
        // What is taken does not overlap, so that the nearest before tells.
        let before = self.0.range(..=span.start).next_back();
        let after = self.0.range(span.start..=span.end).take(2);
        !before.into_iter().chain(after).any(|(start, end)| meets(*start, *end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn fixes_that_meet() {
        type Fix<'c> = &'c [(usize, usize)];
        // The fixes, by their edits, and the numbers of those that are chosen.
        let cases: [(&[Fix<'_>], &[u32]); 10] = [
            (&[&[(0, 2)], &[(2, 4)]], &[0, 1]),
            (&[&[(0, 3)], &[(2, 4)]], &[0]),
            (&[&[(0, 3)], &[(1, 2)]], &[0]),
            (&[&[(3, 3)], &[(3, 3)]], &[0]),
            (&[&[(3, 3)], &[(4, 4)]], &[0, 1]),
            (&[&[(0, 3)], &[(3, 3)]], &[0]),
            (&[&[(3, 3)], &[(3, 6)]], &[0]),
            (&[&[(0, 1), (8, 9)], &[(2, 3), (8, 9)], &[(4, 5)]], &[0, 2]),
            (&[&[(5, 6)], &[(0, 1), (5, 6)], &[(2, 3)]], &[1, 2]),
            (&[&[(0, 1), (2, 3), (4, 5)], &[(3, 4)], &[(1, 2)]], &[0, 2, 1]),
        ];
        for (fixes, expected) in cases {
            let candidates = (0..).zip(fixes).map(|(number, fix)| Candidate {
                rule: &rules::no_sudo::RULE,
                applicability: Applicability::Safe,
                place: Span::empty(number),
                edits: fix
                    .iter()
                    .map(|(start, end)| Edit { span: Span::of_range(*start..*end), text: String::new() })
                    .collect(),
            });
            let chosen: Vec<u32> = choose(candidates).iter().map(|candidate| candidate.place.start).collect();
            assert_eq!(chosen, expected, "{fixes:?}");
        }
    }
}
