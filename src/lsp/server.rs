//! The server: what is open, and what is done when something happens.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender};
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Message, Request, RequestId, Response};
use lsp_types::notification::{Exit, Notification as _, PublishDiagnostics};
use lsp_types::request::{
    CodeLensRefresh, InlayHintRefreshRequest, Request as _, Shutdown, WorkspaceDiagnosticRefresh,
};
use lsp_types::{CodeActionParams, PublishDiagnosticsParams};

use super::client::Client;
use super::conditions::{Conditions, Known};
use super::diagnostics::shown;
use super::document::{Document, Language};
use super::handshake::{self, Ending};
use super::inbox::{Event, Inbox};
use super::linting::{Job, Linted};
use super::outbox::{Failure, Outbox, Question};
use super::pending::Pending;
use super::transport::Incoming;
use super::walks::{Place, Walked, Walks};
use super::work::{self, Task};
use super::workspace::Workspace;
use crate::diagnostic::Diagnostic;

/// How long documents wait to be linted while there is always something else to do.
const PATIENCE: Duration = Duration::from_millis(200);

/// A document, and what is said of it.
pub(super) struct Open {
    pub(super) document: Document,
    /// The number of its state: another one with each change of it, or of what it depends on.
    pub(super) state: u64,
    /// What was found in this state.
    pub(super) found: Option<Arc<[Diagnostic]>>,
    /// What holds for it in this state; nothing as long as nobody asked.
    conditions: Option<Arc<Conditions>>,
    /// Whether it is being linted, be it in an earlier state.
    is_linting: bool,
    /// Who waits for what is found in this state.
    waiting: Vec<Waiting>,
}

/// A request that waits for a document to be linted.
pub(super) struct Waiting {
    pub(super) id: RequestId,
    pub(super) asked: AskedOfFindings,
}

/// What is asked of the findings.
pub(super) enum AskedOfFindings {
    /// All of them, unless they are what the client had before.
    All {
        /// The state that it had.
        previous: Option<String>,
    },
    /// What can be done about some of them.
    Actions(Box<CodeActionParams>),
}

impl AskedOfFindings {
    /// The answer when the document is not any more what was asked about.
    fn outdated(&self) -> Failure {
        match self {
            Self::All { .. } => Failure::ask_again(),
            Self::Actions(_) => Failure::content_modified(),
        }
    }
}

/// All that a server has.
pub(super) struct Server<'o> {
    pub(super) inbox: Inbox,
    pub(super) out: Outbox<'o>,
    pub(super) client: Arc<Client>,
    pub(super) workspace: Workspace,
    pub(super) documents: HashMap<String, Open>,
    pub(super) walks: Walks,
    /// Requests whose answers are being made.
    pub(super) pending: Pending,
    events: SyncSender<Event>,
    answers: Sender<Task>,
    linter: Sender<Task>,
    /// The last number that a state was given.
    state: u64,
    /// Since when there is a document that is to be linted.
    waiting_since: Option<Instant>,
}

/// Serves a client until it leaves.
pub(super) fn serve(input: impl Read + Send + 'static, out: &mut dyn Write) -> io::Result<Ending> {
    let (mut inbox, events) = Inbox::new(input);
    let mut out = Outbox::new(out);
    let Some((client, workspace)) = handshake::begin(&mut inbox, &mut out)? else { return Ok(Ending::Abrupt) };
    let mut server = Server {
        inbox,
        out,
        client: Arc::new(client),
        workspace,
        documents: HashMap::new(),
        walks: Walks::new(events.clone()),
        pending: Pending::default(),
        // Who asks does not wait for a text to be linted.
        answers: work::start(events.clone()),
        linter: work::start(events.clone()),
        events,
        state: 0,
        waiting_since: None,
    };
    server.run()
}

impl Server<'_> {
    fn run(&mut self) -> io::Result<Ending> {
        loop {
            // A text that is about to change is not linted, and who asks something is answered first.
            let is_overdue = self.waiting_since.is_some_and(|since| since.elapsed() > PATIENCE);
            if self.inbox.is_empty() {
                self.lint_changed();
                self.out.flush()?;
            } else if is_overdue {
                self.lint_changed();
            }
            self.walks.tick();
            match self.inbox.next(self.walks.patience()) {
                None => {}
                Some(Event::Closed) => return Ok(Ending::Abrupt),
                Some(Event::Cancelled(id)) => self.out.answer::<()>(id, Err(Failure::cancelled())),
                Some(Event::Answered { id, reply }) if self.pending.end(&id) => self.out.reply(id, reply),
                // It was taken back.
                Some(Event::Answered { .. }) => {}
                Some(Event::Linted(linted)) => self.linted(linted),
                Some(Event::Walked(walked)) => self.walked(*walked),
                Some(Event::Incoming(Incoming::Malformed(malformed))) => self.out.refuse(malformed),
                Some(Event::Incoming(Incoming::Message(message))) => match message {
                    Message::Request(request) if request.method == Shutdown::METHOD => {
                        self.out.answer(request.id, Ok(()));
                        self.turn_away_all();
                        return handshake::end(&mut self.inbox, &mut self.out);
                    }
                    Message::Notification(note) if note.method == Exit::METHOD => return Ok(Ending::Abrupt),
                    Message::Request(request) => self.request(request),
                    Message::Notification(note) => {
                        let method = note.method.clone();
                        if catch_unwind(AssertUnwindSafe(|| self.note(note))).is_err() {
                            self.out.log(format!("plimsoll failed at `{method}`, and goes on without it"));
                        }
                    }
                    Message::Response(response) => self.answered(response),
                },
            }
        }
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match catch_unwind(AssertUnwindSafe(|| self.reply(&id, &method, params))) {
            Ok(Some(reply)) => self.out.reply(id, reply),
            // Whoever it waits for answers it.
            Ok(None) => {}
            Err(_) => self.out.answer::<()>(id, Err(Failure::of_panic(&method))),
        }
    }

    fn answered(&mut self, response: Response) {
        let Response { id, result, error } = response;
        match (self.out.asked(&id), result) {
            (Some(Question::Settings), Some(result)) => self.told_settings(result),
            (Some(Question::Other), _) if error.is_some() => {
                let message = error.map(|error| error.message).unwrap_or_default();
                self.out.log(format!("the client refused what plimsoll asked for: {message}"));
            }
            _ => {}
        }
    }

    /// Notes that a document, or something that it depends on, is not what it was.
    pub(super) fn touch(&mut self, uri: &str) {
        let Some(open) = self.documents.get_mut(uri) else { return };
        self.state += 1;
        open.state = self.state;
        open.found = None;
        for Waiting { id, asked } in open.waiting.drain(..) {
            self.out.answer::<()>(id, Err(asked.outdated()));
        }
        self.waiting_since.get_or_insert_with(Instant::now);
    }

    /// The same for all documents of which that is said.
    pub(super) fn touch_all(&mut self, is_touched: impl Fn(&Document) -> bool) {
        let touched: Vec<String> =
            self.documents.iter().filter(|(_, open)| is_touched(&open.document)).map(|(uri, _)| uri.clone()).collect();
        if touched.is_empty() {
            return;
        }
        for uri in &touched {
            self.touch(uri);
        }
        if self.client.pulls_diagnostics && self.client.refreshes_diagnostics {
            self.out.ask::<WorkspaceDiagnosticRefresh>(Question::Other, ());
        }
    }

    /// Notes a document that was opened.
    pub(super) fn open(&mut self, document: Document) {
        let uri = document.uri.as_str().to_owned();
        self.close(&uri);
        let open = Open { document, state: 0, found: None, conditions: None, is_linting: false, waiting: Vec::new() };
        self.documents.insert(uri.clone(), open);
        self.touch(&uri);
    }

    /// Forgets a document; says whether there was one.
    pub(super) fn close(&mut self, uri: &str) -> bool {
        let Some(closed) = self.documents.remove(uri) else { return false };
        for Waiting { id, asked } in closed.waiting {
            self.out.answer::<()>(id, Err(asked.outdated()));
        }
        let needed = self.places();
        self.walks.retain(|place| needed.contains(place));
        true
    }

    /// What holds for a document, and what is known of its builds by now; nothing where it is not open.
    pub(super) fn known_of(&mut self, uri: &str) -> Option<Known> {
        let conditions = self.conditions_of(uri)?;
        let contexts = conditions.places.iter().map(|place| self.walks.get(place.as_ref()?)).collect();
        Some(Known { conditions, contexts })
    }

    fn conditions_of(&mut self, uri: &str) -> Option<Arc<Conditions>> {
        let open = self.documents.get_mut(uri)?;
        if open.conditions.is_none() {
            open.conditions = Some(Arc::new(self.workspace.conditions_of(&open.document)));
            for complaint in self.workspace.complaints() {
                self.out.warn(complaint);
            }
        }
        open.conditions.clone()
    }

    /// All places that documents are about.
    pub(super) fn places(&self) -> Vec<Place> {
        let conditions = self.documents.values().filter_map(|open| open.conditions.as_ref());
        conditions.flat_map(|conditions| conditions.places.iter().flatten().cloned()).collect()
    }

    /// Has it be found out again what holds for documents, for something says so that may have changed.
    pub(super) fn forget_conditions(&mut self) {
        for open in self.documents.values_mut() {
            open.conditions = None;
        }
        self.touch_all(|_| true);
    }

    /// Has the document linted for whoever waits for it, if it isn't already.
    pub(super) fn wait(&mut self, uri: &str, waiting: Waiting) {
        let will_change = self.inbox.will_change(uri);
        let Some(open) = self.documents.get_mut(uri) else { return };
        if will_change {
            self.out.answer::<()>(waiting.id, Err(waiting.asked.outdated()));
            return;
        }
        open.waiting.push(waiting);
        if open.found.is_some() {
            self.answer_waiting(uri);
        } else {
            self.lint(uri);
        }
    }

    /// Takes back a request that waits.
    pub(super) fn cancel(&mut self, id: &RequestId) {
        if self.pending.end(id) {
            self.out.answer::<()>(id.clone(), Err(Failure::cancelled()));
            return;
        }
        for open in self.documents.values_mut() {
            if let Some(at) = open.waiting.iter().position(|waiting| waiting.id == *id) {
                let Waiting { id, .. } = open.waiting.remove(at);
                self.out.answer::<()>(id, Err(Failure::cancelled()));
                return;
            }
        }
    }

    /// Does something beside everything else, the other answers too.
    pub(super) fn aside(&mut self, task: impl FnOnce() -> Event + Send + 'static) {
        let events = self.events.clone();
        std::thread::spawn(move || drop(events.send(task())));
    }

    fn turn_away_all(&mut self) {
        let waiting = self.documents.values_mut().flat_map(|open| open.waiting.drain(..)).map(|waiting| waiting.id);
        for id in waiting.chain(self.pending.drain()) {
            self.out.answer::<()>(id, Err(Failure::new(ErrorCode::ServerCancelled, "the server shuts down")));
        }
    }

    /// Does something beside everything else.
    pub(super) fn answer_later(&mut self, task: Task) {
        // It ends when the server does.
        drop(self.answers.send(task));
    }

    /// Lints what changed, if the client wants to be told unasked.
    fn lint_changed(&mut self) {
        self.waiting_since = None;
        let is_due = |open: &Open| open.found.is_none() && !open.is_linting;
        let wants = !self.client.pulls_diagnostics;
        let due: Vec<String> = self
            .documents
            .iter()
            .filter(|(_, open)| is_due(open) && (wants || !open.waiting.is_empty()))
            .map(|(uri, _)| uri.clone())
            .collect();
        for uri in due {
            self.lint(&uri);
        }
    }

    fn lint(&mut self, uri: &str) {
        let Some(known) = self.known_of(uri) else { return };
        let Some(open) = self.documents.get_mut(uri).filter(|open| !open.is_linting) else { return };
        open.is_linting = true;
        let job = Job { document: open.document.clone(), state: open.state, known };
        // It ends when the server does.
        drop(self.linter.send(Box::new(|| job.run())));
    }

    fn linted(&mut self, linted: Linted) {
        let Linted { uri, state, found } = linted;
        let Some(open) = self.documents.get_mut(&uri) else { return };
        open.is_linting = false;
        if open.state != state {
            // It changed in the meantime, and is linted again when there is nothing else to do.
            return;
        }
        if found.is_none() {
            let message = "plimsoll failed to lint the document, and goes on without it";
            for Waiting { id, .. } in open.waiting.drain(..) {
                self.out.answer::<()>(id, Err(Failure::new(ErrorCode::InternalError, message)));
            }
            self.out.log(format!("{message}: {uri}"));
        }
        open.found = Some(found.unwrap_or_default().into());
        if !self.client.pulls_diagnostics {
            self.publish(&uri);
        }
        self.answer_waiting(&uri);
    }

    fn publish(&mut self, uri: &str) {
        let Some(Open { document, found: Some(found), .. }) = self.documents.get(uri) else { return };
        self.out.tell::<PublishDiagnostics>(PublishDiagnosticsParams {
            uri: document.uri.clone(),
            diagnostics: found.iter().map(|diagnostic| shown(diagnostic, document, &self.client)).collect(),
            version: self.client.takes_versions.then_some(document.version),
        });
    }

    fn answer_waiting(&mut self, uri: &str) {
        let Some(open) = self.documents.get_mut(uri) else { return };
        for Waiting { id, asked } in std::mem::take(&mut open.waiting) {
            match catch_unwind(AssertUnwindSafe(|| self.reply_of_findings(&id, uri, asked))) {
                Ok(Some(reply)) => self.out.reply(id, reply),
                Ok(None) => {}
                Err(_) => self.out.answer::<()>(id, Err(Failure::of_panic("a document that was linted"))),
            }
        }
    }

    fn walked(&mut self, walked: Walked) {
        let place = self.walks.walked(walked);
        let depends = |open: &Open| {
            let conditions = open.conditions.as_ref();
            conditions.is_some_and(|conditions| conditions.places.contains(&Some(place.clone())))
        };
        let dependent: Vec<String> =
            self.documents.iter().filter(|(_, open)| depends(open)).map(|(uri, _)| uri.clone()).collect();
        self.touch_all(|document| dependent.iter().any(|uri| uri == document.uri.as_str()));
        let has_ignore_file = self.documents.values().any(|open| open.document.language == Language::IgnoreFile);
        if self.client.refreshes_hints {
            self.out.ask::<InlayHintRefreshRequest>(Question::Other, ());
        }
        if self.client.refreshes_lenses && has_ignore_file {
            self.out.ask::<CodeLensRefresh>(Question::Other, ());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use serde_json::{Value, json};

    use super::*;
    use crate::lsp::transport;

    /// A client of a server that runs in this process.
    struct Client {
        input: io::PipeWriter,
        output: BufReader<io::PipeReader>,
    }

    impl Client {
        fn ask(&mut self, id: i32, method: &str, params: Value) -> Response {
            transport::write(&mut self.input, &json!({ "id": id, "method": method, "params": params })).unwrap();
            loop {
                match transport::read(&mut self.output).unwrap() {
                    Some(Incoming::Message(Message::Response(response))) if response.id == id.into() => {
                        return response;
                    }
                    Some(_) => {}
                    None => panic!("the server is at its end"),
                }
            }
        }

        fn tell(&mut self, method: &str, params: Value) {
            transport::write(&mut self.input, &json!({ "method": method, "params": params })).unwrap();
        }
    }

    #[test]
    fn a_panic_ends_the_request_and_not_the_server() {
        let (input, to_server) = io::pipe().unwrap();
        let (from_server, mut output) = io::pipe().unwrap();
        let server = std::thread::spawn(move || serve(input, &mut output).unwrap());
        let mut client = Client { input: to_server, output: BufReader::new(from_server) };
        client.ask(1, "initialize", json!({ "capabilities": {} }));
        let uri = "file:///nowhere/Dockerfile";
        let document = json!({ "uri": uri, "languageId": "dockerfile", "version": 1, "text": "FROM a AS b\n" });
        client.tell("textDocument/didOpen", json!({ "textDocument": document }));
        for (id, method) in [(2, "test/panic"), (3, "test/panicLater"), (4, "test/panicLater")] {
            let error = client.ask(id, method, json!(uri)).error.unwrap();
            assert_eq!(error.code, ErrorCode::InternalError as i32, "{method}");
            assert!(error.message.contains(method), "{}", error.message);
        }
        let place = json!({ "line": 0, "character": 1 });
        let hover = client.ask(5, "textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": place }));
        assert!(hover.result.is_some_and(|hover| hover["contents"]["value"].is_string()));
        client.ask(6, "shutdown", Value::Null);
        client.tell("exit", Value::Null);
        assert_eq!(server.join().unwrap(), Ending::Agreed);
    }
}
