//! The language server, as a client on its standard input and output finds it.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that does not find what it looks for fails"
)]

mod actions;
mod answers;
mod anywhere;
mod client;
mod diagnostics;
mod ignore_files;
mod lifecycle;
mod random;
mod settings;
