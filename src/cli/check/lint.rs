//! One file: what is in it, and what is said of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fix::Mending;
use crate::cli::builds;
use crate::cli::contexts::{self, Contexts};
use crate::cli::files::{self, Unreadable};
use crate::config::{Configurations, Settings};
use crate::diagnostic::Diagnostic;
use crate::dockerignore::IgnoreFile;
use crate::lint::{Answer, Linter};
use crate::parse::{Parsed, parse};
use crate::rules::{IgnoreSubject, Role, Rule};
use crate::semantic::Model;
use crate::source::{Source, Span};

/// A file and what came of it.
pub(super) struct Checked {
    /// The path as it is shown.
    pub(super) path: String,
    /// Where it was read; nowhere, if it came on standard input.
    pub(super) file: Option<PathBuf>,
    /// What holds for it, where that is known.
    pub(super) settings: Option<Arc<Settings>>,
    pub(super) result: Result<Linted, Unreadable>,
    /// What goes to standard output, where standard input was to be fixed.
    pub(super) output: Option<Vec<u8>>,
}

/// A file that was read.
pub(super) struct Linted {
    pub(super) text: String,
    /// Bytes that are not UTF-8.
    pub(super) invalid_utf8: Option<Span>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The rules that did not see all they would have had to.
    pub(super) blind: Vec<&'static Rule>,
    /// What was fixed, if that was asked for.
    pub(super) mending: Option<Mending>,
}

impl Checked {
    /// Whether there is a finding that makes the command fail.
    pub(super) fn fails(&self) -> bool {
        let fail_on = self.settings.as_ref().map(|settings| settings.fail_on().value).unwrap_or_default();
        let linted = self.result.as_ref().ok();
        linted.is_some_and(|linted| linted.diagnostics.iter().any(|diagnostic| fail_on.fails(diagnostic.severity)))
    }

    /// Where it is, as far as it is anywhere.
    pub(super) fn place(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(&self.path))
    }

    /// What lints it.
    pub(super) fn linter(&self, configurations: &Configurations) -> Option<Arc<Linter>> {
        Some(self.settings.as_ref()?.linter_for(&configurations.absolute(self.place())))
    }
}

/// A path as it is shown.
pub(super) fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Lints the bytes of a file.
pub(super) fn lint(linter: &Linter, contexts: &Contexts<'_>, path: &Path, bytes: &[u8]) -> Result<Linted, Unreadable> {
    if files::is_ignore_file(path) {
        let file = IgnoreFile::parse_bytes(&name(path), bytes);
        let Answer { found, blind } = with_ignore_files(linter, contexts, path, |lint| lint(&file));
        return Ok(Linted { invalid_utf8: None, text: file.text, diagnostics: found, blind, mending: None });
    }
    let source = Source::decode(bytes)?;
    let text = source.text().to_owned();
    let Answer { found, blind } = with_dockerfiles(linter, contexts, path, |lint| lint(&parse(&text)));
    Ok(Linted { invalid_utf8: source.invalid_utf8(), text, diagnostics: found, blind, mending: None })
}

/// Calls `act` with what lints a Dockerfile at `path`, whatever is in it.
pub(super) fn with_dockerfiles<T>(
    linter: &Linter,
    contexts: &Contexts<'_>,
    path: &Path,
    act: impl FnOnce(&dyn Fn(&Parsed<'_>) -> Answer) -> T,
) -> T {
    let builds = contexts.builds_of(path);
    let builds: Vec<_> = builds.iter().map(|known| (&known.build, known.context())).collect();
    act(&|parsed| builds::lint(linter, &builds, parsed))
}

/// Calls `act` with what lints an ignore file at `path`, whatever is in it.
pub(super) fn with_ignore_files<T>(
    linter: &Linter,
    contexts: &Contexts<'_>,
    path: &Path,
    act: impl FnOnce(&dyn Fn(&IgnoreFile) -> Answer) -> T,
) -> T {
    let texts = contexts::texts(&contexts.dockerfiles_of(path));
    let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text)).collect();
    let models: Vec<Model<'_, '_>> = parsed.iter().map(|parsed| Model::build(&parsed.dockerfile)).collect();
    let role = contexts.role_of(path);
    // What no build reads is held against no directory.
    let root = if role == Role::Nested { None } else { contexts.root_of(path) };
    act(&|file| {
        let subject = IgnoreSubject::new(file).at(path).with_role(role.clone()).with_models(&models);
        let subject = match &root {
            Some(root) => subject.with_root(root.clone()),
            None => subject,
        };
        linter.lint_ignore_file_telling(&subject)
    })
}
