use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::args::Inspect as Arguments;
use super::files::{self, Unreadable};
use super::{Outcome, Streams};
use crate::ast::{Command, Healthcheck, HealthcheckTest};
use crate::semantic::{
    Argument, Base, Binder, Edge, Image, Inputs, Model, Platform, Process, Shell as ModelShell, Source as EdgeSource,
    Stage, Value,
};
use crate::source::{LineIndex, Source};

/// `plimsoll inspect`
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let inputs = match inputs(arguments) {
        Ok(inputs) => inputs,
        Err(reason) => {
            writeln!(streams.err, "error: {reason}")?;
            return Ok(Outcome::Failed);
        }
    };
    let path = &arguments.file;
    let bytes = if path.as_os_str() == "-" { files::read_all(&mut *streams.input) } else { files::read(path) };
    let source = match bytes.and_then(|bytes| Ok(Source::decode(&bytes)?.text().to_owned())) {
        Ok(source) => source,
        Err(reason) => return failed(arguments, &reason, streams),
    };
    let parsed = crate::parse(&source);
    let model = Model::with_inputs(&parsed.dockerfile, &inputs);
    let lines = LineIndex::new(&source);
    for error in &parsed.errors {
        writeln!(streams.err, "warning: {}:{}: {error}", path.display(), lines.line(error.span.start))?;
    }
    let Some(target) = model.target else {
        match &arguments.target {
            Some(target) => writeln!(streams.err, "error: {}: there is no stage `{target}`", path.display())?,
            None => writeln!(streams.err, "error: {}: there is no stage", path.display())?,
        }
        return Ok(Outcome::Failed);
    };
    let inspected = Inspected {
        stages: model
            .stages
            .iter()
            .zip(&model.images())
            .map(|(stage, image)| shown(&model, stage, image, &lines, &arguments.arguments))
            .collect(),
        target,
    };
    if arguments.json {
        serde_json::to_writer_pretty(&mut *streams.out, &inspected)?;
        writeln!(streams.out)?;
    } else {
        tree(&inspected, streams.out)?;
    }
    Ok(Outcome::Clean)
}

fn inputs(arguments: &Arguments) -> Result<Inputs, String> {
    let mut build_arguments = BTreeMap::new();
    for argument in &arguments.build_arg {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            // As `docker build` does, the value of the environment is given.
            None => match std::env::var(argument) {
                Ok(value) => (argument.as_str(), value),
                Err(_) => continue,
            },
        };
        build_arguments.insert(name.to_owned(), value);
    }
    let platform = match &arguments.platform {
        None => None,
        Some(platform) => {
            Some(Platform::parse(platform).ok_or_else(|| format!("`{platform}` is no platform, like `linux/amd64`"))?)
        }
    };
    Ok(Inputs { build_arguments, complete: true, target: arguments.target.clone(), platform, ..Inputs::default() })
}

fn failed(arguments: &Arguments, reason: &Unreadable, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    writeln!(streams.err, "error: {}: {reason}", arguments.file.display())?;
    Ok(Outcome::Failed)
}

/// What is printed. Fields are only ever added; what is unknown is null.
#[derive(Serialize)]
struct Inspected {
    stages: Vec<Shown>,
    /// The number of the stage that is built.
    target: usize,
}

#[derive(Serialize)]
struct Shown {
    index: usize,
    line: u32,
    name: Option<String>,
    base: ShownBase,
    /// Where it takes files from, besides the context.
    sources: Vec<ShownSource>,
    /// Whether the image that is built has something of it.
    reaches_output: bool,
    workdir: Option<String>,
    /// Empty where it is root because nobody says otherwise.
    user: Option<String>,
    shell: Option<Vec<String>>,
    /// The variables that its instructions set for the container, with those of the stages that it builds on.
    environment: BTreeMap<String, Option<String>>,
    /// The arguments that have a value.
    arguments: BTreeMap<String, Option<String>>,
    /// The arguments that are declared and got no value.
    unset_arguments: Vec<String>,
    ports: Vec<Option<String>>,
    volumes: Vec<Option<String>>,
    labels: Vec<(Option<String>, Option<String>)>,
    stop_signal: Option<String>,
    healthcheck: Option<Vec<String>>,
    /// What images that are built from it run first.
    onbuild: Vec<String>,
    /// Whether the base image may add to all that.
    has_unknown_base: bool,
    /// What `docker run` executes.
    process: ShownProcess,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ShownBase {
    Scratch,
    Stage { index: usize },
    Image { reference: Option<String> },
}

#[derive(Serialize)]
struct ShownSource {
    line: u32,
    from: String,
    /// The number of the stage that is meant, where it is one.
    stage: Option<usize>,
}

#[derive(Serialize)]
struct ShownProcess {
    argv: Vec<Argument<'static>>,
    ignored: Vec<Argument<'static>>,
}

fn text(value: &Value<'_>) -> Option<String> {
    value.known().map(str::to_owned)
}

fn shown<'d, 'a>(
    model: &Model<'d, 'a>,
    stage: &Stage<'d, 'a>,
    image: &Image<'d>,
    lines: &LineIndex,
    arguments: &[String],
) -> Shown {
    let end = model.at_end(stage);
    let (mut environment, mut declared, mut unset_arguments) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (name, binder, value) in end.variables() {
        match (binder, value) {
            (Binder::Env, value) => environment.insert(name.to_owned(), value.and_then(text)),
            (Binder::Arg, Some(value)) => declared.insert(name.to_owned(), text(value)),
            (Binder::Arg, None) => {
                unset_arguments.push(name.to_owned());
                None
            }
        };
    }
    unset_arguments.sort();
    let first = model.edges.partition_point(|edge| edge.stage < stage.index);
    let edges = model.edges.get(first..).unwrap_or_default().iter().take_while(|edge| edge.stage == stage.index);
    let source = |edge: &Edge<'_, '_>| ShownSource {
        line: lines.line(edge.instruction.span.start),
        from: edge.word.to_string(),
        stage: match edge.source {
            EdgeSource::Stage(index) => Some(index),
            _ => None,
        },
    };
    let onbuild = stage.body.iter().filter_map(|instruction| match &instruction.kind {
        crate::ast::Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
        _ => None,
    });
    Shown {
        index: stage.index,
        line: lines.line(stage.instruction.span.start),
        name: stage.name().map(|name| name.to_lowercase()),
        base: match stage.base {
            Base::Scratch => ShownBase::Scratch,
            Base::Stage(index) => ShownBase::Stage { index },
            Base::Image | Base::Unknown => {
                ShownBase::Image { reference: text(&stage.image).filter(|image| !image.is_empty()) }
            }
        },
        sources: edges.map(source).collect(),
        reaches_output: stage.reaches_output,
        workdir: text(&end.workdir()),
        user: text(&end.user()),
        shell: shell(end.shell()),
        environment,
        arguments: declared,
        unset_arguments,
        ports: image.ports.iter().map(text).collect(),
        volumes: image.volumes.iter().map(text).collect(),
        labels: image.labels.iter().map(|(key, value)| (text(key), text(value))).collect(),
        stop_signal: stage.stopsignal.map(|stopsignal| stopsignal.signal.to_string()),
        healthcheck: stage.healthcheck.map(healthcheck),
        onbuild: onbuild.map(|inner| inner.header.of(model.dockerfile.text).to_owned()).collect(),
        has_unknown_base: image.has_unknown_base,
        process: process(model.process(stage, arguments)),
    }
}

fn shell(shell: ModelShell<'_, '_>) -> Option<Vec<String>> {
    shell.words().map(|words| words.into_iter().map(str::to_owned).collect())
}

/// The test as the image has it: `NONE`, `CMD` with arguments, or `CMD-SHELL` with a line.
fn healthcheck(healthcheck: &Healthcheck<'_>) -> Vec<String> {
    let command = match &healthcheck.test {
        HealthcheckTest::None => return vec!["NONE".to_owned()],
        HealthcheckTest::Command(command) => command,
    };
    let kind = if matches!(command, Command::Exec(_)) { "CMD" } else { "CMD-SHELL" };
    std::iter::once(kind.to_owned()).chain(command.words().iter().map(ToString::to_string)).collect()
}

fn process(process: Process<'_>) -> ShownProcess {
    let owned = |arguments: Vec<Argument<'_>>| arguments.into_iter().map(Argument::into_owned).collect();
    ShownProcess { argv: owned(process.argv), ignored: owned(process.ignored) }
}

const UNKNOWN: &str = "(unknown)";

fn tree(inspected: &Inspected, out: &mut dyn Write) -> io::Result<()> {
    for stage in &inspected.stages {
        if stage.index > 0 {
            writeln!(out)?;
        }
        let mark = match (stage.index == inspected.target, stage.reaches_output) {
            (true, _) => "  <- is built",
            (false, true) => "",
            (false, false) => "  (not needed)",
        };
        let name = stage.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        writeln!(out, "stage {}{name}, line {}{mark}", stage.index, stage.line)?;
        let rows = rows(stage, inspected);
        let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
        for (at, (label, value)) in rows.iter().enumerate() {
            let branch = if at + 1 == rows.len() { "└─" } else { "├─" };
            writeln!(out, "{branch} {label:<width$}  {value}")?;
        }
    }
    Ok(())
}

fn rows(stage: &Shown, inspected: &Inspected) -> Vec<(&'static str, String)> {
    let name_of = |index: usize| {
        let name = inspected.stages.get(index).and_then(|stage| stage.name.as_deref());
        name.map_or_else(|| format!("stage {index}"), |name| format!("stage {index} {name}"))
    };
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| UNKNOWN.to_owned());
    let mut rows = vec![(
        "from",
        match &stage.base {
            ShownBase::Scratch => "nothing (scratch)".to_owned(),
            ShownBase::Stage { index } => name_of(*index),
            ShownBase::Image { reference } => known(reference),
        },
    )];
    for ShownSource { line, from, stage } in &stage.sources {
        let from = stage.map_or_else(|| from.clone(), name_of);
        rows.push(("copies from", format!("{from}, line {line}")));
    }
    rows.push(("workdir", known(&stage.workdir)));
    rows.push((
        "user",
        match stage.user.as_deref() {
            None => UNKNOWN.to_owned(),
            Some("") => "root".to_owned(),
            Some(user) => user.to_owned(),
        },
    ));
    let shell = stage.shell.as_ref().map(|words| command_line(words.iter().map(String::as_str)));
    rows.push(("shell", shell.unwrap_or_else(|| "(the base image's)".to_owned())));
    for (label, variables) in [("env", &stage.environment), ("arg", &stage.arguments)] {
        for (name, value) in variables {
            let value = value.as_deref().map_or(UNKNOWN.into(), quoted);
            rows.push((label, format!("{name}={value}")));
        }
    }
    rows.extend(stage.unset_arguments.iter().map(|name| ("arg", format!("{name} (not set)"))));
    for (label, values) in [("port", &stage.ports), ("volume", &stage.volumes)] {
        rows.extend(values.iter().map(|value| (label, known(value))));
    }
    rows.extend(stage.labels.iter().map(|(key, value)| {
        let value = value.as_deref().map_or(UNKNOWN.into(), quoted);
        ("label", format!("{}={value}", known(key)))
    }));
    rows.extend(stage.stop_signal.iter().map(|signal| ("stop signal", signal.clone())));
    rows.extend(stage.healthcheck.iter().map(|test| ("healthcheck", command_line(test.iter().map(String::as_str)))));
    rows.extend(stage.onbuild.iter().map(|instruction| ("onbuild", instruction.clone())));
    let ShownProcess { argv, ignored } = &stage.process;
    let runs = if argv.is_empty() { "nothing: `docker run` needs a command".to_owned() } else { arguments(argv) };
    rows.push(("runs", runs));
    if !ignored.is_empty() {
        rows.push(("ignores", format!("{} (the entrypoint is a line for the shell)", arguments(ignored))));
    }
    rows
}

/// Arguments as a shell would take them.
pub(crate) fn arguments(arguments: &[Argument<'_>]) -> String {
    let show = |argument: &Argument<'_>| match argument {
        Argument::Word(word) => quoted(word).into_owned(),
        Argument::Shell => "(the base image's shell)".to_owned(),
        Argument::BaseEntrypoint => "(the base image's entrypoint)".to_owned(),
        Argument::BaseCommand => "(the base image's command)".to_owned(),
        Argument::Unknown => UNKNOWN.to_owned(),
    };
    arguments.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn command_line<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

/// A word as a shell would take it.
fn quoted(word: &str) -> std::borrow::Cow<'_, str> {
    let is_plain =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | ',' | '@' | '+' | '%');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', "'\\''")).into()
}
