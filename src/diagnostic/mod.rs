//! What is said about a file, before anybody shows it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;

use crate::source::Span;

/// One finding: a rule and where it speaks up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The code of the rule, `DL3006`.
    pub code: &'static str,
    /// The name of the rule, `pin-base-image`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The bytes that it is about.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: Cow<'static, str>,
    /// What to write instead, or why it matters.
    pub help: Option<Cow<'static, str>>,
    /// What could be written instead.
    pub fix: Option<Fix>,
    /// Other places that it has to do with.
    pub related: Vec<Related>,
}

/// A place that a finding has to do with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The bytes.
    pub span: Span,
    /// What they have to do with it, in a few words.
    pub message: String,
}

/// How bad a finding is, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A matter of taste.
    Style,
    /// Worth knowing.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The build fails, or the image does not do what it says.
    Error,
}

impl Severity {
    /// All of them, the worst last.
    pub const ALL: [Self; 4] = [Self::Style, Self::Info, Self::Warning, Self::Error];

    /// The severity as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that is no severity.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{0}` is no severity; there are `error`, `warning`, `info` and `style`")]
pub struct UnknownSeverity(String);

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, UnknownSeverity> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownSeverity(text.to_owned()))
    }
}

/// A way to mend a finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fix {
    /// What it does, like "write `COPY`".
    pub title: Cow<'static, str>,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
    /// What is replaced, in order, without overlaps.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Only to be shown.
    Display,
    /// When asked for: the build may do something else afterwards.
    Unsafe,
    /// Always: the build does what it did.
    Safe,
}

/// One replacement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}
