//! Reads a Dockerfile and its build context exactly as BuildKit does.
#![doc = include_str!("../README.md")]

pub mod ast;
pub mod context;
pub mod diagnostic;
pub mod dockerignore;
mod error;
mod expand;
pub mod fix;
mod grammar;
#[doc(hidden)]
pub mod invariants;
mod lint;
mod nearest;
mod parse;
pub mod rules;
mod selection;
pub mod semantic;
pub mod shell;
mod size;
pub mod source;
pub mod suppress;
mod syntax;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod config;
#[cfg(feature = "lsp")]
mod lsp;
#[cfg(feature = "cli")]
mod render;
#[cfg(feature = "cli")]
mod yaml;

pub use error::{Rejection, SyntaxError, SyntaxErrorKind};
pub use grammar::{Operator, Variable, VariableForm};
pub use lint::{Linter, Options};
pub use parse::{Parsed, parse};
pub use selection::{Choice, Reason, RuleSet, Selection, Selector, UnknownRule};
pub use source::{Encoding, LineColumn, LineIndex, Source, SourceError, Span, Spanned};

/// The examples of the page on the library.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct LibraryPage;
