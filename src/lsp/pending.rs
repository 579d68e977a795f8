//! Requests whose answers are being made.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lsp_server::RequestId;

/// More requests than these do not wait for each other, ...
const MOST: usize = 64;

/// ... nor do those that keep more text than this, in bytes. Who asks for more waits for the answer.
const MOST_TEXT: usize = 32 << 20;

/// Whether a request was taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(Arc<AtomicBool>);

impl Taken {
    pub(super) fn is_back(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The requests.
#[derive(Debug, Default)]
pub(super) struct Pending {
    requests: HashMap<RequestId, (Taken, usize)>,
    text: usize,
}

impl Pending {
    /// Whether there is room for one more.
    pub(super) fn has_room(&self) -> bool {
        self.requests.len() < MOST && self.text < MOST_TEXT
    }

    /// Notes a request that keeps so much text.
    pub(super) fn begin(&mut self, id: RequestId, text: usize) -> Taken {
        let taken = Taken::default();
        self.end(&id);
        self.text += text;
        self.requests.insert(id, (taken.clone(), text));
        taken
    }

    /// Notes that a request has its answer, or is not to have one; says whether it waited for one.
    pub(super) fn end(&mut self, id: &RequestId) -> bool {
        let Some((taken, text)) = self.requests.remove(id) else { return false };
        taken.0.store(true, Ordering::Relaxed);
        self.text -= text;
        true
    }

    /// All of them; none waits any more.
    pub(super) fn drain(&mut self) -> Vec<RequestId> {
        self.text = 0;
        let taken_back = |(id, (taken, _)): (RequestId, (Taken, usize))| {
            taken.0.store(true, Ordering::Relaxed);
            id
        };
        self.requests.drain().map(taken_back).collect()
    }
}
