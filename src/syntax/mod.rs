//! From bytes to logical lines, with nothing lost.
//!
//! This layer is written by hand, for it is no language of words: the escape character is set by an earlier line, comments
//! and empty lines vanish inside a continuation, the lines of a heredoc are announced by a word in the line before them,
//! and after an error reading goes on with the next line. It knows lines, not instructions; [`crate::grammar`] knows what
//! a logical line says, and [`crate::parse`] puts the two together.

mod directive;
mod heredoc;
mod lines;
mod logical;

pub(crate) use directive::{DirectiveLine, Directives};
pub(crate) use heredoc::{Bodies, Body};
pub(crate) use lines::{LONGEST_LINE, LineKind, Lines, PhysicalLine, indented};
pub(crate) use logical::{Builder, Joiner, LogicalLine, continued};
