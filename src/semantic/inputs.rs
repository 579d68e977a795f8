//! What a build is given besides the Dockerfile.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lookup, Platform};

/// What a build is given besides the Dockerfile, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inputs {
    /// `--build-arg name=value`
    pub build_arguments: BTreeMap<String, String>,
    /// The build arguments that are given with values that nobody can tell.
    pub unknown_arguments: BTreeSet<String>,
    /// `--build-context name=…`: the names that stand for further contexts, and not for images or stages.
    pub named_contexts: BTreeSet<String>,
    /// Whether no other build arguments will be given. Otherwise an `ARG` without a default may have any value.
    pub complete: bool,
    /// `--target`: the stage that is built, by its name or number; the last one, where none is named.
    pub target: Option<String>,
    /// `--platform`: what the image is built on and for; where none is named, it is unknown.
    pub platform: Option<Platform>,
    /// What is known of base images.
    pub base_images: BaseImages,
}

/// What is known of base images.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum BaseImages {
    /// What is well known of those that everybody uses, and nothing of others.
    #[default]
    WellKnown,
    /// That they set nothing but `PATH`, which is what BuildKit's checks see when they can't ask a registry.
    Empty,
}

/// Nothing but the Dockerfile.
pub(super) static NOTHING: Inputs = Inputs {
    build_arguments: BTreeMap::new(),
    unknown_arguments: BTreeSet::new(),
    named_contexts: BTreeSet::new(),
    complete: false,
    target: None,
    platform: None,
    base_images: BaseImages::WellKnown,
};

impl Inputs {
    /// Whether a name that stands for an image stands for a context that is given.
    pub(super) fn is_named_context(&self, name: &str) -> bool {
        !self.named_contexts.is_empty() && self.named_contexts.contains(name.strip_suffix(":latest").unwrap_or(name))
    }

    /// What is known of a build argument.
    pub(super) fn argument(&self, name: &str) -> Lookup<'_> {
        if self.unknown_arguments.contains(name) {
            return Lookup::Unknown;
        }
        self.build_arguments.get(name).map_or(Lookup::Unset, |given| Lookup::Set(given))
    }

    /// What `docker build --check` assumes without a registry: no build arguments, `linux/amd64`, and base images that set
    /// nothing.
    #[must_use]
    pub fn of_check() -> Self {
        Self { complete: true, platform: Some(Platform::default()), base_images: BaseImages::Empty, ..Self::default() }
    }
}
