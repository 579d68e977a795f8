//! The scripts of instructions, each read once.

use std::cell::OnceCell;

use super::expand::Lookup;
use super::shell::Shell;
use super::{Model, Point};
use crate::ast::{Command, HealthcheckTest, Heredoc, Instruction, Kind, Word};
use crate::shell::{Dialect, Interpreter, Script, Switches, scripts};

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
    /// Those of each instruction, by its number.
    read: Vec<OnceCell<Vec<Script<'d>>>>,
}

impl<'m, 'd, 'a> Scripts<'m, 'd, 'a> {
    /// Of none is anything read yet.
    #[must_use]
    pub fn new(model: &'m Model<'d, 'a>) -> Self {
        let read = model.dockerfile.instructions.iter().map(|_| OnceCell::new()).collect();
        Self { model, read }
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
        let instructions = &self.model.dockerfile.instructions;
        let next = instructions.partition_point(|other| other.span.start <= instruction.span.start);
        let Some((own, cell)) =
            next.checked_sub(1).and_then(|number| Some((instructions.get(number)?, self.read.get(number)?)))
        else {
            return &[];
        };
        cell.get_or_init(|| self.read(own))
    }

    fn read(&self, instruction: &'d Instruction<'a>) -> Vec<Script<'d>> {
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
        // What stands before the first `FROM` has no shell, and is read as if it had the usual one.
        let shell = point.stage().map_or(Shell::Sh, |_| point.shell());
        scripts(command, heredocs, interpreter(shell), &lookup)
    }
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
