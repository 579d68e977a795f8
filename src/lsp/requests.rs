//! What the client asks.

use lsp_server::{ErrorCode, RequestId};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentDiagnosticRequest, DocumentHighlightRequest, GotoDefinition, HoverRequest,
    Initialize, InlayHintRequest, PrepareRenameRequest, References, Rename, Request,
};
use lsp_types::{
    CodeActionParams, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
};
use serde_json::Value;

use super::actions::actions;
use super::diagnostics::shown;
use super::outbox::Failure;
use super::server::{Asked, Open, Server, Waiting};

/// What is answered.
type Reply = Result<Value, Failure>;

impl Server<'_> {
    /// The answer to a request; nothing where something else has to be done before.
    pub(super) fn reply(&mut self, id: &RequestId, method: &str, params: Value) -> Option<Reply> {
        match method {
            DocumentDiagnosticRequest::METHOD => {
                self.later::<DocumentDiagnosticRequest>(id, params, |params: DocumentDiagnosticParams| {
                    (params.text_document.uri, Asked::Diagnostics { previous: params.previous_result_id })
                })
            }
            CodeActionRequest::METHOD => self.later::<CodeActionRequest>(id, params, |params: CodeActionParams| {
                (params.text_document.uri.clone(), Asked::Actions(Box::new(params)))
            }),
            HoverRequest::METHOD => self.now::<HoverRequest>(params, Self::hover),
            Completion::METHOD => self.now::<Completion>(params, Self::completion),
            GotoDefinition::METHOD => self.now::<GotoDefinition>(params, Self::definition),
            References::METHOD => self.now::<References>(params, Self::references),
            DocumentHighlightRequest::METHOD => self.now::<DocumentHighlightRequest>(params, Self::highlights),
            PrepareRenameRequest::METHOD => self.now::<PrepareRenameRequest>(params, Self::prepare_rename),
            Rename::METHOD => self.now::<Rename>(params, Self::rename),
            InlayHintRequest::METHOD => self.now::<InlayHintRequest>(params, Self::inlay_hints),
            Initialize::METHOD => {
                Some(Err(Failure::new(ErrorCode::InvalidRequest, "the server is initialized already")))
            }
            _ => Some(Err(Failure::new(ErrorCode::MethodNotFound, format!("plimsoll does not know `{method}`")))),
        }
    }

    /// A request that is answered at once.
    fn now<R: Request>(
        &mut self,
        params: Value,
        give: impl FnOnce(&mut Self, R::Params) -> Result<R::Result, Failure>,
    ) -> Option<Reply> {
        Some(parameters::<R>(params).and_then(|params| give(self, params)).and_then(answer))
    }

    /// A request that is answered when a document is linted; at once where the document is not open, or not one of ours.
    fn later<R: Request>(
        &mut self,
        id: &RequestId,
        params: Value,
        read: impl FnOnce(R::Params) -> (lsp_types::Uri, Asked),
    ) -> Option<Reply> {
        let (uri, asked) = match parameters::<R>(params) {
            Ok(params) => read(params),
            Err(failure) => return Some(Err(failure)),
        };
        if !self.documents.contains_key(uri.as_str()) {
            return Some(match asked {
                Asked::Diagnostics { .. } => answer(full(None, Vec::new())),
                Asked::Actions(_) => Ok(Value::Null),
            });
        }
        self.wait(uri.as_str(), Waiting { id: id.clone(), asked });
        None
    }

    /// The answer to a request about a document that was linted.
    pub(super) fn answer_asked(&self, uri: &str, asked: &Asked) -> Reply {
        let Some(Open { document, state, found: Some(found), .. }) = self.documents.get(uri) else {
            return Err(Failure::content_modified());
        };
        match asked {
            Asked::Diagnostics { previous } => {
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
            Asked::Actions(_) if !self.client.takes_actions => Ok(Value::Null),
            Asked::Actions(params) => {
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
