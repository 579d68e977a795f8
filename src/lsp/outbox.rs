//! What the server says.

use std::collections::HashMap;
use std::io::{self, Write};

use lsp_server::{ErrorCode, Request, RequestId, Response};
use lsp_types::notification::{LogMessage, ShowMessage};
use lsp_types::{LogMessageParams, MessageType, ShowMessageParams};
use serde::Serialize;
use serde_json::Value;

use super::transport::{self, Malformed};

/// What the server asked the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Question {
    /// What its settings are.
    Settings,
    /// Something whose answer changes nothing.
    Other,
}

/// Why a request has no result.
#[derive(Debug)]
pub(super) struct Failure {
    code: ErrorCode,
    message: String,
    data: Option<Value>,
}

impl Failure {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The text changed, and what is asked for is of no use.
    pub(super) fn content_modified() -> Self {
        Self::new(ErrorCode::ContentModified, "the document was changed in the meantime")
    }

    /// The text changed; the client may ask again.
    pub(super) fn ask_again() -> Self {
        let data = Some(serde_json::json!({ "retriggerRequest": true }));
        Self { data, ..Self::new(ErrorCode::ServerCancelled, "the document was changed in the meantime") }
    }

    /// Something in the server is wrong.
    pub(super) fn of_panic(method: &str) -> Self {
        Self::new(ErrorCode::InternalError, format!("plimsoll failed at `{method}`, and goes on without it"))
    }

    pub(super) fn cancelled() -> Self {
        Self::new(ErrorCode::RequestCanceled, "the client took the request back")
    }
}

/// The result of a request as JSON, or why there is none.
pub(super) type Reply = Result<String, Failure>;

/// Where messages go.
pub(super) struct Outbox<'o> {
    out: &'o mut dyn Write,
    asked: HashMap<RequestId, Question>,
    next: i32,
    error: Option<io::Error>,
}

impl<'o> Outbox<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self { out, asked: HashMap::new(), next: 0, error: None }
    }

    /// Answers a request.
    pub(super) fn answer<T: Serialize>(&mut self, id: RequestId, result: Result<T, Failure>) {
        self.reply(id, result.and_then(|result| json(&result)));
    }

    /// Answers a request with a result that is JSON already.
    pub(super) fn reply(&mut self, id: RequestId, reply: Reply) {
        match reply {
            Ok(result) => {
                let id = json(&id).unwrap_or_default();
                self.send_body(format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#).as_bytes());
            }
            Err(Failure { code, message, data }) => {
                let error = lsp_server::ResponseError { code: code as i32, message, data };
                self.send(&Response { id, result: None, error: Some(error) });
            }
        }
    }

    /// Answers what is no message.
    pub(super) fn refuse(&mut self, malformed: Malformed) {
        self.send(&malformed.answer());
    }

    /// Tells the client something.
    pub(super) fn tell<N: lsp_types::notification::Notification>(&mut self, params: N::Params)
    where
        N::Params: Serialize,
    {
        self.send(&Told { method: N::METHOD, params });
    }

    /// Tells whoever sits at the client.
    pub(super) fn warn(&mut self, message: String) {
        self.tell::<ShowMessage>(ShowMessageParams { typ: MessageType::WARNING, message });
    }

    /// Tells whoever looks for what went wrong.
    pub(super) fn log(&mut self, message: String) {
        self.tell::<LogMessage>(LogMessageParams { typ: MessageType::ERROR, message });
    }

    /// Asks the client something.
    pub(super) fn ask<R: lsp_types::request::Request>(&mut self, question: Question, params: R::Params)
    where
        R::Params: Serialize,
    {
        let id = RequestId::from(self.next);
        self.next = self.next.wrapping_add(1);
        self.asked.insert(id.clone(), question);
        self.send(&Request::new(id, R::METHOD.to_owned(), params));
    }

    /// What an answer of the client is to; nothing where nothing was asked.
    pub(super) fn asked(&mut self, id: &RequestId) -> Option<Question> {
        self.asked.remove(id)
    }

    /// Sends what was said so far.
    ///
    /// # Errors
    ///
    /// Where this or anything before could not be sent.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.out.flush(),
        }
    }

    fn send(&mut self, message: &impl Serialize) {
        if self.error.is_none() {
            self.error = transport::write(self.out, message).err();
        }
    }

    fn send_body(&mut self, body: &[u8]) {
        if self.error.is_none() {
            self.error = transport::write_body(self.out, body).err();
        }
    }
}

/// A notification. What is in it may be long, and so is made to text and nothing else before.
#[derive(Serialize)]
struct Told<P> {
    method: &'static str,
    params: P,
}

/// A result as JSON.
pub(super) fn json(result: &impl Serialize) -> Reply {
    serde_json::to_string(result).map_err(|error| Failure::new(ErrorCode::InternalError, error.to_string()))
}
