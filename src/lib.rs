//! Reads a Dockerfile and its build context exactly as BuildKit does.

pub mod ast;
mod error;
mod grammar;
#[doc(hidden)]
pub mod invariants;
mod nearest;
mod parse;
pub mod source;
mod syntax;

pub use error::{Rejection, SyntaxError, SyntaxErrorKind};
pub use grammar::{Operator, Variable, VariableForm};
pub use parse::{Parsed, parse};
pub use source::{Encoding, LineColumn, LineIndex, Source, SourceError, Span, Spanned};
