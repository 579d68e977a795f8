//! The tree and the typed instructions, against the recorded answers of BuildKit.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;

#[path = "../examples/conformance/parse.rs"]
mod parse;

use std::path::Path;

use recorded::{conformance, divergences};
use serde_json::{Map, Value};

/// A file and what the reference says of it.
struct Case {
    name: String,
    bytes: Vec<u8>,
    reference: Value,
}

const NODE: [&str; 8] = ["value", "original", "flags", "attributes", "prev_comment", "start_line", "end_line", "args"];
const HEREDOC: [&str; 5] = ["name", "file_descriptor", "expand", "chomp", "content"];
const FREE: [&str; 5] = ["mounts_error", "error", "error_line", "error_lines", "flags_used"];

/// What of a node is compared.
fn node(node: &Value) -> Value {
    let mut compared: Map<String, Value> = pick(node, &NODE);
    let mut attributes: Vec<Value> = list(&node["attributes"]).to_vec();
    attributes.sort_by_key(ToString::to_string);
    compared.insert("attributes".to_owned(), attributes.into());
    let heredocs = list(&node["heredocs"]).iter().map(|heredoc| Value::Object(pick(heredoc, &HEREDOC)));
    compared.insert("heredocs".to_owned(), heredocs.collect());
    compared.insert("children".to_owned(), list(&node["children"]).iter().map(self::node).collect());
    Value::Object(compared)
}

fn pick(value: &Value, keys: &[&str]) -> Map<String, Value> {
    keys.iter().map(|key| ((*key).to_owned(), value[*key].clone())).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn tree(record: &Value) -> Value {
    if record["ok"] == false {
        return serde_json::json!({"ok": false});
    }
    let nodes: Vec<Value> = list(&record["nodes"]).iter().map(node).collect();
    serde_json::json!({"ok": true, "escape": record["escape_token"], "nodes": nodes})
}

fn typed(record: &Value) -> Value {
    let instructions = &record["instructions"];
    if record["ok"] == true && instructions["ok"] == true {
        without_free(instructions)
    } else {
        serde_json::json!({"ok": false})
    }
}

fn without_free(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .iter()
                .filter(|(key, _)| !FREE.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), without_free(value)))
                .collect(),
        ),
        Value::Array(array) => array.iter().map(without_free).collect(),
        other => other.clone(),
    }
}

fn first_difference(reference: &Value, ours: &Value, place: &str) -> Option<String> {
    match (reference, ours) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            let nothing = Value::Null;
            let get = |object: &Map<String, Value>, key: &str| object.get(key).cloned().unwrap_or(nothing.clone());
            keys.into_iter().find_map(|key| first_difference(&get(a, key), &get(b, key), &format!("{place}.{key}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| first_difference(a, b, &format!("{place}[{at}]")))
        }
        (a, b) => (a != b).then(|| format!("{place}\n    reference: {a}\n    ours:      {b}")),
    }
}

/// Compares all files, prints the score, and fails with all differences at once.
fn compare(data: &str, cases: &[Case]) {
    let mut divergences = divergences(data);
    let (mut same_tree, mut same_typed, mut failures) = (0, 0, Vec::new());
    for Case { name, bytes, reference } in cases {
        let ours = parse::record(name, bytes);
        let differences: Vec<String> = [
            ("tree", first_difference(&tree(reference), &tree(&ours), "")),
            ("typed", first_difference(&typed(reference), &typed(&ours), "")),
        ]
        .into_iter()
        .filter_map(|(level, difference)| Some(format!("{name}: {level}{}", difference?)))
        .collect();
        same_tree += usize::from(!differences.iter().any(|difference| difference.contains(": tree")));
        same_typed += usize::from(!differences.iter().any(|difference| difference.contains(": typed")));
        match divergences.iter().position(|divergence| divergence.case == *name) {
            Some(known) if !differences.is_empty() => {
                divergences.swap_remove(known);
            }
            _ => failures.extend(differences),
        }
    }
    println!("{data}: tree {same_tree}/{0}  typed {same_typed}/{0}", cases.len());
    failures.extend(divergences.iter().map(|known| format!("{}: is no divergence any more", known.case)));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn records(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn real_files() {
    let Some(folder) = conformance() else { return };
    let cases: Vec<Case> = records(&folder.join("parse.jsonl"))
        .into_iter()
        .filter(|reference| reference["invalid_utf8"] != true)
        .map(|reference| {
            let name = reference["name"].as_str().unwrap().to_owned();
            let bytes = std::fs::read(folder.join("dockerfiles").join(&name)).unwrap();
            Case { name, bytes, reference }
        })
        .collect();
    compare("parse.jsonl", &cases);
}

#[test]
fn cases_made_by_hand() {
    let Some(folder) = conformance() else { return };
    let cases: Vec<Case> = records(&folder.join("parse_extra.jsonl"))
        .into_iter()
        .enumerate()
        .filter(|(_, case)| case["out"]["invalid_utf8"] != true)
        .map(|(at, case)| {
            let bytes = base64(case["base64"].as_str().unwrap());
            Case { name: (at + 1).to_string(), bytes, reference: case["out"].clone() }
        })
        .collect();
    compare("parse_extra.jsonl", &cases);
}

fn base64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.bytes().filter(|letter| *letter != b'=').collect();
    let mut bytes = Vec::new();
    for chunk in letters.chunks(4) {
        let bits = chunk.iter().fold(0_u32, |bits, letter| bits << 6 | u32::from(value(*letter)));
        let bits = bits << (6 * (4 - chunk.len()));
        bytes.extend(&bits.to_be_bytes()[1..chunk.len()]);
    }
    bytes
}
