//! From which severity on findings make a run fail.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::diagnostic::Severity;

/// From which severity on findings make a run fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FailOn {
    /// From this one on.
    Severity(Severity),
    /// From none.
    Never,
}

impl FailOn {
    /// All of them, as they are written.
    pub(crate) const NAMES: [&'static str; 5] = ["error", "warning", "info", "style", "never"];

    /// Whether a finding makes the run fail.
    pub(crate) fn fails(self, severity: Severity) -> bool {
        matches!(self, Self::Severity(least) if severity >= least)
    }

    /// As it is written.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Severity(severity) => severity.as_str(),
            Self::Never => "never",
        }
    }
}

impl Default for FailOn {
    fn default() -> Self {
        Self::Severity(Severity::Warning)
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that is none of them.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{0}` is no severity; there are `error`, `warning`, `info`, `style` and `never`")]
pub(crate) struct UnknownFailOn(String);

impl FromStr for FailOn {
    type Err = UnknownFailOn;

    fn from_str(text: &str) -> Result<Self, UnknownFailOn> {
        if text.eq_ignore_ascii_case("never") {
            return Ok(Self::Never);
        }
        text.parse().map(Self::Severity).map_err(|_| UnknownFailOn(text.to_owned()))
    }
}
