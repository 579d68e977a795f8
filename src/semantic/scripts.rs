//! The shell scripts of an instruction, with what is known where they run.

use super::expand::Lookup;
use super::point::Point;
use super::shell::Shell;
use crate::ast::{Command, HealthcheckTest, Heredoc, Instruction, Kind};
use crate::shell::{Dialect, Interpreter, Script, Switches, scripts};

impl Shell<'_, '_> {
    /// The shell as the reader of scripts wants it. That of an unknown base image is taken for `sh`, as BuildKit does.
    #[must_use]
    pub fn interpreter(self) -> Interpreter {
        match self {
            Self::Unknown => Interpreter { dialect: Dialect::Unknown, switches: Switches::default() },
            Self::OfBase => Interpreter::default(),
            shell => Interpreter::of_words(shell.words().unwrap_or_default()),
        }
    }
}

impl Point<'_, '_, '_> {
    /// All scripts of a `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`: its own, and those in it.
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
        let (command, heredocs): (&Command<'_>, &[Heredoc<'_>]) = match &instruction.kind {
            Kind::Run(run) => (&run.command, &run.heredocs),
            Kind::Cmd(cmd) => (&cmd.command, &[]),
            Kind::Entrypoint(entrypoint) => (&entrypoint.command, &[]),
            Kind::Healthcheck(healthcheck) => match &healthcheck.test {
                HealthcheckTest::Command(command) => (command, &[]),
                HealthcheckTest::None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        scripts(command, heredocs, self.shell().interpreter(), &|name| match self.variable(name) {
            Lookup::Set(text) => Some(text),
            Lookup::Unset | Lookup::Unknown => None,
        })
    }
}
