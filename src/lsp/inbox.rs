//! What is still to be done, and what of it need not be done any more.

use std::collections::VecDeque;
use std::io::{BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use lsp_server::{Message, Notification, RequestId};
use lsp_types::notification::{Cancel, DidChangeTextDocument, DidCloseTextDocument, Notification as _};
use lsp_types::{CancelParams, NumberOrString};

use super::linting::Linted;
use super::outbox::Reply;
use super::transport::{self, Incoming};
use super::walks::Walked;

/// So much is looked ahead; who sends more waits.
const ROOM: usize = 1 << 10;

/// Something that happened.
#[derive(Debug)]
pub(super) enum Event {
    /// The client said something.
    Incoming(Incoming),
    /// The client has nothing more to say.
    Closed,
    /// A request that was taken back before anybody looked at it.
    Cancelled(RequestId),
    /// The answer to a request.
    Answered {
        /// Its id.
        id: RequestId,
        /// The answer.
        reply: Reply,
    },
    /// A document was linted.
    Linted(Linted),
    /// A directory was walked through.
    Walked(Box<Walked>),
}

/// The events in order.
pub(super) struct Inbox {
    receiver: Receiver<Event>,
    queue: VecDeque<Event>,
}

impl Inbox {
    /// Listens to a client; others may add events, too.
    pub(super) fn new(input: impl Read + Send + 'static) -> (Self, SyncSender<Event>) {
        let (sender, receiver) = mpsc::sync_channel(ROOM);
        let events = sender.clone();
        std::thread::spawn(move || listen(input, &sender));
        (Self { receiver, queue: VecDeque::new() }, events)
    }

    /// Whether nothing is to be done just now.
    pub(super) fn is_empty(&mut self) -> bool {
        self.fill();
        self.queue.is_empty()
    }

    /// The next event; nothing when the time to wait for one is over.
    pub(super) fn next(&mut self, patience: Option<Duration>) -> Option<Event> {
        self.fill();
        if let Some(event) = self.queue.pop_front() {
            return Some(event);
        }
        match patience {
            None => Some(self.receiver.recv().unwrap_or(Event::Closed)),
            Some(patience) => match self.receiver.recv_timeout(patience) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Event::Closed),
            },
        }
    }

    /// Whether the document of that name is about to change, so that what is said of it now is of no use.
    pub(super) fn will_change(&mut self, uri: &str) -> bool {
        self.fill();
        self.queue.iter().any(|event| match event {
            Event::Incoming(Incoming::Message(Message::Notification(note))) => {
                matches!(note.method.as_str(), DidChangeTextDocument::METHOD | DidCloseTextDocument::METHOD)
                    && note.params.pointer("/textDocument/uri").is_some_and(|own| own == uri)
            }
            _ => false,
        })
    }

    fn fill(&mut self) {
        while self.queue.len() < ROOM {
            let Ok(event) = self.receiver.try_recv() else { return };
            if let Some(cancelled) = self.request_cancelled_by(&event) {
                *cancelled = match std::mem::replace(cancelled, Event::Closed) {
                    Event::Incoming(Incoming::Message(Message::Request(request))) => Event::Cancelled(request.id),
                    other => other,
                };
            } else {
                self.queue.push_back(event);
            }
        }
    }

    /// The request that waits here, and that an event takes back.
    fn request_cancelled_by(&mut self, event: &Event) -> Option<&mut Event> {
        let Event::Incoming(Incoming::Message(Message::Notification(note))) = event else { return None };
        let id = cancelled(note)?;
        self.queue.iter_mut().find(|waiting| match waiting {
            Event::Incoming(Incoming::Message(Message::Request(request))) => request.id == id,
            _ => false,
        })
    }
}

/// The request that a notification takes back.
pub(super) fn cancelled(note: &Notification) -> Option<RequestId> {
    if note.method != Cancel::METHOD {
        return None;
    }
    let params: CancelParams = serde_json::from_value(note.params.clone()).ok()?;
    Some(match params.id {
        NumberOrString::Number(id) => id.into(),
        NumberOrString::String(id) => id.into(),
    })
}

fn listen(input: impl Read, events: &SyncSender<Event>) {
    let mut input = BufReader::with_capacity(1 << 16, input);
    // What can't be read any more is at its end.
    while let Ok(Some(incoming)) = transport::read(&mut input) {
        if events.send(Event::Incoming(incoming)).is_err() {
            return;
        }
    }
    drop(events.send(Event::Closed));
}
