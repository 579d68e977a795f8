//! What is known of commands: their subcommands, their options, and which of their arguments are commands themselves.
//!
//! Data only, one module for a family, from the manual pages. A command that has no table has its arguments told apart as most
//! commands do: what begins with `-` is an option without a value.

mod apk;
mod apt;
mod archive;
mod file;
mod javascript;
mod language;
mod network;
mod options;
mod python;
mod rpm;
mod user;
mod wrapper;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) use options::{Given, parse};

/// An option of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flag {
    /// All its spellings, the shortest first.
    pub names: &'static [&'static str],
    /// Whether a value belongs to it.
    pub takes: Takes,
}

/// Whether a value belongs to an option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// None does.
    Nothing,
    /// One does: after `=`, right after the letter, or as the next argument.
    Value,
    /// One may, but only after `=` or right after the letter.
    Attached,
    /// One may, but only after `=`.
    AfterEquals,
    /// All arguments up to `;` or `+` do: a command.
    Command,
    /// None does, and with it a command that runs another one does not.
    Ends,
}

/// A subcommand, with options of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subcommand {
    /// All its spellings, the one to ask for first.
    pub names: &'static [&'static str],
    /// The options that only it has.
    pub flags: &'static [Flag],
}

/// How a command reads its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Options and operands in any order, options with one letter in one word, `--` ends them.
    Any,
    /// The same, but the first operand ends the options.
    OptionsFirst,
    /// Options of several letters after a single `-`.
    SingleDash,
    /// The first argument is a bundle of options, with or without `-`.
    Bundle,
}

/// Which of a command's arguments are a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runs {
    /// None.
    Nothing,
    /// What follows the options and as many operands; assignments among them where `assigns`.
    Command {
        /// How many operands come first.
        operands: u8,
        /// Whether `name=value` may come first.
        assigns: bool,
    },
    /// The value of `-m`, which is a command's name, and what follows it.
    Module,
    /// With `-c`, the first operand is a script.
    Script,
    /// The value of `-c` is a script.
    ScriptValue,
    /// All operands together are a script.
    Evaluated,
}

/// What is known of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its names, the one to ask for first.
    pub names: &'static [&'static str],
    /// How it reads its arguments.
    pub style: Style,
    /// The options of all its subcommands.
    pub flags: &'static [Flag],
    /// Its subcommands; without any, it has none.
    pub subcommands: &'static [Subcommand],
    /// Which of its arguments are a command.
    pub runs: Runs,
}

impl Table {
    /// A command with options and operands in any order, and without subcommands.
    const fn simple(names: &'static [&'static str], flags: &'static [Flag]) -> Self {
        Self { names, style: Style::Any, flags, subcommands: &[], runs: Runs::Nothing }
    }

    /// A command whose first operand is a subcommand.
    const fn with_subcommands(
        names: &'static [&'static str],
        flags: &'static [Flag],
        subcommands: &'static [Subcommand],
    ) -> Self {
        Self { names, style: Style::Any, flags, subcommands, runs: Runs::Nothing }
    }

    /// A command that runs another one, which begins after `operands` operands.
    const fn wrapper(names: &'static [&'static str], flags: &'static [Flag], operands: u8) -> Self {
        let runs = Runs::Command { operands, assigns: false };
        Self { names, style: Style::OptionsFirst, flags, subcommands: &[], runs }
    }

    /// The subcommand that is spelt so.
    #[must_use]
    pub fn subcommand(&self, name: &str) -> Option<&'static Subcommand> {
        self.subcommands.iter().find(|subcommand| subcommand.names.contains(&name))
    }

    /// Whether one of the options is spelt so.
    #[must_use]
    pub fn has_flag(&self, name: &str) -> bool {
        let own = self.subcommands.iter().flat_map(|subcommand| subcommand.flags);
        self.flags.iter().chain(own).any(|flag| flag.names.contains(&name))
    }
}

const fn switch(names: &'static [&'static str]) -> Flag {
    Flag { names, takes: Takes::Nothing }
}

const fn value(names: &'static [&'static str]) -> Flag {
    Flag { names, takes: Takes::Value }
}

const fn ends(names: &'static [&'static str]) -> Flag {
    Flag { names, takes: Takes::Ends }
}

const fn attached(names: &'static [&'static str]) -> Flag {
    Flag { names, takes: Takes::Attached }
}

const fn after_equals(names: &'static [&'static str]) -> Flag {
    Flag { names, takes: Takes::AfterEquals }
}

const fn subcommand(names: &'static [&'static str], flags: &'static [Flag]) -> Subcommand {
    Subcommand { names, flags }
}

/// All tables.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    FAMILIES.into_iter().flatten()
}

const FAMILIES: [&[Table]; 11] = [
    apt::TABLES,
    apk::TABLES,
    rpm::TABLES,
    python::TABLES,
    javascript::TABLES,
    language::TABLES,
    network::TABLES,
    archive::TABLES,
    file::TABLES,
    user::TABLES,
    wrapper::TABLES,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Table>> =
    LazyLock::new(|| tables().flat_map(|table| table.names.iter().map(move |name| (*name, table))).collect());

/// What is known of the command that is called `name`, without its folder.
///
/// ```
/// use plimsoll::shell::table;
///
/// assert_eq!(table("pip3.12").unwrap().names, ["pip"]);
/// assert!(table("apt-get").unwrap().subcommand("install").is_some());
/// ```
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    BY_NAME.get(python::without_version(name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_given_once() {
        let mut failures = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for table in tables() {
            failures.extend(table.names.iter().filter(|name| !seen.insert(**name)).map(|name| name.to_string()));
            let own = table.subcommands.iter().map(|subcommand| subcommand.flags).chain([table.flags]);
            for flags in own {
                let mut seen = std::collections::HashSet::new();
                for name in flags.iter().flat_map(|flag| flag.names) {
                    if !seen.insert(*name) || !name.starts_with('-') {
                        failures.push(format!("{} {name}", table.names[0]));
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{failures:?}");
    }
}
