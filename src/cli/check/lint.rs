//! One file: what is in it, and what is said of it.

use std::path::Path;

use super::fix::Mending;
use crate::cli::contexts::{self, Contexts};
use crate::cli::files::{self, Unreadable};
use crate::diagnostic::Diagnostic;
use crate::dockerignore::IgnoreFile;
use crate::lint::Linter;
use crate::parse::{Parsed, parse};
use crate::rules::{IgnoreSubject, Role};
use crate::semantic::Model;
use crate::source::{Source, Span};

/// A file and what came of it.
pub(super) struct Checked {
    pub(super) path: String,
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
    /// What was fixed, if that was asked for.
    pub(super) mending: Option<Mending>,
}

/// A path as it is shown.
pub(super) fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Lints the bytes of a file.
pub(super) fn lint(linter: &Linter, contexts: &Contexts<'_>, path: &Path, bytes: &[u8]) -> Result<Linted, Unreadable> {
    if files::is_ignore_file(path) {
        let file = IgnoreFile::parse_bytes(&name(path), bytes);
        let diagnostics = with_ignore_files(linter, contexts, path, |lint| lint(&file));
        return Ok(Linted { invalid_utf8: None, text: file.text, diagnostics, mending: None });
    }
    let source = Source::decode(bytes)?;
    let text = source.text().to_owned();
    let diagnostics = with_dockerfiles(linter, contexts, path, |lint| lint(&parse(&text)));
    Ok(Linted { invalid_utf8: source.invalid_utf8(), text, diagnostics, mending: None })
}

/// Calls `act` with what lints a Dockerfile at `path`, whatever is in it.
pub(super) fn with_dockerfiles<T>(
    linter: &Linter,
    contexts: &Contexts<'_>,
    path: &Path,
    act: impl FnOnce(&dyn Fn(&Parsed<'_>) -> Vec<Diagnostic>) -> T,
) -> T {
    let context = contexts.of_dockerfile(path);
    let context = context.as_ref().and_then(|opened| opened.get()?.as_ref().ok());
    act(&|parsed| linter.lint_in(parsed, context))
}

/// Calls `act` with what lints an ignore file at `path`, whatever is in it.
pub(super) fn with_ignore_files<T>(
    linter: &Linter,
    contexts: &Contexts<'_>,
    path: &Path,
    act: impl FnOnce(&dyn Fn(&IgnoreFile) -> Vec<Diagnostic>) -> T,
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
        linter.lint_ignore_file(&subject)
    })
}
