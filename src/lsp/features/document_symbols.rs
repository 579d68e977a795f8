//! What a file holds, by stage.

use crate::ast::{Instruction, Kind, Word};
use crate::lsp::document::Reading;
use crate::semantic::Base;
use crate::source::Span;

use super::markdown::shortened;

/// A part of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DocumentSymbol {
    /// What it is called; never empty.
    pub(crate) name: String,
    /// A few words more.
    pub(crate) detail: String,
    /// What it is.
    pub(crate) kind: SymbolKind,
    /// All of it.
    pub(crate) whole: Span,
    /// Where its name stands, in the whole.
    pub(crate) name_span: Span,
    /// What is in it.
    pub(crate) children: Vec<DocumentSymbol>,
}

/// What a part of a file is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum SymbolKind {
    /// A stage.
    Stage,
    /// What an `ARG` declares.
    Argument,
    /// What an `ENV` sets.
    Environment,
    /// A `CMD`, an `ENTRYPOINT`, or a `RUN`.
    Command,
    /// Another instruction.
    Instruction,
}

/// What a file holds, stages with what is in them.
pub(crate) fn document_symbols(reading: &Reading<'_, '_>) -> Vec<DocumentSymbol> {
    let text = reading.text;
    let mut symbols: Vec<DocumentSymbol> = Vec::new();
    reading.model.preamble().iter().for_each(|instruction| of_instruction(text, instruction, &mut symbols));
    for stage in &reading.model.stages {
        let end = stage.body.last().map_or(stage.instruction.span.end, |last| last.span.end);
        let mut children = Vec::new();
        stage.body.iter().for_each(|instruction| of_instruction(text, instruction, &mut children));
        let name = stage.name().map_or_else(|| format!("stage {}", stage.index), |name| name.as_str().to_owned());
        let detail = match stage.base {
            Base::Scratch => "scratch".to_owned(),
            _ => stage.from().map_or_else(String::new, |from| shortened(&from.image.word)),
        };
        symbols.push(DocumentSymbol {
            name,
            detail,
            kind: SymbolKind::Stage,
            whole: Span::new(stage.instruction.span.start, end),
            name_span: stage.name().map_or(stage.instruction.keyword.span, |name| name.span),
            children,
        });
    }
    symbols
}

fn of_instruction(text: &str, instruction: &Instruction<'_>, symbols: &mut Vec<DocumentSymbol>) {
    let mut variable = |name: &Word<'_>, value: Option<&Word<'_>>, kind| {
        if !name.is_empty() {
            symbols.push(DocumentSymbol {
                name: shortened(name),
                detail: value.map(|value| shortened(value)).unwrap_or_default(),
                kind,
                whole: value.map_or(name.span, |value| name.span.cover(value.span)),
                name_span: name.span,
                children: Vec::new(),
            });
        }
    };
    match &instruction.kind {
        Kind::Arg(arg) => {
            arg.items.iter().for_each(|item| variable(&item.name, item.default.as_ref(), SymbolKind::Argument));
        }
        Kind::Env(env) => {
            env.pairs.iter().for_each(|pair| variable(&pair.key, Some(&pair.value), SymbolKind::Environment));
        }
        kind => {
            let name = instruction.keyword.to_uppercase();
            let rest = Span::new(instruction.keyword.span.end, instruction.header.end).of(text);
            let is_command = matches!(kind, Kind::Run(_) | Kind::Cmd(_) | Kind::Entrypoint(_));
            symbols.push(DocumentSymbol {
                name: if name.is_empty() { "?".to_owned() } else { name },
                detail: shortened(rest.lines().next().unwrap_or_default().trim()),
                kind: if is_command { SymbolKind::Command } else { SymbolKind::Instruction },
                whole: instruction.span,
                name_span: instruction.keyword.span,
                children: Vec::new(),
            });
        }
    }
}

/// The stages and variables of a file whose names have the letters of `query` in their order, in any case, with the stage that
/// each is in.
pub(crate) fn workspace_symbols(reading: &Reading<'_, '_>, query: &str) -> Vec<(DocumentSymbol, Option<String>)> {
    let mut found = Vec::new();
    for symbol in document_symbols(reading) {
        let stage = (symbol.kind == SymbolKind::Stage).then(|| symbol.name.clone());
        for child in &symbol.children {
            if is_name(child.kind) && matches(&child.name, query) {
                found.push((child.clone(), stage.clone()));
            }
        }
        if is_name(symbol.kind) && matches(&symbol.name, query) {
            found.push((DocumentSymbol { children: Vec::new(), ..symbol }, None));
        }
    }
    found.sort_by_key(|(symbol, _)| symbol.whole);
    found
}

const fn is_name(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Stage | SymbolKind::Argument | SymbolKind::Environment)
}

fn matches(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|letter| letters.any(|other| other == letter))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file};
    use super::*;

    fn shown(symbol: &DocumentSymbol) -> String {
        assert!(symbol.whole.contains(symbol.name_span), "{symbol:?}");
        let children: Vec<String> = symbol.children.iter().map(shown).collect();
        let children = if children.is_empty() { String::new() } else { format!(" {{{}}}", children.join("; ")) };
        format!("{:?} {} ({}){children}", symbol.kind, symbol.name, symbol.detail)
    }

    #[test]
    fn by_stage() {
        check(
            &[
                (
                    "ARG T=1\nFROM a:$T AS é\nARG T\nENV A=b C=\"d e\"\nRUN a \\\n  b\nNOPE x\nFROM scratch\nCOPY --from=0 a b\nENTRYPOINT [\"a\"]\n",
                    "Argument T (1) | Stage é (a:$T) {Argument T (); Environment A (b); Environment C (\"d e\"); Command RUN (a \\); \
                     Instruction NOPE (x)} | Stage stage 1 (scratch) {Instruction COPY (--from=0 a b); Command ENTRYPOINT ([\"a\"])}",
                ),
                ("", ""),
                ("FROM\nENV\n", "Stage stage 0 () {Instruction ENV ()}"),
            ],
            |text| {
                in_file(text, |reading, _| {
                    let symbols = document_symbols(reading);
                    symbols.iter().map(shown).collect::<Vec<_>>().join(" | ")
                })
            },
        );
    }

    #[test]
    fn by_name() {
        let text = "ARG TAG=1\nFROM a AS build\nENV BUILD_TAG=1\nRUN tag\n";
        for (query, expected) in [
            ("", "TAG build BUILD_TAG/build"),
            ("tg", "TAG BUILD_TAG/build"),
            ("BU", "build BUILD_TAG/build"),
            ("run", ""),
        ] {
            let found = in_file(text, |reading, _| {
                let name = |(symbol, stage): &(DocumentSymbol, Option<String>)| match stage {
                    Some(stage) => format!("{}/{stage}", symbol.name),
                    None => symbol.name.clone(),
                };
                workspace_symbols(reading, query).iter().map(name).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(found, expected, "{query}");
        }
    }
}
