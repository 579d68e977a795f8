use crate::ast::{DirectiveKind, Dockerfile};
use crate::rules::{Alias, Preset};

/// What the `check` directive at the top of a file says.
#[derive(Default)]
pub(crate) struct CheckDirective<'t> {
    /// The checks that do not run, separated by commas.
    pub(super) skip: Option<&'t str>,
    /// Whether a finding fails the build.
    error: bool,
    /// The experimental checks that run.
    experimental: Option<&'t str>,
    /// What BuildKit does not accept.
    invalid: Option<&'t str>,
}

impl<'t> CheckDirective<'t> {
    /// Reads the directive of a file. Its value ends at the first space.
    pub(crate) fn of(dockerfile: &Dockerfile<'t>) -> Self {
        let directive = dockerfile.directives.iter().find(|directive| directive.kind == DirectiveKind::Check);
        directive.map(|directive| Self::parse(directive.value.span.of(dockerfile.text))).unwrap_or_default()
    }

    pub(super) fn parse(value: &'t str) -> Self {
        let mut said = Self::default();
        let value = value.split(' ').next().unwrap_or_default();
        for option in value.split(';').filter(|_| !value.is_empty()) {
            match option.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some(("skip", ids)) => said.skip = Some(ids),
                Some(("error", "1" | "t" | "T" | "true" | "TRUE" | "True")) => said.error = true,
                Some(("error", "0" | "f" | "F" | "false" | "FALSE" | "False")) => said.error = false,
                Some(("experimental", ids)) => said.experimental = Some(ids),
                _ => said.invalid = Some(option),
            }
        }
        said
    }

    /// The ids of checks in it.
    #[cfg(feature = "lsp")]
    pub(super) fn ids(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let lists = self.skip.into_iter().chain(self.experimental);
        lists.flat_map(|ids| ids.split(',')).map(str::trim).filter(|id| !id.is_empty())
    }

    /// What BuildKit does not accept in it, and stops at.
    pub(crate) fn invalid(&self, preset: Preset) -> Option<&'t str> {
        self.invalid.filter(|_| preset != Preset::Hadolint)
    }

    /// Whether the findings of BuildKit's checks fail the build.
    pub(crate) fn makes_errors(&self, preset: Preset) -> bool {
        self.error && preset != Preset::Hadolint
    }

    /// Whether the directive asks for the experimental check of that name.
    pub(crate) fn asks_for(&self, check: Alias) -> bool {
        let Some(ids) = self.experimental else { return false };
        check
            .id()
            .strip_prefix("buildkit/")
            .is_some_and(|name| ids == "all" || ids.split(',').any(|id| id.trim() == name))
    }
}
