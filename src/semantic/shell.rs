//! Which shell runs what is no array.

use crate::ast::{Instruction, Kind, Word};

/// The shell of a place in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shell<'d, 'a> {
    /// `/bin/sh -c`, the default of Linux.
    Sh,
    /// `cmd /S /C`, the default of Windows.
    Cmd,
    /// What a `SHELL` says.
    Set(&'d [Word<'a>]),
    /// That of the base image: `/bin/sh -c`, unless it says otherwise.
    OfBase,
    /// A `SHELL` that can't be read.
    Unknown,
}

impl<'d> Shell<'d, '_> {
    /// The words of the shell, where they are known.
    #[must_use]
    pub fn words(self) -> Option<Vec<&'d str>> {
        match self {
            Self::Sh => Some(vec!["/bin/sh", "-c"]),
            Self::Cmd => Some(vec!["cmd", "/S", "/C"]),
            Self::Set(words) => Some(words.iter().map(Word::as_str).collect()),
            Self::OfBase | Self::Unknown => None,
        }
    }

    /// The name of the shell, without directory and ending, where it is known: `sh`, `bash`, `powershell`.
    #[must_use]
    pub fn name(self) -> Option<&'d str> {
        let program = match self {
            Self::Sh => "sh",
            Self::Cmd => "cmd",
            Self::Set(words) => words.first()?.as_str(),
            Self::OfBase | Self::Unknown => return None,
        };
        let name = program.rsplit(['/', '\\']).next()?;
        Some(name.strip_suffix(".exe").unwrap_or(name))
    }
}

/// The interpreter that the first line of a `RUN`'s only heredoc names: `#!/usr/bin/env bash` is `bash`.
///
/// BuildKit makes a file of such a heredoc and runs it; no shell reads it then.
#[must_use]
pub fn shebang<'d>(instruction: &'d Instruction<'_>) -> Option<&'d str> {
    let Kind::Run(run) = &instruction.kind else { return None };
    let [script] = run.command.words() else { return None };
    let first = run.heredocs.first()?;
    // The heredoc must be all there is to the command.
    if run.command.is_exec() || !script.trim().trim_start_matches(|c: char| c.is_ascii_digit()).starts_with("<<") {
        return None;
    }
    if script.trim().contains(char::is_whitespace) {
        return None;
    }
    let content = if first.chomp { first.content.trim_start_matches('\t') } else { first.content };
    let line = content.strip_prefix("#!")?.lines().next()?;
    let mut words = line.split_whitespace();
    let program = words.next()?.rsplit('/').next()?;
    if program == "env" { words.find(|word| !word.starts_with('-') && !word.contains('=')) } else { Some(program) }
}
