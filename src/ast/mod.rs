//! The typed tree of a Dockerfile.
//!
//! [`Dockerfile`] holds every line of its text once, as an [`Item`], and each instruction typed in full. What is text in
//! the file is a [`Word`] here: its characters after continuations are joined, and its place in the file.

mod flag;
mod instruction;
mod keyword;
mod word;

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use crate::source::Span;

pub use flag::{Device, Flag, FlagKind, Mount, MountOption, MountType, NetworkMode, SecurityMode, Sharing};
pub use instruction::{
    Add, Arg, ArgItem, Cmd, Command, Copy, CopySource, Delimiter, Entrypoint, Env, Expose, Form, From, Healthcheck,
    HealthcheckTest, Heredoc, HeredocSource, Image, Kind, Label, Maintainer, Malformed, Onbuild, OnbuildPrefix, Pair,
    Port, PortValue, Protocol, Run, Shell, Stopsignal, User, Volume, Workdir,
};
pub use keyword::{Keyword, Keywords};
pub use word::Word;
pub(crate) use word::{Piece, map, pieces_of};

/// A Dockerfile as BuildKit reads it, with nothing lost.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Dockerfile<'a> {
    /// The whole text; all spans are of this text.
    #[serde(skip)]
    pub text: &'a str,
    /// What joins lines and escapes characters.
    pub escape: Escape,
    /// The parser directives at the top, in order.
    pub directives: Vec<Directive<'a>>,
    /// All comments in order, those between continued lines too. A directive is no comment.
    pub comments: Vec<Comment<'a>>,
    /// All instructions in order.
    pub instructions: Vec<Instruction<'a>>,
    /// Everything in order: the texts of the items, one after another, are the text of the file.
    #[serde(skip)]
    pub items: Vec<Item>,
}

impl<'a> Dockerfile<'a> {
    /// The comments that belong to `instruction`: those right above it, blank lines notwithstanding, since the last
    /// instruction, directive or empty comment.
    pub fn comments_of(&self, instruction: &Instruction<'_>) -> &[Comment<'a>] {
        let Range { start, end } = instruction.comments.clone();
        self.comments.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The place of `instruction`, or of the `ONBUILD` that it stands in, among the [`Dockerfile::instructions`].
    pub(crate) fn number_of(&self, instruction: &Instruction<'_>) -> Option<usize> {
        // Nearly always it is one of the list, where its address tells.
        let first = self.instructions.as_ptr().addr();
        let number = std::ptr::from_ref(instruction).addr().wrapping_sub(first) / size_of::<Instruction<'_>>();
        match self.instructions.get(number) {
            Some(same) if std::ptr::eq(same, instruction) => Some(number),
            _ => {
                let is_before = |other: &Instruction<'_>| other.span.start <= instruction.span.start;
                self.instructions.partition_point(is_before).checked_sub(1)
            }
        }
    }
}

/// The character that continues lines and escapes characters, `\` unless an `escape` directive says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
pub enum Escape {
    /// `\`
    #[default]
    #[serde(rename = "\\")]
    Backslash,
    /// `` ` ``
    #[serde(rename = "`")]
    Backtick,
}

impl Escape {
    /// The character as the byte it is.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Backslash => b'\\',
            Self::Backtick => b'`',
        }
    }

    /// The character.
    #[must_use]
    pub const fn char(self) -> char {
        self.byte() as char
    }
}

/// A parser directive.
///
/// ```text
/// # syntax=docker/dockerfile:1
/// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ span
///   ^^^^^^ name
///          ^^^^^^^^^^^^^^^^^^^ value
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Directive<'a> {
    /// From `#` to the end of the line.
    pub span: Span,
    /// Which one it is.
    pub kind: DirectiveKind,
    /// The name as it is written.
    pub name: Word<'a>,
    /// The value, without blanks around it.
    pub value: Word<'a>,
}

/// The parser directives that BuildKit knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DirectiveKind {
    /// `# syntax=…`: the frontend that reads the file.
    Syntax,
    /// `# escape=…`: the [`Escape`] character.
    Escape,
    /// `# check=…`: which of BuildKit's checks run.
    Check,
}

/// A comment line.
///
/// ```text
///   # about the next line
///   ^^^^^^^^^^^^^^^^^^^^^ span
///     ^^^^^^^^^^^^^^^^^^^ text
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Comment<'a> {
    /// From `#` to the end of the line.
    pub span: Span,
    /// What follows `#`, without blanks around it.
    pub text: &'a str,
    /// How many bytes of white space stand before `#`.
    pub indent: u32,
    /// The white space before `#`, as far as BuildKit keeps it: see [`Comment::attached_text`].
    #[serde(skip)]
    pub(crate) line: &'a str,
}

impl<'a> Comment<'a> {
    /// The text that BuildKit attaches to the next instruction: it drops the first byte of the line, `#` or not, so an
    /// indented comment keeps its `#`.
    #[must_use]
    pub fn attached_text(&self) -> Cow<'a, str> {
        let mut dropped = 1;
        while !self.line.is_char_boundary(dropped) {
            dropped += 1;
        }
        let rest = self.line.get(dropped..).unwrap_or_default();
        if dropped == 1 {
            return Cow::Borrowed(rest.trim());
        }
        let torn = "\u{FFFD}".repeat(dropped - 1);
        Cow::Owned(torn + rest.trim_end())
    }
}

/// One piece of the file: an instruction, or a line that is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Item {
    /// Whole lines, each with its line feed.
    pub span: Span,
    /// What the lines are.
    pub kind: ItemKind,
}

/// What an [`Item`] is. The numbers index the lists of the same name in [`Dockerfile`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// The byte order mark, which BuildKit skips.
    ByteOrderMark,
    /// A line of white space, or none.
    Blank,
    /// A comment line.
    Comment(u32),
    /// A parser directive.
    Directive(u32),
    /// An instruction with all its lines and heredocs.
    Instruction(u32),
}

/// One instruction.
///
/// ```text
/// RUN --network=none cat <<EOF
/// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ header
/// ^^^ keyword
/// hello
/// EOF
/// ^^^ the end of span
/// ```
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Instruction<'a> {
    /// The instruction with its heredocs, from its first character to the end of its last line, without the line feed.
    pub span: Span,
    /// The instruction without its heredocs: what remains one logical line.
    pub header: Span,
    /// The keyword as it is written.
    pub keyword: Word<'a>,
    /// Which of [`Dockerfile::comments`] belong to it; [`Dockerfile::comments_of`] finds them.
    #[serde(skip)]
    pub comments: Range<u32>,
    /// Whether there is an empty line between its continued lines, which BuildKit tolerates and warns of.
    pub empty_continuation: bool,
    /// The instruction itself.
    #[serde(flatten)]
    pub kind: Kind<'a>,
}

impl<'a> Instruction<'a> {
    /// The flags, in order, unknown ones too.
    #[must_use]
    pub fn flags(&self) -> &[Flag<'a>] {
        self.kind.flags()
    }

    /// The heredocs, in order; those of an `ONBUILD` are its inner instruction's.
    #[must_use]
    pub fn heredocs(&self) -> &[Heredoc<'a>] {
        self.kind.heredocs()
    }
}
