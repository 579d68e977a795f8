//! The language server.

pub(crate) mod document;
pub(crate) mod features;
pub(crate) mod positions;
pub(crate) mod uri;
