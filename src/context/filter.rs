//! What a walk leaves out.

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
