//! Round after round, until nothing is left to fix.

use std::collections::HashSet;

use super::choose::{Candidate, choose};
use super::edits::{Manner, applied};
use super::meaning::Changes;
use super::{Dropped, Fixed, Fixer, Level, MOST_ROUNDS, Reason};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::rules;
use crate::source::LineIndex;

/// How many sets of fixes are tried in one round to find those that are wrong.
const MOST_TRIALS: usize = 64;

/// What tells a fix from others wherever it stands: the rule, the line, and what is written instead of what.
type Identity = (&'static str, String, Vec<(String, String)>);

impl Fixer<'_> {
    pub(super) fn run(
        &self,
        text: &str,
        lint: impl Fn(&str) -> Vec<Diagnostic>,
        judge: impl Fn(&str, &str, &Changes) -> Result<(), Reason>,
    ) -> Fixed {
        let mut fixed = Fixed { text: text.to_owned(), remaining: lint(text), ..Fixed::default() };
        let mut refused: HashSet<Identity> = HashSet::new();
        loop {
            let chosen = self.chosen(&fixed, &refused);
            if chosen.is_empty() {
                break;
            }
            if fixed.rounds == MOST_ROUNDS {
                drop_all(&mut fixed, chosen.iter().map(|candidate| (candidate, Reason::Endless)));
                break;
            }
            fixed.rounds += 1;
            let (good, wrong) = admit(&fixed.text, &chosen, &judge);
            refused.extend(wrong.iter().map(|(candidate, _)| identity(&fixed.text, candidate)));
            drop_all(&mut fixed, wrong);
            if good.is_empty() {
                continue;
            }
            for candidate in &good {
                *fixed.applied.entry(candidate.rule.name).or_default() += 1;
            }
            fixed.text = after(&fixed.text, &good);
            fixed.remaining = lint(&fixed.text);
        }
        fixed
    }

    /// The fixes of the next round: those that are safe, as long as there are any, so that they are proved by themselves.
    fn chosen(&self, fixed: &Fixed, refused: &HashSet<Identity>) -> Vec<Candidate> {
        let manner = Manner::of(&fixed.text);
        let of = |applicability: Applicability| {
            choose(fixed.remaining.iter().filter_map(|diagnostic| {
                let fix = diagnostic.fix.as_ref().filter(|fix| fix.applicability == applicability)?;
                let rule = rules::ALL.iter().find(|rule| rule.name == diagnostic.name)?;
                if self.only.is_some_and(|only| !std::ptr::eq(only, *rule)) {
                    return None;
                }
                let edits = manner.edits_of(&fixed.text, fix)?;
                let candidate = Candidate { rule, applicability, place: diagnostic.span, edits };
                (refused.is_empty() || !refused.contains(&identity(&fixed.text, &candidate))).then_some(candidate)
            }))
        };
        let safe = of(Applicability::Safe);
        if safe.is_empty() && self.level == Level::Unsafe { of(Applicability::Unsafe) } else { safe }
    }
}

fn drop_all<'c>(fixed: &mut Fixed, dropped: impl IntoIterator<Item = (&'c Candidate, Reason)>) {
    let mut lines = None;
    for (candidate, reason) in dropped {
        let line = lines.get_or_insert_with(|| LineIndex::new(&fixed.text)).line(candidate.place.start);
        fixed.dropped.push(Dropped { rule: candidate.rule, line, reason });
    }
}

/// Tells the fixes that can be applied together from those that are wrong.
fn admit<'c>(
    text: &str,
    chosen: &'c [Candidate],
    judge: &impl Fn(&str, &str, &Changes) -> Result<(), Reason>,
) -> (Vec<&'c Candidate>, Vec<(&'c Candidate, Reason)>) {
    let (mut good, mut wrong): (Vec<&Candidate>, Vec<_>) = (Vec::new(), Vec::new());
    let mut open = vec![chosen];
    for _ in 0..MOST_TRIALS {
        let Some(trial) = open.pop() else { break };
        // What comes later in the text is tried later, so this stays in order.
        let together: Vec<&Candidate> = good.iter().copied().chain(trial).collect();
        match judge(text, &after(text, &together), &Changes::of(&together)) {
            Ok(()) => good = together,
            Err(reason) => match trial {
                [only] => wrong.push((only, reason)),
                several => {
                    let (first, second) = several.split_at(several.len() / 2);
                    open.extend([second, first]);
                }
            },
        }
    }
    wrong.extend(open.into_iter().flatten().map(|candidate| (candidate, Reason::Untried)));
    (good, wrong)
}

/// The text after some fixes that do not meet.
fn after(text: &str, fixes: &[&Candidate]) -> String {
    let mut edits: Vec<_> = fixes.iter().flat_map(|candidate| &candidate.edits).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    applied(text, edits)
}

fn identity(text: &str, candidate: &Candidate) -> Identity {
    let edits = candidate.edits.iter().map(|edit| (edit.span.of(text).to_owned(), edit.text.clone()));
    let start = candidate.place.start as usize;
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let line = before.rfind('\n').map_or(0, |newline| newline + 1)..start + rest.find('\n').unwrap_or(rest.len());
    (candidate.rule.name, text.get(line).unwrap_or_default().to_owned(), edits.collect())
}
