//! Linting what is open.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::Language;
use super::inbox::Event;
use crate::cli::contexts::{self, Contexts};
use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::dockerignore::IgnoreFile;
use crate::lint::Linter;
use crate::parse::{Parsed, parse};
use crate::rules::{IgnoreSubject, Role};
use crate::semantic::Model;

/// A text to lint.
#[derive(Debug)]
pub(super) struct Job {
    /// The name of the document.
    pub(super) uri: String,
    /// The state that it is in.
    pub(super) state: u64,
    pub(super) language: Language,
    pub(super) text: Arc<String>,
    pub(super) path: Option<PathBuf>,
    pub(super) linter: Arc<Linter>,
    /// The directory that is given to the builds, where the settings name one.
    pub(super) root: Option<PathBuf>,
    /// For a Dockerfile the context of its build; for an ignore file all that is in the directory that it is for. Nothing where it
    /// is not known, or not yet.
    pub(super) context: Option<Arc<Context>>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Linted {
    /// The name of the document.
    pub(super) uri: String,
    /// The state that it was in.
    pub(super) state: u64,
    /// The findings; nothing where the linter failed.
    pub(super) found: Option<Vec<Diagnostic>>,
}

impl Job {
    /// Lints the text.
    pub(super) fn run(self) -> Event {
        // A text on which a rule fails must not end the server; the next one may be right.
        let found = catch_unwind(AssertUnwindSafe(|| lint(&self))).ok();
        Event::Linted(Linted { uri: self.uri, state: self.state, found })
    }
}

fn lint(job: &Job) -> Vec<Diagnostic> {
    match job.language {
        Language::Dockerfile => job.linter.lint_in(&parse(&job.text), job.context.as_deref()),
        Language::IgnoreFile => lint_ignore_file(job),
    }
}

fn lint_ignore_file(job: &Job) -> Vec<Diagnostic> {
    let name = job.path.as_deref().map_or_else(|| ".dockerignore".into(), Path::to_string_lossy);
    let file = IgnoreFile::parse(&name, &job.text);
    let subject = IgnoreSubject::new(&file);
    let Some(path) = &job.path else { return job.linter.lint_ignore_file(&subject) };
    let contexts = Contexts::at(job.root.as_deref());
    let texts = contexts::texts(&contexts.dockerfiles_of(path));
    let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text)).collect();
    let models: Vec<Model<'_, '_>> = parsed.iter().map(|parsed| Model::build(&parsed.dockerfile)).collect();
    let role = contexts.role_of(path);
    // What no build reads is held against no directory.
    let tree = job.context.as_deref().filter(|_| role != Role::Nested);
    let subject = subject.at(path).with_role(role).with_models(&models);
    match tree {
        Some(tree) => job.linter.lint_ignore_file(&subject.with_tree(tree)),
        None => job.linter.lint_ignore_file(&subject),
    }
}
