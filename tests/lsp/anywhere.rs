//! Questions at each place of a broken file, and about files that are not open: there is an answer to each.

use serde_json::{Value, json};

use crate::client::{Client, position};

const URI: &str = "file:///nowhere/Dockerfile";

const AT_PLACES: [&str; 6] =
    ["hover", "completion", "definition", "documentHighlight", "signatureHelp", "prepareRename"];

#[test]
fn in_a_broken_file() {
    let text = "# escape=`\nFROM é AS\nCOPY --from= <<E\n$\nE\nRUN --mount=type=,é $ ${ \" `\n  '😀\nENV =\nARG é\nHEALTHCHECK --interval=";
    let mut client = Client::with(json!({}));
    client.open(URI, "dockerfile", text);
    for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
        let params = json!({ "textDocument": { "uri": URI }, "position": position(text, at, "utf-16") });
        for method in AT_PLACES {
            let answer = client.ask_for_answer(&format!("textDocument/{method}"), params.clone());
            // That something has no other name is said, too.
            assert!(answer.get("result").is_some() || answer["error"]["code"] == -32803, "{method} {at}: {answer}");
        }
    }
    for method in ["documentSymbol", "foldingRange", "documentLink", "semanticTokens/full", "codeLens"] {
        client.ask(&format!("textDocument/{method}"), json!({ "textDocument": { "uri": URI } }));
    }
    client.quit();
}

#[test]
fn in_files_that_are_not_open() {
    let mut client = Client::with(json!({}));
    let place = json!({ "line": 0, "character": 0 });
    for method in AT_PLACES {
        let params = json!({ "textDocument": { "uri": URI }, "position": place });
        assert_eq!(client.ask(&format!("textDocument/{method}"), params), Value::Null, "{method}");
    }
    client.quit();
}
