//! One file: what is in it, and what is said of it.

use std::path::Path;
use std::sync::Arc;

use crate::cli::builds::Build;
use crate::cli::contexts::{self, Contexts};
use crate::cli::files::{self, Unreadable};
use crate::config::Settings;
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
    /// What holds for it, where that is known.
    pub(super) settings: Option<Arc<Settings>>,
    pub(super) result: Result<Linted, Unreadable>,
}

/// A file that was read.
pub(super) struct Linted {
    pub(super) text: String,
    /// Bytes that are not UTF-8.
    pub(super) invalid_utf8: Option<Span>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Whether there is a finding that makes the command fail.
    pub(super) fn fails(&self) -> bool {
        let fail_on = self.settings.as_ref().map(|settings| settings.fail_on().value).unwrap_or_default();
        let linted = self.result.as_ref().ok();
        linted.is_some_and(|linted| linted.diagnostics.iter().any(|diagnostic| fail_on.fails(diagnostic.severity)))
    }
}

/// A path as it is shown.
pub(super) fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Lints the bytes of a file.
pub(super) fn lint(linter: &Linter, contexts: &Contexts<'_>, path: &Path, bytes: &[u8]) -> Result<Linted, Unreadable> {
    if files::is_ignore_file(path) {
        return Ok(lint_ignore_file(linter, contexts, path, bytes));
    }
    let source = Source::decode(bytes)?;
    let text = source.text().to_owned();
    let parsed = parse(&text);
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for build in contexts.builds_of(path) {
        let context = contexts.of_dockerfile(path, &build);
        let context = context.as_ref().and_then(|opened| opened.get()?.as_ref().ok());
        let found = match build == Build::default() {
            true => linter.lint_in(&parsed, context),
            false => linter.clone().with_inputs(build.inputs(linter.inputs())).lint_in(&parsed, context),
        };
        // What holds for several builds is said once.
        let new: Vec<Diagnostic> = found.into_iter().filter(|diagnostic| !diagnostics.contains(diagnostic)).collect();
        diagnostics.extend(new);
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    Ok(Linted { invalid_utf8: source.invalid_utf8(), text, diagnostics })
}

fn lint_ignore_file(linter: &Linter, contexts: &Contexts<'_>, path: &Path, bytes: &[u8]) -> Linted {
    let file = IgnoreFile::parse_bytes(&name(path), bytes);
    let texts = contexts::texts(&contexts.dockerfiles_of(path));
    let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text)).collect();
    let models: Vec<Model<'_, '_>> = parsed.iter().map(|parsed| Model::build(&parsed.dockerfile)).collect();
    let role = contexts.role_of(path);
    // What no build reads is held against no directory.
    let root = if role == Role::Nested { None } else { contexts.root_of(path) };
    let mut subject = IgnoreSubject::new(&file).at(path).with_role(role).with_models(&models);
    if let Some(root) = root {
        subject = subject.with_root(root);
    }
    let diagnostics = linter.lint_ignore_file(&subject);
    Linted { invalid_utf8: None, text: file.text.clone(), diagnostics }
}
