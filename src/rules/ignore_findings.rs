use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Preset, Rule};
use crate::context::{Context, IgnoreSource, Options};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::dockerignore::{Ignore, IgnoreFile, PartKind, Pattern};
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
    role: Role,
    models: &'s [Model<'s, 's>],
    /// All that is in the directory, where somebody had it already.
    known: Option<&'s Context>,
    tree: OnceCell<Option<Context>>,
    sent: OnceCell<Option<Context>>,
    /// Of the directories that were looked at.
    names: RefCell<HashMap<String, Rc<Names>>>,
    ignore: OnceCell<Option<Ignore>>,
    /// Whether something was asked for that is not known.
    lacked: Cell<bool>,
}

/// Names by what they are in lower case.
type Names = HashMap<String, Vec<String>>;

/// For which builds an ignore file counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Role {
    /// That is not known, or it counts for some.
    #[default]
    Unknown,
    /// For none: it is in a directory of the context, and not at its root.
    Nested,
    /// For none: it is called after a Dockerfile of this name, and there is none beside it.
    Orphan(String),
}

impl<'s> IgnoreSubject<'s> {
    /// An ignore file of which nothing else is known.
    #[must_use]
    pub fn new(file: &'s IgnoreFile) -> Self {
        let (tree, sent, ignore) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self {
            file,
            path: None,
            root: None,
            role: Role::Unknown,
            models: &[],
            known: None,
            tree,
            sent,
            names: RefCell::default(),
            ignore,
            lacked: Cell::new(false),
        }
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

    /// The same, told for which builds it counts.
    #[must_use]
    pub fn with_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// The same, told what the Dockerfiles of the builds mean.
    #[must_use]
    pub fn with_models(self, models: &'s [Model<'s, 's>]) -> Self {
        Self { models, ..self }
    }

    /// The same, given all that is in the directory, with nothing left out; it is then not walked through.
    #[must_use]
    pub fn with_tree(self, tree: &'s Context) -> Self {
        Self { root: Some(tree.root().to_path_buf()), known: Some(tree), ..self }
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

    /// For which builds it counts.
    #[must_use]
    pub const fn role(&self) -> &Role {
        &self.role
    }

    /// The directory that is given to the builds.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        self.lacked.set(self.lacked.get() || self.root.is_none());
        self.root.as_deref()
    }

    /// What the Dockerfiles of the builds mean, as far as they are known.
    #[must_use]
    pub fn models(&self) -> &'s [Model<'s, 's>] {
        self.lacked.set(self.lacked.get() || self.models.is_empty());
        self.models
    }

    /// Whether something was asked for that is not known, since this was asked last.
    pub(crate) fn lacked_something(&self) -> bool {
        self.lacked.replace(false)
    }

    /// The patterns, ready to be asked; none while one of them is wrong.
    pub fn ignore(&self) -> Option<&Ignore> {
        self.ignore.get_or_init(|| Ignore::new(self.file).ok()).as_ref()
    }

    /// All that is in the directory, ignored or not; walked through when somebody asks for the first time.
    pub fn tree(&self) -> Option<&Context> {
        let open = || {
            let options = Options { ignore: IgnoreSource::None, sizes: false, ..Options::default() };
            Context::open(self.root()?, &options).ok()
        };
        self.known.or_else(|| self.tree.get_or_init(open).as_ref())
    }

    /// What the file leaves of the directory; walked through when somebody asks for the first time, without what is left out.
    pub fn sent(&self) -> Option<&Context> {
        let open = || {
            if let Some(tree) = self.known {
                return Some(tree.after(self.file));
            }
            let ignore = IgnoreSource::Given(self.file.clone());
            Context::open(self.root()?, &Options { ignore, sizes: false, ..Options::default() }).ok()
        };
        self.sent.get_or_init(open).as_ref()
    }

    /// Whether a path is in the directory, ignored or not; none where that is not known.
    #[must_use]
    pub fn has(&self, path: &str) -> Option<bool> {
        self.status(path).map(|status| status.is_some())
    }

    /// Whether a path is a directory in the directory; none where that is not known.
    #[must_use]
    pub fn has_directory(&self, path: &str) -> Option<bool> {
        self.status(path).map(|status| status.is_some_and(|status| status.is_dir()))
    }

    fn status(&self, path: &str) -> Option<Option<Metadata>> {
        let root = self.root()?;
        match std::fs::symlink_metadata(root.join(inside(path)?)) {
            Ok(status) => Some(Some(status)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Some(None),
            Err(_) => None,
        }
    }

    /// The path in the directory that differs from this one in case only, if there is exactly one, and this one is not there.
    #[must_use]
    pub fn in_other_case(&self, path: &str) -> Option<String> {
        let mut found = String::new();
        for wanted in inside(path)?.split('/') {
            let names = self.names_in(&found)?;
            let alike = names.get(&wanted.to_lowercase())?;
            let name = match alike.as_slice() {
                [one] => one,
                several => several.iter().find(|name| *name == wanted)?,
            };
            if !found.is_empty() {
                found.push('/');
            }
            found.push_str(name);
        }
        (found != path).then_some(found)
    }

    /// The names in a directory of the directory, by what they are in lower case.
    fn names_in(&self, directory: &str) -> Option<Rc<Names>> {
        if let Some(names) = self.names.borrow().get(directory) {
            return Some(Rc::clone(names));
        }
        let mut names = Names::new();
        for entry in std::fs::read_dir(self.root()?.join(directory)).ok()?.flatten() {
            if let Ok(name) = entry.file_name().into_string() {
                names.entry(name.to_lowercase()).or_default().push(name);
            }
        }
        let names = Rc::new(names);
        self.names.borrow_mut().insert(directory.to_owned(), Rc::clone(&names));
        Some(names)
    }

    /// The line of a pattern with its end, to be taken out.
    #[must_use]
    pub fn line_of(&self, pattern: &Pattern) -> Span {
        let text = self.file.text.as_str();
        let (start, end) = (pattern.span.start as usize, pattern.span.end as usize);
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(end..).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        // The byte order mark at the beginning of the file stays; elsewhere it is a part of the pattern.
        let line = if line == 0 && text.starts_with('\u{feff}') { line + 3 } else { line };
        match after.find('\n') {
            Some(newline) => Span::of_range(line..end + newline + 1),
            None => Span::of_range(line..text.len()),
        }
    }
}

/// The path, if it leads to something inside the directory.
fn inside(path: &str) -> Option<&str> {
    let leads_out = |name: &str| matches!(name, "" | "." | "..") || name.contains('\0');
    (!path.split('/').any(leads_out)).then_some(path)
}

/// The path that a pattern names, if it is made of literals only.
pub(crate) fn path_of(pattern: &Pattern) -> Option<&str> {
    let is_plain = |kind| matches!(kind, PartKind::Literal | PartKind::Separator);
    let path = std::str::from_utf8(pattern.cleaned()).ok()?;
    (pattern.parts.iter().all(|part| is_plain(part.kind)) && inside(path).is_some()).then_some(path)
}

/// Whether people read a comment where Docker reads a pattern: words after `#` or `//`. `#*#` may well be the name of a file
/// that an editor left.
pub(crate) fn reads_as_comment(written: &str) -> bool {
    written.starts_with('#') && written.contains([' ', '\t']) || written.starts_with("// ")
}

/// A pattern with its `!` before it.
pub(crate) fn with_mark(pattern: &Pattern, cleaned: &str) -> String {
    if pattern.exclusion { format!("!{cleaned}") } else { cleaned.to_owned() }
}

/// Whether a pattern is for what tools make.
pub(crate) fn is_made_by_tools(pattern: &Pattern) -> bool {
    let cleaned = String::from_utf8_lossy(pattern.cleaned());
    let name = cleaned.rsplit('/').next().unwrap_or(&cleaned);
    MADE_BY_PYTHON.contains(&name) || MADE_BY_TOOLS.contains(&name)
}

/// What Python leaves in every directory with modules.
pub(crate) const MADE_BY_PYTHON: [&str; 5] = ["__pycache__", "*.pyc", "*.pyo", "*.py[co]", "*.py[cod]"];

/// Names of what tools make or fetch, wherever it lies.
pub(crate) const MADE_BY_TOOLS: [&str; 28] = [
    ".DS_Store",
    "Thumbs.db",
    ".ipynb_checkpoints",
    "*.swp",
    "*.swo",
    "node_modules",
    "bower_components",
    "jspm_packages",
    ".venv",
    ".tox",
    ".nox",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    "*.egg-info",
    ".eggs",
    ".gradle",
    ".terraform",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".angular",
    ".turbo",
    ".parcel-cache",
    ".nyc_output",
    ".sass-cache",
    ".idea",
];

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

    /// The patterns that are asked, in order; none as long as one of the file is wrong.
    pub(crate) fn patterns(&self) -> &'f [Pattern] {
        self.subject.ignore().map(Ignore::patterns).unwrap_or_default()
    }

    /// The fix that takes a pattern's line out.
    pub(crate) fn removal(&self, pattern: &Pattern, applicability: Applicability) -> Fix {
        let edit = Edit { span: self.subject.line_of(pattern), text: String::new() };
        Fix { title: format!("take `{}` out", pattern.written).into(), applicability, edits: vec![edit] }
    }

    /// The fix that writes something else for a pattern. The build may send something else then.
    pub(crate) fn rewriting(pattern: &Pattern, text: String) -> Fix {
        let title = format!("write `{}`", text.replace('\n', "`, `")).into();
        Fix { title, applicability: Applicability::Unsafe, edits: vec![Edit { span: pattern.span, text }] }
    }

    /// Notes a finding.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> Finding<'_> {
        Finding::note(self.rule, self.preset, self.found, span, message.into(), true)
    }
}
