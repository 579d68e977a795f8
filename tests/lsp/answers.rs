//! All that an editor asks about places, in a file that is broken in the middle, with characters before the places that are
//! counted differently in each encoding.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, position};
use crate::ignore_files::uri_of;

const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

const TEXT: &str = "\
# syntax=docker/dockerfile:1
ARG TAG=13
FROM --platform=$BUILDPLATFORM debian:$TAG AS base
ENV WAY=\"é😀\" MODE=x
WORKDIR /é/😀
NOPE é 😀 \"
FROM base AS next
COPY --chown=é --from=base é ./
RUN echo \"é😀 $MODE\" | cat && \\
    # é
    sh -c ': é😀; echo ${MODE}'
COPY é😀.txt d
COPY --li
RUN <<E
: é
E
CMD [\"é😀\", \"b\"]
";

/// A Dockerfile that is open.
struct Opened {
    client: Client,
    encoding: &'static str,
    uri: String,
    text: &'static str,
}

fn opened(encoding: &'static str, text: &'static str, uri: &str, context: Option<&str>) -> Opened {
    let capabilities = json!({
        "general": { "positionEncodings": [encoding] },
        "textDocument": {
            "hover": { "contentFormat": ["markdown"] },
            "definition": { "linkSupport": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
    });
    let folder = context.map(|folder| json!([{ "uri": folder, "name": "folder" }]));
    let settings = json!({ "context": if context.is_some() { "workspace" } else { "none" } });
    let (mut client, said) = Client::introduced(
        json!({ "capabilities": capabilities, "workspaceFolders": folder, "initializationOptions": settings }),
    );
    assert_eq!(said["capabilities"]["positionEncoding"], encoding);
    client.open(uri, "dockerfile", text);
    Opened { client, encoding, uri: uri.to_owned(), text }
}

impl Opened {
    /// The place of the mark `‸` in `part`, which the text holds without it.
    fn place(&self, part: &str) -> Value {
        let mark = part.find('‸').unwrap();
        let at = self.text.find(&part.replacen('‸', "", 1)).unwrap_or_else(|| panic!("{part}"));
        position(self.text, at + mark, self.encoding)
    }

    fn ask(&mut self, method: &str, more: Value) -> Value {
        let mut params = json!({ "textDocument": { "uri": self.uri } });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.client.ask(method, params)
    }

    fn ask_at(&mut self, method: &str, part: &str) -> Value {
        let place = self.place(part);
        self.ask(method, json!({ "position": place }))
    }

    /// The offset of a place that the server names.
    fn offset(&self, place: &Value) -> usize {
        let is_it = |at: &usize| self.text.is_char_boundary(*at) && position(self.text, *at, self.encoding) == *place;
        (0..=self.text.len()).find(is_it).unwrap_or_else(|| panic!("{place} is no place"))
    }

    /// The text at a range that the server names.
    fn part(&self, range: &Value) -> &'static str {
        &self.text[self.offset(&range["start"])..self.offset(&range["end"])]
    }

    fn parts(&self, found: &Value, range: &str) -> Vec<&'static str> {
        found.as_array().unwrap().iter().map(|item| self.part(&item[range])).collect()
    }

    /// The whole text as a range.
    fn everything(&self) -> Value {
        let end = position(self.text, self.text.len(), self.encoding);
        json!({ "range": { "start": { "line": 0, "character": 0 }, "end": end } })
    }
}

/// Asks in each encoding.
fn in_each(ask: impl Fn(&mut Opened)) {
    for encoding in ENCODINGS {
        let mut opened = opened(encoding, TEXT, "untitled:Dockerfile", None);
        ask(&mut opened);
        opened.client.quit();
    }
}

/// The answer as soon as there is one: the directory may still be looked through.
fn once_walked(ask: impl FnMut() -> Option<Value>) -> Value {
    std::iter::repeat_with(ask).take(100_000).flatten().next().expect("an answer once the directory is looked through")
}

fn strings<'v>(found: &'v Value, name: &str) -> Vec<&'v str> {
    found.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap()).collect()
}

#[test]
fn hover() {
    in_each(|opened| {
        for (part, about, says) in [
            ("$MO‸DE", "MODE", "**MODE** = `x`"),
            ("--ch‸own=é", "--chown=é", "Whose the files are"),
            ("--from=ba‸se", "base", "**stage base**"),
            ("\"b‸\"", "CMD [\"é😀\", \"b\"]", "'é😀' b"),
            ("WORK‸DIR", "WORKDIR", "`/é/😀`"),
        ] {
            let hover = opened.ask_at("textDocument/hover", part);
            assert_eq!(opened.part(&hover["range"]), about, "{part}");
            let text = hover["contents"]["value"].as_str().unwrap();
            assert!(text.contains(says), "{part}: {text}");
        }
        assert_eq!(opened.ask_at("textDocument/hover", "NOPE é 😀 ‸\""), Value::Null);
    });
}

#[test]
fn completion() {
    in_each(|opened| {
        for (part, replaced, label) in [
            ("COPY --li‸", "--li", "--link"),
            ("--from=base‸ é", "base", "base"),
            ("😀 $MO‸DE", "MODE", "MODE"),
            ("${MO‸DE}'", "MODE", "WAY"),
            ("FR‸OM base AS", "FROM", "RUN"),
            ("# syn‸tax", "syntax", "plimsoll ignore="),
        ] {
            let items = opened.ask_at("textDocument/completion", part);
            let items = items.as_array().unwrap();
            let item = items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("{part}: {items:?}"));
            assert_eq!(opened.part(&item["textEdit"]["range"]), replaced, "{part}");
        }
    });
}

#[test]
fn definition_references_and_highlights() {
    in_each(|opened| {
        let links = opened.ask_at("textDocument/definition", "${MO‸DE}");
        assert_eq!(opened.parts(&links, "targetSelectionRange"), ["MODE"]);
        assert_eq!(opened.parts(&links, "originSelectionRange"), ["MODE"]);
        assert_eq!(opened.offset(&links[0]["targetSelectionRange"]["start"]), TEXT.find("MODE=x").unwrap());
        for (declared, expected) in [(true, 3), (false, 2)] {
            let place = opened.place("$MO‸DE\"");
            let context = json!({ "position": place, "context": { "includeDeclaration": declared } });
            let found = opened.ask("textDocument/references", context);
            assert_eq!(opened.parts(&found, "range"), vec!["MODE"; expected]);
        }
        let found = opened.ask_at("textDocument/documentHighlight", "AS ba‸se");
        assert_eq!(opened.parts(&found, "range"), ["base"; 3]);
    });
}

#[test]
fn rename() {
    in_each(|opened| {
        let prepared = opened.ask_at("textDocument/prepareRename", "$MO‸DE\"");
        assert_eq!((opened.part(&prepared["range"]), &prepared["placeholder"]), ("MODE", &json!("MODE")));
        let place = opened.place("$MO‸DE\"");
        let edit = opened.ask("textDocument/rename", json!({ "position": place, "newName": "STYLE" }));
        let mut text = opened.text.to_owned();
        for edit in edit["changes"][&opened.uri].as_array().unwrap().iter().rev() {
            let range = opened.offset(&edit["range"]["start"])..opened.offset(&edit["range"]["end"]);
            text.replace_range(range, edit["newText"].as_str().unwrap());
        }
        assert_eq!(text, TEXT.replace("MODE", "STYLE"));
        let params = json!({ "textDocument": { "uri": opened.uri }, "position": place, "newName": "1" });
        let refused = opened.client.ask_for_answer("textDocument/rename", params);
        assert!(refused["error"]["message"].as_str().unwrap().contains("is no name for a variable"), "{refused}");
    });
}

#[test]
fn symbols_folding_and_selection() {
    in_each(|opened| {
        let symbols = opened.ask("textDocument/documentSymbol", json!({}));
        assert_eq!(opened.parts(&symbols, "selectionRange"), ["TAG", "base", "next"]);
        assert_eq!(opened.parts(&symbols[1]["children"], "selectionRange"), ["WAY", "MODE", "WORKDIR", "NOPE"]);
        let folds = opened.ask("textDocument/foldingRange", json!({}));
        let line = |fold: &Value, name: &str| fold[name].as_i64().unwrap();
        let lines: Vec<(i64, i64)> =
            folds.as_array().unwrap().iter().map(|fold| (line(fold, "startLine"), line(fold, "endLine"))).collect();
        assert_eq!(lines, [(2, 5), (6, 16), (8, 10), (13, 15)]);
        let place = opened.place("😀 $MO‸DE\"");
        let mut parts = opened.ask("textDocument/selectionRange", json!({ "positions": [place] }))[0].take();
        let mut found = Vec::new();
        while !parts.is_null() {
            found.push(opened.part(&parts["range"]));
            parts = parts["parent"].take();
        }
        assert_eq!(found[..3], ["MODE", "$MODE", "\"é😀 $MODE\""]);
        assert_eq!(found.last(), Some(&TEXT));
    });
}

#[test]
fn tokens() {
    in_each(|opened| {
        for method in ["textDocument/semanticTokens/full", "textDocument/semanticTokens/range"] {
            let range = opened.everything();
            let tokens = opened.ask(method, range);
            let numbers: Vec<u64> =
                tokens["data"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
            let (mut line, mut start) = (0, 0);
            let mut shown = Vec::new();
            for token in numbers.chunks(5) {
                (line, start) = if token[0] == 0 { (line, start + token[1]) } else { (line + token[0], token[1]) };
                let place = |character: u64| json!({ "line": line, "character": character });
                shown.push(opened.part(&json!({ "start": place(start), "end": place(start + token[2]) })));
            }
            for part in ["FROM", "MODE", "\"é😀 $", "cat", "|", "# é", "': é😀; echo ${MODE}'", "<<E", "\"é😀\""]
            {
                assert!(shown.contains(&part), "{method} has no {part}: {shown:?}");
            }
        }
    });
}

#[test]
fn hints_links_and_signatures() {
    in_each(|opened| {
        let range = opened.everything();
        let hints = opened.ask("textDocument/inlayHint", range);
        let behind = |hint: &Value| TEXT[..opened.offset(&hint["position"])].rsplit([' ', '\n']).next().unwrap();
        let words: Vec<&str> = hints.as_array().unwrap().iter().map(behind).collect();
        assert_eq!(words, ["debian:$TAG", "./", "d"]);
        assert_eq!(strings(&hints, "label"), ["= debian:13", "= /é/😀", "= /é/😀/d"]);
        let links = opened.ask("textDocument/documentLink", json!({}));
        assert_eq!(opened.parts(&links, "range"), ["docker/dockerfile:1", "debian:$TAG"]);
        let help = opened.ask_at("textDocument/signatureHelp", "COPY é😀.txt ‸d");
        let active = &help["signatures"][0];
        let number = usize::try_from(active["activeParameter"].as_u64().unwrap()).unwrap();
        assert_eq!(active["parameters"][number]["label"], "destination");
    });
}

#[test]
fn the_context() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("é😀.txt", "12345"),
        ("left-out", ""),
        (".dockerignore", "left-out\n"),
        ("api.Dockerfile", "FROM scratch AS far\n"),
    ] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let uri = uri_of(&directory.path().join("Dockerfile"));
    for encoding in ENCODINGS {
        let mut opened = opened(encoding, TEXT, &uri, Some(&uri_of(directory.path())));
        let items = once_walked(|| {
            let items = opened.ask_at("textDocument/completion", "COPY é😀‸.txt");
            let is_there = items.as_array().is_some_and(|items| items.iter().any(|item| item["label"] == "é😀.txt"));
            is_there.then_some(items)
        });
        assert!(!strings(&items, "label").contains(&"left-out"), "{items}");
        assert_eq!(opened.part(&items[0]["textEdit"]["range"]), "é😀.txt");
        let hover = opened.ask_at("textDocument/hover", "COPY é‸😀.txt d");
        assert!(hover["contents"]["value"].as_str().unwrap().contains("1 file, 5 B"), "{hover}");
        let links = opened.ask_at("textDocument/definition", "COPY é‸😀.txt d");
        assert!(links[0]["targetUri"].as_str().unwrap().ends_with(".txt"), "{links}");
        // Stages of files that are not open, too.
        let symbols = opened.client.ask("workspace/symbol", json!({ "query": "a" }));
        assert_eq!(strings(&symbols, "name"), ["TAG", "base", "WAY", "far"]);
        opened.client.quit();
    }
}

#[test]
fn ignore_files() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("docs")).unwrap();
    for (name, text) in [("docs/é.md", "12345"), ("docs/b.md", ""), ("main.go", "1")] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let text = "# é😀\n**/*.md\n!docs/é.md\ndocs/b.md\n";
    let uri = uri_of(&directory.path().join(".dockerignore"));
    for encoding in ENCODINGS {
        let mut opened = opened(encoding, text, &uri, Some(&uri_of(directory.path())));
        let lenses = once_walked(|| {
            let lenses = opened.ask("textDocument/codeLens", json!({}));
            lenses.as_array().is_some_and(|lenses| !lenses.is_empty()).then_some(lenses)
        });
        assert_eq!(lenses[0]["command"]["title"], "Build context: 2 files in 1 directory, 6 B; 1 file, 0 B left out");
        let hover = opened.ask_at("textDocument/hover", "!docs/‸é");
        assert_eq!(opened.part(&hover["range"]), "!docs/é.md");
        assert!(hover["contents"]["value"].as_str().unwrap().contains("brings back **1 file, 5 B**"), "{hover}");
        let items = opened.ask_at("textDocument/completion", "!docs/é‸.md");
        assert_eq!(strings(&items, "label"), ["b.md", "é.md"]);
        assert_eq!(opened.part(&items[0]["textEdit"]["range"]), "é.md");
        let links = opened.ask_at("textDocument/definition", "docs/‸b.md");
        assert_eq!(opened.parts(&links, "targetSelectionRange"), ["**/*.md"]);
        opened.client.quit();
    }
}
