//! The scripts of instructions, each read once.

use std::cell::OnceCell;

use super::shell::Shell;
use super::{Model, Point};
use crate::ast::{Command, Dockerfile, HealthcheckTest, Heredoc, Instruction, Kind, Word};
use crate::expand::Lookup;
use crate::shell::{Dialect, Interpreter, Programs, Script, Switches, scripts};

/// The scripts of the instructions of a file, each read when somebody first asks for it.
///
/// ```
/// use plimsoll::semantic::{Model, Scripts};
///
/// let parsed = plimsoll::parse("FROM debian:13\nENV DEPS=\"curl git\"\nRUN apt-get install $DEPS\n");
/// let model = Model::build(&parsed.dockerfile);
/// let scripts = Scripts::new(&model);
/// let call = scripts.of(&parsed.dockerfile.instructions[2])[0].calls().next().unwrap();
/// assert_eq!(call.operands().filter_map(|operand| operand.known()).collect::<Vec<_>>(), ["curl", "git"]);
/// ```
#[derive(Debug)]
pub struct Scripts<'m, 'd, 'a> {
    model: &'m Model<'d, 'a>,
    /// Those of each instruction, by its number; nothing before one is asked for.
    read: OnceCell<Box<[OnceCell<Vec<Script<'d>>>]>>,
    programs: OnceCell<Programs>,
    /// The shell that a comment says an instruction has, by its number; nothing where there is no such comment.
    said: Vec<Option<&'d str>>,
}

impl<'m, 'd, 'a> Scripts<'m, 'd, 'a> {
    /// Of none is anything read yet.
    #[must_use]
    pub fn new(model: &'m Model<'d, 'a>) -> Self {
        Self { model, read: OnceCell::new(), programs: OnceCell::new(), said: said(model.dockerfile) }
    }

    /// What the file means.
    #[must_use]
    pub const fn model(&self) -> &'m Model<'d, 'a> {
        self.model
    }

    /// All scripts of a `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, or of the one in an `ONBUILD`, as [`scripts`] reads them; none
    /// of another instruction.
    ///
    /// The shell is the one that the instruction has. Variables have the values that `ENV` and `ARG` give them; in an `ONBUILD`
    /// they have none, for it runs in some other build.
    #[must_use]
    pub fn of(&self, instruction: &Instruction<'_>) -> &[Script<'d>] {
        let dockerfile = self.model.dockerfile;
        let read = self.read.get_or_init(|| dockerfile.instructions.iter().map(|_| OnceCell::new()).collect());
        let number = dockerfile.number_of(instruction);
        let Some((own, cell)) =
            number.and_then(|number| Some((dockerfile.instructions.get(number)?, read.get(number)?)))
        else {
            return &[];
        };
        cell.get_or_init(|| self.read(own, self.shell_that_is_said(own)))
    }

    /// The programs that the `RUN`s of the file call, those in an `ONBUILD` too.
    #[must_use]
    pub fn programs(&self) -> Programs {
        *self.programs.get_or_init(|| {
            let mut programs = Programs::default();
            let runs = self.model.dockerfile.instructions.iter().filter(|instruction| is_run(instruction));
            runs.flat_map(|run| self.of(run)).for_each(|script| programs.add(script));
            programs
        })
    }

    /// The shell that a comment says an instruction has.
    #[must_use]
    pub fn shell_that_is_said(&self, instruction: &Instruction<'_>) -> Option<&'d str> {
        if self.said.is_empty() {
            return None;
        }
        self.said.get(self.model.dockerfile.number_of(instruction)?).copied().flatten()
    }

    fn read(&self, instruction: &'d Instruction<'a>, said: Option<&str>) -> Vec<Script<'d>> {
        let (inner, triggered) = match &instruction.kind {
            Kind::Onbuild(onbuild) => match &onbuild.instruction {
                Some(inner) => (&**inner, true),
                None => return Vec::new(),
            },
            _ => (instruction, false),
        };
        let Some((command, heredocs)) = command(inner) else { return Vec::new() };
        let Some(point) = self.model.at(instruction) else { return Vec::new() };
        let lookup = |name: &str| if triggered { None } else { known(point, name) };
        let interpreter = match said {
            Some(program) => Interpreter::of_words([program]),
            // A file without a FROM is a part of another, where `sh` is what nearly all have.
            None if point.stage().is_none() => Interpreter::default(),
            None => interpreter(point.shell()),
        };
        scripts(command, heredocs, interpreter, &lookup)
    }
}

/// Whether an instruction runs commands, now or in another build.
fn is_run(instruction: &Instruction<'_>) -> bool {
    match &instruction.kind {
        Kind::Run(_) => true,
        Kind::Onbuild(onbuild) => onbuild.instruction.as_ref().is_some_and(|inner| matches!(inner.kind, Kind::Run(_))),
        _ => false,
    }
}

/// The shells that comments like `# hadolint shell=powershell` name, for each instruction. One holds from the next instruction on, up
/// to the next `FROM` or `SHELL`.
fn said<'d>(dockerfile: &'d Dockerfile<'_>) -> Vec<Option<&'d str>> {
    let mut comments =
        dockerfile.comments.iter().filter_map(|comment| Some((comment.span, shell_of(comment.text)?))).peekable();
    if comments.peek().is_none() {
        return Vec::new();
    }
    let mut said = None;
    let shells = dockerfile.instructions.iter().map(|instruction| {
        while let Some((_, shell)) = comments.next_if(|(span, _)| span.start < instruction.span.start) {
            said = Some(shell);
        }
        if matches!(instruction.kind, Kind::From(_) | Kind::Shell(_)) {
            said = None;
        }
        said
    });
    shells.collect()
}

fn shell_of(comment: &str) -> Option<&str> {
    let rest = comment.strip_prefix("hadolint")?.strip_prefix([' ', '\t'])?.trim_start().strip_prefix("shell")?;
    let shell = rest.trim_start().strip_prefix('=')?.split_whitespace().next()?;
    Some(shell)
}

fn known<'m>(point: Point<'m, '_, '_>, name: &str) -> Option<&'m str> {
    match point.variable(name) {
        Lookup::Set(value) => Some(value),
        Lookup::Unset | Lookup::Unknown => None,
    }
}

/// What an instruction gives to a shell, or runs itself.
fn command<'d, 'a>(instruction: &'d Instruction<'a>) -> Option<(&'d Command<'a>, &'d [Heredoc<'a>])> {
    match &instruction.kind {
        Kind::Run(run) => Some((&run.command, &run.heredocs)),
        Kind::Cmd(cmd) => Some((&cmd.command, &[])),
        Kind::Entrypoint(entrypoint) => Some((&entrypoint.command, &[])),
        Kind::Healthcheck(healthcheck) => match &healthcheck.test {
            HealthcheckTest::Command(command) => Some((command, &[])),
            HealthcheckTest::None => None,
        },
        _ => None,
    }
}

impl Point<'_, '_, '_> {
    /// All scripts of a `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, run here: its own, and those in it. [`Scripts`] keeps those of
    /// a file; this reads them each time, wherever the instruction is run.
    ///
    /// ```
    /// use plimsoll::semantic::Model;
    ///
    /// let parsed = plimsoll::parse("FROM alpine\nENV FILE=/run.sh\nRUN sh -c 'chmod +x $FILE'\n");
    /// let model = Model::build(&parsed.dockerfile);
    /// let run = &parsed.dockerfile.instructions[2];
    /// let scripts = model.at(run).unwrap().scripts(run);
    /// assert_eq!(scripts[1].calls().next().unwrap().operands().last().unwrap().text(), "/run.sh");
    /// ```
    #[must_use]
    pub fn scripts<'t>(&self, instruction: &'t Instruction<'t>) -> Vec<Script<'t>> {
        let Some((command, heredocs)) = command(instruction) else { return Vec::new() };
        scripts(command, heredocs, interpreter(self.shell()), &|name| known(*self, name))
    }
}

impl Shell<'_, '_> {
    /// The shell as the reader of scripts wants it. That of an unknown base image is taken for `sh`, as BuildKit does.
    #[must_use]
    pub fn interpreter(self) -> Interpreter {
        interpreter(self)
    }
}

/// The shell that scripts have here, as their reader wants to know it.
#[must_use]
pub fn interpreter(shell: Shell<'_, '_>) -> Interpreter {
    match shell {
        Shell::Sh | Shell::OfBase => Interpreter::default(),
        Shell::Cmd => Interpreter { dialect: Dialect::Cmd, switches: Switches::default() },
        Shell::Set(words) => {
            // Something may run the shell: `["conda", "run", "-n", "name", "/bin/bash", "-c"]`.
            let is_shell = |word: &Word<'_>| Dialect::of_program(word) != Dialect::Unknown;
            let first = words.iter().position(is_shell).unwrap_or(0);
            Interpreter::of_words(words.iter().skip(first).map(Word::as_str))
        }
        Shell::Unknown => Interpreter { dialect: Dialect::Unknown, switches: Switches::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shells() {
        let cases = [
            ("", Dialect::Sh),
            ("# hadolint shell=powershell\nENV a=b\n", Dialect::PowerShell),
            ("# hadolint shell=powershell\nSHELL [\"bash\", \"-c\"]\n", Dialect::Bash),
            ("SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n", Dialect::Bash),
            ("SHELL [\"conda\", \"run\", \"-n\", \"x\", \"/bin/bash\", \"-c\"]\n", Dialect::Bash),
            ("SHELL [\"pwsh\", \"-Command\"]\n", Dialect::PowerShell),
            ("SHELL [\"python\", \"-c\"]\n", Dialect::Unknown),
        ];
        for (shell, dialect) in cases {
            let text = format!("FROM debian:13\n{shell}RUN a\nONBUILD RUN a\n");
            let parsed = crate::parse(&text);
            let model = Model::build(&parsed.dockerfile);
            let scripts = Scripts::new(&model);
            for instruction in parsed.dockerfile.instructions.iter().rev().take(2) {
                assert_eq!(scripts.of(instruction).first().map(Script::dialect), Some(dialect), "{text}");
            }
        }
    }
}
