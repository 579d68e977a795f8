//! How client and server begin and end to talk, and what is answered to what is no message.

use serde_json::{Value, json};

use crate::client::{Client, frame};

const URI: &str = "file:///nowhere/Dockerfile";

#[test]
fn says_what_it_can_do() {
    let (client, result) = Client::introduced(json!({ "capabilities": {} }));
    assert_eq!(result["serverInfo"]["name"], "plimsoll");
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2);
    assert_eq!(result["capabilities"]["workspace"]["workspaceFolders"]["supported"], true);
    client.quit();
}

#[test]
fn negotiates_how_characters_are_counted() {
    let cases = [
        (json!(null), "utf-16"),
        (json!([]), "utf-16"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (json!(["utf-7"]), "utf-16"),
    ];
    for (offered, expected) in cases {
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let (client, result) = Client::introduced(json!({ "capabilities": capabilities }));
        assert_eq!(result["capabilities"]["positionEncoding"], expected, "{capabilities}");
        client.quit();
    }
}

#[test]
fn answers_nothing_before_it_is_initialized() {
    let mut client = Client::start();
    client.open(URI, "dockerfile", "FROM a\n");
    let answer = client.ask_for_answer("textDocument/hover", json!({}));
    assert_eq!(answer["error"]["code"], -32002);
    let answer = client.ask_for_answer("shutdown", Value::Null);
    assert_eq!(answer["error"]["code"], -32002);
    let answer = client.ask_for_answer("initialize", json!({ "capabilities": 1 }));
    assert_eq!(answer["error"]["code"], -32602);
    // What was wrong before is forgotten.
    client.ask("initialize", json!({ "capabilities": {}, "rootUri": "no uri", "workspaceFolders": [1] }));
    let answer = client.ask_for_answer("initialize", json!({ "capabilities": {} }));
    assert_eq!(answer["error"]["code"], -32600);
    client.quit();
}

#[test]
fn exit_codes() {
    // A client that never initialises, and leaves.
    let mut client = Client::start();
    client.hang_up();
    assert_eq!(client.exit_code(), Some(1));
    // One that says so.
    let mut client = Client::start();
    client.tell("exit", Value::Null);
    assert_eq!(client.exit_code(), Some(1));
    // One that exits without shutdown.
    let mut client = Client::with(json!({}));
    client.tell("exit", Value::Null);
    assert_eq!(client.exit_code(), Some(1));
    let mut client = Client::with(json!({}));
    client.hang_up();
    assert_eq!(client.exit_code(), Some(1));
    // One that asks for more after shutdown.
    let mut client = Client::with(json!({}));
    client.ask("shutdown", Value::Null);
    let answer = client.ask_for_answer("textDocument/hover", json!({}));
    assert_eq!(answer["error"]["code"], -32600);
    client.tell("textDocument/didOpen", json!({}));
    client.tell("exit", Value::Null);
    assert_eq!(client.exit_code(), Some(0));
}

#[test]
fn answers_what_is_no_message() {
    let mut client = Client::with(json!({}));
    let cases = [
        (frame("{"), -32700),
        (frame("\u{0}"), -32700),
        (frame("[1,2]"), -32600),
        (frame("{}"), -32600),
        (frame(r#"{"id":1.5,"method":"x"}"#), -32600),
        ("Content-Length: x\r\n\r\n".to_owned(), -32700),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), -32700),
    ];
    for (bytes, code) in cases {
        client.send_bytes(bytes.as_bytes());
        let answer = client.answer(&Value::Null);
        assert_eq!((&answer["jsonrpc"], &answer["error"]["code"]), (&json!("2.0"), &json!(code)), "{bytes}");
    }
    client.send_bytes(&[&b"Content-Length: 2\r\n\r\n"[..], b"\xff\xff"].concat());
    assert_eq!(client.answer(&Value::Null)["error"]["code"], -32700);
    let answer = client.ask_for_answer("textDocument/nothing", json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    let answer = client.ask_for_answer("$/nothing", json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    let answer = client.ask_for_answer("textDocument/codeAction", json!({ "textDocument": 1 }));
    assert_eq!(answer["error"]["code"], -32602);
    client.tell("nothing", json!([1]));
    client.tell("textDocument/didChange", json!({ "textDocument": {} }));
    assert!(client.told("window/logMessage")["message"].as_str().unwrap().contains("didChange"));
    client.send(&json!({ "jsonrpc": "2.0", "id": "unasked", "result": 1 }));
    client.quit();
}

#[test]
fn takes_requests_back() {
    let mut client = Client::with(json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {
        "codeActionKind": { "valueSet": [] } } } } }));
    let text = format!("FROM a\n{}", "RUN apt-get install x && cd /tmp && sudo make\n".repeat(20_000));
    client.open(URI, "dockerfile", &text);
    let params = json!({
        "textDocument": { "uri": URI },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } },
        "context": { "diagnostics": [] },
    });
    let id = client.begin("textDocument/codeAction", params.clone());
    client.tell("$/cancelRequest", json!({ "id": id }));
    assert_eq!(client.answer(&json!(id))["error"]["code"], -32800);
    // What isn't there can't be taken back.
    client.tell("$/cancelRequest", json!({ "id": id }));
    client.tell("$/cancelRequest", json!({ "id": "x" }));
    client.tell("$/cancelRequest", json!({}));
    // Who asks about a text that then changes is told so.
    let id = client.begin("textDocument/codeAction", params);
    client.change(URI, 2, json!([{ "text": "FROM scratch\n" }]));
    assert_eq!(client.answer(&json!(id))["error"]["code"], -32801);
    client.quit();
}

#[test]
fn speaks_of_no_other_files() {
    let mut client = Client::with(json!({}));
    client.open("file:///nowhere/main.go", "go", "FROM a\n");
    client.open("file:///nowhere/.gitignore", "ignore", "a\n");
    client.open("file:///nowhere/anything", "plaintext", "a\n");
    for uri in ["file:///nowhere/main.go", "file:///nowhere/unknown", "untitled:x"] {
        let report = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(report, json!({ "kind": "full", "items": [] }), "{uri}");
    }
    client.quit();
}
