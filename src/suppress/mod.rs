//! Comments that silence findings: what they say, what they silence, and how to write them.
//!
//! ```
//! use plimsoll::{Linter, Options, parse, suppress};
//!
//! let linter = Linter::new(Options::default()).unwrap();
//! let mut text = "FROM alpine\n".to_owned();
//! let edits = suppress::ignores_for(&parse(&text), &linter.lint(&text), None);
//! for edit in edits.iter().rev() {
//!     text.replace_range(edit.span.range(), &edit.text);
//! }
//! assert_eq!(text, "# plimsoll ignore=DL3006\nFROM alpine\n");
//! assert!(linter.lint(&text).is_empty());
//! ```

mod check_directive;
mod comment;
mod ignores;
mod removal;
mod writing;

use crate::ast::{Dockerfile, Instruction};
use crate::source::Span;

pub(crate) use check_directive::CheckDirective;
pub(crate) use ignores::{Ignores, Told};
pub use writing::{ignores_for, ignores_for_patterns};

/// How far an ignore goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Reach {
    Instruction,
    Stage,
    File,
}

/// The ids of rules in a comment that silences something, be it for this tool or another one.
#[cfg(feature = "lsp")]
pub(crate) fn ids_in_comment(text: &str) -> impl Iterator<Item = &str> {
    comment::Pragma::read(text).said.into_iter().flat_map(|said| said.ids)
}

/// The ids of checks in the `check` directive of a file.
#[cfg(feature = "lsp")]
pub(crate) fn ids_in_directive<'t>(dockerfile: &Dockerfile<'t>) -> impl Iterator<Item = &'t str> + use<'t> {
    CheckDirective::of(dockerfile).ids()
}

/// Where a part of a text stands in it.
pub(crate) fn place(text: &str, part: &str) -> Span {
    let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize).min(text.len());
    Span::of_range(start..start + part.len())
}

/// Where all findings of an instruction begin: in it, or in the comments that belong to it.
fn scope(dockerfile: &Dockerfile<'_>, instruction: &Instruction<'_>) -> Span {
    let first = dockerfile.comments_of(instruction).first().map(|comment| comment.span.start);
    Span::new(first.unwrap_or(instruction.span.start).min(instruction.span.start), instruction.span.end)
}
