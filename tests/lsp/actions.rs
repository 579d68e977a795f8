//! What can be done about findings.

use serde_json::{Value, json};

use crate::client::{Client, edited, position};

const URI: &str = "file:///nowhere/Dockerfile";

fn client(versioned: bool) -> Client {
    Client::with(json!({
        "textDocument": {
            "publishDiagnostics": { "versionSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
        },
        "workspace": { "workspaceEdit": { "documentChanges": versioned } },
    }))
}

/// What is offered where `part` stands.
fn actions(client: &mut Client, uri: &str, text: &str, part: &str, only: Value) -> Vec<Value> {
    let place = position(text, text.find(part).unwrap(), "utf-16");
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": only },
    });
    client.ask("textDocument/codeAction", params).as_array().unwrap().clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

fn applied(text: &str, action: &Value) -> String {
    edited(text, &action["edit"]["changes"][URI])
}

const TEXT: &str =
    "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n# plimsoll ignore=DL3003\nRUN é && sudo a\nENV é b\nUSER a\n";

#[test]
fn mends_one_finding() {
    let mut client = client(false);
    client.open(URI, "dockerfile", TEXT);
    let offered = actions(&mut client, URI, TEXT, "é b", Value::Null);
    let expected = [
        "Write `key=value` (LegacyKeyValueFormat)",
        "Ignore LegacyKeyValueFormat for this instruction",
        "Ignore LegacyKeyValueFormat in this file",
        "Fix all that can be fixed safely",
    ];
    assert_eq!(titles(&offered), expected);
    assert_eq!((&offered[0]["kind"], &offered[0]["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(offered[0]["diagnostics"][0]["code"], "LegacyKeyValueFormat");
    assert_eq!(applied(TEXT, &offered[0]), TEXT.replace("é b", "é=b"));
    client.quit();
}

#[test]
fn silences_findings() {
    let mut client = client(false);
    client.open(URI, "dockerfile", TEXT);
    let offered = actions(&mut client, URI, TEXT, "sudo", json!(["quickfix"]));
    let find =
        |start: &str| offered.iter().find(|action| action["title"].as_str().unwrap().starts_with(start)).unwrap();
    let here = applied(TEXT, find("Ignore DL3004 for"));
    assert_eq!(here, TEXT.replace("ignore=DL3003", "ignore=DL3003,DL3004"));
    let in_file = applied(TEXT, find("Ignore DL3004 in"));
    assert_eq!(in_file, TEXT.replace(":1\n", ":1\n# plimsoll file-ignore=DL3004\n"));
    for text in [here, in_file] {
        client.change(URI, 2, json!([{ "text": text }]));
        let codes: Vec<Value> = client.published(URI, 2).iter().map(|diagnostic| diagnostic["code"].clone()).collect();
        assert!(!codes.contains(&json!("DL3004")), "{codes:?}");
    }
    client.quit();
}

#[test]
fn mends_all() {
    let mut client = client(true);
    client.open(URI, "dockerfile", TEXT);
    for only in ["source.fixAll.plimsoll", "source.fixAll", "source"] {
        let offered = actions(&mut client, URI, TEXT, "FROM", json!([only]));
        assert_eq!(titles(&offered), ["Fix all that can be fixed safely"]);
        let changes = &offered[0]["edit"]["documentChanges"][0];
        assert_eq!(changes["textDocument"], json!({ "uri": URI, "version": 1 }));
        assert_eq!(edited(TEXT, &changes["edits"]), TEXT.replace("é b", "é=b"));
    }
    assert_eq!(actions(&mut client, URI, TEXT, "FROM", json!(["source.fixAll.other"])), Vec::<Value>::new());
    assert_eq!(actions(&mut client, URI, TEXT, "FROM", json!(["refactor"])), Vec::<Value>::new());
    client.change(URI, 2, json!([{ "text": "FROM alpine:3.22\nUSER a\n" }]));
    assert_eq!(actions(&mut client, URI, TEXT, "FROM", json!(["source.fixAll"])), Vec::<Value>::new());
    client.quit();
}

#[test]
fn says_which_fixes_may_change_the_build() {
    let mut client = client(false);
    let text = "# é\nnode_modules\n*.{js,ts}\n";
    let uri = "untitled:.dockerignore";
    client.open(uri, "dockerignore", text);
    let offered = actions(&mut client, uri, text, "*.{", json!(["quickfix"]));
    let titles = titles(&offered);
    assert!(titles[0].ends_with("(PL1030, may change what the build does)"), "{titles:?}");
    assert_eq!(offered[0]["isPreferred"], false);
    assert!(titles.contains(&"Ignore PL1030 for this pattern"), "{titles:?}");
    client.quit();
}

#[test]
fn makes_edits_when_somebody_wants_them() {
    let mut client = Client::with(json!({
        "textDocument": { "codeAction": {
            "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
            "resolveSupport": { "properties": ["edit"] },
        } },
    }));
    // What one fix makes room for, another one fixes.
    let text = "FROM alpine:3.22 as é\r\nENV é b\r\nUSER a\r\n";
    client.open(URI, "dockerfile", text);
    let offered = actions(&mut client, URI, text, "FROM", json!(["source.fixAll"]));
    assert!(offered[0].get("edit").is_none(), "{offered:?}");
    let resolved = client.ask("codeAction/resolve", offered[0].clone());
    assert_eq!(applied(text, &resolved), "FROM alpine:3.22 AS é\r\nENV é=b\r\nUSER a\r\n");
    client.change(URI, 2, json!([{ "text": "FROM scratch\n" }]));
    assert_eq!(client.ask_for_answer("codeAction/resolve", offered[0].clone())["error"]["code"], -32801);
    client.quit();
}
