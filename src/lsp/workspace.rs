//! The folders that a client has open, and what holds in each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{Uri, WorkspaceFolder};

use super::conditions::Conditions;
use super::document::{Document, Language};
use super::settings::Settings;
use super::uri;
use super::walks::Place;
use crate::cli::builds::{Build, Builds, Discovery, Environment as BuildEnvironment, FirstThatKnows};
use crate::cli::contexts::Contexts;
use crate::config::{Configurations, Environment, Lookup};
use crate::lint::Linter;
use crate::rules::RuleSettings;
use crate::selection::RuleSet;

/// A folder that is open.
#[derive(Debug)]
struct Folder {
    uri: Uri,
    path: Option<PathBuf>,
    /// Its own settings; where there are none, those of the client hold.
    settings: Option<Settings>,
}

/// What holds where.
#[derive(Default)]
pub(super) struct Workspace {
    folders: Vec<Folder>,
    settings: Settings,
    /// What configurations say, outweighed by what the client does.
    configurations: Vec<(Settings, Arc<Configurations>)>,
    /// The files that describe builds.
    discovery: Option<Discovery>,
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

    /// Whether a file says what holds for others.
    pub(super) fn is_configuration(path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_hadolint = |name: &str| name.starts_with(".hadolint.") || name.starts_with("hadolint.");
        let describes_builds = |name: &str| {
            ["compose.", "docker-compose.", "docker-bake."].iter().any(|start| name.starts_with(start))
                || name == ".env"
        };
        // One may extend another one of any name.
        name.is_some_and(|name| is_hadolint(name) || describes_builds(name) || name.ends_with(".toml"))
    }

    /// Has configurations be read again, for they may not be what they were.
    pub(super) fn forget_configurations(&mut self) {
        self.configurations.clear();
        self.discovery = None;
        self.told.clear();
    }

    /// What is wrong with the settings, each once.
    pub(super) fn complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.complaints)
    }

    /// What holds for a document.
    pub(super) fn conditions_of(&mut self, document: &Document) -> Conditions {
        let path = document.path.as_deref();
        let settings = self.settings_for(path).clone();
        let configurations = self.configurations_for(&settings);
        let (linter, is_excluded) = self.linter_for(path, &settings, &configurations);
        let folder = path.and_then(|path| self.folder_of(path)).and_then(|folder| folder.path.as_deref());
        let root = path.and_then(|path| settings.context_root(path, folder));
        let has_none = settings.context.as_deref() == Some("none");
        let mut builds = Vec::new();
        let places = match (document.language, path) {
            (Language::IgnoreFile, Some(path)) => {
                vec![Contexts::at(root.as_deref()).root_of(path).filter(|_| !has_none).map(Place::Tree)]
            }
            (Language::IgnoreFile, None) => vec![None],
            (Language::Dockerfile, path) => {
                let discovery =
                    self.discovery.get_or_insert_with(|| Discovery::new(&[], BuildEnvironment::of_process()));
                // What a configuration says of a Dockerfile outweighs what the files say that describe builds.
                let all: [&dyn Builds; 2] = [&*configurations, discovery];
                builds = path.map(|path| FirstThatKnows(&all).of(path)).unwrap_or_default();
                for build in &mut builds {
                    let context = build.context.take();
                    build.context = context.map(|context| std::path::absolute(&context).unwrap_or(context));
                }
                if builds.is_empty() {
                    builds.push(Build::default());
                }
                let place = |build: &Build| {
                    let root = root.clone().or_else(|| build.context.clone().filter(|_| !has_none))?;
                    Some(Place::of_build(root, path))
                };
                builds.iter().map(place).collect()
            }
        };
        Conditions { linter, is_excluded, root, builds, places }
    }

    /// What lints the file at a path, and whether it is passed over. A document that was never saved is where it would be if it
    /// were saved into the only folder.
    fn linter_for(
        &mut self,
        path: Option<&Path>,
        settings: &Settings,
        configurations: &Configurations,
    ) -> (Arc<Linter>, bool) {
        let only = self.folders.first().filter(|_| self.folders.len() == 1);
        let unsaved = || only.and_then(|folder| folder.path.as_deref()).map(|folder| folder.join("Dockerfile"));
        let path = path.map(Path::to_path_buf).or_else(unsaved);
        let held = |configurations: &Configurations| match &path {
            Some(path) => configurations.of(path),
            None => configurations.of_working_directory(),
        };
        let held = held(configurations).or_else(|wrong| {
            self.complain(format!("plimsoll passes a configuration over: {wrong}"));
            // What the client says holds all the same.
            held(&Configurations::new(Lookup::Nothing, Environment::of_process(), settings.layer().0))
        });
        let path = path.clone().unwrap_or_default();
        match held {
            Ok(held) => (held.linter_for(&path), held.excludes(&path)),
            Err(_) => (Arc::new(Linter::with_rules(&RuleSet::new(&[]), RuleSettings::default())), false),
        }
    }

    fn configurations_for(&mut self, settings: &Settings) -> Arc<Configurations> {
        if let Some((_, known)) = self.configurations.iter().find(|(said, _)| said == settings) {
            return Arc::clone(known);
        }
        let (layer, wrong) = settings.layer();
        for wrong in wrong {
            self.complain(wrong);
        }
        let lookup = settings.configuration.clone().map_or(Lookup::Nearest, Lookup::File);
        let configurations = Arc::new(Configurations::new(lookup, Environment::of_process(), layer));
        self.configurations.push((settings.clone(), Arc::clone(&configurations)));
        configurations
    }

    fn complain(&mut self, wrong: String) {
        if self.told.insert(wrong.clone()) {
            self.complaints.push(wrong);
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
