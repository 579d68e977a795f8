//! The folders that a client has open, and what holds in each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{Uri, WorkspaceFolder};

use super::document::{Document, Language};
use super::settings::Settings;
use super::uri;
use super::walks::Place;
use crate::cli::contexts::Contexts;
use crate::lint::Linter;

/// A folder that is open.
#[derive(Debug)]
struct Folder {
    uri: Uri,
    path: Option<PathBuf>,
    /// Its own settings; where there are none, those of the client hold.
    settings: Option<Settings>,
}

/// What holds where.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    folders: Vec<Folder>,
    settings: Settings,
    /// Linters by what they were told.
    linters: Vec<(Settings, Arc<Linter>)>,
    /// What is wrong with the settings, and was not told yet; and what was.
    complaints: Vec<String>,
    told: BTreeSet<String>,
}

impl Workspace {
    pub(super) fn new(folders: Vec<WorkspaceFolder>, settings: Settings) -> Self {
        let mut workspace = Self { settings, ..Self::default() };
        workspace.change_folders(folders, &[]);
        workspace
    }

    /// Notes folders that were opened and closed.
    pub(super) fn change_folders(&mut self, added: Vec<WorkspaceFolder>, removed: &[WorkspaceFolder]) {
        let is_removed = |folder: &Folder| removed.iter().any(|removed| removed.uri == folder.uri);
        self.folders.retain(|folder| !is_removed(folder));
        for WorkspaceFolder { uri, .. } in added {
            if self.folders.iter().all(|folder| folder.uri != uri) {
                let path = uri::path(&uri);
                self.folders.push(Folder { uri, path, settings: None });
            }
        }
    }

    /// The names of the folders.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Uri> {
        self.folders.iter().map(|folder| &folder.uri)
    }

    /// Sets what holds where a folder says nothing else; says whether that is new.
    pub(super) fn set(&mut self, settings: Settings) -> bool {
        let is_new = self.settings != settings;
        self.settings = settings;
        self.linters.clear();
        is_new
    }

    /// Sets what holds in the folders, in their order; says whether that is new.
    pub(super) fn set_folders(&mut self, settings: impl IntoIterator<Item = Option<Settings>>) -> bool {
        let mut is_new = false;
        for (folder, settings) in self.folders.iter_mut().zip(settings) {
            is_new |= folder.settings != settings;
            folder.settings = settings;
        }
        is_new
    }

    /// Whether a file says what holds in a folder.
    pub(super) fn is_configuration(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| matches!(name, "plimsoll.toml" | ".plimsoll.toml" | ".hadolint.yaml" | ".hadolint.yml"))
    }

    /// Lets the linters be made again, for what they were told may not hold any more.
    pub(super) fn forget_linters(&mut self) {
        self.linters.clear();
    }

    /// What is wrong with the settings, each once.
    pub(super) fn complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.complaints)
    }

    /// The linter for what is at `path`; for a document that was never saved there is none.
    pub(super) fn linter_for(&mut self, path: Option<&Path>) -> Arc<Linter> {
        let settings = self.settings_for(path).clone();
        if let Some((_, linter)) = self.linters.iter().find(|(told, _)| *told == settings) {
            return Arc::clone(linter);
        }
        let (options, wrong) = settings.options();
        let new = wrong.into_iter().filter(|wrong| self.told.insert(wrong.clone()));
        self.complaints.extend(new);
        let linter = Arc::new(Linter::of_known(options));
        self.linters.push((settings, Arc::clone(&linter)));
        linter
    }

    /// The directory that is given to the builds of what is at `path`, where the settings name one.
    pub(super) fn context_root(&self, path: &Path) -> Option<PathBuf> {
        let folder = self.folder_of(path).and_then(|folder| folder.path.as_deref());
        match self.settings_for(Some(path)).context.as_deref()? {
            "" | "none" => None,
            "workspace" => folder.map(Path::to_path_buf),
            "dockerfile" => path.parent().map(Path::to_path_buf),
            named => {
                let named = Path::new(named);
                // What begins nowhere is nothing.
                let begin = folder.unwrap_or(Path::new(""));
                Some(begin.join(named)).filter(|root| root.is_absolute())
            }
        }
    }

    /// What is to be walked through for a document: for a Dockerfile the context of its build, for an ignore file the whole
    /// directory that it is for.
    pub(super) fn place_of(&self, document: &Document) -> Option<Place> {
        let path = document.path.as_deref()?;
        let named = self.context_root(path);
        match document.language {
            Language::Dockerfile => Some(Place::of_build(named?, Some(path))),
            Language::IgnoreFile => Contexts::at(named.as_deref()).root_of(path).map(Place::Tree),
        }
    }

    fn settings_for(&self, path: Option<&Path>) -> &Settings {
        let folder = match path {
            Some(path) => self.folder_of(path),
            // Who has one folder open means that one.
            None => self.folders.first().filter(|_| self.folders.len() == 1),
        };
        folder.and_then(|folder| folder.settings.as_ref()).unwrap_or(&self.settings)
    }

    /// The innermost folder that holds a path.
    fn folder_of(&self, path: &Path) -> Option<&Folder> {
        let holds = |folder: &&Folder| folder.path.as_deref().is_some_and(|folder| path.starts_with(folder));
        let depth = |folder: &&Folder| folder.path.as_deref().map_or(0, |path| path.components().count());
        self.folders.iter().filter(holds).max_by_key(depth)
    }
}
