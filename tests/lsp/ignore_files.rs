//! Ignore files, and the directories that they are for.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::Client;

pub(crate) fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn pushed() -> Client {
    Client::with(json!({ "textDocument": { "publishDiagnostics": { "versionSupport": true } } }))
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn are_held_against_their_directory() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("docs")).unwrap();
    fs::write(directory.path().join("docs/a.md"), "a").unwrap();
    let file = directory.path().join(".dockerignore");
    fs::write(&file, "docs\n").unwrap();
    let uri = uri_of(&file);
    let mut client = pushed();
    let settings = json!({ "select": ["invalid-ignore-pattern", "unmatched-ignore-pattern"] });
    client.tell("workspace/didChangeConfiguration", json!({ "settings": settings }));
    // First what is known without it, then the rest.
    client.open(&uri, "ignore", "docs\nnothing-like-it\n[é\n");
    assert_eq!(codes(&client.published(&uri, 1)), ["PL1019"]);
    client.change(&uri, 2, json!([{ "text": "docs\nnothing-like-it\n" }]));
    loop {
        let found = client.published(&uri, 2);
        if codes(&found) == ["PL1020"] {
            assert_eq!(found[0]["range"]["start"], json!({ "line": 1, "character": 0 }));
            break;
        }
        assert_eq!(codes(&found), Vec::<&str>::new());
    }
    // A file that is made is there when it is told of.
    fs::write(directory.path().join("nothing-like-it"), "").unwrap();
    let change = json!([{ "uri": uri_of(&directory.path().join("nothing-like-it")), "type": 1 }]);
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": change }));
    while !codes(&client.published(&uri, 2)).is_empty() {}
    client.quit();
}

#[test]
fn of_dockerfiles_that_are_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let uri = uri_of(&directory.path().join("api.Dockerfile.dockerignore"));
    let mut client = pushed();
    client.open(&uri, "ignore", "docs\n");
    assert_eq!(codes(&client.published(&uri, 1)), ["PL1025"]);
    client.quit();
}
