//! Messages as they come in and go out: JSON behind a header.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A longer line is no header.
const LONGEST_HEADER: usize = 1 << 12;

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message, as the protocol has it.
    Message(Message),
    /// Something else, which is answered as JSON-RPC asks for.
    Malformed(Malformed),
}

/// What is no message.
#[derive(Debug)]
pub(super) struct Malformed {
    id: Option<RequestId>,
    code: ErrorCode,
    message: String,
}

impl Malformed {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { id: None, code, message: message.into() }
    }

    /// The answer. Where it is not known which request it is for, its id is null.
    pub(super) fn answer(self) -> Value {
        let Self { id, code, message } = self;
        json!({ "id": id, "error": { "code": code as i32, "message": message } })
    }
}

/// Reads the next message; nothing where there is none any more, or only a part of one.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let length = match read_header(input)? {
        Header::End => return Ok(None),
        Header::Wrong(message) => {
            return Ok(Some(Incoming::Malformed(Malformed::new(ErrorCode::ParseError, message))));
        }
        Header::Length(length) => length,
    };
    // However long it is said to be: only what comes in takes memory.
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(message(&body)))
}

enum Header {
    Length(u64),
    Wrong(String),
    End,
}

fn read_header(input: &mut impl BufRead) -> io::Result<Header> {
    let mut line = Vec::new();
    let mut length = None;
    let mut wrong = None;
    loop {
        if !read_line(input, &mut line)? {
            return Ok(Header::End);
        }
        if line.is_empty() {
            match (length, wrong.take()) {
                (Some(length), None) => return Ok(Header::Length(length)),
                (_, Some(wrong)) => return Ok(Header::Wrong(wrong)),
                // An empty line before a header does no harm.
                (None, None) => continue,
            }
        }
        let text = String::from_utf8_lossy(&line);
        let field = text.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        match field {
            Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => match value.parse() {
                Ok(value) => length = Some(value),
                Err(_) => wrong = Some(format!("`{value}` is no length of a message")),
            },
            Some((name, _)) if name.eq_ignore_ascii_case("Content-Type") => {}
            _ => {
                let shown: String = text.chars().take(80).collect();
                wrong = Some(format!("`{shown}` is no field of a header; a message begins with `Content-Length: …`"));
            }
        }
    }
}

/// Reads a line without its end, or as much of it as a header may have; says whether there was one.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    loop {
        let part = input.fill_buf()?;
        if part.is_empty() {
            return Ok(false);
        }
        let end = memchr::memchr(b'\n', part);
        let content = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
        let room = LONGEST_HEADER.saturating_sub(line.len()).min(content.len());
        line.extend_from_slice(content.get(..room).unwrap_or_default());
        let used = end.map_or(part.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            line.pop_if(|last| *last == b'\r');
            return Ok(true);
        }
    }
}

/// All fields that a message of any kind has.
#[derive(Deserialize)]
struct Fields {
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    method: Option<Value>,
    #[serde(default)]
    params: Value,
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    error: Option<ResponseError>,
}

/// A field that is there, be it with null in it.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn message(body: &[u8]) -> Incoming {
    // An array would be taken for the fields in their order.
    let is_object = body.trim_ascii_start().first() == Some(&b'{');
    let fields = if is_object {
        serde_json::from_slice(body)
    } else {
        serde_json::from_slice::<serde::de::IgnoredAny>(body)
            .and_then(|_| Err(serde::de::Error::custom("a message is an object")))
    };
    let fields: Fields = match fields {
        Ok(fields) => fields,
        Err(error) => {
            let code = if error.is_data() { ErrorCode::InvalidRequest } else { ErrorCode::ParseError };
            return Incoming::Malformed(Malformed::new(code, format!("this is no message: {error}")));
        }
    };
    let Fields { id, method, params, result, error } = fields;
    let has_id = id.is_some();
    let id: Option<RequestId> = id.and_then(|id| serde_json::from_value(id).ok());
    match (method, id) {
        (Some(Value::String(method)), Some(id)) => Incoming::Message(Request { id, method, params }.into()),
        (Some(Value::String(method)), None) if !has_id => Incoming::Message(Notification { method, params }.into()),
        (None, Some(id)) if result.is_some() != error.is_some() => {
            Incoming::Message(Response { id, result, error }.into())
        }
        (_, id) => {
            let message = "a message has a `method`, or an `id` and either a `result` or an `error`; an `id` is an integer \
                           or a string";
            Incoming::Malformed(Malformed { id, ..Malformed::new(ErrorCode::InvalidRequest, message) })
        }
    }
}

/// Writes a message, whose fields are `message`.
pub(super) fn write(out: &mut dyn Write, message: &impl Serialize) -> io::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'m, M> {
        jsonrpc: &'static str,
        #[serde(flatten)]
        message: &'m M,
    }
    write_body(out, &serde_json::to_vec(&Versioned { jsonrpc: "2.0", message })?)
}

/// Writes a message that is JSON already.
pub(super) fn write_body(out: &mut dyn Write, body: &[u8]) -> io::Result<()> {
    write!(out, "Content-Length: {}\r\n\r\n", body.len())?;
    out.write_all(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(incoming) = read(&mut input).unwrap() {
            found.push(match incoming {
                Incoming::Message(Message::Request(request)) => format!("request {} {}", request.id, request.method),
                Incoming::Message(Message::Response(response)) => format!("response {}", response.id),
                Incoming::Message(Message::Notification(notification)) => format!("note {}", notification.method),
                Incoming::Malformed(malformed) => {
                    let answer = malformed.answer();
                    format!("malformed {} {}", answer["id"], answer["error"]["code"])
                }
            });
        }
        found
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn bodies() {
        let cases = [
            (r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{}}"#, "request 1 a"),
            (r#"{"id":"x","method":"a"}"#, "request \"x\" a"),
            (r#"{"method":"a"}"#, "note a"),
            (r#"{"id":1,"result":null}"#, "response 1"),
            (r#"{"id":1,"error":{"code":1,"message":""}}"#, "response 1"),
            (r#"{"id":1}"#, "malformed 1 -32600"),
            (r#"{"id":1.5,"method":"a"}"#, "malformed null -32600"),
            (r#"{"id":null,"method":"a"}"#, "malformed null -32600"),
            (r#"{"id":1,"method":2}"#, "malformed 1 -32600"),
            ("{}", "malformed null -32600"),
            ("[]", "malformed null -32600"),
            ("7", "malformed null -32600"),
            ("", "malformed null -32700"),
            (r#"{"id":1,"#, "malformed null -32700"),
            ("\u{feff}{}", "malformed null -32700"),
        ];
        for (body, expected) in cases {
            assert_eq!(all(framed(body).as_bytes()), [expected], "{body}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(all(framed(&deep).as_bytes()), ["malformed null -32700"]);
    }

    #[test]
    fn headers() {
        let right = framed(r#"{"method":"a"}"#);
        let cases = [
            (right.clone(), vec!["note a"]),
            (format!("\r\n\n{right}"), vec!["note a"]),
            (right.replace("\r\n", "\n").replace("Content-Length", "content-length"), vec!["note a"]),
            (format!("Content-Type: x\r\n{right}{right}"), vec!["note a", "note a"]),
            (format!("Content-Length: -1\r\n\r\n{right}"), vec!["malformed null -32700", "note a"]),
            (format!("{}\n\n{right}", "x".repeat(1 << 20)), vec!["malformed null -32700", "note a"]),
            ("Content-Length: 99999999999999\r\n\r\n{}".to_owned(), vec![]),
            ("Content-Length: 2".to_owned(), vec![]),
        ];
        for (input, expected) in cases {
            assert_eq!(all(input.as_bytes()), expected, "{:.80}", input);
        }
    }
}
