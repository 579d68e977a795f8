//! What is known of the commands of a script, flat.

use std::collections::HashMap;

use super::command::{Given, Subcommand, Table};
use super::switches::Switches;
use super::value::{HOLE, Stored};
use crate::source::Span;

/// A command and what its arguments say.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallData {
    /// The simple command.
    pub(super) node: u32,
    /// The argument that names it; those after it are its own.
    pub(super) name: u32,
    /// Its name without the folder.
    pub(super) program: Stored,
    /// The end of its arguments.
    pub(super) end: u32,
    pub(super) options: (u32, u32),
    pub(super) operands: (u32, u32),
    pub(super) table: Option<&'static Table>,
    pub(super) subcommand: Option<(&'static Subcommand, u32)>,
    /// The argument that is a script.
    pub(super) script: Option<u32>,
    /// The command that runs it.
    pub(super) wrapped_in: Option<u32>,
    pub(super) switches: Switches,
}

/// An argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArgumentData {
    /// The word that it comes from.
    pub(super) word: u32,
    pub(super) text: Stored,
    /// Whether it may be none or several: something in it is not known and not quoted.
    pub(super) may_be_several: bool,
    /// Whether `*`, `?` or `[…]` in it stand for something else.
    pub(super) globs: bool,
}

/// All that is known of a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) calls: Vec<CallData>,
    pub(super) arguments: Vec<ArgumentData>,
    pub(super) options: Vec<Given>,
    pub(super) operands: Vec<u32>,
    /// Texts that don't stand so in the script.
    pub(super) values: String,
    /// Values that come from outside.
    outside: String,
    outside_names: HashMap<String, Span>,
    /// From which node on which options hold.
    pub(super) changes: Vec<(u32, Switches)>,
}

impl Facts {
    /// With room for what so many nodes hold: about one in three is an argument, one in ten a command.
    pub(super) fn for_nodes(nodes: usize) -> Self {
        Self {
            calls: Vec::with_capacity(nodes / 10 + 1),
            arguments: Vec::with_capacity(nodes / 3 + 1),
            operands: Vec::with_capacity(nodes / 5 + 1),
            options: Vec::with_capacity(nodes / 12 + 1),
            changes: Vec::with_capacity(1),
            ..Self::default()
        }
    }

    pub(super) fn text<'x>(&'x self, script: &'x str, stored: Stored) -> &'x str {
        match stored {
            Stored::Script(range) => range.of(script),
            Stored::Made(range) => range.of(&self.values),
            Stored::Outside(range) => range.of(&self.outside),
        }
    }

    /// The text of an argument, in which [`HOLE`] stands for what is not known.
    pub(super) fn text_of<'x>(&'x self, script: &'x str, argument: u32) -> Option<&'x str> {
        self.arguments.get(argument as usize).map(|argument| self.text(script, argument.text))
    }

    /// The text of an argument that is known whole.
    pub(super) fn known<'x>(&'x self, script: &'x str, argument: u32) -> Option<&'x str> {
        self.text_of(script, argument).filter(|text| !text.contains(HOLE))
    }

    /// How long the values may get: what is followed may not cost more than reading does.
    pub(super) const fn budget(&self, script: &str) -> usize {
        // Fields of a few characters make the arguments, so that this limits their number too.
        16_384 + 4 * script.len()
    }

    /// Keeps a value that a variable has outside the script.
    pub(super) fn keep_outside(&mut self, name: &str, value: &str) -> Stored {
        if let Some(range) = self.outside_names.get(name) {
            return Stored::Outside(*range);
        }
        let start = self.outside.len();
        self.outside.push_str(value);
        let range = Span::of_range(start..self.outside.len());
        self.outside_names.insert(name.to_owned(), range);
        Stored::Outside(range)
    }
}
