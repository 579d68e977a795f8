use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use super::Streams;

/// Before this has passed, nobody wonders.
const PATIENCE: Duration = Duration::from_millis(500);
const PACE: Duration = Duration::from_millis(100);

/// Does some work; where it takes long, and somebody looks on, a line tells how far it is.
pub(super) fn with_progress<T: Send>(
    streams: &mut Streams<'_>,
    tell: impl Fn() -> String,
    work: impl FnOnce() -> T + Send,
) -> io::Result<Option<T>> {
    if !streams.progress {
        return Ok(Some(work()));
    }
    let (done, result) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || drop(done.send(work())));
        let mut wait = PATIENCE;
        let mut shown = 0;
        let result = loop {
            match result.recv_timeout(wait) {
                Ok(result) => break Some(result),
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) => {
                    let line = tell();
                    write!(streams.err, "\r{line:<shown$}")?;
                    streams.err.flush()?;
                    shown = line.chars().count();
                    wait = PACE;
                }
            }
        };
        if shown > 0 {
            write!(streams.err, "\r{:<shown$}\r", "")?;
        }
        Ok(result)
    })
}
