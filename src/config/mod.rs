//! Configuration: which files hold for a file, what they say together, and who said what.
//!
//! What a text says is found out without looking at anything else ([`file`], [`hadolint`]); [`Configurations`] alone reads files,
//! and keeps what it found.

mod discover;
mod environment;
mod error;
mod fail_on;
mod file;
mod hadolint;
mod keys;
mod layer;
mod migrate;
mod origin;
mod patterns;
mod reader;
mod schema;
mod settings;

pub(crate) use discover::{Configurations, Lookup};
pub(crate) use environment::Environment;
pub(crate) use error::ConfigError;
pub(crate) use fail_on::FailOn;
pub(crate) use hadolint::{HadolintConfig, format as hadolint_format, required_label, threshold};
pub(crate) use layer::{ConfiguredBuild, Exclude, Layer};
pub(crate) use origin::{Given, Origin};
pub(crate) use schema::schema;
pub(crate) use settings::Settings;
