//! What a walk leaves out.

use std::sync::Mutex;
use std::sync::PoisonError;

use crate::dockerignore::{Ignore, ParentResults, PatternError};

/// Decides for each path of a walk, parents first, whether it is left out.
pub(super) trait Filter: Sync {
    /// What is remembered of a directory to decide what is in it.
    type Results: Clone + Send;

    /// What is remembered of the root.
    fn root(&self) -> Self::Results;

    /// Whether `path` is left out, `parent` being what is remembered of its directory. What is to be remembered of it is
    /// written into `results`.
    fn leaves_out(&self, path: &[u8], parent: &Self::Results, results: &mut Self::Results) -> bool;

    /// Whether something below a directory that is left out may be kept.
    fn may_keep_below(&self, directory: &[u8]) -> bool;
}

/// Leaves nothing out.
pub(super) struct Everything;

impl Filter for Everything {
    type Results = ();

    fn root(&self) {}

    fn leaves_out(&self, _: &[u8], (): &(), (): &mut ()) -> bool {
        false
    }

    fn may_keep_below(&self, _: &[u8]) -> bool {
        true
    }
}

/// Leaves out what an ignore file does.
pub(super) struct Ignored<'i> {
    ignore: &'i Ignore,
    /// Whether every directory is entered: what the pruned walk is compared with.
    enters_all: bool,
    /// The first pattern that could not be asked.
    error: Mutex<Option<PatternError>>,
}

impl<'i> Ignored<'i> {
    pub(super) fn new(ignore: &'i Ignore, enters_all: bool) -> Self {
        Self { ignore, enters_all, error: Mutex::new(None) }
    }

    /// The pattern, of several the first one of the file, that could not be asked. The build fails on it.
    pub(super) fn into_error(self) -> Option<PatternError> {
        self.error.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Filter for Ignored<'_> {
    type Results = ParentResults;

    fn root(&self) -> ParentResults {
        self.ignore.root()
    }

    fn leaves_out(&self, path: &[u8], parent: &ParentResults, results: &mut ParentResults) -> bool {
        match self.ignore.walk(path, parent, results) {
            Ok(ignored) => ignored,
            // The build would end here; without the pattern that it ends on, the path is in.
            Err(error) => {
                let mut first = self.error.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|first| error.line < first.line) {
                    *first = Some(error);
                }
                false
            }
        }
    }

    fn may_keep_below(&self, directory: &[u8]) -> bool {
        self.enters_all || self.ignore.may_keep_below(directory)
    }
}
