use std::sync::Arc;

use thiserror::Error;

use crate::source::Span;

/// A pattern that BuildKit does not take, and so no build with this ignore file succeeds.
///
/// Shown as `.dockerignore:3: a class ends with \`]\`, and this one has none`.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{file}:{line}: {kind}")]
pub struct PatternError {
    /// What is wrong.
    pub kind: PatternErrorKind,
    /// The name of the ignore file, as it was given when it was read.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: u32,
    /// The bytes of the ignore file that are wrong.
    pub span: Span,
}

/// What can be wrong with a pattern.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Error)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// A line of 65,536 bytes or more.
    #[error("the line is {0} bytes long, and Docker reads lines of at most 65,535 bytes")]
    LineTooLong(usize),
    /// `!` and nothing after it.
    #[error("`!` brings a pattern's paths back, and there is no pattern after it")]
    NothingNegated,
    /// `a\`
    #[error("`\\` takes the character after it as it is, and there is none")]
    TrailingBackslash,
    /// `[a`
    #[error("`[` begins a class of characters, and no `]` ends it")]
    UnclosedClass,
    /// `[]`, `[^]`
    #[error("the class of characters is empty")]
    EmptyClass,
    /// `[a-]`, `[-a]`
    #[error("`-` stands between two characters in a class, and here one is missing")]
    LonelyDash,
    /// A byte in a class that is not UTF-8.
    #[error("a character in the class is not UTF-8")]
    NotUtf8InClass,
    /// `\y`.
    #[error("`{0}` means nothing in a pattern: `\\` before a letter or digit asks for a class, like `\\d`")]
    UnknownEscape(String),
    /// `[z-a]`.
    #[error("the range `{0}` is the wrong way round")]
    ReversedRange(String),
    /// `[[:foo:]]`, `\p{Foo}`.
    #[error("there is no class of characters `{0}`")]
    UnknownClass(String),
    /// `*{2}`.
    #[error("`{0}` repeats what comes before it, and that can't be repeated")]
    NothingToRepeat(String),
    /// `a{1001}*`.
    #[error("`{0}` repeats what comes before it, 1,000 times at most")]
    TooManyTimes(String),
    /// All repetitions together.
    #[error("the pattern's repetitions are too large")]
    TooLarge,
}

impl PatternErrorKind {
    /// What Docker says of it, which is not much.
    #[must_use]
    pub const fn as_docker_says(&self) -> &'static str {
        match self {
            Self::LineTooLong(_) => "bufio.Scanner: token too long",
            Self::NothingNegated => "illegal exclusion pattern: \"!\"",
            _ => "syntax error in pattern",
        }
    }

    /// What to write instead.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::LineTooLong(_) => "put each pattern on a line of its own",
            Self::NothingNegated => "write a pattern after `!`, or take the line out",
            Self::TrailingBackslash => "take the `\\` out, or write `\\\\` for a name that ends with one",
            Self::UnclosedClass => "end the class with `]`, or write `\\[` for a name that holds `[`",
            Self::EmptyClass => "name the characters, or write `\\[` and `\\]` for a name that holds them",
            Self::LonelyDash => "write `\\-` for the character `-`",
            Self::NotUtf8InClass => "save the file as UTF-8",
            Self::UnknownEscape(_) => {
                "take the `\\` out: only `*`, `?`, `[`, `]`, `\\`, `{`, `}`, `|` and `^` need one"
            }
            Self::ReversedRange(_) => "write the smaller character first",
            Self::UnknownClass(_) => "name the characters, like `[a-z]`",
            Self::NothingToRepeat(_) | Self::TooManyTimes(_) | Self::TooLarge => {
                "braces are no alternation here: write `\\{` for a name that holds `{`, and a line for each alternative"
            }
        }
    }
}
