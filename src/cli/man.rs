//! The manual.

use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Arguments, Man as Selected};
use super::{Outcome, Streams};

/// `plimsoll man`
pub(super) fn run(selected: &Selected, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    if let Some(directory) = &selected.directory {
        let written = std::fs::create_dir_all(directory).and_then(|()| {
            pages(&command).iter().try_for_each(|page| std::fs::write(directory.join(page.get_filename()), text(page)?))
        });
        return match written {
            Ok(()) => Ok(Outcome::Clean),
            Err(error) => {
                writeln!(streams.err, "error: {}: {error}", directory.display())?;
                Ok(Outcome::Failed)
            }
        };
    }
    let name = selected.name.as_ref().map_or_else(|| "plimsoll.1".to_owned(), |name| format!("plimsoll-{name}.1"));
    let Some(page) = pages(&command).into_iter().find(|page| page.get_filename() == name) else {
        writeln!(streams.err, "error: there is no command `{}`", selected.name.as_deref().unwrap_or_default())?;
        return Ok(Outcome::Failed);
    };
    streams.out.write_all(&text(&page)?)?;
    Ok(Outcome::Clean)
}

/// The page of the program, and one for each command that it shows.
fn pages(command: &Command) -> Vec<Man> {
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    std::iter::once(command).chain(shown).map(|command| page(command.clone())).collect()
}

fn page(mut command: Command) -> Man {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let source = concat!("plimsoll ", env!("CARGO_PKG_VERSION"));
    Man::new(command.override_usage(usage)).date(" ").manual("plimsoll").source(source)
}

fn text(page: &Man) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(text)
}
