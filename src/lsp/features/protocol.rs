//! The answers as the protocol has them.

use std::path::Path;

use lsp_types::{
    CodeLens, Command, CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, DocumentHighlight,
    DocumentHighlightKind, DocumentLink, Documentation, FoldingRange, FoldingRangeKind, GotoDefinitionResponse,
    InlayHint, InlayHintKind, InlayHintLabel, Location, LocationLink, MarkupContent, MarkupKind, ParameterInformation,
    ParameterLabel, PrepareRenameResponse, Range, SelectionRange, SemanticToken, SemanticTokenModifier,
    SemanticTokenType, SemanticTokensLegend, SignatureHelp, SignatureInformation, TextEdit, Uri, WorkspaceSymbol,
};

use super::completion::{Completion, CompletionKind};
use super::definition::{Definition, Target};
use super::document_symbols::{DocumentSymbol, SymbolKind};
use super::folding::Fold;
use super::hints::Hint;
use super::hover::Hover;
use super::ignore_hover::Lens;
use super::links::{Link, LinkTarget};
use super::references::Mention;
use super::rename::Renameable;
use super::signature::Signatures;
use super::tokens::{Token, TokenKind};
use crate::lsp::positions::Positions;
use crate::lsp::uri;
use crate::source::Span;

fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

fn number(length: usize) -> u32 {
    Span::of_range(0..length).end
}

/// `textDocument/hover`
pub(crate) fn hover(hover: Hover, positions: &Positions<'_>) -> lsp_types::Hover {
    lsp_types::Hover {
        contents: lsp_types::HoverContents::Markup(markdown(hover.markdown)),
        range: Some(positions.range(hover.span)),
    }
}

/// `textDocument/completion`
pub(crate) fn completion(items: Vec<Completion>, positions: &Positions<'_>) -> CompletionList {
    let items = items.into_iter().enumerate().map(|(place, item)| completion_item(place, item, positions)).collect();
    CompletionList { is_incomplete: false, items }
}

fn completion_item(place: usize, item: Completion, positions: &Positions<'_>) -> CompletionItem {
    let kind = match item.kind {
        CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        CompletionKind::Flag | CompletionKind::Key => CompletionItemKind::PROPERTY,
        CompletionKind::Value => CompletionItemKind::VALUE,
        CompletionKind::Stage => CompletionItemKind::CLASS,
        CompletionKind::Image => CompletionItemKind::MODULE,
        CompletionKind::Variable => CompletionItemKind::VARIABLE,
        CompletionKind::File => CompletionItemKind::FILE,
        CompletionKind::Directory => CompletionItemKind::FOLDER,
        CompletionKind::Directive => CompletionItemKind::SNIPPET,
        CompletionKind::Rule => CompletionItemKind::CONSTANT,
    };
    CompletionItem {
        label: item.label,
        kind: Some(kind),
        detail: Some(item.detail).filter(|detail| !detail.is_empty()),
        documentation: item.documentation.map(|text| Documentation::MarkupContent(markdown(text))),
        // In the order in which they come, not that of letters.
        sort_text: Some(format!("{place:04}")),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: positions.range(item.replace),
            new_text: item.insert,
        })),
        // How an editor is made to ask at once is its own; the extension that comes with this looks at it.
        data: item.goes_on.then(|| serde_json::json!({ "goesOn": true })),
        ..CompletionItem::default()
    }
}

/// `textDocument/definition`; `links` is whether the client takes links, which say what the question was about.
pub(crate) fn definition(
    definition: Definition,
    document: &Uri,
    links: bool,
    positions: &Positions<'_>,
) -> GotoDefinitionResponse {
    let place = |target: Target| match target {
        Target::Here { name, whole } => Some((document.clone(), positions.range(whole), positions.range(name))),
        Target::File(path) => Some((uri::of_path(&path)?, Range::default(), Range::default())),
    };
    let places = definition.targets.into_iter().filter_map(place);
    if !links {
        return GotoDefinitionResponse::Array(places.map(|(uri, _, range)| Location { uri, range }).collect());
    }
    let origin = positions.range(definition.origin);
    let link = |(target_uri, target_range, target_selection_range)| LocationLink {
        origin_selection_range: Some(origin),
        target_uri,
        target_range,
        target_selection_range,
    };
    GotoDefinitionResponse::Link(places.map(link).collect())
}

/// `textDocument/references`
pub(crate) fn references(
    mentions: &[Mention],
    declarations: bool,
    document: &Uri,
    positions: &Positions<'_>,
) -> Vec<Location> {
    let asked = mentions.iter().filter(|mention| declarations || !mention.declares);
    asked.map(|mention| Location { uri: document.clone(), range: positions.range(mention.span) }).collect()
}

/// `textDocument/documentHighlight`
pub(crate) fn highlights(mentions: &[Mention], positions: &Positions<'_>) -> Vec<DocumentHighlight> {
    let highlight = |mention: &Mention| DocumentHighlight {
        range: positions.range(mention.span),
        kind: Some(if mention.writes { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
    };
    mentions.iter().map(highlight).collect()
}

/// `textDocument/prepareRename`
pub(crate) fn prepared(renameable: Renameable, positions: &Positions<'_>) -> PrepareRenameResponse {
    PrepareRenameResponse::RangeWithPlaceholder {
        range: positions.range(renameable.span),
        placeholder: renameable.name,
    }
}

/// The edits of `textDocument/rename`
pub(crate) fn renamed(spans: &[Span], name: &str, positions: &Positions<'_>) -> Vec<TextEdit> {
    spans.iter().map(|span| TextEdit { range: positions.range(*span), new_text: name.to_owned() }).collect()
}

const fn symbol_kind(kind: SymbolKind) -> lsp_types::SymbolKind {
    match kind {
        SymbolKind::Stage => lsp_types::SymbolKind::CLASS,
        SymbolKind::Argument => lsp_types::SymbolKind::VARIABLE,
        SymbolKind::Environment => lsp_types::SymbolKind::CONSTANT,
        SymbolKind::Command => lsp_types::SymbolKind::FUNCTION,
        SymbolKind::Instruction => lsp_types::SymbolKind::PROPERTY,
    }
}

/// `textDocument/documentSymbol`
pub(crate) fn document_symbols(
    symbols: Vec<DocumentSymbol>,
    positions: &Positions<'_>,
) -> Vec<lsp_types::DocumentSymbol> {
    // Only stages hold others, and no stage is in another.
    let convert = |symbol: DocumentSymbol, children: Option<Vec<lsp_types::DocumentSymbol>>| {
        #[allow(deprecated, reason = "the type can't be made without the field")]
        lsp_types::DocumentSymbol {
            name: symbol.name,
            detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: positions.range(symbol.whole),
            selection_range: positions.range(symbol.name_span),
            children,
        }
    };
    let with_children = |mut symbol: DocumentSymbol| {
        let children: Vec<_> =
            std::mem::take(&mut symbol.children).into_iter().map(|child| convert(child, None)).collect();
        convert(symbol, Some(children).filter(|children| !children.is_empty()))
    };
    symbols.into_iter().map(with_children).collect()
}

/// What a file adds to `workspace/symbol`
pub(crate) fn workspace_symbols(
    symbols: Vec<(DocumentSymbol, Option<String>)>,
    document: &Uri,
    positions: &Positions<'_>,
) -> Vec<WorkspaceSymbol> {
    let convert = |(symbol, stage): (DocumentSymbol, Option<String>)| WorkspaceSymbol {
        name: symbol.name,
        kind: symbol_kind(symbol.kind),
        tags: None,
        container_name: stage,
        location: lsp_types::OneOf::Left(Location { uri: document.clone(), range: positions.range(symbol.name_span) }),
        data: None,
    };
    symbols.into_iter().map(convert).collect()
}

/// `textDocument/foldingRange`
pub(crate) fn folding(folds: &[Fold], text: &str, positions: &Positions<'_>) -> Vec<FoldingRange> {
    let fold = |fold: &Fold| {
        // The line feed of the last line would be on the next one.
        let end = fold.span.start + number(fold.span.of(text).trim_end().len());
        let (first, last) = (positions.position(fold.span.start).line, positions.position(end).line);
        (first < last).then(|| FoldingRange {
            start_line: first,
            end_line: last,
            kind: Some(if fold.is_comment { FoldingRangeKind::Comment } else { FoldingRangeKind::Region }),
            ..FoldingRange::default()
        })
    };
    folds.iter().filter_map(fold).collect()
}

/// One answer of `textDocument/selectionRange`
pub(crate) fn selection(parts: &[Span], positions: &Positions<'_>) -> SelectionRange {
    let mut around: Option<SelectionRange> = None;
    for part in parts.iter().rev() {
        around = Some(SelectionRange { range: positions.range(*part), parent: around.map(Box::new) });
    }
    around.unwrap_or(SelectionRange { range: Range::default(), parent: None })
}

/// `textDocument/documentLink`
pub(crate) fn links(links: Vec<Link>, positions: &Positions<'_>) -> Vec<DocumentLink> {
    let link = |link: Link| {
        let target = match &link.target {
            LinkTarget::File(path) => file(path)?,
            LinkTarget::Page(page) => page.parse().ok()?,
        };
        Some(DocumentLink { range: positions.range(link.span), target: Some(target), tooltip: None, data: None })
    };
    links.into_iter().filter_map(link).collect()
}

/// The name of a file; none where it is not at an absolute path.
fn file(path: &Path) -> Option<Uri> {
    uri::of_path(&std::path::absolute(path).ok()?)
}

/// `textDocument/signatureHelp`
pub(crate) fn signatures(signatures: Signatures) -> SignatureHelp {
    let parameter = |(label, text): (&str, &str)| ParameterInformation {
        label: ParameterLabel::Simple(label.to_owned()),
        documentation: Some(Documentation::MarkupContent(markdown(text.to_owned()))),
    };
    let active_parameter = signatures.forms.get(signatures.active).map(|form| number(form.active));
    let form = |form: super::signature::Signature| SignatureInformation {
        label: form.label,
        documentation: Some(Documentation::MarkupContent(markdown(form.documentation.to_owned()))),
        parameters: Some(form.parameters.into_iter().map(parameter).collect()),
        active_parameter: Some(number(form.active)),
    };
    SignatureHelp {
        signatures: signatures.forms.into_iter().map(form).collect(),
        active_signature: Some(number(signatures.active)),
        active_parameter,
    }
}

/// What the numbers of [`semantic_tokens`] mean.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenKind::ALL.iter().map(|kind| SemanticTokenType::new(kind.as_str())).collect(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION],
    }
}

/// The data of `textDocument/semanticTokens/full` and `textDocument/semanticTokens/range`
pub(crate) fn semantic_tokens(tokens: &[Token], positions: &Positions<'_>) -> Vec<SemanticToken> {
    let (mut line, mut start) = (0, 0);
    let convert = |token: &Token| {
        let Range { start: from, end: to } = positions.range(token.span);
        let delta_line = from.line.saturating_sub(line);
        let delta_start = if delta_line == 0 { from.character.saturating_sub(start) } else { from.character };
        (line, start) = (from.line, from.character);
        let kind = TokenKind::ALL.iter().position(|kind| *kind == token.kind).unwrap_or_default();
        SemanticToken {
            delta_line,
            delta_start,
            length: to.character.saturating_sub(from.character),
            token_type: number(kind),
            token_modifiers_bitset: u32::from(token.declares),
        }
    };
    tokens.iter().map(convert).collect()
}

/// `textDocument/inlayHint`
pub(crate) fn hints(hints: Vec<Hint>, positions: &Positions<'_>) -> Vec<InlayHint> {
    let hint = |hint: Hint| InlayHint {
        position: positions.position(hint.offset),
        label: InlayHintLabel::String(hint.label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    hints.into_iter().map(hint).collect()
}

/// `textDocument/codeLens`: they only say something, and do nothing.
pub(crate) fn lenses(lenses: Vec<Lens>, positions: &Positions<'_>) -> Vec<CodeLens> {
    let lens = |lens: Lens| CodeLens {
        range: positions.range(lens.span),
        command: Some(Command { title: lens.title, command: String::new(), arguments: None }),
        data: None,
    };
    lenses.into_iter().map(lens).collect()
}
