use std::io;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::args::Rule as Arguments;
use super::markdown::{for_terminal, wrapped};
use super::{Outcome, Streams};
use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rules::{self, Alias, Category, Fixable, Preset, Rule, Stability};

/// `plimsoll rule`
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let Some(id) = &arguments.id else {
        if arguments.json {
            write_json(&sorted().into_iter().map(Json::new).collect::<Vec<_>>(), streams)?;
        } else {
            list(streams)?;
        }
        return Ok(Outcome::Clean);
    };
    let Some(rule) = rules::find(id) else {
        writeln!(streams.err, "error: {}", unknown(id))?;
        return Ok(Outcome::Failed);
    };
    if arguments.json {
        write_json(&Json::new(rule), streams)?;
    } else {
        write!(streams.out, "{}", for_terminal(&rule.page(), streams.width, streams.colours))?;
    }
    Ok(Outcome::Clean)
}

/// What there is to say of an id that no rule has.
fn unknown(id: &str) -> String {
    let is_of_shellcheck = |number: &str| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    if id.to_ascii_uppercase().strip_prefix("SC").is_some_and(is_of_shellcheck) {
        return format!("`{id}` is ShellCheck's, which is not run; `shellcheck.net/wiki/{id}` tells of it");
    }
    // That two numbers are alike says nothing.
    let is_word = |id: &&str| !id.contains(|c: char| c.is_ascii_digit());
    let meant = nearest(id, rules::ALL.iter().flat_map(|rule| [rule.code, rule.name]).filter(is_word));
    let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    format!("there is no rule `{id}`{meant}\n`plimsoll rule` lists them all")
}

fn sorted() -> Vec<&'static Rule> {
    let mut rules = rules::ALL.to_vec();
    rules.sort_by_key(|rule| rule.code);
    rules
}

fn write_json(value: &impl Serialize, streams: &mut Streams<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *streams.out, value)?;
    writeln!(streams.out)
}

/// All rules by category, each with what it asks for.
fn list(streams: &mut Streams<'_>) -> io::Result<()> {
    /// What is left of the line for the text, at the least; with less it stands below.
    const LEAST: usize = 40;
    let rules = sorted();
    let widest = rules.iter().map(|rule| title(rule).width()).max().unwrap_or_default();
    let text_at = 2 + widest + 2 + "warning".len() + 2 + "fix".len() + 2;
    for category in Category::ALL {
        let width = if streams.terminal { streams.width } else { usize::MAX };
        let heading = wrapped(&format!("**{category}**: {}", category.summary()), width, 0, streams.colours);
        writeln!(streams.out, "{}\n", heading.join("\n"))?;
        for rule in rules.iter().filter(|rule| rule.category == category) {
            let fix = if rule.fixable == Fixable::Never { "" } else { "fix" };
            let title = title(rule);
            let gap = widest - title.width();
            let begin = format!("  {title}{:gap$}  {:<7}  {fix:<3}", "", rule.severity);
            let mut text = rule.summary().to_owned();
            if rule.stability == Stability::Preview {
                text.push_str(" (preview)");
            }
            if !streams.terminal {
                // A line each, for `grep`.
                writeln!(streams.out, "{begin}  {text}")?;
            } else if text_at + LEAST <= streams.width {
                let lines = wrapped(&text, streams.width - text_at, 0, streams.colours);
                writeln!(streams.out, "{begin}  {}", lines.join(&format!("\n{:text_at$}", "")))?;
            } else {
                let lines = wrapped(&text, streams.width.saturating_sub(6), 0, streams.colours);
                writeln!(streams.out, "{}\n      {}", begin.trim_end(), lines.join("\n      "))?;
            }
        }
        writeln!(streams.out)?;
    }
    streams.out.flush()?;
    writeln!(streams.err, "{} rules. `plimsoll rule ID` shows the page of one.", rules.len())
}

/// Code and name; a code that is the name in other letters stands for both.
fn title(rule: &Rule) -> String {
    if rule.code.eq_ignore_ascii_case(&rule.name.replace('-', "")) {
        return rule.code.to_owned();
    }
    format!("{} {}", rule.code, rule.name)
}

/// What is printed for programs. Fields are only ever added.
#[derive(Serialize)]
struct Json {
    code: &'static str,
    name: &'static str,
    summary: &'static str,
    severity: Severity,
    category: Category,
    fixable: Fixable,
    stability: Stability,
    since: &'static str,
    presets: Vec<Preset>,
    aliases: Vec<JsonAlias>,
    page: String,
}

#[derive(Serialize)]
struct JsonAlias {
    tool: &'static str,
    id: &'static str,
    /// Whether it is the same concept, or one that is near it.
    same: bool,
}

impl Json {
    fn new(rule: &Rule) -> Self {
        let alias =
            |alias: &Alias| JsonAlias { tool: alias.tool(), id: alias.own_id(), same: matches!(alias, Alias::Same(_)) };
        Self {
            code: rule.code,
            name: rule.name,
            summary: rule.summary(),
            severity: rule.severity,
            category: rule.category,
            fixable: rule.fixable,
            stability: rule.stability,
            since: rule.since,
            presets: Preset::ALL.into_iter().filter(|preset| rule.is_in(*preset)).collect(),
            aliases: rule.aliases.iter().map(alias).collect(),
            page: rule.page(),
        }
    }
}
