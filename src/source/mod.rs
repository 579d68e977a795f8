//! The bytes of a file and the places in it.
//!
//! Everything above this module speaks in [`Span`]s, byte offsets into the text of a [`Source`]. Lines and columns,
//! whatever their encoding, are computed at the edge, from the [`LineIndex`].

mod lines;
mod span;
mod text;

pub use lines::{LineColumn, LineIndex};
pub(crate) use span::offset;
pub use span::{Span, Spanned};
pub use text::{Encoding, Source, SourceError, encode};
