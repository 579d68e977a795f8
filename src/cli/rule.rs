use std::io::{self, Write};

use super::args::Rule as Arguments;
use super::{Outcome, Streams};
use crate::rules::{self, Preset, Rule};

/// `plimsoll rule`
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    match &arguments.id {
        None => list(streams.out)?,
        Some(id) => match rules::find(id) {
            Some(rule) => page(rule, streams.out)?,
            None => {
                writeln!(streams.err, "error: there is no rule `{id}`; `plimsoll rule` lists them all")?;
                return Ok(Outcome::Failed);
            }
        },
    }
    Ok(Outcome::Clean)
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    let mut rules = rules::ALL.to_vec();
    rules.sort_by_key(|rule| rule.code);
    let widest = |text: fn(&Rule) -> &str| rules.iter().map(|rule| text(rule).len()).max().unwrap_or_default();
    let (code, name) = (widest(|rule| rule.code), widest(|rule| rule.name));
    for rule in &rules {
        writeln!(out, "{:<code$}  {:<name$}  {:<8}  {}", rule.code, rule.name, rule.severity, rule.summary())?;
    }
    Ok(())
}

/// The page, with the facts after the first line.
pub(crate) fn page(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = rule.documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    let presets: Vec<&str> = Preset::ALL.into_iter().filter(|preset| rule.is_in(*preset)).map(Preset::as_str).collect();
    let aliases: Vec<&str> = rule.aliases.iter().map(|alias| alias.id()).collect();
    writeln!(out, "# {} {}\n", rule.code, rule.name)?;
    writeln!(out, "{}\n", lines.next().unwrap_or_default())?;
    writeln!(out, "severity: {}", rule.severity)?;
    writeln!(out, "presets:  {}", presets.join(", "))?;
    writeln!(out, "since:    {}", rule.since)?;
    if !aliases.is_empty() {
        writeln!(out, "also:     {}", aliases.join(", "))?;
    }
    lines.try_for_each(|line| writeln!(out, "{line}"))
}
