//! Values, and who gave them.

use std::path::Path;
use std::sync::Arc;

/// Who says something.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Origin {
    /// Nobody: it is what holds where nobody says anything.
    #[default]
    Default,
    /// A line of a file, counted from 1.
    File(Arc<Path>, u32),
    /// A file, by what it is.
    Kind(Arc<Path>),
    /// An option of the command line.
    CommandLine(&'static str),
    /// A variable of the environment.
    Environment(&'static str),
}

/// A value, and who gave it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Given<T> {
    /// What is given.
    pub(crate) value: T,
    /// Who gave it.
    pub(crate) origin: Origin,
}

impl<T> Given<T> {
    /// A value that somebody gave.
    pub(crate) const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A value from the command line.
    pub(crate) const fn on_command_line(value: T, option: &'static str) -> Self {
        Self { value, origin: Origin::CommandLine(option) }
    }
}
