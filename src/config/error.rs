//! What can be wrong with a configuration.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

/// Why there is no configuration to go by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ConfigError {
    /// What is written in a file can't be meant.
    Wrong(WrongFile),
    /// A file can't be read.
    Unreadable(PathBuf, String),
    /// A directory has two.
    Ambiguous(PathBuf, [&'static str; 2]),
}

/// A configuration file and what is wrong in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WrongFile {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is in it.
    pub(crate) text: String,
    /// What is wrong, in order of place. They are of no rule.
    pub(crate) problems: Vec<Diagnostic>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(file) => {
                let lines = crate::source::LineIndex::new(&file.text);
                for (number, problem) in file.problems.iter().enumerate() {
                    let place = lines.line_column(&file.text, problem.span.start);
                    let separator = if number == 0 { "" } else { "\n" };
                    let path = file.path.display();
                    write!(f, "{separator}{path}:{}:{}: {}", place.line, place.column, problem.message)?;
                    if let Some(help) = &problem.help {
                        write!(f, "; {help}")?;
                    }
                }
                Ok(())
            }
            Self::Unreadable(path, reason) => write!(f, "{}: {reason}", path.display()),
            Self::Ambiguous(directory, [one, other]) => {
                let directory = directory.display();
                write!(f, "{directory}: there are `{one}` and `{other}`, and only one can hold; delete one of them")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// Something that is wrong in a file.
pub(super) fn problem(span: Span, message: impl Into<Cow<'static, str>>, help: Option<String>) -> Diagnostic {
    Diagnostic {
        code: "",
        name: "",
        severity: Severity::Error,
        span,
        message: message.into(),
        help: help.map(Cow::Owned),
        fix: None,
        related: Vec::new(),
    }
}

/// What a file holds; an error says why it can't be read.
pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
            _ => error.to_string(),
        };
        ConfigError::Unreadable(path.to_path_buf(), reason)
    })?;
    String::from_utf8(bytes).map_err(|_| ConfigError::Unreadable(path.to_path_buf(), "it is not UTF-8".to_owned()))
}
