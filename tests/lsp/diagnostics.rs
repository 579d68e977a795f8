//! What is said of a document, sent or asked for.

use plimsoll::{Linter, Options};
use serde_json::{Value, json};

use crate::client::{Client, position, range_of};

const URI: &str = "file:///nowhere/caf%C3%A9/Dockerfile";

/// A client that is sent diagnostics.
fn pushed(encoding: &str) -> Client {
    Client::with(json!({
        "general": { "positionEncodings": [encoding] },
        "textDocument": { "publishDiagnostics": { "versionSupport": true, "tagSupport": { "valueSet": [1, 2] } } },
    }))
}

/// A client that asks for them.
fn pulled() -> Client {
    Client::with(json!({ "textDocument": { "diagnostic": {} } }))
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn places_are_counted_as_the_client_does() {
    let text = "FROM alpine:3.22\nLABEL who=\"Zoë 👩‍🚒\" where=\"日本\"\nRUN echo 'é😀' && sudo make\nMAINTAINER é\n";
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut client = pushed(encoding);
        client.open(URI, "dockerfile", text);
        let found = client.published(URI, 1);
        assert_eq!(codes(&found), ["DL3004", "DL4000"], "{encoding}");
        assert_eq!(found[0]["range"], range_of(text, "sudo", encoding), "{encoding}");
        assert_eq!(found[0]["severity"], 1);
        assert_eq!(found[0]["source"], "plimsoll");
        assert!(found[0].get("tags").is_none());
        assert_eq!(found[1]["range"]["start"], position(text, text.find("MAINTAINER").unwrap(), encoding));
        assert_eq!(found[1]["tags"], json!([2]));
        client.quit();
    }
}

#[test]
fn a_file_that_is_broken_in_the_middle() {
    let text = "FROM alpine:3.22\nRUN é && sudo a\nCOPPY é /x\nENV\nRUN <<EOF\nsudo b\nEOF\nRUN sudo c\n";
    let mut client = pushed("utf-16");
    client.open(URI, "dockerfile", text);
    let found = client.published(URI, 1);
    let expected = Linter::new(Options::default()).unwrap().lint(text);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found["code"], expected.code);
        let place = |at: u32| position(text, at as usize, "utf-16");
        let range = json!({ "start": place(expected.span.start), "end": place(expected.span.end) });
        assert_eq!(found["range"], range, "{}", expected.code);
    }
    let lines: Vec<_> = found.iter().map(|diagnostic| diagnostic["range"]["start"]["line"].as_u64().unwrap()).collect();
    for line in [1, 2, 3, 5, 7] {
        assert!(lines.contains(&line), "{lines:?}");
    }
    client.quit();
}

#[test]
fn follows_changes() {
    let mut client = pushed("utf-16");
    client.open(URI, "dockerfile", "FROM alpine:3.22\nRUN echo '👩‍🚒' && sudo make\n");
    assert_eq!(codes(&client.published(URI, 1)), ["DL3004"]);
    // Behind the first of two characters of two units each.
    let change = json!([
        { "range": { "start": { "line": 1, "character": 10 }, "end": { "line": 1, "character": 15 } }, "text": "é" },
        { "range": { "start": { "line": 1, "character": 16 }, "end": { "line": 1, "character": 20 } }, "text": "" },
        { "range": { "start": { "line": 9, "character": 9 }, "end": { "line": 9, "character": 9 } }, "text": "USER a\r\nMAINTAINER b" },
    ]);
    client.change(URI, 2, change);
    let found = client.published(URI, 2);
    assert_eq!(codes(&found), ["DL4000"]);
    assert_eq!(found[0]["range"]["start"], json!({ "line": 3, "character": 0 }));
    // A whole text, and a change of it.
    let change = json!([
        { "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 4 } }, "text": "x" },
        { "text": "FROM alpine:3.22\nUSER a\nRUN sudo make\n" },
        { "range": { "start": { "line": 2, "character": 0 }, "end": { "line": 3, "character": 0 } }, "text": "" },
    ]);
    client.change(URI, 3, change);
    assert_eq!(client.published(URI, 3), Vec::<Value>::new());
    client.quit();
}

#[test]
fn what_is_closed_is_not_spoken_of() {
    let mut client = pushed("utf-16");
    client.open(URI, "dockerfile", "FROM a\n");
    assert!(!client.published(URI, 1).is_empty());
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    let published = client.told("textDocument/publishDiagnostics");
    assert_eq!(published, json!({ "uri": URI, "diagnostics": [] }));
    // Changes of it are of nothing.
    client.change(URI, 2, json!([{ "text": "FROM b\n" }]));
    client.open(URI, "dockerfile", "FROM alpine:3.22\nUSER a\n");
    assert_eq!(client.published(URI, 1), Vec::<Value>::new());
    client.quit();
}

#[test]
fn documents_that_were_never_saved() {
    let mut client = pushed("utf-16");
    client.open("untitled:Untitled-1", "dockerfile", "FROM a AS b\nMAINTAINER c\n");
    assert!(codes(&client.published("untitled:Untitled-1", 1)).contains(&"DL4000"));
    client.open("untitled:Untitled-2", "dockerignore", "[a\n");
    assert_eq!(codes(&client.published("untitled:Untitled-2", 1)), ["PL1019"]);
    client.quit();
}

#[test]
fn is_asked_for_diagnostics() {
    let mut client = pulled();
    let ask = |client: &mut Client, previous: Value| {
        let params = json!({ "textDocument": { "uri": URI }, "previousResultId": previous });
        client.ask("textDocument/diagnostic", params)
    };
    client.open(URI, "dockerfile", "FROM alpine:3.22\nMAINTAINER a\nUSER a\n");
    let report = ask(&mut client, Value::Null);
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "DL4000");
    let same = ask(&mut client, report["resultId"].clone());
    assert_eq!(same, json!({ "kind": "unchanged", "resultId": report["resultId"] }));
    client.change(URI, 2, json!([{ "text": "FROM alpine:3.22\nUSER a\n" }]));
    let new = ask(&mut client, report["resultId"].clone());
    assert_eq!((&new["kind"], &new["items"]), (&json!("full"), &json!([])));
    assert_ne!(new["resultId"], report["resultId"]);
    client.quit();
}

#[test]
fn a_long_file() {
    let mut client = pushed("utf-16");
    let line =
        "RUN echo 'é' && sudo make install --with=everything --and=more # and so on and so forth, and on and on\n";
    let text = format!("FROM alpine:3.22\n{}", line.repeat((10 << 20) / line.len()));
    assert!(text.len() > 10_000_000);
    client.open(URI, "dockerfile", &text);
    // A request in between is answered at once, not when all was looked at.
    let answer = client.ask_for_answer("textDocument/nothing", json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    client.change(URI, 2, json!([{ "text": "FROM alpine:3.22\nUSER a\n" }]));
    assert_eq!(client.published(URI, 2), Vec::<Value>::new());
    client.quit();
}

#[test]
fn related_places() {
    let capabilities = json!({ "publishDiagnostics": { "versionSupport": true, "relatedInformation": true } });
    let mut client = Client::with(json!({ "textDocument": capabilities }));
    let text = "FROM alpine:3.22 AS é😀\nCMD [\"é\"]\nCMD [\"b\"]\nUSER a\n";
    client.open(URI, "dockerfile", text);
    let found = client.published(URI, 1);
    let found = found.iter().find(|found| found["code"] == "DL4003").unwrap();
    let related = &found["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], URI);
    assert_eq!(related["location"]["range"]["start"], json!({ "line": 2, "character": 0 }));
    assert_eq!(related["message"], "the one that replaces it");
    client.quit();
}
