//! What [`features`](super::features) say, as the protocol has it.

use lsp_server::ErrorCode;
use lsp_types::{
    Command, CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit,
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, Documentation, GotoDefinitionParams,
    GotoDefinitionResponse, Hover, HoverContents, HoverParams, InlayHint, InlayHintLabel, InlayHintParams, Location,
    LocationLink, MarkupContent, MarkupKind, PrepareRenameResponse, Range, ReferenceParams, RenameParams,
    TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};

use super::actions::workspace_edit;
use super::document::{Document, IgnoreReading, Language, Reading};
use super::features::completion::{self, Completion, CompletionKind};
use super::features::definition::{self, Definition, Target};
use super::features::{hints, hover, references, rename};
use super::outbox::Failure;
use super::positions::Positions;
use super::server::Server;
use super::uri;
use crate::semantic::Inputs;
use crate::source::Span;

/// An answer; most are nothing where the document is not of the kind that was asked about, or not one of ours.
pub(super) type Answer<T> = Result<Option<T>, Failure>;

/// What an answer is made of.
struct Asked<'a> {
    document: &'a Document,
    positions: Positions<'a>,
}

impl Asked<'_> {
    fn range(&self, span: Span) -> Range {
        self.positions.range(span)
    }
}

impl Server<'_> {
    /// The answer of a feature of Dockerfiles.
    fn in_dockerfile<T>(&mut self, uri: &Uri, answer: impl FnOnce(&Reading<'_, '_>, &Asked<'_>) -> T) -> Option<T> {
        let context = self.context_of(uri.as_str());
        let document = &self.documents.get(uri.as_str())?.document;
        if document.language != Language::Dockerfile {
            return None;
        }
        let linter = self.workspace.linter_for(document.path.as_deref());
        let inputs: &Inputs = linter.inputs();
        let asked = Asked { document, positions: document.positions() };
        Some(document.with_reading(inputs, context.as_deref(), |reading| answer(reading, &asked)))
    }

    /// The answer of a feature of ignore files.
    #[allow(dead_code, reason = "there is none yet")]
    fn in_ignore_file<T>(&mut self, uri: &Uri, answer: impl FnOnce(&IgnoreReading<'_>, &Asked<'_>) -> T) -> Option<T> {
        let tree = self.context_of(uri.as_str());
        let document = &self.documents.get(uri.as_str())?.document;
        if document.language != Language::IgnoreFile {
            return None;
        }
        let asked = Asked { document, positions: document.positions() };
        Some(document.with_ignore_reading(tree.as_deref(), |reading| answer(reading, &asked)))
    }

    pub(super) fn hover(&mut self, params: HoverParams) -> Answer<Hover> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let kind = if self.client.takes_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        let found = self.in_dockerfile(&text_document.uri, |reading, asked| {
            let hover::Hover { span, markdown } = hover::hover(reading, asked.positions.offset(position))?;
            let contents = HoverContents::Markup(MarkupContent { kind, value: markdown });
            Some(Hover { contents, range: Some(asked.range(span)) })
        });
        Ok(found.flatten())
    }

    pub(super) fn completion(&mut self, params: CompletionParams) -> Answer<CompletionResponse> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let goes_on = self.client.asks_again;
        let items = self.in_dockerfile(&text_document.uri, |reading, asked| {
            let found = completion::complete(reading, asked.positions.offset(position));
            let item = |(place, completion)| completion_item(place, completion, asked, goes_on);
            found.into_iter().enumerate().map(item).collect()
        });
        Ok(items.map(CompletionResponse::Array))
    }

    pub(super) fn definition(&mut self, params: GotoDefinitionParams) -> Answer<GotoDefinitionResponse> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let takes_links = self.client.takes_definition_links;
        let found = self.in_dockerfile(&text_document.uri, |reading, asked| {
            let found = definition::definition(reading, asked.positions.offset(position))?;
            Some(definition_response(&found, asked, takes_links))
        });
        Ok(found.flatten())
    }

    pub(super) fn references(&mut self, params: ReferenceParams) -> Answer<Vec<Location>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let with_declaration = params.context.include_declaration;
        Ok(self.in_dockerfile(&text_document.uri, |reading, asked| {
            let mentions = references::mentions(reading, asked.positions.offset(position));
            let mentions = mentions.into_iter().filter(|mention| with_declaration || !mention.declares);
            mentions.map(|mention| Location::new(asked.document.uri.clone(), asked.range(mention.span))).collect()
        }))
    }

    pub(super) fn highlights(&mut self, params: DocumentHighlightParams) -> Answer<Vec<DocumentHighlight>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        Ok(self.in_dockerfile(&text_document.uri, |reading, asked| {
            let mentions = references::mentions(reading, asked.positions.offset(position));
            let highlight = |mention: references::Mention| {
                let kind = if mention.writes { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
                DocumentHighlight { range: asked.range(mention.span), kind: Some(kind) }
            };
            mentions.into_iter().map(highlight).collect()
        }))
    }

    pub(super) fn prepare_rename(&mut self, params: TextDocumentPositionParams) -> Answer<PrepareRenameResponse> {
        let TextDocumentPositionParams { text_document, position } = params;
        let found = self.in_dockerfile(&text_document.uri, |reading, asked| {
            let found = rename::prepare(reading, asked.positions.offset(position))?;
            Ok(found.map(|rename::Renameable { span, name }| PrepareRenameResponse::RangeWithPlaceholder {
                range: asked.range(span),
                placeholder: name,
            }))
        });
        refused(found)
    }

    pub(super) fn rename(&mut self, params: RenameParams) -> Answer<WorkspaceEdit> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let client = self.client.clone();
        let found = self.in_dockerfile(&text_document.uri, |reading, asked| {
            let places = rename::rename(reading, asked.positions.offset(position), &params.new_name)?;
            let edit = |span| TextEdit { range: asked.range(span), new_text: params.new_name.clone() };
            let edits: Vec<TextEdit> = places.into_iter().map(edit).collect();
            Ok((!edits.is_empty()).then(|| workspace_edit(asked.document, edits, &client)))
        });
        refused(found)
    }

    pub(super) fn inlay_hints(&mut self, params: InlayHintParams) -> Answer<Vec<InlayHint>> {
        Ok(self.in_dockerfile(&params.text_document.uri, |reading, asked| {
            let hint = |hints::Hint { offset, label }| InlayHint {
                position: asked.positions.position(offset),
                label: InlayHintLabel::String(label),
                kind: None,
                text_edits: None,
                tooltip: None,
                padding_left: Some(true),
                padding_right: None,
                data: None,
            };
            hints::hints(reading, asked.positions.span(params.range)).into_iter().map(hint).collect()
        }))
    }
}

/// Tells the reason where there is one.
fn refused<T>(found: Option<Result<Option<T>, String>>) -> Answer<T> {
    found.unwrap_or(Ok(None)).map_err(|reason| Failure::new(ErrorCode::RequestFailed, reason))
}

fn definition_response(found: &Definition, asked: &Asked<'_>, takes_links: bool) -> GotoDefinitionResponse {
    let origin = asked.range(found.origin);
    let links = found.targets.iter().filter_map(|target| {
        let (target_uri, whole, name) = match target {
            Target::Here { name, whole } => (asked.document.uri.clone(), asked.range(*whole), asked.range(*name)),
            Target::File(path) => (uri::of_path(path)?, Range::default(), Range::default()),
        };
        Some(LocationLink {
            origin_selection_range: Some(origin),
            target_uri,
            target_range: whole,
            target_selection_range: name,
        })
    });
    if takes_links {
        GotoDefinitionResponse::Link(links.collect())
    } else {
        GotoDefinitionResponse::Array(
            links.map(|link| Location::new(link.target_uri, link.target_selection_range)).collect(),
        )
    }
}

/// Something that may be typed; `place` is its place among all, which are not to be sorted by their letters.
fn completion_item(place: usize, completion: Completion, asked: &Asked<'_>, asks_again: bool) -> CompletionItem {
    let Completion { label, kind, detail, documentation, replace, insert, goes_on } = completion;
    let kind = match kind {
        CompletionKind::Keyword | CompletionKind::Directive => CompletionItemKind::KEYWORD,
        CompletionKind::Flag | CompletionKind::Key => CompletionItemKind::PROPERTY,
        CompletionKind::Value => CompletionItemKind::VALUE,
        CompletionKind::Stage | CompletionKind::Image => CompletionItemKind::MODULE,
        CompletionKind::Variable => CompletionItemKind::VARIABLE,
        CompletionKind::File => CompletionItemKind::FILE,
        CompletionKind::Directory => CompletionItemKind::FOLDER,
        CompletionKind::Rule => CompletionItemKind::REFERENCE,
    };
    let again = || Command::new(String::new(), "editor.action.triggerSuggest".to_owned(), None);
    CompletionItem {
        label,
        kind: Some(kind),
        detail: Some(detail).filter(|detail| !detail.is_empty()),
        documentation: documentation
            .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
        sort_text: Some(format!("{place:06}")),
        filter_text: Some(insert.clone()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: asked.range(replace), new_text: insert })),
        command: (goes_on && asks_again).then(again),
        ..CompletionItem::default()
    }
}
