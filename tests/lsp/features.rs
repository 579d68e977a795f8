//! What editors ask of a document, with characters before the place that each encoding counts in its own way.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Client, position, range_of};
use crate::ignore_files::uri_of;

const ENCODINGS: [&str; 2] = ["utf-16", "utf-8"];

/// Broken in the middle, on purpose: what stands before and after it is read all the same.
const DOCKERFILE: &str = "\
# syntax=docker/dockerfile:1
ARG VERSION=\"é😀\"
FROM alpine:3.22 AS bäse
ENV GREETING=\"👩‍🚒\" NAME=größe
COPPY --é nothing \\
    at all
RUN echo '日本😀' \"$NAME\" && \\
    apk add curl
FROM bäse
ARG VERSION
COPY --from=bäse /é /x
COPY 😀.txt two.txt /y/
WORKDIR /$VERSION
# plimsoll ignore=DL3059
ENTRYPOINT [\"/é\", \"$NAME\"]
";

struct Session {
    client: Client,
    uri: String,
    text: String,
    encoding: &'static str,
    _directory: TempDir,
}

impl Session {
    fn at(&self, part: &str, within: usize) -> Value {
        position(&self.text, self.text.find(part).unwrap() + within, self.encoding)
    }

    fn range(&self, part: &str) -> Value {
        range_of(&self.text, part, self.encoding)
    }

    /// Asks about the place that is `within` bytes behind the beginning of `part`.
    fn ask_at(&mut self, method: &str, part: &str, within: usize) -> Value {
        let params = json!({ "textDocument": { "uri": self.uri }, "position": self.at(part, within) });
        self.client.ask(method, params)
    }

    fn ask(&mut self, method: &str) -> Value {
        self.client.ask(method, json!({ "textDocument": { "uri": self.uri } }))
    }
}

/// Opens a file in a directory that holds some more; it is given to the build.
fn session(encoding: &'static str, name: &str, text: &str) -> Session {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("😀.txt", "12345");
    write("two.txt", "1234567");
    write("sub/é/deep.txt", "1");
    write(name, text);
    let uri = uri_of(&directory.path().join(name));
    let (client, _) = Client::introduced(json!({
        "capabilities": {
            "general": { "positionEncodings": [encoding] },
            "textDocument": {
                "publishDiagnostics": { "versionSupport": true },
                "hover": { "contentFormat": ["markdown"] },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "definition": { "linkSupport": true },
            },
        },
        "workspaceFolders": [{ "uri": uri_of(directory.path()), "name": "é" }],
        "initializationOptions": { "context": "workspace", "preset": "all" },
    }));
    let mut session = Session { client, uri, text: text.to_owned(), encoding, _directory: directory };
    session.client.open(&session.uri.clone(), "", text);
    // When the directory was walked through, the diagnostics come a second time.
    session.client.published(&session.uri, 1);
    session.client.published(&session.uri, 1);
    session
}

fn each(act: impl Fn(&mut Session)) {
    for encoding in ENCODINGS {
        let mut session = session(encoding, "Dockerfile", DOCKERFILE);
        act(&mut session);
        session.client.quit();
    }
}

#[test]
fn hover() {
    each(|session| {
        let cases = [
            ("FROM alpine", 1, "FROM", "FROM"),
            ("$NAME\" &&", 2, "NAME", "größe"),
            ("bäse /é", 2, "bäse", "alpine"),
            ("COPY 😀", 1, "COPY", "12 B"),
            ("ENTRYPOINT", 1, "ENTRYPOINT", "/é"),
            ("DL3059", 3, "DL3059", "consecutive-run"),
            ("--from", 3, "--from", "from"),
        ];
        for (part, within, about, says) in cases {
            let hover = session.ask_at("textDocument/hover", part, within);
            let text = hover["contents"]["value"].as_str().unwrap_or_default();
            assert_eq!(hover["contents"]["kind"], "markdown", "{part}: {hover}");
            assert!(text.contains(says), "{part}: {text}");
            let start = session.text.find(part).unwrap();
            let about_at = start + session.text[start..].find(about).unwrap();
            let range = json!({
                "start": position(&session.text, about_at, session.encoding),
                "end": position(&session.text, about_at + about.len(), session.encoding),
            });
            if about != "--from" {
                assert_eq!(hover["range"]["start"], range["start"], "{part}");
            }
        }
        assert_eq!(session.ask_at("textDocument/hover", "at all", 3), Value::Null);
    });
}

#[test]
fn completion() {
    each(|session| {
        let cases = [
            ("--from=bäse", 7, "bäse"),
            ("$NAME\" &&", 1, "GREETING"),
            ("😀.txt", 0, "😀.txt"),
            ("DL3059", 0, "DL3008"),
            ("COPPY", 2, "COPY"),
        ];
        for (part, within, expected) in cases {
            let items = session.ask_at("textDocument/completion", part, within);
            let items = items.as_array().unwrap();
            let item = items.iter().find(|item| item["textEdit"]["newText"] == expected);
            let labels: Vec<&Value> = items.iter().map(|item| &item["label"]).collect();
            let item = item.unwrap_or_else(|| panic!("{part}: {labels:?}"));
            let edit = &item["textEdit"]["range"];
            assert_eq!(edit["start"]["line"], session.at(part, within)["line"], "{part}");
            assert!(edit["start"]["character"].as_u64() <= session.at(part, within)["character"].as_u64(), "{part}");
        }
    });
}

#[test]
fn names() {
    each(|session| {
        // From the use to the declaration.
        let found = session.ask_at("textDocument/definition", "bäse /é", 2);
        assert_eq!(found[0]["targetSelectionRange"], session.range("bäse"));
        assert_eq!(found[0]["targetUri"], session.uri.as_str());
        let found = session.ask_at("textDocument/definition", "😀.txt", 1);
        assert!(found[0]["targetUri"].as_str().unwrap().ends_with("/%F0%9F%98%80.txt"), "{found}");

        let params = json!({
            "textDocument": { "uri": session.uri },
            "position": session.at("bäse", 2),
            "context": { "includeDeclaration": true },
        });
        let found = session.client.ask("textDocument/references", params.clone());
        assert_eq!(found.as_array().unwrap().len(), 3);
        let mut without = params;
        without["context"]["includeDeclaration"] = json!(false);
        assert_eq!(session.client.ask("textDocument/references", without).as_array().unwrap().len(), 2);

        let found = session.ask_at("textDocument/documentHighlight", "NAME=", 1);
        let kinds: Vec<_> = found.as_array().unwrap().iter().map(|found| found["kind"].as_i64().unwrap()).collect();
        assert_eq!(kinds[0], 3, "{found}");
        assert!(kinds[1..].contains(&2), "{found}");

        let prepared = session.ask_at("textDocument/prepareRename", "bäse", 2);
        assert_eq!(prepared, json!({ "range": session.range("bäse"), "placeholder": "bäse" }));
        assert_eq!(session.ask_at("textDocument/prepareRename", "alpine:3.22", 1), Value::Null);
        let params = json!({
            "textDocument": { "uri": session.uri }, "position": session.at("bäse", 2), "newName": "run",
        });
        let edit = session.client.ask("textDocument/rename", params.clone());
        assert_eq!(edit["changes"][&session.uri].as_array().unwrap().len(), 3);
        let mut wrong = params;
        wrong["newName"] = json!("two words");
        assert_eq!(session.client.ask_for_answer("textDocument/rename", wrong)["error"]["code"], -32803);
    });
}

#[test]
fn structure() {
    each(|session| {
        let symbols = session.ask("textDocument/documentSymbol");
        let names: Vec<&Value> = symbols.as_array().unwrap().iter().map(|symbol| &symbol["name"]).collect();
        assert_eq!(names, ["VERSION", "bäse", "stage 1"]);
        assert_eq!(symbols[1]["selectionRange"], session.range("bäse"));
        assert!(symbols[1]["children"].as_array().unwrap().iter().any(|child| child["name"] == "GREETING"));

        let folds = session.ask("textDocument/foldingRange");
        let folds: Vec<_> =
            folds.as_array().unwrap().iter().map(|fold| (fold["startLine"].clone(), fold["endLine"].clone())).collect();
        assert!(folds.contains(&(json!(2), json!(7))) && folds.contains(&(json!(6), json!(7))), "{folds:?}");

        let params = json!({ "textDocument": { "uri": session.uri }, "positions": [session.at("apk add", 1)] });
        let selection = session.client.ask("textDocument/selectionRange", params);
        assert_eq!(selection[0]["range"], session.range("apk"));
        let mut outermost = &selection[0];
        while !outermost["parent"].is_null() {
            outermost = &outermost["parent"];
        }
        assert_eq!(outermost["range"]["start"], json!({ "line": 0, "character": 0 }));

        let links = session.ask("textDocument/documentLink");
        let links = links.as_array().unwrap();
        assert!(links.iter().any(|link| link["range"] == session.range("alpine:3.22")), "{links:?}");
        assert!(links.iter().any(|link| link["range"] == session.range("😀.txt")), "{links:?}");
    });
}

#[test]
fn signatures_and_hints() {
    each(|session| {
        let help = session.ask_at("textDocument/signatureHelp", "/x\n", 1);
        let active = help["activeSignature"].as_u64().unwrap() as usize;
        assert!(help["signatures"][active]["label"].as_str().unwrap().starts_with("COPY"), "{help}");

        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let hints = session
            .client
            .ask("textDocument/inlayHint", json!({ "textDocument": { "uri": session.uri }, "range": range }));
        let labels: Vec<&str> = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap()).collect();
        assert!(labels.iter().any(|label| label.contains("2 files") && label.contains("12 B")), "{labels:?}");
        assert!(labels.iter().any(|label| label.contains("é😀")), "{labels:?}");
    });
}

#[test]
fn semantic_tokens() {
    each(|session| {
        let tokens = session.ask("textDocument/semanticTokens/full");
        let data: Vec<u64> = tokens["data"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
        let (mut line, mut character) = (0, 0);
        let mut shown = Vec::new();
        for token in data.chunks(5) {
            line += token[0];
            character = if token[0] == 0 { character + token[1] } else { token[1] };
            shown.push((line, character, token[2], token[3]));
        }
        assert!(shown.is_sorted(), "{shown:?}");
        let of = |part: &str| {
            let range = session.range(part);
            let place = |end: &str, field: &str| range[end][field].as_u64().unwrap();
            (
                place("start", "line"),
                place("start", "character"),
                place("end", "character") - place("start", "character"),
            )
        };
        for part in ["FROM", "bäse", "GREETING", "apk", "curl", "alpine:3.22", "# plimsoll ignore=DL3059"] {
            let wanted = of(part);
            assert!(
                shown.iter().any(|(line, character, length, _)| (*line, *character, *length) == wanted),
                "{part} {wanted:?}: {shown:?}"
            );
        }
        let params = json!({ "textDocument": { "uri": session.uri }, "range": session.range("apk add curl") });
        let some = session.client.ask("textDocument/semanticTokens/range", params);
        assert!(some["data"].as_array().unwrap().len() < data.len());
    });
}

#[test]
fn ignore_files() {
    let text = "# é\nsub/é\n*.txt\n!two.txt\nsub\n";
    for encoding in ENCODINGS {
        let mut session = session(encoding, ".dockerignore", text);
        let hover = session.ask_at("textDocument/hover", "*.txt", 1);
        let value = hover["contents"]["value"].as_str().unwrap();
        assert!(value.contains("1 file, 5 B") && value.contains("😀.txt"), "{value}");
        assert_eq!(hover["range"], session.range("*.txt"));
        let items = session.ask_at("textDocument/completion", "é\n*", 0);
        assert!(items.as_array().unwrap().iter().any(|item| item["textEdit"]["newText"] == "é/"), "{items}");
        let found = session.ask_at("textDocument/definition", "sub/é", 1);
        assert_eq!(found[0]["targetSelectionRange"]["start"]["line"], 4, "{found}");
        let lenses = session.ask("textDocument/codeLens");
        let title = lenses[0]["command"]["title"].as_str().unwrap();
        assert!(title.contains("Build context") && title.contains("left out"), "{title}");
        assert_eq!(session.ask("textDocument/documentSymbol"), Value::Null);
        session.client.quit();
    }
}

/// The same questions, at each place of a broken file: there is an answer to each, right or none.
#[test]
fn anywhere_in_a_broken_file() {
    let text = "# escape=`\nFROM é AS\nCOPY --from= <<E\n$\nE\nRUN --mount=type=,é $ ${ \" `\n  '😀\nENV =\nARG é\nHEALTHCHECK --interval=";
    let mut session = session("utf-16", "Dockerfile", text);
    for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
        let place = position(text, at, "utf-16");
        let params = json!({ "textDocument": { "uri": session.uri }, "position": place });
        for method in ["hover", "completion", "definition", "documentHighlight", "signatureHelp"] {
            session.client.ask(&format!("textDocument/{method}"), params.clone());
        }
    }
    for method in ["documentSymbol", "foldingRange", "documentLink", "semanticTokens/full", "codeLens"] {
        session.ask(&format!("textDocument/{method}"));
    }
    session.client.quit();
}

#[test]
fn documents_that_are_not_open() {
    let mut client = Client::with(json!({}));
    let uri = uri_of(Path::new("/nowhere/Dockerfile"));
    let place = json!({ "line": 0, "character": 0 });
    for method in ["hover", "completion", "definition", "documentHighlight", "signatureHelp", "prepareRename"] {
        let params = json!({ "textDocument": { "uri": uri }, "position": place });
        assert_eq!(client.ask(&format!("textDocument/{method}"), params), Value::Null, "{method}");
    }
    client.quit();
}
