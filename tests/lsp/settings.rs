//! What the client says about how it wants to be served.

use std::fs;

use serde_json::{Value, json};

use crate::client::Client;
use crate::ignore_files::uri_of;

const URI: &str = "file:///nowhere/Dockerfile";
const TEXT: &str = "FROM alpine:3.22\nMAINTAINER a\nUSER a\n";

fn capabilities() -> Value {
    json!({ "textDocument": { "publishDiagnostics": { "versionSupport": true } } })
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn at_the_beginning() {
    for options in [json!({ "ignore": ["no-maintainer"] }), json!({ "plimsoll": { "ignore": ["DL4000"] } })] {
        let (mut client, _) =
            Client::introduced(json!({ "capabilities": capabilities(), "initializationOptions": options }));
        client.open(URI, "dockerfile", TEXT);
        assert_eq!(codes(&client.published(URI, 1)), Vec::<&str>::new());
        client.quit();
    }
}

#[test]
fn later_on() {
    let mut client = Client::with(capabilities());
    client.open(URI, "dockerfile", TEXT);
    assert_eq!(codes(&client.published(URI, 1)), ["DL4000"]);
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "plimsoll": { "ignore": ["DL4000"] } } }));
    assert_eq!(codes(&client.published(URI, 1)), Vec::<&str>::new());
    // What is no rule is told, and the rest holds.
    let settings = json!({ "preset": "buildkit", "ignore": ["DL9999"] });
    client.tell("workspace/didChangeConfiguration", json!({ "settings": settings }));
    assert!(client.told("window/showMessage")["message"].as_str().unwrap().contains("DL9999"));
    assert_eq!(codes(&client.published(URI, 1)), ["MaintainerDeprecated"]);
    // What can't be read changes nothing.
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "preset": [] } }));
    assert!(client.told("window/showMessage")["message"].as_str().unwrap().contains("settings"));
    client.change(URI, 2, json!([{ "text": TEXT }]));
    assert_eq!(codes(&client.published(URI, 2)), ["MaintainerDeprecated"]);
    client.quit();
}

#[test]
fn when_the_client_is_asked() {
    let mut client = Client::start();
    client.settings = json!({ "ignore": ["DL4000"] });
    let mut capabilities = capabilities();
    capabilities["workspace"] =
        json!({ "configuration": true, "didChangeConfiguration": { "dynamicRegistration": true } });
    client.ask("initialize", json!({ "capabilities": capabilities }));
    client.tell("initialized", json!({}));
    client.open(URI, "dockerfile", TEXT);
    while !codes(&client.published(URI, 1)).is_empty() {}
    let asked: Vec<&Value> = client.asked.iter().map(|asked| &asked["method"]).collect();
    assert_eq!(asked, ["client/registerCapability", "workspace/configuration"]);
    client.settings = json!({ "ignore": [] });
    client.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    while codes(&client.published(URI, 1)) != ["DL4000"] {}
    client.quit();
}

#[test]
fn of_the_context() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    fs::create_dir(root.join("sub")).unwrap();
    fs::write(root.join("a"), "").unwrap();
    fs::write(root.join("sub/b"), "").unwrap();
    let uri = uri_of(&root.join("sub/Dockerfile"));
    let text = "FROM alpine:3.22\nCOPY a /x\nCOPY b /y\nUSER c\n";
    let cases = [
        (json!(null), vec![]),
        (json!("none"), vec![]),
        (json!("workspace"), vec![2]),
        (json!("dockerfile"), vec![1]),
        (json!("./sub"), vec![1]),
    ];
    for (context, expected) in cases {
        let (mut client, _) = Client::introduced(json!({
            "capabilities": capabilities(),
            "workspaceFolders": [{ "uri": uri_of(root), "name": "root" }],
            "initializationOptions": { "context": context, "select": ["copy-source-missing"] },
        }));
        client.open(&uri, "dockerfile", text);
        // While it is not walked through, it is not known.
        let mut found = client.published(&uri, 1);
        if !expected.is_empty() && found.is_empty() {
            found = client.published(&uri, 1);
        }
        let lines: Vec<_> = found.iter().map(|found| found["range"]["start"]["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, expected, "{context}");
        client.quit();
    }
}

#[test]
fn of_folders() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) = (directory.path().join("one"), directory.path().join("two"));
    for folder in [&one, &two] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join(folder.file_name().unwrap()), "").unwrap();
    }
    let (mut client, _) = Client::introduced(json!({
        "capabilities": capabilities(),
        "workspaceFolders": [{ "uri": uri_of(&one), "name": "one" }],
        "initializationOptions": { "context": "workspace", "select": ["copy-source-missing"] },
    }));
    let text = "FROM alpine:3.22\nCOPY one two /x/\n";
    let (first, second) = (uri_of(&one.join("Dockerfile")), uri_of(&two.join("Dockerfile")));
    client.open(&first, "dockerfile", text);
    while client.published(&first, 1).is_empty() {}
    client.open(&second, "dockerfile", text);
    assert_eq!(client.published(&second, 1), Vec::<Value>::new());
    let event = json!({ "added": [{ "uri": uri_of(&two), "name": "two" }], "removed": [{ "uri": uri_of(&one), "name": "one" }] });
    client.tell("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    assert_eq!(client.published(&first, 1), Vec::<Value>::new());
    let mut found = Vec::new();
    while found.is_empty() {
        found = client.published(&second, 1);
    }
    assert_eq!(found[0]["range"]["start"], json!({ "line": 1, "character": 5 }));
    client.quit();
}

#[test]
fn of_configurations() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let configuration = root.join("plimsoll.toml");
    fs::write(&configuration, "ignore = [\"DL4000\"]\nexclude = [\"old\"]\n").unwrap();
    let uri = uri_of(&root.join("Dockerfile"));
    let mut client = Client::with(capabilities());
    client.open(&uri, "dockerfile", TEXT);
    assert_eq!(codes(&client.published(&uri, 1)), Vec::<&str>::new());
    let excluded = uri_of(&root.join("old/Dockerfile"));
    client.open(&excluded, "dockerfile", "FROM a\nMAINTAINER b\nRUN sudo c\n");
    assert_eq!(codes(&client.published(&excluded, 1)), Vec::<&str>::new());
    // It changes, and then it is wrong.
    let saved = json!({ "changes": [{ "uri": uri_of(&configuration), "type": 2 }] });
    fs::write(&configuration, "ignore = []\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", saved.clone());
    assert_eq!(codes(&client.published(&uri, 1)), ["DL4000"]);
    fs::write(&configuration, "ignore = [\"no-such-rule\"]\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", saved);
    assert!(client.told("window/showMessage")["message"].as_str().unwrap().contains("no-such-rule"));
    assert_eq!(codes(&client.published(&uri, 1)), ["DL4000"]);
    // What the client says outweighs it.
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "ignore": ["DL4000"] } }));
    while !codes(&client.published(&uri, 1)).is_empty() {}
    client.quit();
}

#[test]
fn of_builds_in_configurations() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let build = "[[build]]\ndockerfile = \"Dockerfile\"\ncontext = \".\"\nargs = { TAG = \"3.22\" }\n";
    fs::write(root.join("plimsoll.toml"), build).unwrap();
    fs::write(root.join("here"), "").unwrap();
    let uri = uri_of(&root.join("Dockerfile"));
    let mut client = Client::with(capabilities());
    client.open(&uri, "dockerfile", "ARG TAG\nFROM alpine:$TAG\nCOPY here gone /x/\nUSER a\n");
    let mut found = Vec::new();
    while !codes(&found).contains(&"PL1012") {
        found = client.published(&uri, 1);
    }
    assert!(!codes(&found).contains(&"DL3006"), "{:?}", codes(&found));
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let hints = client.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": whole }));
    assert!(hints.to_string().contains("alpine:3.22"), "{hints}");
    client.quit();
}
