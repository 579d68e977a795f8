//! `plimsoll config`: what holds for a file, and who says so.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use super::args::Config as Arguments;
use super::settings::{self, by, shown};
use super::{Outcome, Streams};
use crate::config::{self, Configurations, Given, Layer, Origin, Settings};
use crate::selection::Reason;

/// `plimsoll config`
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    if arguments.schema {
        serde_json::to_writer_pretty(&mut *streams.out, &config::schema())?;
        writeln!(streams.out)?;
        return Ok(Outcome::Clean);
    }
    if let Some(file) = &arguments.from_hadolint {
        return from_hadolint(file, streams);
    }
    let configurations = match settings::configurations(&arguments.configuration, Layer::default()) {
        Ok(configurations) => configurations,
        Err(reason) => {
            writeln!(streams.err, "error: {reason}")?;
            return Ok(Outcome::Failed);
        }
    };
    // Of a directory, what holds for the files in it.
    let file = if arguments.file.is_dir() { arguments.file.join("Dockerfile") } else { arguments.file.clone() };
    let settings = match configurations.of(&file) {
        Ok(settings) => settings,
        Err(error) => {
            settings::tell(&error, streams)?;
            return Ok(Outcome::Failed);
        }
    };
    let holding = Holding::new(&file, &configurations.absolute(&file), &settings);
    if arguments.json {
        serde_json::to_writer_pretty(&mut *streams.out, &holding)?;
        writeln!(streams.out)?;
    } else {
        holding.write(streams.out)?;
    }
    for remark in settings.remarks() {
        writeln!(streams.err, "warning: {}: {}", by(&remark.origin).unwrap_or_default(), remark.value)?;
    }
    Ok(Outcome::Clean)
}

fn from_hadolint(file: &std::path::Path, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    match Configurations::of_hadolint_file(file) {
        Ok(config) => {
            for remark in &config.remarks {
                writeln!(streams.err, "warning: {}: {}", by(&remark.origin).unwrap_or_default(), remark.value)?;
            }
            write!(streams.out, "{}", config.to_toml())?;
            Ok(Outcome::Clean)
        }
        Err(error) => {
            settings::tell(&error, streams)?;
            Ok(Outcome::Failed)
        }
    }
}

/// What holds for a file. Fields are only ever added.
#[derive(Serialize)]
struct Holding {
    file: String,
    /// The configurations, the one that outweighs the others first.
    configurations: Vec<String>,
    /// Whether a search of a directory passes over the file.
    excluded: bool,
    settings: Vec<Setting>,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Setting {
    name: &'static str,
    value: String,
    from: From,
}

#[derive(Serialize)]
struct Rule {
    code: &'static str,
    name: &'static str,
    runs: bool,
    reason: &'static str,
    from: From,
    severity: &'static str,
    severity_from: From,
}

/// Who says something.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum From {
    Default,
    File {
        path: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
    },
    CommandLine {
        option: &'static str,
    },
    Environment {
        variable: &'static str,
    },
}

impl From {
    fn new(origin: &Origin) -> Self {
        match origin {
            Origin::Default => Self::Default,
            Origin::File(path, line) => Self::File { path: shown(path), line: Some(*line) },
            Origin::Kind(path) => Self::File { path: shown(path), line: None },
            Origin::CommandLine(option) => Self::CommandLine { option },
            Origin::Environment(variable) => Self::Environment { variable },
        }
    }
}

impl Display for From {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: Some(line) } => write!(f, "{path}:{line}"),
            Self::File { path, line: None } => f.write_str(path),
            Self::CommandLine { option } => f.write_str(option),
            Self::Environment { variable } => f.write_str(variable),
        }
    }
}

impl Holding {
    fn new(file: &std::path::Path, absolute: &std::path::Path, settings: &Settings) -> Self {
        let decided = settings.rules_for(absolute);
        let mut rules: Vec<Rule> = decided
            .rules
            .iter()
            .map(|(rule, choice)| Rule {
                code: rule.code,
                name: rule.name,
                runs: choice.runs(),
                reason: reason(choice.reason),
                from: From::new(&decided.origin(choice)),
                severity: choice.severity.as_str(),
                severity_from: From::new(&decided.severity_origin(choice)),
            })
            .collect();
        rules.sort_by_key(|rule| (!rule.runs, rule.code));
        Self {
            file: file.to_string_lossy().into_owned(),
            configurations: settings.files().map(shown).collect(),
            excluded: settings.excludes(absolute),
            settings: all_settings(absolute, settings),
            rules,
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{}{}",
            self.file,
            if self.excluded { ", which a search of a directory passes over" } else { "" }
        )?;
        match self.configurations.split_first() {
            None => writeln!(out, "There is no configuration.")?,
            Some((first, [])) => writeln!(out, "The configuration is {first}.")?,
            Some((first, rest)) => writeln!(out, "The configuration is {first}, which extends {}.", rest.join(", "))?,
        }
        writeln!(out)?;
        let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default();
        let name = widest(&mut self.settings.iter().map(|setting| setting.name.len()));
        let value = widest(&mut self.settings.iter().map(|setting| setting.value.chars().count())).min(40);
        for setting in &self.settings {
            writeln!(out, "{:<name$}  {:<value$}  {}", setting.name, setting.value, setting.from)?;
        }
        writeln!(out)?;
        let code = widest(&mut self.rules.iter().map(|rule| rule.code.len()));
        let name = widest(&mut self.rules.iter().map(|rule| rule.name.len()));
        for rule in &self.rules {
            let level = if rule.runs { rule.severity } else { "off" };
            let mut says = match rule.reason {
                // What everybody expects needs no word.
                "in-preset" => String::new(),
                "not-in-preset" => "not in the preset".to_owned(),
                "ignored" => format!("ignored by {}", rule.from),
                "not-selected" => format!("not selected by {}", rule.from),
                "severity" => String::new(),
                _ => format!("selected by {}", rule.from),
            };
            if rule.runs && !matches!(rule.severity_from, From::Default) {
                let separator = if says.is_empty() { "" } else { ", " };
                says = format!("{says}{separator}severity by {}", rule.severity_from);
            }
            let line = format!("{level:<7}  {:<code$}  {:<name$}  {says}", rule.code, rule.name);
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::InPreset => "in-preset",
        Reason::NotInPreset => "not-in-preset",
        Reason::Selected(..) | Reason::ExtendSelected(..) => "selected",
        Reason::SeverityGiven(..) => "severity",
        Reason::NotSelected(_) => "not-selected",
        Reason::Ignored(..) => "ignored",
    }
}

fn all_settings(absolute: &std::path::Path, settings: &Settings) -> Vec<Setting> {
    fn one(name: &'static str, value: impl Display, origin: &Origin) -> Setting {
        Setting { name, value: value.to_string(), from: From::new(origin) }
    }
    fn given<T: Display>(name: &'static str, given: &Given<T>) -> Setting {
        one(name, &given.value, &given.origin)
    }
    let format = settings.output_format();
    let mut all = vec![
        given("preset", &settings.preset()),
        given("fail-on", &settings.fail_on()),
        one("output-format", format.value.as_str(), &format.origin),
        given("inline-ignores", &settings.inline_ignores()),
        given("experimental", &settings.experimental()),
    ];
    all.extend(settings.colours().map(|colours| given("colours", &colours)));
    all.extend(settings.exclude().map(|pattern| given("exclude", pattern)));
    all.extend(
        settings
            .per_file_ignores()
            .map(|(pattern, given)| one("per-file-ignores", format!("{pattern} = {}", given.value), &given.origin)),
    );
    let registries = settings.trusted_registries();
    all.extend(registries.value.iter().map(|registry| one("trusted-registries", registry, &registries.origin)));
    let labels = settings.label_schema();
    all.extend(
        labels
            .iter()
            .map(|(label, given)| one("label-schema", format!("{label} = {}", given.value.as_str()), &given.origin)),
    );
    let strict = settings.strict_labels();
    all.extend((strict.origin != Origin::Default).then(|| given("strict-labels", &strict)));
    let platforms = settings.image_platforms();
    all.extend(
        platforms
            .iter()
            .map(|(image, given)| one("image-platforms", format!("{image} = {}", given.value), &given.origin)),
    );
    for build in settings.builds_of(absolute) {
        let mut parts = Vec::new();
        parts.extend(build.context.as_ref().map(|context| format!("context {}", or_here(shown(context)))));
        parts.extend(build.target.as_ref().map(|target| format!("target {target}")));
        parts.extend(build.arguments.iter().map(|(name, value)| format!("{name}={value}")));
        parts.extend(build.platform.as_ref().map(|platform| format!("platform {platform}")));
        all.push(one("build", parts.join(", "), &build.origin));
    }
    all
}

/// The working directory has a name.
fn or_here(path: String) -> String {
    if path.is_empty() { ".".to_owned() } else { path }
}
