//! Fixes, applied so that a file can be trusted to mean what it meant.
//!
//! A [`Fixer`] takes a text and what lints it. Fixes that do not touch each other are applied at once, the new text is linted
//! again, and so on until nothing is left to fix. What safe fixes make of a file is read again and compared with what was there:
//! instructions, values, stages. A fix after which a file would say something else than its rule
//! [declares](crate::rules::Change), or after which it could not be read, is left out, and [`Fixed::dropped`] tells.
//!
//! ```
//! use plimsoll::fix::{Fixer, Level};
//! use plimsoll::{Linter, Options};
//!
//! let linter = Linter::new(Options::default()).unwrap();
//! let text = "FROM alpine:3.22 as build\nENV greeting hello world\nRUN apk add curl=8\n";
//! let fixed = Fixer::new(Level::Safe).fix(text, |parsed| linter.lint_parsed(parsed));
//! assert_eq!(fixed.text, "FROM alpine:3.22 AS build\nENV greeting=\"hello world\"\nRUN apk add --no-cache curl=8\n");
//! assert_eq!(fixed.applied["no-apk-cache"], 1);
//! ```

mod choose;
mod edits;
#[doc(hidden)]
pub mod invariants;
mod meaning;
mod rounds;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::dockerignore::IgnoreFile;
use crate::parse::{Parsed, parse};
use crate::rules::Rule;
use edits::{Manner, applied};

/// After so many rounds, fixes that are still offered undo each other.
const MOST_ROUNDS: usize = 10;

/// Which fixes are applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// Those after which the build does what it did.
    #[default]
    Safe,
    /// Those after which the build may do something else, too.
    Unsafe,
}

impl Level {
    /// Whether a fix is applied.
    #[must_use]
    pub const fn allows(self, applicability: Applicability) -> bool {
        match applicability {
            Applicability::Safe => true,
            Applicability::Unsafe => matches!(self, Self::Unsafe),
            Applicability::Display => false,
        }
    }
}

/// Applies fixes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixer<'r> {
    level: Level,
    only: Option<&'r Rule>,
}

/// What became of a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fixed {
    /// The text, which is the old one where nothing was fixed.
    pub text: String,
    /// How many fixes were applied, by the name of the rule.
    pub applied: BTreeMap<&'static str, usize>,
    /// The fixes that were not applied although they were asked for, in the order in which they were met.
    pub dropped: Vec<Dropped>,
    /// How often fixes were applied and the text linted again.
    pub rounds: usize,
    /// What is still said of the text.
    pub remaining: Vec<Diagnostic>,
}

/// A fix that was not applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dropped {
    /// The rule that offered it.
    pub rule: &'static Rule,
    /// The line of the finding, counted from 1, in the text as it was then.
    pub line: u32,
    /// Why.
    pub reason: Reason,
}

/// Why a fix was not applied. Each is a defect of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error)]
pub enum Reason {
    /// Something that could be read could no longer be read.
    #[error("its fix would leave what BuildKit can't read")]
    Syntax,
    /// A safe fix would change what the file means.
    #[error("its fix is said to be safe, but would change what the file means")]
    Meaning,
    /// It was still offered after the last round.
    #[error("its fix is offered again and again")]
    Endless,
    /// Too many fixes around it were wrong for this one to be tried by itself.
    #[error("its fix could not be told from others that are wrong")]
    Untried,
}

impl<'r> Fixer<'r> {
    /// One that applies the fixes of a level.
    #[must_use]
    pub const fn new(level: Level) -> Self {
        Self { level, only: None }
    }

    /// The same, for the fixes of one rule only.
    #[must_use]
    pub const fn only(self, rule: &'r Rule) -> Self {
        Self { only: Some(rule), ..self }
    }

    /// Fixes a Dockerfile; `lint` is what is said of a text.
    pub fn fix(&self, text: &str, lint: impl Fn(&Parsed<'_>) -> Vec<Diagnostic>) -> Fixed {
        let lint = |text: &str| lint(&parse(text));
        let judge = |before: &str, after: &str, changes: &meaning::Changes| meaning::judge(before, after, changes);
        self.run(text, lint, judge)
    }

    /// Fixes an ignore file, which messages call `name`; `lint` is what is said of it.
    pub fn fix_ignore_file(&self, name: &str, bytes: &[u8], lint: impl Fn(&IgnoreFile) -> Vec<Diagnostic>) -> Fixed {
        let read = |text: &str| match crate::source::encode(text, bytes) {
            Some(bytes) => IgnoreFile::parse_bytes(name, &bytes),
            None => IgnoreFile::parse(name, text),
        };
        let file = IgnoreFile::parse_bytes(name, bytes);
        if file.encoding.is_some() {
            // What is read there is not what is written.
            return Fixed { remaining: lint(&file), text: file.text, ..Fixed::default() };
        }
        let lint = |text: &str| lint(&read(text));
        let judge = |before: &str, after: &str, changes: &meaning::Changes| {
            meaning::judge_ignore_file(&read(before), &read(after), changes)
        };
        self.run(&file.text, lint, judge)
    }
}

/// The edits of one fix as a text needs them, in order: the ends of lines as they are in the text, and nothing before its byte
/// order mark. None where the fix is not of this text, or changes nothing.
#[must_use]
pub fn edits(text: &str, fix: &Fix) -> Option<Vec<Edit>> {
    Manner::of(text).edits_of(text, fix)
}

/// A text after one fix; none where [`edits`] has none.
#[must_use]
pub fn apply(text: &str, fix: &Fix) -> Option<String> {
    edits(text, fix).map(|edits| applied(text, &edits))
}
