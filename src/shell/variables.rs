//! The values that variables have at a place of a script.

use std::collections::{HashMap, HashSet};

use super::value::Stored;

/// What is known of one variable.
#[derive(Clone, Copy, Debug)]
struct Entry {
    value: Option<Stored>,
    /// Which assignment it was.
    assignment: usize,
    /// What was forgotten since.
    generation: u32,
}

/// What is known of the variables of a script at the place where its reader is.
#[derive(Debug, Default)]
pub(super) struct Variables<'s> {
    entries: HashMap<&'s str, Entry>,
    /// The names that were assigned, each with what was known before.
    journal: Vec<(&'s str, Option<Entry>)>,
    /// The parts of the journal whose names are unknown already.
    settled: Vec<(usize, usize)>,
    /// Names that a loop or a function assigns somewhere.
    pub(super) repeated: HashSet<&'s str>,
    /// Names that a function assigns.
    pub(super) by_functions: HashSet<&'s str>,
    /// Where the innermost loop or function began; none outside.
    pub(super) repeats_from: Option<usize>,
    generation: u32,
}

/// What a look-up yields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// The script gives it this value.
    Value(Stored),
    /// The script changes it, and to what is not known.
    Unknown,
    /// The script does not assign it before this place.
    Outside,
}

impl<'s> Variables<'s> {
    pub(super) fn mark(&self) -> usize {
        self.journal.len()
    }

    pub(super) fn assign(&mut self, name: &'s str, value: Option<Stored>) {
        let entry = Entry { value, assignment: self.journal.len(), generation: self.generation };
        let before = self.entries.insert(name, entry);
        self.journal.push((name, before));
    }

    pub(super) fn find(&self, name: &str) -> Found {
        let entry = self.entries.get(name);
        let assigned_here = |from| entry.is_some_and(|entry| entry.assignment >= from);
        if self.repeats_from.is_some_and(|from| self.repeated.contains(name) && !assigned_here(from)) {
            return Found::Unknown;
        }
        if self.repeats_from.is_none() && self.by_functions.contains(name) {
            return Found::Unknown;
        }
        match entry {
            Some(entry) if entry.generation == self.generation => entry.value.map_or(Found::Unknown, Found::Value),
            Some(_) => Found::Unknown,
            None if self.generation > 0 => Found::Unknown,
            None => Found::Outside,
        }
    }

    /// Any variable may have any value from here on.
    pub(super) fn forget(&mut self) {
        self.generation += 1;
    }

    /// What was assigned since `mark` is undone.
    pub(super) fn undo(&mut self, mark: usize) {
        while self.journal.len() > mark {
            let Some((name, before)) = self.journal.pop() else { break };
            match before {
                Some(entry) => self.entries.insert(name, entry),
                None => self.entries.remove(name),
            };
        }
        while let Some((start, end)) = self.settled.pop() {
            if start < mark {
                self.settled.push((start, end.min(mark)));
                break;
            }
        }
    }

    /// What was assigned since `mark` may have been assigned or not.
    pub(super) fn doubt(&mut self, mark: usize) {
        let mut end = self.journal.len();
        while end > mark {
            let (from, before) = match self.settled.last() {
                Some((start, settled)) if *settled > mark => (*settled, *start),
                _ => (mark, mark),
            };
            for (name, _) in self.journal.get(from..end).unwrap_or_default() {
                if let Some(entry) = self.entries.get_mut(name) {
                    entry.value = None;
                }
            }
            end = before;
            if before != mark || from != mark {
                self.settled.pop();
            }
        }
        if self.journal.len() > mark {
            self.settled.push((mark, self.journal.len()));
        }
    }
}
