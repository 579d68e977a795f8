//! The values that states refer to.

use super::scope::Scopes;
use super::stage::{Root, State};
use super::variable::BuilderArguments;
use crate::ast::Dockerfile;
use crate::expand::{Budget, Lookup, Syntax, Value, value};

/// What [`State::workdir`] and [`State::user`] are most often; the numbers after these are places in a list.
pub(super) const UNKNOWN: u32 = 0;
pub(super) const ROOT: u32 = 1;
const LISTED: u32 = 2;

#[derive(Debug)]
pub(super) struct Facts<'d> {
    pub(super) syntax: Syntax,
    pub(super) budget: Budget,
    pub(super) scopes: Scopes<'d>,
    builder_arguments: BuilderArguments<'d>,
    /// Working directories and users.
    listed: Vec<Value<'d>>,
}

impl<'d> Facts<'d> {
    /// None yet.
    pub(super) fn new(dockerfile: &Dockerfile<'_>, builder_arguments: BuilderArguments<'d>) -> Self {
        Self {
            syntax: Syntax::words(dockerfile.escape),
            budget: Budget::for_length(dockerfile.text.len()),
            scopes: Scopes::default(),
            builder_arguments,
            listed: Vec::new(),
        }
    }

    /// What a name stands for.
    pub(super) fn look_up(&self, state: &State<'_, '_>, name: &str) -> Lookup<'_> {
        let bound = self.scopes.find(state.scope, name);
        match bound.map(|bound| self.scopes.value(bound)) {
            Some(Some(Value::Known(text))) => Lookup::Set(text),
            Some(Some(Value::Unknown)) => Lookup::Unknown,
            Some(None) | None => self.look_up_unbound(state.root, name),
        }
    }

    /// What a name stands for that nothing in the file binds.
    pub(super) fn look_up_unbound(&self, root: Root, name: &str) -> Lookup<'_> {
        match root {
            Root::Builder => self.builder_arguments.look_up(name),
            Root::Empty if name == "PATH" => Lookup::Set(super::DEFAULT_PATH),
            Root::Empty | Root::Nothing => Lookup::Unset,
            Root::Image(image) => match image.and_then(|image| image.environment) {
                Some(names) if !names.contains(&name) => Lookup::Unset,
                _ => Lookup::Unknown,
            },
        }
    }

    /// What a word comes to.
    pub(super) fn expand<'w>(&self, state: &State<'_, '_>, word: &'w str) -> Value<'w> {
        value(word, self.syntax, &self.budget, |name| self.look_up(state, name))
    }

    /// The working directory of a state.
    pub(super) fn workdir(&self, state: &State<'_, '_>) -> Value<'_> {
        self.listed(state.workdir, "/")
    }

    /// The user of a state.
    pub(super) fn user(&self, state: &State<'_, '_>) -> Value<'_> {
        self.listed(state.user, "")
    }

    fn listed(&self, number: u32, root: &'static str) -> Value<'_> {
        match number {
            UNKNOWN => Value::Unknown,
            ROOT => Value::of(root),
            number => self.listed.get((number - LISTED) as usize).map_or(Value::Unknown, Value::borrowed),
        }
    }

    /// The number of a working directory or a user.
    pub(super) fn list(&mut self, value: Value<'d>) -> u32 {
        let number = u32::try_from(self.listed.len()).ok().and_then(|place| place.checked_add(LISTED));
        self.listed.push(value);
        number.unwrap_or(UNKNOWN)
    }
}
