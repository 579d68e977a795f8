//! Edits that make one text of another.

use similar::{Algorithm, DiffOp, TextDiff};

use crate::diagnostic::Edit;
use crate::source::Span;

/// The edits that make `after` of `before`: whole lines, and only those that differ, so that what an editor keeps of the others
/// stays.
pub(super) fn difference(before: &str, after: &str) -> Vec<Edit> {
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(before, after);
    let starts = |slices: &[&str]| -> Vec<usize> {
        std::iter::once(0)
            .chain(slices.iter().scan(0, |at, line| {
                *at += line.len();
                Some(*at)
            }))
            .collect()
    };
    let (old, new) = (starts(diff.old_slices()), starts(diff.new_slices()));
    let span = |starts: &[usize], lines: std::ops::Range<usize>| {
        let at = |line: usize| starts.get(line).copied().unwrap_or_default();
        Span::of_range(at(lines.start)..at(lines.end))
    };
    let edit = |(old_end, new_end): (usize, usize), (old_start, new_start): (usize, usize)| Edit {
        span: span(&old, old_end..old_start),
        text: span(&new, new_end..new_start).of(after).to_owned(),
    };
    // What lies between two parts that are the same is one edit, however many steps it was found in.
    let mut edits = Vec::new();
    let mut end = (0, 0);
    let last = (old.len() - 1, new.len() - 1);
    let equal = diff.ops().iter().filter(|operation| matches!(operation, DiffOp::Equal { .. }));
    let equal = equal.map(|operation| (operation.old_range(), operation.new_range()));
    for (old, new) in equal.chain([(last.0..last.0, last.1..last.1)]) {
        if (old.start, new.start) != end {
            edits.push(edit(end, (old.start, new.start)));
        }
        end = (old.end, new.end);
    }
    edits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_lines_that_differ() {
        let edits = difference("a\nb\nc\n", "a\nx\ny\nc\n");
        assert_eq!(edits, [Edit { span: Span::new(2, 4), text: "x\ny\n".to_owned() }]);
        assert_eq!(difference("é", "é"), []);
    }

    proptest! {
        #[test]
        fn makes_one_of_the_other(before in "[aé\r\n]{0,12}", after in "[aé\r\n]{0,12}") {
            let mut text = before.clone();
            for edit in difference(&before, &after).iter().rev() {
                text.replace_range(edit.span.range(), &edit.text);
            }
            prop_assert_eq!(text, after);
        }
    }
}
