//! Under which conditions a document is looked at: what holds for it, and what is known of its builds.

use std::path::Path;
use std::sync::Arc;

use super::document::{Document, IgnoreReading, Language, Reading, with_ignore_reading, with_reading};
use super::walks::Place;
use crate::cli::builds::{self, Build};
use crate::cli::contexts::{self, Contexts};
use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::dockerignore::IgnoreFile;
use crate::fix::{Fixer, Level};
use crate::lint::Linter;
use crate::parse::{Parsed, parse};
use crate::rules::{IgnoreSubject, Role};
use crate::semantic::Model;

/// What holds for a document.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    /// What lints it.
    pub(super) linter: Arc<Linter>,
    /// Whether nothing is to be said of it.
    pub(super) is_excluded: bool,
    /// The directory that is given to all builds, where the client names one.
    pub(super) root: Option<std::path::PathBuf>,
    /// The builds of a Dockerfile, one at least; none of an ignore file.
    pub(super) builds: Vec<Build>,
    /// What is to be walked through: for a Dockerfile what each of its builds is given, for an ignore file all that is in the
    /// directory that it is for.
    pub(super) places: Vec<Option<Place>>,
}

/// The same, and what was found in the places by now.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) conditions: Arc<Conditions>,
    pub(super) contexts: Vec<Option<Arc<Context>>>,
}

impl Known {
    fn context(&self) -> Option<&Context> {
        self.contexts.first()?.as_deref()
    }

    /// Reads a Dockerfile as its first build does.
    pub(super) fn read<T>(&self, document: &Document, answer: impl FnOnce(&Reading<'_, '_>) -> T) -> T {
        let known = self.conditions.linter.inputs();
        let inputs = self.conditions.builds.first().map(|build| build.inputs(known));
        let inputs = inputs.as_ref().unwrap_or(known);
        with_reading(document.text(), inputs, self.context(), answer)
    }

    /// Reads an ignore file.
    pub(super) fn read_ignore_file<T>(&self, document: &Document, answer: impl FnOnce(&IgnoreReading<'_>) -> T) -> T {
        with_ignore_reading(document.text(), self.context(), answer)
    }

    /// All that is said of a document.
    pub(super) fn lint(&self, document: &Document) -> Vec<Diagnostic> {
        if self.conditions.is_excluded {
            return Vec::new();
        }
        match document.language {
            Language::Dockerfile => self.lint_dockerfile(&parse(document.text())),
            Language::IgnoreFile => self.with_ignore_files(document.path.as_deref(), |lint| {
                lint(&IgnoreFile::parse(&name(document), document.text()))
            }),
        }
    }

    /// The text of a document after all that can be mended unasked was.
    pub(super) fn mended(&self, document: &Document) -> String {
        let text = document.text();
        if self.conditions.is_excluded {
            return text.to_owned();
        }
        let fixer = Fixer::new(Level::Safe);
        let fixed = match document.language {
            Language::Dockerfile => fixer.fix(text, |parsed| self.lint_dockerfile(parsed)),
            Language::IgnoreFile => self.with_ignore_files(document.path.as_deref(), |lint| {
                fixer.fix_ignore_file(&name(document), text.as_bytes(), lint)
            }),
        };
        fixed.text
    }

    fn lint_dockerfile(&self, parsed: &Parsed<'_>) -> Vec<Diagnostic> {
        let contexts = self.contexts.iter().map(Option::as_deref);
        let builds: Vec<_> = self.conditions.builds.iter().zip(contexts).collect();
        builds::lint(&self.conditions.linter, &builds, parsed).found
    }

    /// Calls `act` with what lints an ignore file at `path`, whatever is in it. What is not known of its directory is not asked
    /// for.
    fn with_ignore_files<T>(
        &self,
        path: Option<&Path>,
        act: impl FnOnce(&dyn Fn(&IgnoreFile) -> Vec<Diagnostic>) -> T,
    ) -> T {
        let linter = &self.conditions.linter;
        let Some(path) = path else {
            return act(&|file| linter.lint_ignore_file(&IgnoreSubject::new(file)));
        };
        let contexts = Contexts::at(self.conditions.root.as_deref());
        let texts = contexts::texts(&contexts.dockerfiles_of(path));
        let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text)).collect();
        let models: Vec<Model<'_, '_>> = parsed.iter().map(|parsed| Model::build(&parsed.dockerfile)).collect();
        let role = contexts.role_of(path);
        // What no build reads is held against no directory.
        let tree = self.context().filter(|_| role != Role::Nested);
        act(&|file| {
            let subject = IgnoreSubject::new(file).at(path).with_role(role.clone()).with_models(&models);
            match tree {
                Some(tree) => linter.lint_ignore_file(&subject.with_tree(tree)),
                None => linter.lint_ignore_file(&subject),
            }
        })
    }
}

/// What messages call a document.
fn name(document: &Document) -> String {
    document.path.as_deref().map_or_else(|| ".dockerignore".to_owned(), |path| path.to_string_lossy().into_owned())
}
