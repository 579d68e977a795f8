//! Several threads that walk through one tree: who has nothing to do is given a directory, and the parts are put together
//! again in order.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::directory::Directory;
use super::listing::Listing;

/// A part of a listing, with holes where other parts belong.
#[derive(Default)]
pub(super) struct Part {
    pub(super) listing: Listing,
    /// Before which entry another part belongs, and which; in order.
    pub(super) holes: Vec<(usize, NonZero<u32>)>,
}

/// A directory to be walked through.
pub(super) struct Task<R> {
    pub(super) directory: Directory,
    pub(super) path: Vec<u8>,
    pub(super) results: R,
    /// What is listed before its content: itself, unless it is the root.
    pub(super) part: Part,
}

pub(super) struct Pool<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
    /// How many threads wait for a directory that nobody has given yet.
    hungry: AtomicUsize,
}

struct State<R> {
    threads: usize,
    tasks: Vec<(NonZero<u32>, Task<R>)>,
    waiting: usize,
    done: bool,
    /// By number, from 1.
    parts: Vec<Option<Part>>,
}

impl<R> Pool<R> {
    /// For one thread.
    pub(super) fn new() -> Self {
        let state = State { threads: 1, tasks: Vec::new(), waiting: 0, done: false, parts: Vec::new() };
        Self { state: Mutex::new(state), changed: Condvar::new(), hungry: AtomicUsize::new(0) }
    }

    /// Counts further threads in.
    pub(super) fn join(&self, threads: usize) {
        self.lock().threads += threads;
    }

    /// Whether somebody has nothing to do.
    pub(super) fn is_hungry(&self) -> bool {
        self.hungry.load(Ordering::Relaxed) > 0
    }

    /// Lets somebody else walk; gives the number of the part that comes of it.
    pub(super) fn give(&self, task: Task<R>) -> NonZero<u32> {
        let mut state = self.lock();
        let number = state.number(None);
        state.tasks.push((number, task));
        self.count_hungry(&state);
        self.changed.notify_one();
        number
    }

    /// Keeps a part that is finished; gives its number.
    pub(super) fn set_aside(&self, part: Part) -> NonZero<u32> {
        self.lock().number(Some(part))
    }

    /// Waits for a task; there is none when all threads wait.
    pub(super) fn next(&self) -> Option<(NonZero<u32>, Task<R>)> {
        let mut state = self.lock();
        state.waiting += 1;
        loop {
            if let Some(task) = state.tasks.pop() {
                state.waiting -= 1;
                self.count_hungry(&state);
                return Some(task);
            }
            if state.done || state.waiting == state.threads {
                state.done = true;
                self.changed.notify_all();
                return None;
            }
            self.count_hungry(&state);
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands a part in.
    pub(super) fn finish(&self, number: NonZero<u32>, part: Part) {
        if let Some(place) = self.lock().parts.get_mut(number.get() as usize - 1) {
            *place = Some(part);
        }
    }

    /// Puts the parts together, beginning with the part `first`.
    pub(super) fn assemble(self, first: NonZero<u32>) -> Listing {
        let mut parts = self.state.into_inner().unwrap_or_else(PoisonError::into_inner).parts;
        let mut take = |number: NonZero<u32>| parts.get_mut(number.get() as usize - 1).and_then(Option::take);
        let Some(whole) = take(first) else { return Listing::default() };
        if whole.holes.is_empty() {
            return whole.listing;
        }
        let mut listing = Listing::default();
        // Parts that are put in, each with its next hole and the next of its entries.
        let mut stack = vec![(whole, 0, 0)];
        while let Some((part, hole, from)) = stack.last_mut() {
            let Some((before, number)) = part.holes.get(*hole).copied() else {
                listing.append_part(&part.listing, *from, part.listing.len());
                listing.append_errors(&mut part.listing);
                stack.pop();
                continue;
            };
            listing.append_part(&part.listing, *from, before);
            *from = before;
            *hole += 1;
            if let Some(part) = take(number) {
                stack.push((part, 0, 0));
            }
        }
        listing
    }

    fn count_hungry(&self, state: &State<R>) {
        self.hungry.store(state.waiting.saturating_sub(state.tasks.len()), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R> State<R> {
    fn number(&mut self, part: Option<Part>) -> NonZero<u32> {
        self.parts.push(part);
        u32::try_from(self.parts.len()).ok().and_then(NonZero::new).unwrap_or(NonZero::<u32>::MAX)
    }
}
