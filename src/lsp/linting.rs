//! Linting what is open.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::conditions::Known;
use super::document::Document;
use super::inbox::Event;
use crate::diagnostic::Diagnostic;

/// A document to lint.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) document: Document,
    /// The state that it is in.
    pub(super) state: u64,
    /// What is known of it.
    pub(super) known: Known,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Linted {
    /// The name of the document.
    pub(super) uri: String,
    /// The state that it was in.
    pub(super) state: u64,
    /// The findings; nothing where the linter failed.
    pub(super) found: Option<Vec<Diagnostic>>,
}

impl Job {
    /// Lints the document.
    pub(super) fn run(self) -> Event {
        // A text on which a rule fails must not end the server; the next one may be right.
        let found = catch_unwind(AssertUnwindSafe(|| self.known.lint(&self.document))).ok();
        Event::Linted(Linted { uri: self.document.uri.as_str().to_owned(), state: self.state, found })
    }
}
