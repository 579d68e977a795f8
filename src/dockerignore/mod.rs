//! Ignore files: what a build's context leaves out, exactly as BuildKit decides it.
//!
//! An [`IgnoreFile`] is a `.dockerignore` as it was read: its patterns with their places, and all that is wrong with it. An
//! [`Ignore`] answers for paths. There are two ways to ask, because the reference has two, and they disagree:
//!
//! - **the walk's**, [`Ignore::walk`] and [`Ignore::decide`], decides which files a build sends. It goes down from the root
//!   of the context, and a pattern that was passed over at a directory counts there as not matching;
//! - **the check's**, [`Ignore::matches_or_parent_matches`], is what BuildKit's check `CopyIgnoredFile` asks.
//!
//! Paths are relative to the root of the context, as bytes, with `/` between names and none at either end. They are read as
//! on Linux, wherever this runs.
//!
//! ```
//! use plimsoll::dockerignore::{Ignore, IgnoreFile};
//!
//! let file = IgnoreFile::parse(".dockerignore", "**/*.md\n!README.md\n");
//! let ignore = Ignore::new(&file).unwrap();
//! assert!(ignore.decide(b"docs/guide.md").unwrap().ignored);
//! let readme = ignore.decide(b"README.md").unwrap();
//! assert!(!readme.ignored);
//! assert_eq!(readme.deciding().unwrap().pattern.line, 2);
//! ```
//!
mod analysis;
mod candidates;
mod choose;
mod class;
mod clean;
mod decision;
mod error;
mod expression;
mod file;
mod general;
mod glob;
#[doc(hidden)]
pub mod invariants;
mod matcher;
mod pattern;
mod prune;
mod results;
mod shape;
mod trie;

pub use analysis::{IdleNegation, IdleReason, RedundantPattern};
pub use choose::{ChooseError, Chosen, Tool, choose};
pub use decision::{Decision, Say};
pub use error::{PatternError, PatternErrorKind};
pub use file::IgnoreFile;
pub use matcher::Ignore;
pub use pattern::{Part, PartKind, Pattern};
pub use results::ParentResults;
