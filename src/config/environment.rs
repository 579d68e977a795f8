//! The environment, as far as a configuration depends on it.

use std::path::{Path, PathBuf};

/// The environment, as far as a configuration depends on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// The directory that relative paths start at.
    working_directory: Option<PathBuf>,
    /// Where a user's configuration is.
    user_configuration: Option<PathBuf>,
    home: Option<PathBuf>,
    /// hadolint's variables.
    hadolint: Vec<(&'static str, String)>,
}

const HADOLINT: [&str; 12] = [
    "HADOLINT_NOFAIL",
    "HADOLINT_STRICT_LABELS",
    "HADOLINT_DISABLE_IGNORE_PRAGMA",
    "HADOLINT_FAILURE_THRESHOLD",
    "HADOLINT_FORMAT",
    "HADOLINT_IGNORE",
    "HADOLINT_OVERRIDE_ERROR",
    "HADOLINT_OVERRIDE_WARNING",
    "HADOLINT_OVERRIDE_INFO",
    "HADOLINT_OVERRIDE_STYLE",
    "HADOLINT_TRUSTED_REGISTRIES",
    "HADOLINT_REQUIRE_LABELS",
];

impl Environment {
    /// The environment of the process.
    pub(crate) fn of_process() -> Self {
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = path(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let user = path(if cfg!(windows) { "LOCALAPPDATA" } else { "XDG_CONFIG_HOME" });
        Self {
            working_directory: std::env::current_dir().ok(),
            user_configuration: user.or_else(|| Some(home.as_ref()?.join(".config"))),
            home,
            hadolint: HADOLINT.iter().filter_map(|name| Some((*name, std::env::var(name).ok()?))).collect(),
        }
    }

    /// The directory that relative paths start at.
    pub(crate) fn working_directory(&self) -> Option<&Path> {
        self.working_directory.as_deref()
    }

    /// hadolint's variables that are set.
    pub(super) fn hadolint(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.hadolint.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The files in which hadolint looks for its configuration, without their endings.
    pub(super) fn hadolint_files(&self) -> impl Iterator<Item = PathBuf> {
        let working_directory = self.working_directory.as_ref().map(|directory| directory.join(".hadolint"));
        let user = self.user_configuration.as_ref().map(|directory| directory.join("hadolint"));
        let home = self.home.as_ref().map(|directory| directory.join(".hadolint/hadolint"));
        let hidden = self.home.as_ref().map(|directory| directory.join(".hadolint"));
        [working_directory, user, home, hidden].into_iter().flatten()
    }
}
