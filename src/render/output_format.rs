//! The formats as people name them.

use std::str::FromStr;

use clap::ValueEnum;
use thiserror::Error;

/// How findings are written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OutputFormat {
    /// With the lines they are about.
    Full,
    /// A line each.
    Concise,
    /// For programs: an array of objects.
    Json,
    /// For programs: an object a line.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// Checkstyle's XML.
    Checkstyle,
    /// Issues of Code Climate.
    Codeclimate,
    /// JUnit's XML.
    Junit,
    /// Generic issues of SonarQube.
    Sonarqube,
    /// A line each, as compilers write.
    Gnu,
    /// What hadolint writes for Codacy.
    Codacy,
    /// Diagnostics of reviewdog, with suggestions.
    Rdjson,
    /// hadolint's JSON, with its places.
    Hadolint,
}

impl OutputFormat {
    /// All of them.
    pub(crate) const ALL: [Self; 15] = [
        Self::Full,
        Self::Concise,
        Self::Json,
        Self::JsonLines,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Checkstyle,
        Self::Codeclimate,
        Self::Junit,
        Self::Sonarqube,
        Self::Gnu,
        Self::Codacy,
        Self::Rdjson,
        Self::Hadolint,
    ];

    /// The format as it is written.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Checkstyle => "checkstyle",
            Self::Codeclimate => "codeclimate",
            Self::Junit => "junit",
            Self::Sonarqube => "sonarqube",
            Self::Gnu => "gnu",
            Self::Codacy => "codacy",
            Self::Rdjson => "rdjson",
            Self::Hadolint => "hadolint",
        }
    }
}

/// A text that is no format.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{0}` is no output format")]
pub(crate) struct UnknownFormat(String);

impl FromStr for OutputFormat {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.into_iter().find(|format| format.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}
