use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::{Preset, Rule};
use crate::context::{Context, IgnoreSource, Options};
use crate::diagnostic::Diagnostic;
use crate::dockerignore::{Ignore, IgnoreFile};
use crate::semantic::Model;
use crate::source::Span;

use super::rule::Finding;

/// An ignore file that is linted, and what is known of the builds that it is for.
///
/// ```
/// use plimsoll::dockerignore::IgnoreFile;
/// use plimsoll::rules::IgnoreSubject;
/// use plimsoll::{Linter, Options};
///
/// let file = IgnoreFile::parse(".dockerignore", "node_modules\n[a\n");
/// let linter = Linter::new(Options::default()).unwrap();
/// let found = linter.lint_ignore_file(&IgnoreSubject::new(&file));
/// assert_eq!(found[0].name, "invalid-ignore-pattern");
/// ```
#[derive(Debug)]
pub struct IgnoreSubject<'s> {
    file: &'s IgnoreFile,
    path: Option<&'s Path>,
    root: Option<PathBuf>,
    models: &'s [Model<'s, 's>],
    tree: OnceCell<Option<Context>>,
    ignore: OnceCell<Option<Ignore>>,
}

impl<'s> IgnoreSubject<'s> {
    /// An ignore file of which nothing else is known.
    #[must_use]
    pub fn new(file: &'s IgnoreFile) -> Self {
        Self { file, path: None, root: None, models: &[], tree: OnceCell::new(), ignore: OnceCell::new() }
    }

    /// The same, told where the file is.
    #[must_use]
    pub fn at(self, path: &'s Path) -> Self {
        Self { path: Some(path), ..self }
    }

    /// The same, told which directory is given to the builds.
    #[must_use]
    pub fn with_root(self, root: PathBuf) -> Self {
        Self { root: Some(root), ..self }
    }

    /// The same, told what the Dockerfiles of the builds mean.
    #[must_use]
    pub fn with_models(self, models: &'s [Model<'s, 's>]) -> Self {
        Self { models, ..self }
    }

    /// The file.
    #[must_use]
    pub const fn file(&self) -> &'s IgnoreFile {
        self.file
    }

    /// Where it is.
    #[must_use]
    pub const fn path(&self) -> Option<&'s Path> {
        self.path
    }

    /// The directory that is given to the builds.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// What the Dockerfiles of the builds mean, as far as they are known.
    #[must_use]
    pub const fn models(&self) -> &'s [Model<'s, 's>] {
        self.models
    }

    /// The patterns, ready to be asked; none while one of them is wrong.
    pub fn ignore(&self) -> Option<&Ignore> {
        self.ignore.get_or_init(|| Ignore::new(self.file).ok()).as_ref()
    }

    /// All that is in the directory, ignored or not; walked through when somebody asks for the first time.
    pub fn tree(&self) -> Option<&Context> {
        let open = || {
            let options = Options { ignore: IgnoreSource::None, ..Options::default() };
            Context::open(self.root.as_deref()?, &options).ok()
        };
        self.tree.get_or_init(open).as_ref()
    }
}

/// What a rule about ignore files may look at, and where it puts what it finds.
pub struct IgnoreFindings<'f, 's> {
    pub(crate) rule: &'static Rule,
    pub(crate) preset: Preset,
    pub(crate) subject: &'f IgnoreSubject<'s>,
    pub(crate) found: &'f mut Vec<Diagnostic>,
}

impl<'f, 's> IgnoreFindings<'f, 's> {
    /// The ignore file, and what is known of it.
    pub(crate) const fn subject(&self) -> &'f IgnoreSubject<'s> {
        self.subject
    }

    /// Notes a finding.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) -> Finding<'_> {
        Finding::note(self.rule, self.preset, self.found, span, message.into(), true)
    }
}
