//! The answers to what editors ask, each kind in a file of its own.
//!
//! An answer is a function of what was read and of a place in it: of [`Reading`](super::document::Reading) for a Dockerfile, of
//! [`IgnoreReading`](super::document::IgnoreReading) for an ignore file, and of an offset or a [`Span`](crate::Span) in bytes. It
//! keeps nothing, waits for nothing, and knows nothing of requests. What it gives holds spans, or ranges of the protocol that
//! [`Positions`](super::positions::Positions) made of spans:
//!
//! ```text
//! pub(crate) fn hover(reading: &Reading<'_, '_>, offset: u32) -> Option<Hover>
//! pub(crate) fn folding(reading: &Reading<'_, '_>, positions: &Positions<'_>) -> Vec<FoldingRange>
//! ```

pub(crate) mod completion;
mod completion_flags;
mod completion_rules;
mod cursor;
pub(crate) mod definition;
pub(crate) mod document_symbols;
pub(crate) mod folding;
pub(crate) mod hints;
pub(crate) mod hover;
pub(crate) mod ignore_completion;
pub(crate) mod ignore_definition;
mod ignore_effects;
pub(crate) mod ignore_hover;
#[cfg(test)]
mod invariants;
pub(crate) mod links;
mod markdown;
mod occurrences;
mod paths;
pub(crate) mod reference;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod selection;
pub(crate) mod signature;
mod takes;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't write its files fails")]
mod testing;
pub(crate) mod tokens;
mod typed;
