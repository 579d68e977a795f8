//! What the client tells.

use std::path::Path;

use lsp_server::Notification;
use lsp_types::notification::{
    DidChangeConfiguration, DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders,
    DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument, Initialized, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{RegisterCapability, WorkspaceConfiguration};
use lsp_types::{
    ConfigurationItem, ConfigurationParams, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, FileSystemWatcher, GlobPattern,
    PublishDiagnosticsParams, Registration, RegistrationParams, TextDocumentItem,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::document::{Document, Language};
use super::inbox;
use super::outbox::Question;
use super::server::Server;
use super::settings::{SECTION, Settings};
use super::uri;
use super::workspace::Workspace;

impl Server<'_> {
    /// Takes note of something. There is no answer to it, not even where it is wrong.
    pub(super) fn note(&mut self, note: Notification) {
        if let Some(id) = inbox::cancelled(&note) {
            self.cancel(&id);
            return;
        }
        match note.method.as_str() {
            Initialized::METHOD => self.initialized(),
            DidOpenTextDocument::METHOD => self.heard(note, Self::opened),
            DidChangeTextDocument::METHOD => self.heard(note, Self::changed),
            DidSaveTextDocument::METHOD => self.heard(note, Self::saved),
            DidCloseTextDocument::METHOD => self.heard(note, Self::closed),
            DidChangeConfiguration::METHOD => self.heard(note, Self::changed_settings),
            DidChangeWatchedFiles::METHOD => self.heard(note, Self::changed_files),
            DidChangeWorkspaceFolders::METHOD => self.heard(note, Self::changed_folders),
            _ => {}
        }
    }

    fn heard<P: DeserializeOwned>(&mut self, note: Notification, listen: impl FnOnce(&mut Self, P)) {
        match serde_json::from_value(note.params) {
            Ok(params) => listen(self, params),
            Err(error) => self.out.log(format!("`{}` is passed over: {error}", note.method)),
        }
    }

    fn initialized(&mut self) {
        let mut registrations = Vec::new();
        if self.client.registers_settings {
            registrations.push(Registration {
                id: "settings".to_owned(),
                method: DidChangeConfiguration::METHOD.to_owned(),
                register_options: Some(json!({ "section": SECTION })),
            });
        }
        if self.client.registers_watchers {
            // Any file may be one that a build reads.
            let watcher = FileSystemWatcher { glob_pattern: GlobPattern::String("**/*".to_owned()), kind: None };
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: vec![watcher] };
            registrations.push(Registration {
                id: "files".to_owned(),
                method: DidChangeWatchedFiles::METHOD.to_owned(),
                register_options: serde_json::to_value(options).ok(),
            });
        }
        if !registrations.is_empty() {
            self.out.ask::<RegisterCapability>(Question::Other, RegistrationParams { registrations });
        }
        self.ask_for_settings();
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, language_id, version, text } = params.text_document;
        if let Some(document) = Document::open(uri, &language_id, version, text, self.client.encoding) {
            self.open(document);
        }
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let identifier = params.text_document;
        let uri = identifier.uri.as_str();
        let Some(open) = self.documents.get_mut(uri) else { return };
        open.document.change(identifier.version, params.content_changes);
        self.touch(uri);
    }

    fn saved(&mut self, params: DidSaveTextDocumentParams) {
        if let Some(path) = uri::path(&params.text_document.uri) {
            self.files_changed([path.as_path()]);
        }
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        if self.close(uri.as_str()) && !self.client.pulls_diagnostics {
            // What is not open is not spoken of.
            self.out.tell::<PublishDiagnostics>(PublishDiagnosticsParams::new(uri, Vec::new(), None));
        }
    }

    fn changed_files(&mut self, params: DidChangeWatchedFilesParams) {
        let paths: Vec<_> = params.changes.iter().filter_map(|change| uri::path(&change.uri)).collect();
        self.files_changed(paths.iter().map(AsRef::as_ref));
    }

    fn files_changed<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) {
        let (mut is_walked, mut is_dockerfile, mut is_configuration) = (false, false, false);
        for path in paths {
            is_walked |= self.walks.changed(path);
            is_dockerfile |= Language::of(path, "") == Some(Language::Dockerfile);
            is_configuration |= Workspace::is_configuration(path);
        }
        if is_walked {
            // Who needs it asks again.
            for place in &self.places() {
                self.walks.get(place);
            }
        }
        if is_configuration {
            self.workspace.forget_configurations();
            self.forget_conditions();
        } else if is_dockerfile {
            self.touch_all(|document| document.language == Language::IgnoreFile);
        }
    }

    fn changed_folders(&mut self, params: DidChangeWorkspaceFoldersParams) {
        self.workspace.change_folders(params.event.added, &params.event.removed);
        self.ask_for_settings();
        self.forget_conditions();
    }

    fn changed_settings(&mut self, params: DidChangeConfigurationParams) {
        // Who is asked for its settings says here only that they changed.
        if self.client.tells_settings {
            self.ask_for_settings();
        } else {
            let is_new = self.read_settings(params.settings).is_some_and(|settings| self.workspace.set(settings));
            self.settings_changed(is_new);
        }
    }

    fn ask_for_settings(&mut self) {
        if !self.client.tells_settings {
            return;
        }
        let scopes = std::iter::once(None).chain(self.workspace.folders().map(|uri| Some(uri.clone())));
        let item = |scope_uri| ConfigurationItem { scope_uri, section: Some(SECTION.to_owned()) };
        let items = scopes.map(item).collect();
        self.out.ask::<WorkspaceConfiguration>(Question::Settings, ConfigurationParams { items });
    }

    /// Takes the client's answer to what its settings are: first those of the client, then those of each folder. Nothing where it
    /// has none; then what it said at the beginning holds.
    pub(super) fn told_settings(&mut self, told: Value) {
        let Value::Array(told) = told else { return };
        let mut told = told.into_iter().map(|value| if value.is_null() { None } else { self.read_settings(value) });
        let own = told.next().flatten();
        let folders: Vec<Option<Settings>> = told.collect();
        let is_new = own.is_some_and(|own| self.workspace.set(own));
        let is_new_in_folders = self.workspace.set_folders(folders);
        self.settings_changed(is_new || is_new_in_folders);
    }

    fn read_settings(&mut self, value: Value) -> Option<Settings> {
        Settings::read(value).map_err(|wrong| self.out.warn(wrong)).ok()
    }

    fn settings_changed(&mut self, is_new: bool) {
        if is_new {
            self.forget_conditions();
        }
    }
}
