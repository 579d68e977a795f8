//! What can be done about findings.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, WorkspaceEdit,
};
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::conditions::Known;
use super::diagnostics::shown;
use super::document::{Document, Language};
use super::fixing;
use super::ignoring::Ignoring;
use super::outbox::Failure;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::source::Span;

/// Mends all that can be mended unasked; editors can be told to do so with each save.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.plimsoll");

/// What can be done about the findings that touch the range that is asked about.
pub(super) fn actions(
    document: &Document,
    known: &Known,
    found: &[Diagnostic],
    params: &CodeActionParams,
    client: &Client,
) -> Vec<CodeActionOrCommand> {
    let maker = Maker { document, client };
    let span = document.positions().span(params.range);
    let wants = |kind: &CodeActionKind| {
        let is_part_of = |wanted: &CodeActionKind| {
            let rest = kind.as_str().strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty())
        };
        params.context.only.as_ref().is_none_or(|only| only.iter().any(is_part_of))
    };
    let mut actions = Vec::new();
    if wants(&CodeActionKind::QUICKFIX) {
        let here: Vec<&Diagnostic> = found.iter().filter(|diagnostic| touches(diagnostic.span, span)).collect();
        actions.extend(here.iter().filter_map(|diagnostic| maker.fix(diagnostic)));
        if !here.is_empty() {
            let ignoring = Ignoring::new(document.language, document.text());
            actions.extend(here.iter().flat_map(|diagnostic| maker.ignore(diagnostic, &ignoring)));
        }
    }
    if wants(&FIX_ALL) {
        actions.extend(maker.fix_all(found, known));
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// What the client keeps of an action whose edits are made when somebody wants them.
#[derive(Serialize, Deserialize)]
struct Kept {
    uri: String,
    version: i32,
}

/// The document that an action is about whose edits are still to be made.
pub(super) fn document_of(action: &CodeAction) -> Option<String> {
    let kept: Kept = serde_json::from_value(action.data.clone()?).ok()?;
    Some(kept.uri)
}

/// An action with its edits.
pub(super) fn resolved(
    mut action: CodeAction,
    document: &Document,
    known: &Known,
    client: &Client,
) -> Result<CodeAction, Failure> {
    let kept: Option<Kept> = action.data.take().and_then(|data| serde_json::from_value(data).ok());
    if kept.is_none_or(|kept| kept.version != document.version) {
        return Err(Failure::content_modified());
    }
    action.edit = Some(Maker { document, client }.mended(known));
    Ok(action)
}

fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

struct Maker<'d> {
    document: &'d Document,
    client: &'d Client,
}

impl Maker<'_> {
    /// What mends a finding.
    fn fix(&self, diagnostic: &Diagnostic) -> Option<CodeAction> {
        let fix = diagnostic.fix.as_ref()?;
        let edits = crate::fix::edits(self.document.text(), fix)?;
        let (warning, is_safe) = match fix.applicability {
            Applicability::Display => return None,
            Applicability::Unsafe => (", may change what the build does", false),
            Applicability::Safe => ("", true),
        };
        let title = format!("{} ({}{warning})", capitalized(&fix.title), diagnostic.code);
        Some(CodeAction { is_preferred: Some(is_safe), ..self.quick_fix(title, diagnostic, &edits) })
    }

    /// What silences a finding.
    fn ignore(&self, diagnostic: &Diagnostic, ignoring: &Ignoring<'_>) -> Vec<CodeAction> {
        let code = diagnostic.code;
        let place = match self.document.language {
            Language::Dockerfile => "instruction",
            Language::IgnoreFile => "pattern",
        };
        let here = ignoring.here(diagnostic).map(|edits| (format!("Ignore {code} for this {place}"), edits));
        let in_file = ignoring.in_file(diagnostic).map(|edits| (format!("Ignore {code} in this file"), edits));
        let action = |(title, edits): (String, Vec<Edit>)| self.quick_fix(title, diagnostic, &edits);
        here.into_iter().chain(in_file).map(action).collect()
    }

    fn fix_all(&self, found: &[Diagnostic], known: &Known) -> Option<CodeAction> {
        let is_safe = |diagnostic: &Diagnostic| {
            diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
        };
        if !found.iter().any(is_safe) {
            return None;
        }
        let title = "Fix all that can be fixed safely".to_owned();
        let action = CodeAction { title, kind: Some(FIX_ALL), ..CodeAction::default() };
        // It takes a while, and most who ask only want to know what there is.
        Some(if self.client.resolves_actions {
            let kept = Kept { uri: self.document.uri.as_str().to_owned(), version: self.document.version };
            CodeAction { data: serde_json::to_value(kept).ok(), ..action }
        } else {
            CodeAction { edit: Some(self.mended(known)), ..action }
        })
    }

    /// All that can be mended unasked.
    fn mended(&self, known: &Known) -> WorkspaceEdit {
        self.edit(&fixing::difference(self.document.text(), &known.mended(self.document)))
    }

    fn quick_fix(&self, title: String, diagnostic: &Diagnostic, edits: &[Edit]) -> CodeAction {
        CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![shown(diagnostic, self.document, self.client)]),
            edit: Some(self.edit(edits)),
            ..CodeAction::default()
        }
    }

    fn edit(&self, edits: &[Edit]) -> WorkspaceEdit {
        let positions = self.document.positions();
        let edits =
            edits.iter().map(|edit| TextEdit { range: positions.range(edit.span), new_text: edit.text.clone() });
        workspace_edit(self.document, edits.collect(), self.client)
    }
}

/// Edits of one document.
#[allow(clippy::mutable_key_type, reason = "the protocol's own type; nobody changes the name of a document")]
pub(super) fn workspace_edit(document: &Document, edits: Vec<TextEdit>, client: &Client) -> WorkspaceEdit {
    if !client.takes_versioned_edits {
        return WorkspaceEdit::new(HashMap::from([(document.uri.clone(), edits)]));
    }
    let text_document =
        OptionalVersionedTextDocumentIdentifier { uri: document.uri.clone(), version: Some(document.version) };
    let edits = edits.into_iter().map(OneOf::Left).collect();
    let changes = DocumentChanges::Edits(vec![TextDocumentEdit { text_document, edits }]);
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}

fn capitalized(title: &str) -> String {
    let mut rest = title.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
