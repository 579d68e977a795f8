//! The command line.

mod args;
pub(crate) mod builds;
mod check;
mod completions;
mod config;
pub(crate) mod context;
pub(crate) mod contexts;
pub(crate) mod files;
mod hadolint;
mod image;
pub(crate) mod inspect;
mod man;
mod markdown;
mod parse;
mod progress;
mod rule;
mod settings;
mod taken;
mod watch;
mod why;
mod write;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::render::Look;
use args::{Arguments, Command};

/// What a command has to do with the world: standard input, output and error, and what the terminal can show.
pub struct Streams<'s> {
    /// Standard input.
    pub input: &'s mut dyn Read,
    /// Standard output: what was asked for.
    pub out: &'s mut dyn Write,
    /// Standard error: everything about the run.
    pub err: &'s mut dyn Write,
    /// How many characters fit into a line of the output.
    pub width: usize,
    /// Whether the output is a terminal's, where people read it, and which may be cleared.
    pub terminal: bool,
    /// Whether the output is a terminal's, which shows colours.
    pub colours: bool,
    /// Whether the output shows characters that are not ASCII.
    pub unicode: bool,
    /// Whether the error output is a terminal's, where a long run may tell how far it is.
    pub progress: bool,
}

impl Streams<'_> {
    fn look(&self) -> Look {
        Look { colours: self.colours, unicode: self.unicode, width: self.width }
    }
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// There is nothing to say that matters.
    Clean,
    /// There are findings.
    Findings,
    /// A file could not be read, or the command is wrong.
    Failed,
    /// The client of a server left without saying so.
    Abandoned,
}

impl Outcome {
    /// The code that the process exits with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings | Self::Abandoned => 1,
            Self::Failed => 2,
        }
    }
}

/// Runs the command line of the process.
#[must_use]
pub fn main() -> ExitCode {
    let out = io::stdout();
    let terminal = out.is_terminal();
    let wanted = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let mut streams = Streams {
        input: &mut io::stdin(),
        out: &mut io::BufWriter::new(out.lock()),
        err: &mut io::stderr(),
        width: width.filter(|width| *width >= 20).unwrap_or(if terminal { terminal_width() } else { 100 }),
        terminal,
        colours: terminal && !wanted("NO_COLOR") || wanted("FORCE_COLOR"),
        unicode: true,
        progress: io::stderr().is_terminal(),
    };
    ExitCode::from(run(std::env::args_os(), &mut streams).code())
}

/// The width of the terminal, as far as its environment tells.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(terminal_size::Width(width), _)| usize::from(width).clamp(40, 140))
}

/// Runs a command line, the name of the program first.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> Outcome {
    let result = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => match arguments.command {
            Command::Check(check) => check::run(&check, streams),
            Command::Completions(completions) => completions::run(&completions, streams),
            Command::Config(config) => config::run(&config, streams),
            Command::Context(context) => context::run(&context, streams),
            Command::Hadolint(hadolint) => hadolint::run(&hadolint, streams),
            Command::Inspect(inspect) => inspect::run(&inspect, streams),
            Command::Man(man) => man::run(&man, streams),
            Command::Parse(parse) => parse::run(&parse, streams),
            Command::Rule(rule) => rule::run(&rule, streams),
            #[cfg(feature = "lsp")]
            Command::Server(_) => crate::lsp::run(streams),
            Command::Why(why) => why::run(&why, streams),
        },
        Err(error) => usage(&error, streams),
    };
    match result.and_then(|outcome| streams.out.flush().map(|()| outcome)) {
        Ok(outcome) => outcome,
        // Who reads the output may stop reading; that is no failure of ours to talk about.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Failed,
        Err(error) => {
            // Nobody is left to tell when this can't be written either.
            drop(writeln!(streams.err, "error: {error}"));
            Outcome::Failed
        }
    }
}

fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let text = error.render();
    if error.use_stderr() {
        write!(streams.err, "{text}")?;
        return Ok(Outcome::Failed);
    }
    write!(streams.out, "{text}")?;
    Ok(Outcome::Clean)
}
