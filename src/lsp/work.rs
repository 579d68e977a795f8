//! What is done beside everything else, so that nobody who types waits for it.

use std::sync::mpsc::{self, Sender, SyncSender};

use super::inbox::Event;

/// Something to do; what came of it is an event.
pub(super) type Task = Box<dyn FnOnce() -> Event + Send>;

/// Starts to do what is sent, one after the other. It ends with whoever sends.
pub(super) fn start(events: SyncSender<Event>) -> Sender<Task> {
    let (sender, tasks) = mpsc::channel::<Task>();
    std::thread::spawn(move || {
        for task in tasks {
            if events.send(task()).is_err() {
                return;
            }
        }
    });
    sender
}
