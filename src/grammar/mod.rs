//! From a logical line to an instruction.
//!
//! What is a language of words is parsed with nom, by complete parsers over the `&str` of one logical line; a place is the
//! distance of two pointers into it, which [`LogicalLine`] turns into a place in the file. The keyword is looked up in a
//! table before any of them runs, so that no error speaks of an instruction that was not meant.
//!
//! Nothing fails here. What can't be read is an error in the [`Context`], and the rest of the line is read on.

mod command;
mod duration;
mod fields;
mod flag;
mod heredoc;
mod image;
mod instruction;
mod json;
mod mount;
mod pair;
mod port;
mod variable;
mod word;

use crate::ast::{Escape, Flag, Keyword, Kind, Word};
use crate::error::{Rejection, SyntaxError, SyntaxErrorKind};
use crate::source::Span;
use crate::syntax::LogicalLine;

#[cfg(test)]
pub(crate) use flag::flag_names;
pub(crate) use heredoc::Marker;
pub(crate) use instruction::read;
#[cfg(test)]
pub(crate) use mount::KEYS as MOUNT_KEYS;
pub use variable::{Operator, Variable, VariableForm};
pub(crate) use word::{lower_case, trim};

/// One logical line and what is said of it.
pub(crate) struct Context<'l, 'a, 'e> {
    /// The line.
    pub(crate) line: LogicalLine<'l, 'a>,
    /// What escapes characters in it.
    pub(crate) escape: Escape,
    /// The errors of the file so far.
    pub(crate) errors: &'e mut Vec<SyntaxError>,
    /// Whether the instruction stands in an `ONBUILD`, whose inner instruction BuildKit parses but does not type.
    pub(crate) trigger: bool,
}

/// What a logical line says.
pub(crate) struct Instruction<'a> {
    /// The keyword as it is written.
    pub(crate) keyword: Word<'a>,
    /// The instruction, its heredocs still without their lines.
    pub(crate) kind: Kind<'a>,
    /// The heredocs that the line announces.
    pub(crate) markers: Vec<Marker>,
}

/// An instruction's words before they are understood.
struct Arguments<'l, 'a> {
    keyword: Keyword,
    /// The keyword as it is written.
    written: &'l str,
    flags: Vec<Flag<'a>>,
    /// What follows the flags, without white space around it.
    rest: &'l str,
}

impl Context<'_, '_, '_> {
    /// Notes what is wrong with `part` of the line.
    #[cold]
    #[inline(never)]
    fn error(&mut self, kind: SyntaxErrorKind, part: &str, rejection: Rejection) {
        let span = self.line.span(part);
        self.error_at(kind, span, rejection);
    }

    /// Notes what is wrong at `span` of the file.
    #[cold]
    #[inline(never)]
    fn error_at(&mut self, kind: SyntaxErrorKind, span: Span, rejection: Rejection) {
        let rejection = if self.trigger { rejection.max_trigger() } else { rejection };
        self.errors.push(SyntaxError { kind, span, rejection });
    }
}

impl Rejection {
    /// When an error of an `ONBUILD`'s inner instruction is met: parsing is parsing, all else waits for the trigger.
    fn max_trigger(self) -> Self {
        if self == Self::Parsing { self } else { Self::Trigger }
    }
}
