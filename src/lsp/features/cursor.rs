//! What stands at a place.

use crate::ast::{Comment, Directive, Dockerfile, Instruction, Keyword, Kind};
use crate::lsp::document::Reading;
use crate::semantic::Point;
use crate::source::Span;

/// Whether a cursor at `offset` is in a span or at one of its ends.
pub(super) const fn touches(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

/// The instruction at a place, its heredocs included.
pub(super) fn instruction_at<'d>(dockerfile: &'d Dockerfile<'d>, offset: u32) -> Option<&'d Instruction<'d>> {
    let instructions = dockerfile.instructions.as_slice();
    let next = instructions.partition_point(|instruction| instruction.span.start <= offset);
    instructions.get(next.checked_sub(1)?).filter(|instruction| touches(instruction.span, offset))
}

/// The instruction in an `ONBUILD`, where the place is in it; else the instruction itself.
pub(super) fn innermost<'d>(instruction: &'d Instruction<'d>, offset: u32) -> &'d Instruction<'d> {
    match &instruction.kind {
        Kind::Onbuild(onbuild) => match onbuild.instruction.as_deref() {
            Some(inner) if inner.span.start <= offset => inner,
            _ => instruction,
        },
        _ => instruction,
    }
}

/// The comment at a place.
pub(super) fn comment_at<'d>(dockerfile: &'d Dockerfile<'d>, offset: u32) -> Option<&'d Comment<'d>> {
    let next = dockerfile.comments.partition_point(|comment| comment.span.start <= offset);
    dockerfile.comments.get(next.checked_sub(1)?).filter(|comment| touches(comment.span, offset))
}

/// The directive at a place.
pub(super) fn directive_at<'d>(dockerfile: &'d Dockerfile<'d>, offset: u32) -> Option<&'d Directive<'d>> {
    dockerfile.directives.iter().find(|directive| touches(directive.span, offset))
}

/// Where `part` of a text stands that begins at `start`.
pub(super) fn place_of(text: &str, part: &str, start: u32) -> Span {
    let span = crate::suppress::place(text, part);
    Span::new(start + span.start, start + span.end)
}

/// What holds after an instruction, in its stage or before the first one.
pub(super) fn point_after<'r, 'd>(
    reading: &Reading<'r, 'd>,
    instruction: &Instruction<'_>,
) -> Option<Point<'r, 'd, 'd>> {
    let instructions = reading.parsed.dockerfile.instructions.as_slice();
    let next = instructions.partition_point(|other| other.span.start <= instruction.span.start);
    let next = instructions.get(next).filter(|next| next.kind.keyword() != Some(Keyword::From));
    if let Some(next) = next {
        return reading.model.at(next);
    }
    match reading.model.at(instruction)?.stage() {
        Some(stage) => Some(reading.model.at_end(stage)),
        None => Some(reading.model.before_stages()),
    }
}
