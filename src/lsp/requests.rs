//! What the client asks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lsp_server::{ErrorCode, RequestId};
use lsp_types::request::{
    CodeActionRequest, CodeActionResolveRequest, CodeLensRequest, Completion, DocumentDiagnosticRequest,
    DocumentHighlightRequest, DocumentLinkRequest, DocumentSymbolRequest, FoldingRangeRequest, GotoDefinition,
    HoverRequest, Initialize, InlayHintRequest, PrepareRenameRequest, References, Rename, Request,
    SelectionRangeRequest, SemanticTokensFullRequest, SemanticTokensRangeRequest, SignatureHelpRequest,
    WorkspaceSymbolRequest,
};
use lsp_types::{
    CodeAction, CodeActionParams, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri,
};
use serde_json::Value;

use super::actions::{self, actions};
use super::answers::{self, Asked, nothing};
use super::client::Client;
use super::conditions::Known;
use super::diagnostics::shown;
use super::document::{Document, IgnoreReading, Language, Reading};
use super::inbox::Event;
use super::outbox::{Failure, Reply, json};
use super::server::{AskedOfFindings, Open, Server, Waiting};

/// What answers a request about a Dockerfile.
type OfDockerfile<R, T> = fn(&<R as Request>::Params, &Reading<'_, '_>, &Asked<'_>) -> Result<Option<T>, Failure>;

/// What answers a request about an ignore file.
type OfIgnoreFile<R, T> = fn(&<R as Request>::Params, &IgnoreReading<'_>, &Asked<'_>) -> Result<Option<T>, Failure>;

impl Server<'_> {
    /// The answer to a request; nothing where it comes later.
    pub(super) fn reply(&mut self, id: &RequestId, method: &str, params: Value) -> Option<Reply> {
        match method {
            DocumentDiagnosticRequest::METHOD => {
                self.of_findings::<DocumentDiagnosticRequest>(id, params, |params: DocumentDiagnosticParams| {
                    let previous = params.previous_result_id;
                    (params.text_document.uri, AskedOfFindings::All { previous })
                })
            }
            CodeActionRequest::METHOD => {
                self.of_findings::<CodeActionRequest>(id, params, |params: CodeActionParams| {
                    (params.text_document.uri.clone(), AskedOfFindings::Actions(Box::new(params)))
                })
            }
            CodeActionResolveRequest::METHOD => match parameters::<CodeActionResolveRequest>(params) {
                Ok(action) => self.resolve(id, action),
                Err(failure) => Some(Err(failure)),
            },
            HoverRequest::METHOD => self.of_text::<HoverRequest, _>(
                id,
                params,
                |params| &params.text_document_position_params.text_document.uri,
                answers::hover,
                answers::ignore_hover,
            ),
            Completion::METHOD => self.of_text::<Completion, _>(
                id,
                params,
                |params| &params.text_document_position.text_document.uri,
                answers::completion,
                answers::ignore_completion,
            ),
            GotoDefinition::METHOD => self.of_text::<GotoDefinition, _>(
                id,
                params,
                |params| &params.text_document_position_params.text_document.uri,
                answers::definition,
                answers::ignore_definition,
            ),
            References::METHOD => self.of_text::<References, _>(
                id,
                params,
                |params| &params.text_document_position.text_document.uri,
                answers::references,
                nothing::<References, _>,
            ),
            DocumentHighlightRequest::METHOD => self.of_text::<DocumentHighlightRequest, _>(
                id,
                params,
                |params| &params.text_document_position_params.text_document.uri,
                answers::highlights,
                nothing::<DocumentHighlightRequest, _>,
            ),
            PrepareRenameRequest::METHOD => self.of_text::<PrepareRenameRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::prepare_rename,
                nothing::<PrepareRenameRequest, _>,
            ),
            Rename::METHOD => self.of_text::<Rename, _>(
                id,
                params,
                |params| &params.text_document_position.text_document.uri,
                answers::rename,
                nothing::<Rename, _>,
            ),
            InlayHintRequest::METHOD => self.of_text::<InlayHintRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::inlay_hints,
                nothing::<InlayHintRequest, _>,
            ),
            DocumentSymbolRequest::METHOD => self.of_text::<DocumentSymbolRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::document_symbols,
                nothing::<DocumentSymbolRequest, _>,
            ),
            FoldingRangeRequest::METHOD => self.of_text::<FoldingRangeRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::folding_ranges,
                nothing::<FoldingRangeRequest, _>,
            ),
            SelectionRangeRequest::METHOD => self.of_text::<SelectionRangeRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::selection_ranges,
                nothing::<SelectionRangeRequest, _>,
            ),
            DocumentLinkRequest::METHOD => self.of_text::<DocumentLinkRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::document_links,
                nothing::<DocumentLinkRequest, _>,
            ),
            SignatureHelpRequest::METHOD => self.of_text::<SignatureHelpRequest, _>(
                id,
                params,
                |params| &params.text_document_position_params.text_document.uri,
                answers::signature_help,
                nothing::<SignatureHelpRequest, _>,
            ),
            SemanticTokensFullRequest::METHOD => self.of_text::<SemanticTokensFullRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::all_tokens,
                nothing::<SemanticTokensFullRequest, _>,
            ),
            SemanticTokensRangeRequest::METHOD => self.of_text::<SemanticTokensRangeRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                answers::tokens_in_range,
                nothing::<SemanticTokensRangeRequest, _>,
            ),
            CodeLensRequest::METHOD => self.of_text::<CodeLensRequest, _>(
                id,
                params,
                |params| &params.text_document.uri,
                |_, _, _| Ok(None),
                answers::code_lenses,
            ),
            WorkspaceSymbolRequest::METHOD => self.symbols(id, params),
            #[cfg(test)]
            "test/panic" => std::panic::panic_any("a test asked for it"),
            #[cfg(test)]
            "test/panicLater" => {
                let uri = params.as_str().unwrap_or_default().to_owned();
                self.make(id, &uri, "test/panicLater", |_, _, _| std::panic::panic_any("a test asked for it"))
            }
            Initialize::METHOD => {
                Some(Err(Failure::new(ErrorCode::InvalidRequest, "the server is initialized already")))
            }
            _ => Some(Err(Failure::new(ErrorCode::MethodNotFound, format!("plimsoll does not know `{method}`")))),
        }
    }

    /// A request about what is read in a document; there is nothing to say where that is not open, or not one of ours.
    fn of_text<R, T>(
        &mut self,
        id: &RequestId,
        params: Value,
        uri: fn(&R::Params) -> &Uri,
        of_dockerfile: OfDockerfile<R, T>,
        of_ignore_file: OfIgnoreFile<R, T>,
    ) -> Option<Reply>
    where
        R: Request<Result = Option<T>>,
        R::Params: Send + 'static,
        T: serde::Serialize + 'static,
    {
        let params = match parameters::<R>(params) {
            Ok(params) => params,
            Err(failure) => return Some(Err(failure)),
        };
        let uri = uri(&params).as_str().to_owned();
        self.make(id, &uri, R::METHOD, move |document, known, client| {
            let asked = Asked { document, client, positions: document.positions() };
            let made = match document.language {
                Language::Dockerfile => known.read(document, |reading| of_dockerfile(&params, reading, &asked)),
                Language::IgnoreFile => {
                    known.read_ignore_file(document, |reading| of_ignore_file(&params, reading, &asked))
                }
            };
            made.and_then(|made| json(&made))
        })
    }

    /// Has an answer be made of a document, beside everything else; there is none where it is not open. Where too many are being
    /// made, it is made at once.
    fn make(
        &mut self,
        id: &RequestId,
        uri: &str,
        method: &'static str,
        make: impl FnOnce(&Document, &Known, &Client) -> Reply + Send + 'static,
    ) -> Option<Reply> {
        let known = self.known_of(uri);
        let Some((Open { document, .. }, known)) = self.documents.get(uri).zip(known) else {
            return Some(nothing_to_say());
        };
        let (document, text) = (document.clone(), document.text().len());
        let client = Arc::clone(&self.client);
        let make = move || {
            let made = catch_unwind(AssertUnwindSafe(|| make(&document, &known, &client)));
            made.unwrap_or_else(|_| Err(Failure::of_panic(method)))
        };
        if !self.pending.has_room() {
            return Some(make());
        }
        let taken = self.pending.begin(id.clone(), text);
        let id = id.clone();
        self.answer_later(Box::new(move || {
            let reply = if taken.is_back() { Err(Failure::cancelled()) } else { make() };
            Event::Answered { id, reply }
        }));
        None
    }

    /// A request that is answered when a document is linted; at once where the document is not open, or not one of ours.
    fn of_findings<R: Request>(
        &mut self,
        id: &RequestId,
        params: Value,
        read: impl FnOnce(R::Params) -> (Uri, AskedOfFindings),
    ) -> Option<Reply> {
        let (uri, asked) = match parameters::<R>(params) {
            Ok(params) => read(params),
            Err(failure) => return Some(Err(failure)),
        };
        if !self.documents.contains_key(uri.as_str()) {
            return Some(match asked {
                AskedOfFindings::All { .. } => json(&full(None, Vec::new())),
                AskedOfFindings::Actions(_) => nothing_to_say(),
            });
        }
        self.wait(uri.as_str(), Waiting { id: id.clone(), asked });
        None
    }

    /// The answer to a request about a document that was linted; nothing where it comes later.
    pub(super) fn reply_of_findings(&mut self, id: &RequestId, uri: &str, asked: AskedOfFindings) -> Option<Reply> {
        let Some(Open { document, state, found: Some(found), .. }) = self.documents.get(uri) else {
            return Some(Err(Failure::content_modified()));
        };
        match asked {
            AskedOfFindings::All { previous } => {
                let result_id = state.to_string();
                if previous.as_ref() == Some(&result_id) {
                    let report = UnchangedDocumentDiagnosticReport { result_id };
                    return Some(json(&DocumentDiagnosticReport::Unchanged(
                        RelatedUnchangedDocumentDiagnosticReport {
                            related_documents: None,
                            unchanged_document_diagnostic_report: report,
                        },
                    )));
                }
                let items = found.iter().map(|diagnostic| shown(diagnostic, document, &self.client)).collect();
                Some(json(&full(Some(result_id), items)))
            }
            AskedOfFindings::Actions(_) if !self.client.takes_actions => Some(nothing_to_say()),
            AskedOfFindings::Actions(params) => {
                let found = Arc::clone(found);
                self.make(id, uri, CodeActionRequest::METHOD, move |document, known, client| {
                    json(&actions(document, known, &found, &params, client))
                })
            }
        }
    }

    /// An action that was offered, with the edits that it makes.
    fn resolve(&mut self, id: &RequestId, action: CodeAction) -> Option<Reply> {
        let Some(uri) = actions::document_of(&action) else { return Some(json(&action)) };
        self.make(id, &uri, CodeActionResolveRequest::METHOD, move |document, known, client| {
            json(&actions::resolved(action, document, known, client)?)
        })
    }
}

fn full(result_id: Option<String>, items: Vec<lsp_types::Diagnostic>) -> DocumentDiagnosticReport {
    DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
    })
}

/// What a request is about.
pub(super) fn parameters<R: Request>(params: Value) -> Result<R::Params, Failure> {
    serde_json::from_value(params).map_err(|error| Failure::new(ErrorCode::InvalidParams, error.to_string()))
}

/// The result where there is none.
fn nothing_to_say() -> Reply {
    Ok("null".to_owned())
}
