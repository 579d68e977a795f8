//! What a container runs.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::base_image::BaseImage;
use super::shell::Shell;
use crate::ast::{Command, Instruction, Kind};

/// What an image has for an entrypoint, or for a command.
#[derive(Clone, Copy, Debug)]
pub enum Setting<'d, 'a> {
    /// What the base image has; what is known of that.
    OfBase(Option<&'static BaseImage>),
    /// Nothing.
    None,
    /// What an instruction says.
    Set(Invocation<'d, 'a>),
    /// What an instruction says that can't be read.
    Unknown,
}

/// What a `CMD` or an `ENTRYPOINT` says, and the shell that it says it to.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'d, 'a> {
    /// The instruction; in an `ONBUILD`, the inner one.
    pub instruction: &'d Instruction<'a>,
    /// What is run.
    pub command: &'d Command<'a>,
    /// The shell that runs it, if it is no array.
    pub shell: Shell<'d, 'a>,
}

impl<'d, 'a> Invocation<'d, 'a> {
    /// What a `CMD` or an `ENTRYPOINT` says.
    pub(super) fn of(instruction: &'d Instruction<'a>, shell: Shell<'d, 'a>) -> Option<Self> {
        let command = match &instruction.kind {
            Kind::Cmd(cmd) => &cmd.command,
            Kind::Entrypoint(entrypoint) => &entrypoint.command,
            _ => return None,
        };
        Some(Self { instruction, command, shell })
    }

    /// Whether a shell runs it.
    #[must_use]
    pub const fn is_shell_form(&self) -> bool {
        !self.command.is_exec()
    }

    fn arguments(&self) -> Vec<Argument<'d>> {
        let mut arguments = Vec::new();
        if self.is_shell_form() {
            match self.shell.words() {
                Some(words) => arguments.extend(words.into_iter().map(|word| Argument::Word(word.into()))),
                None => arguments.push(Argument::Shell),
            }
        }
        let words = self.command.words();
        arguments.extend(words.iter().map(|word| Argument::Word(word.as_str().into())));
        if *self.command == Command::Empty {
            arguments.push(Argument::Word("".into()));
        }
        arguments
    }
}

/// One argument of a process. Serialized, a word is a string, and what is unknown is `{"unknown": "base-command"}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Argument<'v> {
    /// This word.
    Word(Cow<'v, str>),
    /// The words of the shell, which is the base image's.
    Shell,
    /// The entrypoint of the base image, whatever it is, if there is one.
    BaseEntrypoint,
    /// The command of the base image, whatever it is, if there is one.
    BaseCommand,
    /// What an instruction says that can't be read.
    Unknown,
}

impl Serialize for Argument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let unknown = match self {
            Self::Word(word) => return serializer.serialize_str(word),
            Self::Shell => "base-shell",
            Self::BaseEntrypoint => "base-entrypoint",
            Self::BaseCommand => "base-command",
            Self::Unknown => "instruction",
        };
        let mut argument = serializer.serialize_struct("Argument", 1)?;
        argument.serialize_field("unknown", unknown)?;
        argument.end()
    }
}

impl Argument<'_> {
    /// The same, with a text of its own.
    #[must_use]
    pub fn into_owned(self) -> Argument<'static> {
        match self {
            Self::Word(word) => Argument::Word(word.into_owned().into()),
            Self::Shell => Argument::Shell,
            Self::BaseEntrypoint => Argument::BaseEntrypoint,
            Self::BaseCommand => Argument::BaseCommand,
            Self::Unknown => Argument::Unknown,
        }
    }
}

/// What `docker run` executes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Process<'v> {
    /// The program and its arguments; nothing where the image says nothing, and `docker run` fails.
    pub argv: Vec<Argument<'v>>,
    /// Further arguments that do nothing, for the entrypoint is a line for the shell: the shell gets them as `$0`, `$1`, …,
    /// and the line does not look at them.
    pub ignored: Vec<Argument<'v>>,
}

impl<'v> Process<'v> {
    /// What `docker run image arguments…` executes, where the image has this entrypoint and command.
    pub fn of<'d: 'v>(entrypoint: Setting<'d, '_>, command: Setting<'d, '_>, arguments: &'v [String]) -> Self {
        let mut argv = match entrypoint {
            Setting::OfBase(base) => of_base(base.and_then(|base| base.entrypoint), Argument::BaseEntrypoint),
            Setting::None => Vec::new(),
            Setting::Set(invocation) => invocation.arguments(),
            Setting::Unknown => vec![Argument::Unknown],
        };
        let rest: Vec<Argument<'v>> = if arguments.is_empty() {
            match command {
                Setting::OfBase(base) => of_base(base.and_then(|base| base.command), Argument::BaseCommand),
                Setting::None => Vec::new(),
                Setting::Set(invocation) => invocation.arguments(),
                Setting::Unknown => vec![Argument::Unknown],
            }
        } else {
            arguments.iter().map(|argument| Argument::Word(argument.as_str().into())).collect()
        };
        let to_shell = matches!(entrypoint, Setting::Set(invocation) if invocation.is_shell_form());
        if to_shell {
            return Self { argv, ignored: rest };
        }
        argv.extend(rest);
        Self { argv, ignored: Vec::new() }
    }
}

fn of_base<'v>(known: Option<&'static [&'static str]>, unknown: Argument<'v>) -> Vec<Argument<'v>> {
    match known {
        Some(words) => words.iter().map(|word| Argument::Word((*word).into())).collect(),
        None => vec![unknown],
    }
}
