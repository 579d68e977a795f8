//! The language server.
//!
//! It speaks the protocol on its standard input and output, without a runtime: one thread reads what the client says, one keeps
//! what is open, one makes answers, one lints, and one at a time walks through a directory. What is open is kept as text; it is read again for each
//! answer.

mod actions;
mod answers;
mod capabilities;
mod client;
mod conditions;
mod diagnostics;
pub(crate) mod document;
pub(crate) mod features;
mod fixing;
mod handshake;
mod ignoring;
mod inbox;
mod linting;
mod notes;
mod outbox;
mod pending;
pub(crate) mod positions;
mod requests;
mod server;
mod settings;
mod symbols;
mod transport;
pub(crate) mod uri;
mod walks;
mod work;
mod workspace;

use std::io;

use crate::cli::{Outcome, Streams};
use handshake::Ending;

/// Serves the client at standard input and output, until it leaves.
pub(crate) fn run(streams: &mut Streams<'_>) -> io::Result<Outcome> {
    // Standard input is read by a thread of its own, which nothing outlives.
    Ok(match server::serve(io::stdin(), streams.out)? {
        Ending::Agreed => Outcome::Clean,
        Ending::Abrupt => Outcome::Abandoned,
    })
}
