//! Edits and requests at random, right and wrong: the server follows the right ones, answers all requests, and does not grow.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use plimsoll::{Linter, Options};
use serde_json::{Value, json};

use crate::client::{frame, read};

const STEPS: u64 = 100_000;
/// How much is sent at once.
const BATCH: u64 = 500;
/// The texts are kept about this long.
const LONGEST: usize = 600;

/// SplitMix64, which needs no more than a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

const PIECES: [&str; 36] = [
    "FROM alpine:3.22 AS é\n",
    "FROM é\n",
    "ARG V=1\n",
    "ENV A=$V 😀\n",
    "RUN apt-get install x && cd /tmp \\\n",
    " sudo make\n",
    "COPY --from=é a /b\n",
    "COPY a b\n",
    "RUN <<E\n",
    "E\n",
    "\n",
    "\r\n",
    "\r",
    "# comment\n",
    "# plimsoll ignore=DL3008\n",
    "#",
    "\\",
    "\"",
    "[\"a\", \"b\"]",
    "${V:-",
    "}",
    "$",
    " ",
    "é",
    "😀",
    "日本",
    "CMD ",
    "--mount=type=",
    "\u{feff}",
    "\u{0}",
    "'",
    "**/x\n",
    "!y\n",
    "[",
    "# escape=`\n",
    "ONBUILD ",
];

const POSITIONS: [&str; 6] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/documentHighlight",
    "textDocument/signatureHelp",
    "textDocument/prepareRename",
];

const RANGES: [&str; 3] = ["textDocument/codeAction", "textDocument/inlayHint", "textDocument/semanticTokens/range"];

const DOCUMENTS: [&str; 7] = [
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/documentLink",
    "textDocument/codeLens",
    "textDocument/semanticTokens/full",
    "textDocument/diagnostic",
    "textDocument/nothing",
];

/// What the client believes to be open.
struct Session {
    random: Random,
    documents: HashMap<String, String>,
    version: i64,
    requests: HashSet<i64>,
    next: i64,
    out: String,
}

fn names() -> Vec<String> {
    (0..4)
        .map(|number| format!("file:///nowhere/{number}/Dockerfile"))
        .chain((0..2).map(|number| format!("file:///nowhere/{number}/.dockerignore")))
        .chain(["untitled:Dockerfile".to_owned(), "file:///nowhere/main.go".to_owned()])
        .collect()
}

impl Session {
    fn send(&mut self, message: &Value) {
        self.out.push_str(&frame(&message.to_string()));
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) {
        let id = self.next;
        self.next += 1;
        self.requests.insert(id);
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
    }

    /// A place in a text, or one that is not there.
    fn place(&mut self, text: &str) -> Value {
        if self.random.one_in(8) {
            let (line, character) = (self.random.below(60), self.random.below(90));
            return json!({ "line": line, "character": character });
        }
        if self.random.one_in(100) {
            return json!({ "line": u32::MAX, "character": u32::MAX });
        }
        let mut at = self.random.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        place_of(text, at)
    }

    fn step(&mut self) {
        let names = names();
        let uri = self.random.pick(&names).clone();
        let text = self.documents.get(&uri).cloned().unwrap_or_default();
        match self.random.below(100) {
            0..55 => self.edit(&uri, text),
            55..59 => self.open(&uri),
            59..60 => {
                self.documents.remove(&uri);
                self.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
            }
            60..62 => self.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri } })),
            62..65 => self.malformed(&uri),
            65..66 => {
                let id = self.next - i64::try_from(self.random.below(4)).unwrap();
                self.tell("$/cancelRequest", json!({ "id": id }));
            }
            66..84 => {
                let method = *self.random.pick(&POSITIONS);
                let place = self.place(&text);
                self.ask(method, json!({ "textDocument": { "uri": uri }, "position": place }));
            }
            84..88 => {
                let (method, place) =
                    if self.random.one_in(2) { ("textDocument/references", 0) } else { ("textDocument/rename", 1) };
                let position = self.place(&text);
                let name = *self.random.pick(&PIECES);
                let mut params = json!({ "textDocument": { "uri": uri }, "position": position, "newName": name });
                if place == 0 {
                    params["context"] = json!({ "includeDeclaration": true });
                }
                self.ask(method, params);
            }
            88..94 => {
                let method = *self.random.pick(&RANGES);
                let range = json!({ "start": self.place(&text), "end": self.place(&text) });
                let params =
                    json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
                self.ask(method, params);
            }
            94..95 => {
                let places = json!([self.place(&text), self.place(&text)]);
                self.ask("textDocument/selectionRange", json!({ "textDocument": { "uri": uri }, "positions": places }));
            }
            _ => {
                let method = *self.random.pick(&DOCUMENTS);
                self.ask(method, json!({ "textDocument": { "uri": uri } }));
            }
        }
    }

    fn open(&mut self, uri: &str) {
        let mut text = String::new();
        for _ in 0..self.random.below(12) {
            let piece = *self.random.pick(&PIECES);
            text.push_str(piece);
        }
        self.version += 1;
        let document = json!({ "uri": uri, "languageId": "plaintext", "version": self.version, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        // Who can't tell by the name can't tell.
        if !uri.ends_with(".go") {
            self.documents.insert(uri.to_owned(), text);
        }
    }

    fn edit(&mut self, uri: &str, mut text: String) {
        let mut changes = Vec::new();
        for _ in 0..=self.random.below(2) {
            if text.len() > LONGEST || self.random.one_in(200) {
                text = (*self.random.pick(&PIECES)).to_owned();
                changes.push(json!({ "text": text }));
                continue;
            }
            let (one, other) = (self.place(&text), self.place(&text));
            let (start, end) = (offset(&text, &one), offset(&text, &other));
            let (start, end, range) = if start > end && !self.random.one_in(50) {
                (end, start, json!({ "start": other, "end": one }))
            } else {
                // A range that ends before it begins is empty.
                (start, end.max(start), json!({ "start": one, "end": other }))
            };
            // Texts become longer as they become shorter.
            let (end, range) = if end - start > 40 {
                (start, json!({ "start": range["start"], "end": range["start"] }))
            } else {
                (end, range)
            };
            let with = *self.random.pick(&PIECES);
            text.replace_range(start..end, with);
            changes.push(json!({ "range": range, "text": with }));
        }
        self.version += 1;
        let document = json!({ "uri": uri, "version": self.version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        if let Some(open) = self.documents.get_mut(uri) {
            *open = text;
        }
    }

    fn malformed(&mut self, uri: &str) {
        match self.random.below(8) {
            0 => self.out.push_str(&frame("{")),
            1 => self.out.push_str(&frame("[]")),
            2 => self.out.push_str("Content-Length: many\r\n\r\n"),
            3 => self.tell("textDocument/didChange", json!({ "textDocument": { "uri": uri, "version": "x" } })),
            4 => self.tell("textDocument/didOpen", json!([])),
            5 => self.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": { "line": -1 } })),
            6 => self.send(&json!({ "id": { "a": 1 }, "method": "textDocument/hover" })),
            _ => self.send(&json!({ "id": 1_000_000_000, "result": [uri] })),
        }
    }
}

/// The offset of a place as the protocol has it, counted naively.
fn offset(text: &str, place: &Value) -> usize {
    let (line, character) = (place["line"].as_u64().unwrap(), place["character"].as_u64().unwrap());
    let (mut at_line, mut units) = (0, 0);
    for (at, c) in text.char_indices() {
        let is_end = c == '\n' || c == '\r';
        if at_line == line && (is_end || units + c.len_utf16() as u64 > character) {
            return at;
        }
        if c == '\n' || c == '\r' && !text[at + 1..].starts_with('\n') {
            at_line += 1;
            units = 0;
        } else {
            units += c.len_utf16() as u64;
        }
    }
    text.len()
}

/// How much memory a process holds, in KiB.
fn memory(process: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[test]
fn edits_and_requests_at_random() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut failures = child.stderr.take().unwrap();
    let failures = std::thread::spawn(move || std::io::read_to_string(&mut failures).unwrap());
    // What came back: the answers by their ids, and the last diagnostics of each document.
    let answers: Arc<Mutex<HashMap<i64, Vec<i64>>>> = Arc::default();
    let published: Arc<Mutex<HashMap<String, Value>>> = Arc::default();
    let reader = std::thread::spawn({
        let (answers, published) = (Arc::clone(&answers), Arc::clone(&published));
        move || {
            while let Some(message) = read(&mut output) {
                if message["method"] == "textDocument/publishDiagnostics" {
                    let uri = message["params"]["uri"].as_str().unwrap().to_owned();
                    published.lock().unwrap().insert(uri, message["params"].clone());
                } else if let (None, Some(id)) = (message.get("method"), message["id"].as_i64()) {
                    let code = message["error"]["code"].as_i64().unwrap_or_default();
                    answers.lock().unwrap().entry(id).or_default().push(code);
                }
            }
        }
    });

    let seed = 0x5eed;
    let mut session = Session {
        random: Random(seed),
        documents: HashMap::new(),
        version: 1,
        requests: HashSet::new(),
        next: 1,
        out: String::new(),
    };
    let capabilities = json!({
        "textDocument": {
            "publishDiagnostics": { "versionSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
        },
    });
    session.ask("textDocument/hover", json!({}));
    session.ask("initialize", json!({ "capabilities": capabilities }));
    session.tell("initialized", json!({}));
    let mut at_first = None;
    for step in 0..STEPS {
        session.step();
        if step % BATCH == BATCH - 1 {
            input.write_all(session.out.as_bytes()).unwrap();
            session.out.clear();
        }
        if step == STEPS / 5 {
            at_first = memory(child.id());
        }
    }
    // At last all is open, and says what it is.
    let mut last_versions = HashMap::new();
    for uri in names() {
        session.open(&uri);
        let text = session.documents.get(&uri).cloned().unwrap_or_default();
        session.edit(&uri, text);
        last_versions.insert(uri, json!(session.version));
    }
    session.ask("textDocument/nothing", Value::Null);
    input.write_all(session.out.as_bytes()).unwrap();
    session.out.clear();
    let expected = session.documents.clone();
    for _ in 0..3_000 {
        let is_last = |uri: &String| {
            published.lock().unwrap().get(uri).is_some_and(|params| params["version"] == last_versions[uri])
        };
        if expected.keys().all(is_last) && answers.lock().unwrap().contains_key(&(session.next - 1)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let at_last = memory(child.id());
    session.ask("shutdown", Value::Null);
    session.tell("exit", Value::Null);
    input.write_all(session.out.as_bytes()).unwrap();
    drop(input);
    let code = child.wait().unwrap().code();
    reader.join().unwrap();
    let failures = failures.join().unwrap();

    let mut wrong = String::new();
    if !failures.is_empty() {
        let _ = writeln!(wrong, "the server failed:\n{failures}");
    }
    let answers = answers.lock().unwrap();
    let unanswered = session.requests.iter().filter(|id| answers.get(id).is_none_or(|codes| codes.len() != 1)).count();
    let refused = answers.values().flatten().filter(|code| **code == -32002).count();
    let internal = answers.values().flatten().filter(|code| **code == -32603).count();
    let linter = Linter::new(Options::default()).unwrap();
    for (uri, text) in &expected {
        if uri.ends_with(".dockerignore") {
            continue;
        }
        let found = published.lock().unwrap().get(uri).cloned().unwrap_or_default();
        if found["version"] != last_versions[uri] {
            let _ = writeln!(wrong, "{uri}: nothing was said of its last version");
            continue;
        }
        let found = &found["diagnostics"];
        let place = |at: u32| place_of(text, at as usize);
        let expected: Vec<Value> = linter
            .lint(text)
            .iter()
            .map(|found| json!([found.code, { "start": place(found.span.start), "end": place(found.span.end) }]))
            .collect();
        let found: Vec<Value> =
            found.as_array().unwrap().iter().map(|found| json!([found["code"], found["range"]])).collect();
        if found != expected {
            let _ =
                writeln!(wrong, "{uri}: the server took the text for another one: {text:?}\n{found:?}\n{expected:?}");
        }
    }
    println!("{at_first:?} KiB after a fifth, {at_last:?} KiB at last");
    assert_eq!((code, unanswered, refused, internal, wrong.as_str()), (Some(0), 0, 1, 0, ""), "seed {seed}");
    if let (Some(at_first), Some(at_last)) = (at_first, at_last) {
        assert!(
            at_last < at_first + 16_384,
            "the server grew from {at_first} to {at_last} KiB, for texts of {LONGEST} bytes"
        );
    }
}

/// The place of an offset, where a lone `\r` ends a line, too.
fn place_of(text: &str, at: usize) -> Value {
    let (mut line, mut character) = (0_u64, 0);
    for (start, c) in text.char_indices() {
        if start + c.len_utf8() > at {
            break;
        }
        if c == '\n' || c == '\r' && !text[start + 1..].starts_with('\n') {
            (line, character) = (line + 1, 0);
        } else {
            character += c.len_utf16();
        }
    }
    json!({ "line": line, "character": character })
}
