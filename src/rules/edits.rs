//! What the fixes of several rules share.

use crate::ast::{Dockerfile, Instruction};
use crate::diagnostic::Edit;
use crate::shell::{NodeKind, NodeRef, Operator, Script};
use crate::source::Span;

/// How the lines of a file end: as its first one does.
pub(super) fn line_ending(text: &str) -> &'static str {
    let first = memchr::memchr(b'\n', text.as_bytes()).and_then(|at| text.get(..at));
    if first.is_some_and(|first| first.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// Where the line begins that holds `at`.
fn line_start(text: &str, at: u32) -> u32 {
    let before = text.get(..at as usize).unwrap_or_default();
    memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |newline| Span::of_range(0..newline + 1).end)
}

/// Whether a comment stands in a part of the file.
pub(super) fn holds_comment(dockerfile: &Dockerfile<'_>, span: Span) -> bool {
    let next = dockerfile.comments.partition_point(|comment| comment.span.start < span.start);
    dockerfile.comments.get(next).is_some_and(|comment| comment.span.start < span.end)
}

/// Whether an instruction stands on lines of its own, and not in an `ONBUILD`.
pub(super) fn begins_line(dockerfile: &Dockerfile<'_>, instruction: &Instruction<'_>) -> bool {
    let start = instruction.keyword.span.start;
    let before = Span::new(line_start(dockerfile.text, start), start).of(dockerfile.text);
    before.trim_start_matches('\u{FEFF}').trim_start().is_empty()
}

/// Where a line goes that is to stand above an instruction and the comments that belong to it.
pub(super) fn above(dockerfile: &Dockerfile<'_>, instruction: &Instruction<'_>) -> Span {
    let first = dockerfile.comments_of(instruction).first();
    let first = first.map_or(instruction.span.start, |comment| comment.span.start);
    Span::empty(line_start(dockerfile.text, first))
}

/// The edit that takes an instruction out with its lines; none where a comment in it would be lost, and for one in an `ONBUILD`.
pub(super) fn take_out(dockerfile: &Dockerfile<'_>, instruction: &Instruction<'_>) -> Option<Edit> {
    if holds_comment(dockerfile, instruction.span) || !begins_line(dockerfile, instruction) {
        return None;
    }
    Some(Edit { span: whole_lines(dockerfile.text, instruction.span), text: String::new() })
}

/// The lines that hold nothing but what is at `span`.
pub(super) fn whole_lines(text: &str, span: Span) -> Span {
    let start = line_start(text, span.start);
    let start = if Span::new(start, span.start).of(text).trim().is_empty() { start } else { span.start };
    let after = text.get(span.end as usize..).unwrap_or_default();
    let newline = memchr::memchr(b'\n', after.as_bytes());
    let newline = newline.filter(|at| after.get(..*at).is_some_and(|rest| rest.trim().is_empty()));
    Span::new(start, span.end + newline.map_or(0, |at| Span::of_range(0..at + 1).end))
}

/// The pipelines of a script that is nothing but pipelines joined with `&&`, and could be read whole; none for another script.
pub(super) fn chain<'s>(script: &'s Script<'_>) -> Option<Vec<NodeRef<'s>>> {
    let mut statements = script.root().children();
    let (statement, None) = (statements.next()?, statements.next()) else { return None };
    if statement.kind() != NodeKind::Statement || !is_whole(script) {
        return None;
    }
    let mut pipelines = Vec::new();
    for node in statement.children() {
        match node.kind() {
            NodeKind::Pipeline => pipelines.push(node),
            NodeKind::Operator(Operator::And) => {}
            _ => return None,
        }
    }
    Some(pipelines)
}

/// Whether a shell reads the script, and nothing in it is unreadable.
pub(super) fn is_whole(script: &Script<'_>) -> bool {
    !script.is_exec() && script.dialect().is_read() && script.errors().next().is_none()
}

/// Whether a text means the same with quotes and without, in a shell and in an instruction.
pub(super) fn is_plain(text: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'+' | b'@' | b'%');
    !text.is_empty() && text.bytes().all(plain)
}
