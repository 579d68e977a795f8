//! What holds of all answers, whatever the file and the place.

use proptest::prelude::*;

use super::testing::{in_context, in_file, in_ignore_file, written};
use super::{
    completion, definition, document_symbols, folding, hints, hover, ignore_completion, ignore_definition,
    ignore_hover, links, references, rename, selection, signature, tokens,
};
use crate::ast::Kind;
use crate::lsp::document::{IgnoreReading, Reading};
use crate::lsp::positions::{Lines, PositionEncoding, Positions};
use crate::semantic::{Base, expanded_words};
use crate::source::Span;

/// What files are made of.
const PIECES: [&str; 58] = [
    "FROM a AS é\n",
    "FROM é\n",
    "FROM $T AS b\n",
    "FROM --platform=$X b\n",
    "ARG T=1\n",
    "ARG T\n",
    "ENV E=$T F=\"é $E\"\n",
    "ENV E f\n",
    "RUN echo $E ${T:-é}\n",
    "RUN --mount=type=cache,target=/é,from=é x\n",
    "COPY --from=0 a b\n",
    "COPY --from=b src/* ./\n",
    "COPY src \\\n",
    "# é\n",
    "  lib /x\n",
    "RUN <<E\n",
    "E\n",
    "COPY <<F /f\n",
    "F\n",
    "$E é\n",
    "for E in 1; do echo $E; done\n",
    "ONBUILD ARG O\n",
    "ONBUILD RUN $O $E\n",
    "CMD [\"a\", \"é\"]\n",
    "CMD $E\n",
    "ENTRYPOINT a\n",
    "HEALTHCHECK --interval=1s CMD b\n",
    "LABEL a=b\n",
    "EXPOSE 80 $E\n",
    "WORKDIR é\n",
    "WORKDIR /a\n",
    "USER $E\n",
    "SHELL [\"bash\", \"-c\"]\n",
    "# syntax=a\n",
    "# check=skip=X\n",
    "# plimsoll ignore=DL3006\n",
    "NOPE é\n",
    "\\\n",
    "\n",
    "\r\n",
    "\r",
    "  ",
    "$",
    "${",
    "}",
    "\"",
    "'",
    "é",
    "😀",
    "[",
    "--",
    "=",
    ",",
    "FROM",
    "RUN ",
    "$((E+1))",
    "\u{feff}",
    "\0",
];

/// What ignore files are made of.
const PATTERNS: [&str; 14] = [
    "src\n",
    "!src/é\n",
    "**/*.md\n",
    "*\n",
    "!",
    "é",
    "\n",
    "# é\n",
    "# plimsoll ignore=PL1021\n",
    "[\n",
    "/",
    "**",
    "\r\n",
    "\\",
];

/// A name that nothing has.
const NEW_NAME: &str = "unheard_of";

/// What a file comes to, whatever its stages and variables are called: where stages begin and take from, what words come to, and
/// what commands are executed.
fn meaning(text: &str) -> Vec<String> {
    in_file(text, |reading, _| {
        let model = reading.model;
        let mut meaning: Vec<String> = model
            .stages
            .iter()
            .map(|stage| match stage.base {
                Base::Stage(_) => format!("{:?} {}", stage.base, stage.reaches_output),
                _ => format!("{:?} {:?} {}", stage.base, stage.image, stage.reaches_output),
            })
            .collect();
        meaning.extend(model.edges.iter().map(|edge| format!("{} {:?}", edge.stage, edge.source)));
        for instruction in &reading.parsed.dockerfile.instructions {
            let Some(point) = model.at(instruction) else { continue };
            let is_from = matches!(instruction.kind, Kind::From(_));
            let mut number = 0;
            expanded_words(instruction, |word| {
                number += 1;
                let is_key = matches!(instruction.kind, Kind::Env(_)) && number % 2 == 1;
                if !is_from && !is_key {
                    let value = point.expand_as(word.text(), word.syntax(point.syntax()));
                    meaning.push(format!("{:?} {:?}", value.value, value.error.is_some()));
                }
            });
            for script in reading.scripts.of(instruction) {
                for call in script.calls() {
                    let arguments: Vec<Option<&str>> = call.arguments().map(|argument| argument.known()).collect();
                    meaning.push(format!("{} {arguments:?}", call.name()));
                }
            }
        }
        meaning
    })
}

fn check(text: &str, spans: impl IntoIterator<Item = Span>) {
    for span in spans {
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of {text:?}");
    }
}

fn completions(text: &str, items: &[completion::Completion], offset: u32) {
    check(text, items.iter().map(|item| item.replace));
    for item in items {
        assert!(item.replace.start <= offset && offset <= item.replace.end, "{item:?} at {offset} of {text:?}");
        assert!(!item.replace.of(text).contains('\n'), "{item:?} at {offset} of {text:?}");
        assert!(!item.label.is_empty());
    }
}

fn of_file(reading: &Reading<'_, '_>, offset: u32) {
    let text = reading.text;
    let lines = Lines::new(text, PositionEncoding::Utf16);
    let positions = Positions::new(text, &lines);
    let all = Span::of_range(0..text.len());
    check(text, hover::hover(reading, offset).map(|hover| hover.span));
    completions(text, &completion::complete(reading, offset), offset);
    if let Some(definition) = definition::definition(reading, offset) {
        assert!(!definition.targets.is_empty());
        check(text, [definition.origin]);
        for target in definition.targets {
            if let definition::Target::Here { name, whole } = target {
                check(text, [name, whole]);
                assert!(whole.contains(name), "{name:?} {whole:?} in {text:?}");
            }
        }
    }
    let mentions = references::mentions(reading, offset);
    check(text, mentions.iter().map(|mention| mention.span));
    assert!(
        mentions.iter().zip(mentions.iter().skip(1)).all(|(one, other)| one.span.end <= other.span.start),
        "{mentions:?} in {text:?}"
    );
    if let Ok(Some(renameable)) = rename::prepare(reading, offset) {
        assert!(mentions.iter().any(|mention| mention.span == renameable.span));
        if let Ok(spans) = rename::rename(reading, offset, NEW_NAME) {
            check(text, spans.iter().copied());
            let mut renamed = text.to_owned();
            for span in spans.iter().rev() {
                renamed.replace_range(span.range(), NEW_NAME);
            }
            assert_eq!(meaning(&renamed), meaning(text), "{} of {text:?} renamed: {renamed:?}", renameable.name);
        }
    }
    let parts = selection::selections(reading, offset);
    check(text, parts.iter().copied());
    assert!(
        parts.iter().zip(parts.iter().skip(1)).all(|(one, other)| other.contains(*one) && one != other),
        "{parts:?} in {text:?}"
    );
    assert_eq!(parts.last(), Some(&all));
    for symbol in document_symbols::document_symbols(reading) {
        for symbol in std::iter::once(&symbol).chain(&symbol.children) {
            check(text, [symbol.whole, symbol.name_span]);
            assert!(symbol.whole.contains(symbol.name_span) && !symbol.name.is_empty(), "{symbol:?} in {text:?}");
        }
    }
    let folds = folding::folds(reading);
    check(text, folds.iter().map(|fold| fold.span));
    for fold in &folds {
        let range = positions.range(fold.span);
        assert!(range.start.line < range.end.line, "{fold:?} in {text:?}");
    }
    check(text, links::links(reading).iter().map(|link| link.span));
    if let Some(signatures) = signature::signatures(reading, offset) {
        let form = &signatures.forms[signatures.active];
        assert!(form.active < form.parameters.len());
    }
    for hint in hints::hints(reading, all) {
        check(text, [Span::empty(hint.offset)]);
    }
    of_tokens(text, &tokens::tokens(reading, all), &positions);
}

fn of_tokens(text: &str, tokens: &[tokens::Token], positions: &Positions<'_>) {
    check(text, tokens.iter().map(|token| token.span));
    let mut at = 0;
    for token in tokens {
        assert!(token.span.start >= at && !token.span.is_empty(), "{token:?} in {text:?}");
        assert!(!token.span.of(text).contains(['\n', '\r']), "{token:?} in {text:?}");
        at = token.span.end;
    }
    // The protocol knows tokens on one line only.
    for token in tokens {
        let range = positions.range(token.span);
        assert_eq!(range.start.line, range.end.line, "{token:?} in {text:?}");
    }
}

fn of_ignore_file(reading: &IgnoreReading<'_>, offset: u32) {
    let text = reading.text;
    check(text, ignore_hover::hover(reading, offset).map(|hover| hover.span));
    check(text, ignore_hover::lenses(reading).iter().map(|lens| lens.span));
    completions(text, &ignore_completion::complete(reading, offset), offset);
    if let Some(definition) = ignore_definition::definition(reading, offset) {
        check(text, [definition.origin]);
    }
}

/// A place in a text, on the border of a character.
fn place(text: &str, at: usize) -> usize {
    (0..=at % (text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn answers_are_in_the_file(pieces in prop::collection::vec(0..PIECES.len(), 0..24), at in any::<usize>()) {
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        let directory = written(&[("src/é", "1"), ("src/b", ""), ("lib", "")]);
        for at in [at, at / 7, at / 13, text.len()] {
            let mut text = text.clone();
            text.insert(place(&text, at), '‸');
            in_context(&directory, &text, of_file);
        }
    }

    #[test]
    fn answers_are_in_the_ignore_file(pieces in prop::collection::vec(0..PATTERNS.len(), 0..12), at in any::<usize>()) {
        let mut text: String = pieces.iter().map(|piece| PATTERNS[*piece]).collect();
        text.insert(place(&text, at), '‸');
        in_ignore_file(&written(&[("src/é", "1"), ("src/b.md", ""), ("lib", "")]), &text, of_ignore_file);
    }
}
