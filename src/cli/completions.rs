//! Scripts that let shells complete the command line.

use std::io;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use super::args::{Arguments, Completions};
use super::{Outcome, Streams};
use crate::config::FailOn;
use crate::rules::{self, Preset, Rule};

/// `plimsoll completions`
pub(super) fn run(arguments: &Completions, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let command = command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command.clone(), "plimsoll", &mut script);
    streams.out.write_all(&script)?;
    if arguments.shell == Shell::Fish {
        for subcommand in command.get_subcommands() {
            write!(streams.out, "{}", positionals_in_fish(subcommand))?;
        }
    }
    Ok(Outcome::Clean)
}

/// The command line as people see it, with the values of its arguments as far as they can be listed. What values mean is told by how
/// they are called.
fn command() -> Command {
    let whole = Arguments::command();
    let shown = whole.get_subcommands().filter(|command| !command.is_hide_set());
    let shown: Vec<Command> = shown.map(|command| command.clone().mut_args(with_values)).collect();
    Command::new("plimsoll").version(env!("CARGO_PKG_VERSION")).subcommands(shown)
}

/// The values of what is no option: what is made for fish leaves them out.
fn positionals_in_fish(command: &Command) -> String {
    let values = command.get_positionals().flat_map(Arg::get_possible_values);
    let values: Vec<String> = values
        .map(|value| {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default().replace('\'', "\\'");
            format!("{}\\t'{help}'", value.get_name())
        })
        .collect();
    if values.is_empty() {
        return String::new();
    }
    let name = command.get_name();
    format!("complete -c plimsoll -n \"__fish_plimsoll_using_subcommand {name}\" -f -a \"{}\"\n", values.join("\n"))
}

fn with_values(argument: Arg) -> Arg {
    let names: Vec<&str> = argument.get_value_names().unwrap_or_default().iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        ["RULE"] => argument.value_parser(PossibleValuesParser::new(ids())),
        ["PRESET"] => argument.value_parser(PossibleValuesParser::new(Preset::ALL.map(Preset::as_str))),
        ["SEVERITY"] => argument.value_parser(PossibleValuesParser::new(FailOn::NAMES)),
        ["DIR"] => argument.value_hint(ValueHint::DirPath),
        ["PATH" | "FILE" | "DOCKERFILE"] => argument.value_hint(ValueHint::FilePath),
        _ => argument,
    }
}

/// Codes and names of the rules, each with what it asks for.
fn ids() -> Vec<PossibleValue> {
    let mut ids: Vec<(&str, String)> =
        rules::ALL.iter().flat_map(|rule| [rule.code, rule.name].map(|id| (id, help(rule)))).collect();
    ids.sort_unstable();
    ids.into_iter().map(|(id, help)| PossibleValue::new(id).help(help)).collect()
}

/// What a rule asks for, in words that no shell takes for its own.
fn help(rule: &Rule) -> String {
    let summary = rule.summary().replace('`', "");
    if summary.contains(['$', '"', '\\']) { rule.name.replace('-', " ") } else { summary }
}
