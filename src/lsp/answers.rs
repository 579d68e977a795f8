//! What [`features`](super::features) say, as the protocol has it.

use lsp_server::ErrorCode;
use lsp_types::request::{
    CodeLensRequest, Completion, DocumentHighlightRequest, DocumentLinkRequest, DocumentSymbolRequest,
    FoldingRangeRequest, GotoDefinition, HoverRequest, InlayHintRequest, PrepareRenameRequest, References, Rename,
    Request, SelectionRangeRequest, SemanticTokensFullRequest, SemanticTokensRangeRequest, SignatureHelpRequest,
};
use lsp_types::{
    CodeLens, Command, CompletionItem, CompletionItemKind, CompletionResponse, CompletionTextEdit, DocumentHighlight,
    DocumentHighlightKind, DocumentLink, DocumentSymbol, DocumentSymbolResponse, Documentation, FoldingRange,
    FoldingRangeKind, GotoDefinitionResponse, Hover, HoverContents, InlayHint, InlayHintLabel, Location, LocationLink,
    MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, Position, PrepareRenameResponse, Range,
    SelectionRange, SemanticToken, SemanticTokens, SemanticTokensRangeResult, SemanticTokensResult, SignatureHelp,
    SignatureInformation, SymbolInformation, SymbolKind, TextEdit,
};

use super::actions::workspace_edit;
use super::client::Client;
use super::document::{Document, IgnoreReading, Reading};
use super::features::completion::{self, CompletionKind};
use super::features::definition::{self, Definition, Target};
use super::features::document_symbols::{self, SymbolKind as Kind};
use super::features::links::LinkTarget;
use super::features::tokens::{Token, TokenKind};
use super::features::{
    folding, hints, hover, ignore_completion, ignore_definition, ignore_hover, links, references, rename, selection,
    signature, tokens,
};
use super::outbox::Failure;
use super::positions::Positions;
use super::uri;
use crate::source::Span;

/// The answer to a request.
type Answer<R> = Result<<R as Request>::Result, Failure>;

/// What is asked about.
pub(super) struct Asked<'a> {
    pub(super) document: &'a Document,
    pub(super) client: &'a Client,
    pub(super) positions: Positions<'a>,
}

impl Asked<'_> {
    fn offset(&self, place: Position) -> u32 {
        self.positions.offset(place)
    }

    fn range(&self, span: Span) -> Range {
        self.positions.range(span)
    }
}

/// The answer where there is none in documents of this kind.
pub(super) fn nothing<R: Request, T>(
    _: &R::Params,
    _: &IgnoreReading<'_>,
    _: &Asked<'_>,
) -> Result<Option<T>, Failure> {
    Ok(None)
}

type Params<R> = <R as Request>::Params;

pub(super) fn hover(
    params: &Params<HoverRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<HoverRequest> {
    let offset = asked.offset(params.text_document_position_params.position);
    Ok(hover::hover(reading, offset).map(|found| shown_hover(found, asked)))
}

pub(super) fn ignore_hover(
    params: &Params<HoverRequest>,
    reading: &IgnoreReading<'_>,
    asked: &Asked<'_>,
) -> Answer<HoverRequest> {
    let offset = asked.offset(params.text_document_position_params.position);
    Ok(ignore_hover::hover(reading, offset).map(|found| shown_hover(found, asked)))
}

fn shown_hover(found: hover::Hover, asked: &Asked<'_>) -> Hover {
    let kind = if asked.client.takes_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = HoverContents::Markup(MarkupContent { kind, value: found.markdown });
    Hover { contents, range: Some(asked.range(found.span)) }
}

pub(super) fn completion(
    params: &Params<Completion>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<Completion> {
    let found = completion::complete(reading, asked.offset(params.text_document_position.position));
    Ok(completion_response(found, asked))
}

pub(super) fn ignore_completion(
    params: &Params<Completion>,
    reading: &IgnoreReading<'_>,
    asked: &Asked<'_>,
) -> Answer<Completion> {
    let found = ignore_completion::complete(reading, asked.offset(params.text_document_position.position));
    Ok(completion_response(found, asked))
}

fn completion_response(found: Vec<completion::Completion>, asked: &Asked<'_>) -> Option<CompletionResponse> {
    let items = found.into_iter().enumerate().map(|(place, completion)| completion_item(place, completion, asked));
    Some(CompletionResponse::Array(items.collect()))
}

/// Something that may be typed; `place` is its place among all, which are not to be sorted by their letters.
fn completion_item(place: usize, completion: completion::Completion, asked: &Asked<'_>) -> CompletionItem {
    let completion::Completion { label, kind, detail, documentation, replace, insert, goes_on } = completion;
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
        command: (goes_on && asked.client.asks_again).then(again),
        ..CompletionItem::default()
    }
}

pub(super) fn definition(
    params: &Params<GotoDefinition>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<GotoDefinition> {
    let offset = asked.offset(params.text_document_position_params.position);
    Ok(definition::definition(reading, offset).map(|found| shown_definition(&found, asked)))
}

pub(super) fn ignore_definition(
    params: &Params<GotoDefinition>,
    reading: &IgnoreReading<'_>,
    asked: &Asked<'_>,
) -> Answer<GotoDefinition> {
    let offset = asked.offset(params.text_document_position_params.position);
    Ok(ignore_definition::definition(reading, offset).map(|found| shown_definition(&found, asked)))
}

fn shown_definition(found: &Definition, asked: &Asked<'_>) -> GotoDefinitionResponse {
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
    if asked.client.takes_definition_links {
        GotoDefinitionResponse::Link(links.collect())
    } else {
        let locations = links.map(|link| Location::new(link.target_uri, link.target_selection_range));
        GotoDefinitionResponse::Array(locations.collect())
    }
}

pub(super) fn references(
    params: &Params<References>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<References> {
    let with_declaration = params.context.include_declaration;
    let mentions = references::mentions(reading, asked.offset(params.text_document_position.position));
    let mentions = mentions.into_iter().filter(|mention| with_declaration || !mention.declares);
    let location = |mention: references::Mention| Location::new(asked.document.uri.clone(), asked.range(mention.span));
    Ok(Some(mentions.map(location).collect()))
}

pub(super) fn highlights(
    params: &Params<DocumentHighlightRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<DocumentHighlightRequest> {
    let mentions = references::mentions(reading, asked.offset(params.text_document_position_params.position));
    let highlight = |mention: references::Mention| {
        let kind = if mention.writes { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
        DocumentHighlight { range: asked.range(mention.span), kind: Some(kind) }
    };
    Ok(Some(mentions.into_iter().map(highlight).collect()))
}

pub(super) fn prepare_rename(
    params: &Params<PrepareRenameRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<PrepareRenameRequest> {
    let found = rename::prepare(reading, asked.offset(params.position)).map_err(refused)?;
    Ok(found.map(|rename::Renameable { span, name }| PrepareRenameResponse::RangeWithPlaceholder {
        range: asked.range(span),
        placeholder: name,
    }))
}

pub(super) fn rename(params: &Params<Rename>, reading: &Reading<'_, '_>, asked: &Asked<'_>) -> Answer<Rename> {
    let offset = asked.offset(params.text_document_position.position);
    let places = rename::rename(reading, offset, &params.new_name).map_err(refused)?;
    let edit = |span| TextEdit { range: asked.range(span), new_text: params.new_name.clone() };
    let edits: Vec<TextEdit> = places.into_iter().map(edit).collect();
    Ok((!edits.is_empty()).then(|| workspace_edit(asked.document, edits, asked.client)))
}

/// Why something can't be done, for whoever asked for it.
fn refused(reason: String) -> Failure {
    Failure::new(ErrorCode::RequestFailed, reason)
}

pub(super) fn inlay_hints(
    params: &Params<InlayHintRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<InlayHintRequest> {
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
    Ok(Some(hints::hints(reading, asked.positions.span(params.range)).into_iter().map(hint).collect()))
}

pub(super) fn document_symbols(
    _: &Params<DocumentSymbolRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<DocumentSymbolRequest> {
    let symbols = document_symbols::document_symbols(reading);
    Ok(Some(if asked.client.takes_nested_symbols {
        DocumentSymbolResponse::Nested(symbols.into_iter().map(|symbol| nested_symbol(symbol, asked)).collect())
    } else {
        let mut flat = Vec::new();
        for symbol in symbols {
            let container = symbol.name.clone();
            flat.push(flat_symbol(&symbol, None, asked));
            flat.extend(symbol.children.iter().map(|child| flat_symbol(child, Some(container.clone()), asked)));
        }
        DocumentSymbolResponse::Flat(flat)
    }))
}

/// The protocol has no stages and no instructions.
const fn symbol_kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Stage => SymbolKind::CLASS,
        Kind::Argument => SymbolKind::VARIABLE,
        Kind::Environment => SymbolKind::CONSTANT,
        Kind::Command => SymbolKind::FUNCTION,
        Kind::Instruction => SymbolKind::PROPERTY,
    }
}

#[allow(deprecated, reason = "the type has a field that is, and no other way to be made")]
fn nested_symbol(symbol: document_symbols::DocumentSymbol, asked: &Asked<'_>) -> DocumentSymbol {
    let document_symbols::DocumentSymbol { name, detail, kind, whole, name_span, children } = symbol;
    // Stages hold instructions, and those hold nothing.
    let children: Vec<_> = children.into_iter().map(|child| nested_symbol(child, asked)).collect();
    DocumentSymbol {
        name,
        detail: Some(detail).filter(|detail| !detail.is_empty()),
        kind: symbol_kind(kind),
        tags: None,
        deprecated: None,
        range: asked.range(whole),
        selection_range: asked.range(name_span),
        children: (!children.is_empty()).then_some(children),
    }
}

#[allow(deprecated, reason = "the type has a field that is, and no other way to be made")]
fn flat_symbol(
    symbol: &document_symbols::DocumentSymbol,
    container_name: Option<String>,
    asked: &Asked<'_>,
) -> SymbolInformation {
    SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location::new(asked.document.uri.clone(), asked.range(symbol.whole)),
        container_name,
    }
}

pub(super) fn folding_ranges(
    _: &Params<FoldingRangeRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<FoldingRangeRequest> {
    let fold = |folding::Fold { span, is_comment }| {
        let Range { start, end } = asked.range(span);
        // What ends with the end of a line ends on that line, for the next one is not folded away.
        let end = if end.character == 0 { end.line.saturating_sub(1) } else { end.line };
        FoldingRange {
            start_line: start.line,
            end_line: end,
            kind: is_comment.then_some(FoldingRangeKind::Comment),
            ..FoldingRange::default()
        }
    };
    let folds = folding::folds(reading).into_iter().map(fold).filter(|fold| fold.start_line < fold.end_line);
    Ok(Some(folds.collect()))
}

pub(super) fn selection_ranges(
    params: &Params<SelectionRangeRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<SelectionRangeRequest> {
    let around = |place: &Position| {
        let parts = selection::selections(reading, asked.offset(*place));
        let outermost = SelectionRange { range: Range { start: *place, end: *place }, parent: None };
        let nested = parts.into_iter().rev().fold(None, |parent: Option<SelectionRange>, span| {
            Some(SelectionRange { range: asked.range(span), parent: parent.map(Box::new) })
        });
        nested.unwrap_or(outermost)
    };
    Ok(Some(params.positions.iter().map(around).collect()))
}

pub(super) fn document_links(
    _: &Params<DocumentLinkRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<DocumentLinkRequest> {
    let link = |links::Link { span, target }| {
        let target = match target {
            LinkTarget::File(path) => uri::of_path(&path),
            LinkTarget::Page(page) => page.parse().ok(),
        };
        Some(DocumentLink { range: asked.range(span), target: Some(target?), tooltip: None, data: None })
    };
    Ok(Some(links::links(reading).into_iter().filter_map(link).collect()))
}

pub(super) fn signature_help(
    params: &Params<SignatureHelpRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<SignatureHelpRequest> {
    let offset = asked.offset(params.text_document_position_params.position);
    let Some(signature::Signatures { forms, active }) = signature::signatures(reading, offset) else { return Ok(None) };
    let number = |number: usize| Span::of_range(0..number).end;
    let text = |text: &str| Documentation::String(text.to_owned());
    let form = |form: signature::Signature| {
        let parameters = form.parameters.iter().map(|(label, documentation)| ParameterInformation {
            label: ParameterLabel::Simple((*label).to_owned()),
            documentation: Some(text(documentation)),
        });
        SignatureInformation {
            documentation: Some(text(form.documentation)),
            parameters: Some(parameters.collect()),
            active_parameter: Some(number(form.active)),
            label: form.label,
        }
    };
    Ok(Some(SignatureHelp {
        active_parameter: forms.get(active).map(|form| number(form.active)),
        signatures: forms.into_iter().map(form).collect(),
        active_signature: Some(number(active)),
    }))
}

pub(super) fn all_tokens(
    _: &Params<SemanticTokensFullRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<SemanticTokensFullRequest> {
    let whole = Span::of_range(0..reading.text.len());
    Ok(Some(SemanticTokensResult::Tokens(semantic_tokens(tokens::tokens(reading, whole), asked))))
}

pub(super) fn tokens_in_range(
    params: &Params<SemanticTokensRangeRequest>,
    reading: &Reading<'_, '_>,
    asked: &Asked<'_>,
) -> Answer<SemanticTokensRangeRequest> {
    let found = tokens::tokens(reading, asked.positions.span(params.range));
    Ok(Some(SemanticTokensRangeResult::Tokens(semantic_tokens(found, asked))))
}

/// Each token from the one before on.
fn semantic_tokens(tokens: Vec<Token>, asked: &Asked<'_>) -> SemanticTokens {
    let mut before = Position::default();
    let data = tokens.into_iter().map(|Token { span, kind, declares }| {
        let Range { start, end } = asked.range(span);
        let delta_line = start.line - before.line;
        let delta_start = if delta_line == 0 { start.character - before.character } else { start.character };
        before = start;
        let token_type = TokenKind::ALL.iter().position(|other| *other == kind).unwrap_or_default();
        SemanticToken {
            delta_line,
            delta_start,
            length: end.character.saturating_sub(start.character),
            token_type: Span::of_range(0..token_type).end,
            token_modifiers_bitset: u32::from(declares),
        }
    });
    SemanticTokens { result_id: None, data: data.collect() }
}

pub(super) fn code_lenses(
    _: &Params<CodeLensRequest>,
    reading: &IgnoreReading<'_>,
    asked: &Asked<'_>,
) -> Answer<CodeLensRequest> {
    let lens = |ignore_hover::Lens { span, title }| CodeLens {
        range: asked.range(span),
        // It tells something, and does nothing.
        command: Some(Command::new(title, String::new(), None)),
        data: None,
    };
    Ok(Some(ignore_hover::lenses(reading).into_iter().map(lens).collect()))
}
