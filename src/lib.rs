//! Reads a Dockerfile and its build context exactly as BuildKit does.

pub mod source;

pub use source::{Encoding, LineColumn, LineIndex, Source, SourceError, Span, Spanned};
