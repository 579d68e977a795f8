//! What the client asks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lsp_server::{ErrorCode, RequestId};
use lsp_types::request::{
    CodeActionRequest, CodeLensRequest, Completion, DocumentDiagnosticRequest, DocumentHighlightRequest,
    DocumentLinkRequest, DocumentSymbolRequest, FoldingRangeRequest, GotoDefinition, HoverRequest, Initialize,
    InlayHintRequest, PrepareRenameRequest, References, Rename, Request, SelectionRangeRequest,
    SemanticTokensFullRequest, SemanticTokensRangeRequest, SignatureHelpRequest,
};
use lsp_types::{
    CodeActionParams, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri,
};
use serde_json::Value;

use super::actions::actions;
use super::answers::{self, Asked, nothing};
use super::diagnostics::shown;
use super::document::{IgnoreReading, Language, Reading};
use super::inbox::Event;
use super::outbox::Failure;
use super::server::{AskedOfFindings, Open, Server, Waiting};

/// What is answered.
pub(super) type Reply = Result<Value, Failure>;

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
        of_dockerfile: fn(&R::Params, &Reading<'_, '_>, &Asked<'_>) -> Result<Option<T>, Failure>,
        of_ignore_file: fn(&R::Params, &IgnoreReading<'_>, &Asked<'_>) -> Result<Option<T>, Failure>,
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
        let context = self.context_of(uri(&params).as_str());
        let Some(Open { document, .. }) = self.documents.get(uri(&params).as_str()) else {
            return Some(Ok(Value::Null));
        };
        let (document, text) = (document.clone(), document.text().len());
        let linter = self.workspace.linter_for(document.path.as_deref());
        let client = Arc::clone(&self.client);
        let make = move || {
            let asked = Asked { document: &document, client: &client, positions: document.positions() };
            let made = catch_unwind(AssertUnwindSafe(|| match document.language {
                Language::Dockerfile => document.with_reading(linter.inputs(), context.as_deref(), |reading| {
                    of_dockerfile(&params, reading, &asked)
                }),
                Language::IgnoreFile => {
                    document.with_ignore_reading(context.as_deref(), |reading| of_ignore_file(&params, reading, &asked))
                }
            }));
            made.unwrap_or_else(|_| Err(Failure::of_panic(R::METHOD))).and_then(answer)
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
                AskedOfFindings::All { .. } => answer(full(None, Vec::new())),
                AskedOfFindings::Actions(_) => Ok(Value::Null),
            });
        }
        self.wait(uri.as_str(), Waiting { id: id.clone(), asked });
        None
    }

    /// The answer to a request about a document that was linted.
    pub(super) fn answer_of_findings(&self, uri: &str, asked: &AskedOfFindings) -> Reply {
        let Some(Open { document, state, found: Some(found), .. }) = self.documents.get(uri) else {
            return Err(Failure::content_modified());
        };
        match asked {
            AskedOfFindings::All { previous } => {
                let result_id = state.to_string();
                if previous.as_ref() == Some(&result_id) {
                    let report = UnchangedDocumentDiagnosticReport { result_id };
                    return answer(DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                        related_documents: None,
                        unchanged_document_diagnostic_report: report,
                    }));
                }
                let positions = document.positions();
                let items = found.iter().map(|diagnostic| shown(diagnostic, &positions, &self.client)).collect();
                answer(full(Some(result_id), items))
            }
            AskedOfFindings::Actions(_) if !self.client.takes_actions => Ok(Value::Null),
            AskedOfFindings::Actions(params) => {
                let span = document.positions().span(params.range);
                answer(actions(document, found, span, &params.context, &self.client))
            }
        }
    }
}

fn full(result_id: Option<String>, items: Vec<lsp_types::Diagnostic>) -> DocumentDiagnosticReport {
    DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
    })
}

/// What a request is about.
fn parameters<R: Request>(params: Value) -> Result<R::Params, Failure> {
    serde_json::from_value(params).map_err(|error| Failure::new(ErrorCode::InvalidParams, error.to_string()))
}

fn answer(result: impl serde::Serialize) -> Reply {
    serde_json::to_value(result).map_err(|error| Failure::new(ErrorCode::InternalError, error.to_string()))
}
