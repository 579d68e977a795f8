//! What holds at some place in the file.

use super::Model;
use super::scope::Binder;
use super::shell::Shell;
use super::stage::{Stage, State};
use super::workdir::resolve;
use crate::expand::{Expansion, Lookup, State as Known, Syntax, Value, expand, expand_words};
use crate::source::Span;

/// Where a variable is bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// By what.
    pub binder: Binder,
    /// Where its name stands there.
    pub span: Span,
    /// Where the name stands of the variable whose value it has; its own, if it has a value of its own.
    pub value_from: Span,
}

/// What holds before an instruction.
#[derive(Clone, Copy, Debug)]
pub struct Point<'m, 'd, 'a> {
    model: &'m Model<'d, 'a>,
    state: State<'d, 'a>,
}

impl<'m, 'd, 'a> Point<'m, 'd, 'a> {
    pub(super) const fn new(model: &'m Model<'d, 'a>, state: State<'d, 'a>) -> Self {
        Self { model, state }
    }

    /// The stage; none before the first.
    #[must_use]
    pub fn stage(&self) -> Option<&'m Stage<'d, 'a>> {
        self.model.stages.get(self.state.stage? as usize)
    }

    /// The value of a variable, as words see it.
    #[must_use]
    pub fn variable(&self, name: &str) -> Lookup<'m> {
        self.model.facts.look_up(&self.state, name)
    }

    /// Whether there is a variable, with a value or without one: an `ARG` that got none counts.
    #[must_use]
    pub fn declares(&self, name: &str) -> Known {
        if self.model.facts.scopes.find(self.state.scope, name).is_some()
            || super::variable::BUILDER_ARGUMENTS.contains(&name)
        {
            return Known::Set;
        }
        match self.model.facts.look_up_unbound(self.state.root, name) {
            Lookup::Set(_) => Known::Set,
            Lookup::Unset => Known::Unset,
            // There is always a PATH, and the platform arguments of the builder.
            Lookup::Unknown if name == "PATH" || self.state.stage.is_none() => Known::Set,
            Lookup::Unknown => Known::Unknown,
        }
    }

    /// What bound a variable last, `ARG` or `ENV`.
    #[must_use]
    pub fn binder(&self, name: &str) -> Option<Binder> {
        let found = self.model.facts.scopes.find(self.state.scope, name)?;
        Some(self.model.facts.scopes.binding(found)?.binder)
    }

    /// Where the name of a variable stands that was bound last, and where that of the one stands whose value it has: an `ARG` in a
    /// stage may have the value of one before the first `FROM`. None where no instruction binds it.
    ///
    /// ```
    /// use plimsoll::semantic::Model;
    ///
    /// let text = "ARG TAG=1\nFROM alpine\nARG TAG\nRUN echo $TAG\n";
    /// let parsed = plimsoll::parse(text);
    /// let model = Model::build(&parsed.dockerfile);
    /// let run = model.at(&parsed.dockerfile.instructions[3]).unwrap();
    /// let declaration = run.declaration("TAG").unwrap();
    /// assert_eq!((declaration.span.start, declaration.value_from.start), (26, 4));
    /// ```
    #[must_use]
    pub fn declaration(&self, name: &str) -> Option<Declaration> {
        let scopes = &self.model.facts.scopes;
        let found = scopes.find(self.state.scope, name)?;
        let binding = scopes.binding(found)?;
        let span = binding.place?;
        let value_from = scopes.source(found).and_then(|source| source.place).unwrap_or(span);
        Some(Declaration { binder: binding.binder, span, value_from })
    }

    /// All variables that instructions have bound, the last one first, each once; none of the base image's.
    ///
    /// Takes time in proportion to how often variables were bound.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'m str, Binder, Option<&'m Value<'d>>)> {
        let scopes = &self.model.facts.scopes;
        let bound = scopes.iter(self.state.scope);
        bound
            .filter(|(scope, binding)| scopes.find(self.state.scope, &binding.name) == Some(*scope))
            .map(|(scope, binding)| (&*binding.name, binding.binder, scopes.value(scope)))
            .collect()
    }

    /// The names that were bound last, at most `most` of them; some may come twice.
    pub fn recent_names(&self, most: usize) -> impl Iterator<Item = &'m str> {
        self.model.facts.scopes.iter(self.state.scope).take(most).map(|(_, binding)| &*binding.name)
    }

    /// How words of instructions are read here.
    #[must_use]
    pub const fn syntax(&self) -> Syntax {
        self.model.facts.syntax
    }

    /// Expands a word of an instruction.
    #[must_use]
    pub fn expand<'w>(&self, word: &'w str) -> Expansion<'w> {
        self.expand_as(word, self.syntax())
    }

    /// Expands a word that is read in another way.
    #[must_use]
    pub fn expand_as<'w>(&self, word: &'w str, syntax: Syntax) -> Expansion<'w> {
        expand(word, syntax, &self.model.facts.budget, |name| self.variable(name))
    }

    /// What a word of an instruction comes to.
    #[must_use]
    pub fn value<'w>(&self, word: &'w str) -> Value<'w> {
        self.model.facts.expand(&self.state, word)
    }

    /// The words that a word comes to, as `EXPOSE` reads it; none where they are unknown.
    #[must_use]
    pub fn words(&self, word: &str) -> Option<Vec<String>> {
        expand_words(word, self.syntax(), &self.model.facts.budget, |name| self.variable(name)).1
    }

    /// The working directory.
    #[must_use]
    pub fn workdir(&self) -> Value<'m> {
        self.model.facts.workdir(&self.state)
    }

    /// Where a path in the image leads: from the working directory, if it is relative. The path's variables are expanded.
    #[must_use]
    pub fn resolve<'w>(&self, path: &'w str) -> Value<'w> {
        resolve(&self.workdir(), &self.value(path))
    }

    /// The user, as `USER` names it; empty where it is root because nobody says otherwise.
    #[must_use]
    pub fn user(&self) -> Value<'m> {
        self.model.facts.user(&self.state)
    }

    /// The shell that runs what is no array.
    #[must_use]
    pub const fn shell(&self) -> Shell<'d, 'a> {
        self.state.shell
    }
}
