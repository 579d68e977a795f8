//! A client as an editor is one, but with a script.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use serde_json::{Value, json};

/// Nobody answers any more after this.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs, and all that it said.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What came in while something else was waited for.
    notes: VecDeque<Value>,
    /// What the server asked, in order.
    pub(crate) asked: Vec<Value>,
    /// What the client says when it is asked for its settings.
    pub(crate) settings: Value,
    next: i64,
}

impl Client {
    /// Starts a server and says nothing.
    pub(crate) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, messages, notes: VecDeque::new(), asked: Vec::new(), settings: Value::Null, next: 1 }
    }

    /// Starts a server that was introduced to a client with these capabilities, which has no folder open.
    pub(crate) fn with(capabilities: Value) -> Self {
        Self::introduced(json!({ "capabilities": capabilities })).0
    }

    /// Starts a server that was introduced to a client, and gives what it said.
    pub(crate) fn introduced(params: Value) -> (Self, Value) {
        let mut client = Self::start();
        let result = client.ask("initialize", params);
        client.tell("initialized", json!({}));
        (client, result)
    }

    /// Sends bytes, whatever they say.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        let framed = frame(&message.to_string());
        self.send_bytes(framed.as_bytes());
    }

    /// Sends a notification.
    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; gives its id.
    pub(crate) fn begin(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next;
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Sends a request; gives the whole answer.
    pub(crate) fn ask_for_answer(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        self.answer(&json!(id))
    }

    /// Sends a request; gives its result.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.ask_for_answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// The answer to the request of that id.
    pub(crate) fn answer(&mut self, id: &Value) -> Value {
        let is_answer = |message: &Value| message.get("method").is_none() && message["id"] == *id;
        self.wait(is_answer).unwrap_or_else(|| panic!("no answer to {id}"))
    }

    /// The next notification of that kind.
    pub(crate) fn told(&mut self, method: &str) -> Value {
        let is_it = |message: &Value| message["method"] == method;
        self.wait(is_it).unwrap_or_else(|| panic!("no {method}"))["params"].take()
    }

    /// The diagnostics that are published for this version of a document.
    pub(crate) fn published(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let is_it = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        };
        let mut note = self.wait(is_it).unwrap_or_else(|| panic!("no diagnostics of {uri} {version}"));
        serde_json::from_value(note["params"]["diagnostics"].take()).unwrap()
    }

    /// Opens a document.
    pub(crate) fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a document.
    pub(crate) fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Ends the server as the protocol has it; fails where it doesn't take it so.
    pub(crate) fn quit(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert_eq!(self.exit_code(), Some(0));
    }

    /// Closes the server's input.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    /// The code that the server ends with.
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// The next message of which that is true; nothing where the server is at its end.
    fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
        if let Some(at) = self.notes.iter().position(&is_it) {
            return self.notes.remove(at);
        }
        loop {
            let message = match self.messages.recv_timeout(PATIENCE) {
                Ok(message) => message,
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("the server says nothing"),
            };
            if let (Some(method), Some(id)) = (message.get("method"), message.get("id")) {
                let result =
                    if method == "workspace/configuration" { self.told_settings(&message) } else { Value::Null };
                let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                self.send(&answer);
                self.asked.push(message);
            } else if is_it(&message) {
                return Some(message);
            } else {
                self.notes.push_back(message);
            }
        }
    }

    fn told_settings(&self, message: &Value) -> Value {
        let items = message["params"]["items"].as_array().unwrap();
        items.iter().map(|item| if item["scopeUri"].is_null() { self.settings.clone() } else { Value::Null }).collect()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A message with its header.
pub(crate) fn frame(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The next message; nothing where there is none any more.
pub(crate) fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((_, value)) => length = value.parse().ok()?,
            None if line == "\r\n" => break,
            None => return None,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// The place of an offset in a text.
pub(crate) fn position(text: &str, at: usize, encoding: &str) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let character = match encoding {
        "utf-8" => at - start,
        "utf-16" => before[start..].encode_utf16().count(),
        _ => before[start..].chars().count(),
    };
    json!({ "line": line, "character": character })
}

/// The range of the first place where a part stands in a text.
pub(crate) fn range_of(text: &str, part: &str, encoding: &str) -> Value {
    let at = text.find(part).unwrap();
    json!({ "start": position(text, at, encoding), "end": position(text, at + part.len(), encoding) })
}

/// What a text is after edits of the protocol, in UTF-16, were made in it.
pub(crate) fn edited(text: &str, edits: &Value) -> String {
    let mut edits: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let place = |end: &str| offset(text, &edit["range"][end]);
            (place("start"), place("end"), edit["newText"].as_str().unwrap().to_owned())
        })
        .collect();
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, with) in edits.into_iter().rev() {
        text.replace_range(start..end, &with);
    }
    text
}

/// The offset of a place in UTF-16, which must be in the text.
pub(crate) fn offset(text: &str, place: &Value) -> usize {
    let line = place["line"].as_u64().unwrap() as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = place["character"].as_u64().unwrap() as usize;
    let mut at = start;
    for c in text[start..].chars() {
        if units == 0 {
            break;
        }
        units -= c.len_utf16();
        at += c.len_utf8();
    }
    at
}
