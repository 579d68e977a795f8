//! All that can be mended unasked, at once.

use crate::diagnostic::{Applicability, Diagnostic, Edit};

/// The edits of all safe fixes that can be made together: of two that touch each other, those of the first one.
pub(super) fn safe_edits(found: &[Diagnostic]) -> Vec<Edit> {
    let mut edits: Vec<&Edit> = Vec::new();
    let safe = found.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    let mut end = None;
    for fix in safe.filter(|fix| fix.applicability == Applicability::Safe) {
        let first = fix.edits.first().map(|edit| edit.span.start);
        if first.is_some_and(|first| end.is_none_or(|end| first > end)) {
            end = fix.edits.last().map(|edit| edit.span.end);
            edits.extend(&fix.edits);
        }
    }
    edits.into_iter().cloned().collect()
}
