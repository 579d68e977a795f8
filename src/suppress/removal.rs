//! Taking ids out of comments.

use std::ops::Range;

use super::ignores::Ignore;
use crate::ast::{Comment, Dockerfile};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::Directives;

/// A comment of this tool's own.
pub(super) struct OwnComment {
    /// The whole line, with its end.
    pub(super) line: Span,
    /// Which of the ignores are its ids.
    pub(super) ids: Range<usize>,
    /// Whether anything may be taken out: what a script holds is part of what the build does.
    pub(super) removable: bool,
}

impl OwnComment {
    /// The line of a comment with its end, without a byte order mark.
    pub(super) fn line(text: &str, comment: Span) -> Span {
        let before = text.get(..comment.start as usize).unwrap_or_default();
        let start = before.trim_end_matches(|c: char| c != '\n' && c != '\u{feff}').len();
        let after = text.get(comment.end as usize..).unwrap_or_default();
        let end = after.find('\n').map_or(text.len(), |feed| comment.end as usize + feed + 1);
        Span::of_range(start..end)
    }

    /// The fix that takes the id at `index` out: with the whole comment, if none stays, of which `last_kept` is the last.
    pub(super) fn removal(&self, ids: &[Ignore<'_>], last_kept: Option<usize>, index: usize) -> Option<Fix> {
        if !self.removable {
            return None;
        }
        let span = |index: usize| ids.get(index).map(|ignore| ignore.span);
        let id = ids.get(index)?;
        let title = format!("take `{}` out", id.id).into();
        let (title, span) = match last_kept {
            None => ("take the comment out".into(), self.line),
            Some(last) if last > index => (title, Span::new(id.span.start, span(index + 1)?.start)),
            Some(_) => (title, Span::new(span(index.checked_sub(1)?)?.end, id.span.end)),
        };
        Some(Fix { title, applicability: Applicability::Safe, edits: vec![Edit { span, text: String::new() }] })
    }
}

/// Whether a comment keeps the line below it from being a directive, so that it must stay.
pub(super) fn is_pinned(dockerfile: &Dockerfile<'_>, comment: &Comment<'_>) -> bool {
    let line = OwnComment::line(dockerfile.text, comment.span);
    let is_first = dockerfile.comments.first().is_some_and(|first| first.span == comment.span)
        && dockerfile.instructions.first().is_none_or(|first| first.span.start > comment.span.start);
    let next = dockerfile.text.get(line.end as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    is_first && Directives::default().read(next.trim_start()).is_some()
}
