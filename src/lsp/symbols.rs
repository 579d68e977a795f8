//! What there is in all Dockerfiles of the folders that are open.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use lsp_server::RequestId;
use lsp_types::request::{Request, WorkspaceSymbolRequest};
use lsp_types::{Location, OneOf, SymbolKind, WorkspaceSymbol, WorkspaceSymbolResponse};
use serde_json::Value;

use super::document::{Document, Language, with_reading};
use super::features::document_symbols::{self, SymbolKind as Kind};
use super::inbox::Event;
use super::outbox::{Failure, Reply, json};
use super::pending::Taken;
use super::positions::PositionEncoding;
use super::requests::parameters;
use super::server::Server;
use super::uri;
use crate::cli::files;
use crate::semantic::Inputs;
use crate::source::Source;

/// So many files and directories are looked at, at most, so many files are read, and so many names are told.
const MOST_ENTRIES: usize = 200_000;
const MOST_FILES: usize = 2_000;
const MOST_SYMBOLS: usize = 1_000;

impl Server<'_> {
    /// `workspace/symbol`
    pub(super) fn symbols(&mut self, id: &RequestId, params: Value) -> Option<Reply> {
        let params = match parameters::<WorkspaceSymbolRequest>(params) {
            Ok(params) => params,
            Err(failure) => return Some(Err(failure)),
        };
        let documents = self.documents.values().map(|open| &open.document);
        let open: Vec<Document> =
            documents.filter(|document| document.language == Language::Dockerfile).cloned().collect();
        let folders: Vec<PathBuf> = self.workspace.folders().filter_map(uri::path).collect();
        let encoding = self.client.encoding;
        let length = open.iter().map(|document| document.text().len()).sum();
        let has_room = self.pending.has_room();
        let taken = if has_room { self.pending.begin(id.clone(), length) } else { Taken::default() };
        let mut search = Search { query: params.query, encoding, open, folders, taken, found: Vec::new() };
        let mut make = move || {
            let made = catch_unwind(AssertUnwindSafe(|| search.run()));
            made.unwrap_or_else(|_| Err(Failure::of_panic(WorkspaceSymbolRequest::METHOD)))
        };
        if !has_room {
            return Some(make());
        }
        let id = id.clone();
        // It may take a while to look through all folders, and no other answer waits for it.
        self.aside(move || Event::Answered { id, reply: make() });
        None
    }
}

struct Search {
    query: String,
    encoding: PositionEncoding,
    open: Vec<Document>,
    folders: Vec<PathBuf>,
    taken: Taken,
    found: Vec<WorkspaceSymbol>,
}

impl Search {
    fn run(&mut self) -> Reply {
        let open = std::mem::take(&mut self.open);
        let mut paths: HashSet<PathBuf> = HashSet::new();
        for document in &open {
            self.look_into(document);
            paths.extend(document.path.clone());
        }
        for path in self.files() {
            if self.taken.is_back() {
                return Err(Failure::cancelled());
            }
            if self.found.len() < MOST_SYMBOLS
                && !paths.contains(&path)
                && let Some(document) = self.read(&path)
            {
                self.look_into(&document);
            }
        }
        self.found.truncate(MOST_SYMBOLS);
        json(&WorkspaceSymbolResponse::Nested(std::mem::take(&mut self.found)))
    }

    /// The Dockerfiles of the folders, those that Git ignores left out, as the command line finds them.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut entries = 0;
        for folder in &self.folders {
            let walk = WalkBuilder::new(folder)
                .hidden(false)
                .require_git(false)
                .filter_entry(|entry| entry.file_name() != ".git")
                .build();
            for entry in walk {
                entries += 1;
                if entries > MOST_ENTRIES || files.len() >= MOST_FILES || self.taken.is_back() {
                    return files;
                }
                let Ok(entry) = entry else { continue };
                if entry.file_type().is_some_and(|kind| kind.is_file()) && files::is_dockerfile(entry.path()) {
                    files.push(entry.into_path());
                }
            }
        }
        files.sort();
        files.dedup();
        files
    }

    fn read(&self, path: &Path) -> Option<Document> {
        let source = Source::decode(&files::read(path).ok()?).ok()?.text().to_owned();
        Document::open(uri::of_path(path)?, "dockerfile", 0, source, self.encoding)
    }

    fn look_into(&mut self, document: &Document) {
        let positions = document.positions();
        let named = with_reading(document.text(), &Inputs::default(), None, |reading| {
            document_symbols::workspace_symbols(reading, &self.query)
        });
        self.found.extend(named.into_iter().map(|(symbol, stage)| WorkspaceSymbol {
            name: symbol.name,
            kind: match symbol.kind {
                Kind::Stage => SymbolKind::MODULE,
                Kind::Environment => SymbolKind::CONSTANT,
                _ => SymbolKind::VARIABLE,
            },
            tags: None,
            container_name: stage,
            location: OneOf::Left(Location { uri: document.uri.clone(), range: positions.range(symbol.name_span) }),
            data: None,
        }));
    }
}
