//! Which shell reads a script, and how it is started.

use nom::bytes::complete::{tag, take_till, take_while};
use nom::{IResult, Parser};

use super::switches::{Switch, Switches};

/// A shell, as far as it matters to a reader of its scripts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// `sh`, whichever that is in the image.
    Sh,
    /// `dash`, or the `ash` of busybox.
    Dash,
    /// `bash`
    Bash,
    /// `ksh`, `mksh` and their like.
    Ksh,
    /// `zsh`
    Zsh,
    /// PowerShell, whose scripts are not read.
    PowerShell,
    /// `cmd`, whose scripts are not read.
    Cmd,
    /// Something else, whose scripts are not read.
    Unknown,
}

impl Dialect {
    /// The shell that a program is, by its name or path.
    ///
    /// ```
    /// use plimsoll::shell::Dialect;
    ///
    /// assert_eq!(Dialect::of_program("/bin/bash"), Dialect::Bash);
    /// assert_eq!(Dialect::of_program(r"C:\Windows\System32\cmd.exe"), Dialect::Cmd);
    /// assert_eq!(Dialect::of_program("python3"), Dialect::Unknown);
    /// ```
    #[must_use]
    pub fn of_program(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        let lower = name.to_ascii_lowercase();
        match lower.strip_suffix(".exe").unwrap_or(&lower) {
            "sh" => Self::Sh,
            "dash" | "ash" => Self::Dash,
            "bash" | "rbash" => Self::Bash,
            "ksh" | "ksh93" | "mksh" | "pdksh" | "oksh" | "loksh" => Self::Ksh,
            "zsh" => Self::Zsh,
            "pwsh" | "powershell" => Self::PowerShell,
            "cmd" => Self::Cmd,
            _ => Self::Unknown,
        }
    }

    /// Whether scripts of this shell are read.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Sh | Self::Dash | Self::Bash | Self::Ksh | Self::Zsh)
    }

    /// Whether `{a,b}` is two words. In `sh` it depends on the image.
    #[must_use]
    pub const fn expands_braces(self) -> Switch {
        match self {
            Self::Bash | Self::Ksh | Self::Zsh => Switch::On,
            Self::Sh => Switch::Unknown,
            _ => Switch::Off,
        }
    }
}

/// A shell and the options that it is started with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interpreter {
    /// Which shell.
    pub dialect: Dialect,
    /// What is switched on from the start.
    pub switches: Switches,
}

impl Default for Interpreter {
    /// `/bin/sh -c`, which BuildKit takes for images of Linux where there is no `SHELL`.
    fn default() -> Self {
        Self { dialect: Dialect::Sh, switches: Switches::default() }
    }
}

impl Interpreter {
    /// The shell that the words of a `SHELL` start.
    ///
    /// ```
    /// use plimsoll::shell::{Dialect, Interpreter, Switch};
    ///
    /// let interpreter = Interpreter::of_words(["/bin/bash", "-eo", "pipefail", "-c"]);
    /// assert_eq!(interpreter.dialect, Dialect::Bash);
    /// assert_eq!(interpreter.switches.pipefail, Switch::On);
    /// assert_eq!(interpreter.switches.errexit, Switch::On);
    /// ```
    #[must_use]
    pub fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut words = words.into_iter();
        let mut program = words.next().unwrap_or_default();
        if matches!(program.rsplit('/').next(), Some("env" | "busybox")) {
            program = words.find(|word| !word.starts_with('-')).unwrap_or_default();
        }
        let mut switches = Switches::default();
        switches.set(words);
        Self { dialect: Dialect::of_program(program), switches }
    }

    /// The shell that the first line of a script names: `#!/bin/bash -e`. None where it names none.
    #[must_use]
    pub fn of_shebang(script: &str) -> Option<Self> {
        let (_, line) = shebang(script).ok()?;
        Some(Self::of_words(line.split_ascii_whitespace()))
    }
}

fn shebang(script: &str) -> IResult<&str, &str> {
    let (rest, (_, _, line)) =
        (tag("#!"), take_while(|c| matches!(c, ' ' | '\t')), take_till(|c| c == '\n')).parse_complete(script)?;
    Ok((rest, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shebangs() {
        let cases = [
            ("#!/bin/bash -e\nx", Some((Dialect::Bash, Switch::On))),
            ("#! /usr/bin/env -S bash -e", Some((Dialect::Bash, Switch::On))),
            ("#!/usr/bin/env python3", Some((Dialect::Unknown, Switch::Off))),
            ("#!/bin/sh\r\n", Some((Dialect::Sh, Switch::Off))),
            ("# a comment", None),
            ("", None),
        ];
        for (script, expected) in cases {
            let found = Interpreter::of_shebang(script).map(|found| (found.dialect, found.switches.errexit));
            assert_eq!(found, expected, "{script}");
        }
    }
}
