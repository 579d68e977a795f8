//! What compose and bake files alike say of a build.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Build, BuildOrigin, WrittenBuild, is_remote};
use crate::semantic::Platform;

/// A text that may hold variables that nobody knows.
pub(super) type Text = Option<String>;

/// What a service or a target says of its build.
#[derive(Clone, Default)]
pub(super) struct Description {
    pub(super) context: Option<Text>,
    pub(super) dockerfile: Option<Text>,
    pub(super) is_inline: bool,
    pub(super) target: Option<Text>,
    pub(super) arguments: BTreeMap<String, Text>,
    pub(super) platforms: Option<Vec<Text>>,
    pub(super) named_contexts: BTreeSet<String>,
}

impl Description {
    /// Lays another one over this.
    pub(super) fn lay_over(&mut self, other: Self) {
        self.is_inline |= other.is_inline;
        self.context = other.context.or(self.context.take());
        self.dockerfile = other.dockerfile.or(self.dockerfile.take());
        self.target = other.target.or(self.target.take());
        self.platforms = other.platforms.or(self.platforms.take());
        self.arguments.extend(other.arguments);
        self.named_contexts.extend(other.named_contexts);
    }

    /// The build, whose paths start at a directory. What is built from elsewhere, or from a text in the file, is no Dockerfile that
    /// anybody checks here.
    pub(super) fn build(self, directory: &Path, origin: BuildOrigin) -> Option<WrittenBuild> {
        let context = self.context.unwrap_or_else(|| Some(".".to_owned()))?;
        if self.is_inline || is_remote(&context) {
            return None;
        }
        let context = directory.join(context);
        let dockerfile = context.join(self.dockerfile.unwrap_or_else(|| Some("Dockerfile".to_owned()))?);
        let (known, unknown): (Vec<_>, Vec<_>) = self.arguments.into_iter().partition(|(_, value)| value.is_some());
        let platform = match self.platforms.as_deref() {
            Some([Some(one)]) => Platform::parse(one),
            _ => None,
        };
        let build = Build {
            context: Some(context),
            target: self.target.flatten(),
            build_arguments: known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            unknown_arguments: unknown.into_iter().map(|(name, _)| name).collect(),
            named_contexts: self.named_contexts,
            platform,
            origin,
        };
        Some(WrittenBuild { dockerfile, build })
    }
}
