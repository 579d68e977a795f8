//! What holds for the files of a command: what its options say, and the configurations.

use std::io;
use std::path::Path;

use super::Streams;
use super::args::Configuration;
use super::builds::{Build, BuildOrigin, Builds};
use crate::config::{ConfigError, Configurations, Environment, Exclude, Given, Layer, Lookup, Origin};
use crate::render::{FileFindings, OutputFormat, render};
use crate::selection::Selector;
use crate::source::LineIndex;

/// The configurations, and what the options say that outweighs them.
///
/// # Errors
///
/// What is wrong with an option, for people.
pub(super) fn configurations(arguments: &Configuration, command_line: Layer) -> Result<Configurations, String> {
    let environment = Environment::of_process();
    let lookup = match (&arguments.config, arguments.no_config) {
        (Some(file), _) => Lookup::File(file.clone()),
        (None, true) => Lookup::Nothing,
        (None, false) => Lookup::Nearest,
    };
    let root = environment.working_directory().unwrap_or(Path::new("."));
    let layer = Layer {
        preset: arguments.preset.map(|preset| Given::on_command_line(preset, "--preset")),
        select: match arguments.select.is_empty() {
            true => None,
            false => Some(selectors(&arguments.select, "--select")?),
        },
        extend_select: selectors(&arguments.extend_select, "--extend-select")?,
        ignore: selectors(&arguments.ignore, "--ignore")?,
        exclude: match arguments.exclude.is_empty() {
            true => None,
            false => {
                let written = given(&arguments.exclude, "--exclude");
                Some(Exclude::new(root, written).map_err(|reason| format!("--exclude: {reason}"))?)
            }
        },
        ..command_line
    };
    Ok(Configurations::new(lookup, environment, layer))
}

fn given(texts: &[String], option: &'static str) -> Vec<Given<String>> {
    texts.iter().map(|text| Given::on_command_line(text.clone(), option)).collect()
}

fn selectors(texts: &[String], option: &'static str) -> Result<Vec<Given<Selector>>, String> {
    let selector = |text: &String| match text.parse() {
        Ok(selector) => Ok(Given::on_command_line(selector, option)),
        Err(crate::UnknownRule { written, meant: Some(meant) }) => {
            Err(format!("{option}: there is no rule `{written}`; did you mean `{meant}`?"))
        }
        Err(error) => Err(format!("{option}: {error}")),
    };
    texts.iter().map(selector).collect()
}

/// More than this nobody reads at once.
const SHOWN: usize = 20;

/// Says what is wrong with a configuration, with the lines that it is about.
pub(super) fn tell(error: &ConfigError, streams: &mut Streams<'_>) -> io::Result<()> {
    let ConfigError::Wrong(file) = error else { return writeln!(streams.err, "error: {error}") };
    let path = shown(&file.path);
    let first = file.problems.get(..SHOWN).unwrap_or(&file.problems);
    let findings = FileFindings {
        path: &path,
        text: &file.text,
        is_ignore_file: false,
        lines: LineIndex::new(&file.text),
        diagnostics: first,
    };
    let look = streams.look();
    writeln!(streams.err, "error: the configuration is wrong")?;
    render(OutputFormat::Full, look, &[findings], &mut *streams.err)?;
    match file.problems.len() - first.len() {
        0 => Ok(()),
        rest => writeln!(streams.err, "error: {rest} more things are wrong with it"),
    }
}

/// A path as people know it: from the working directory on, where it is in there.
pub(super) fn shown(path: &Path) -> String {
    let inside =
        std::env::current_dir().ok().and_then(|directory| path.strip_prefix(directory).ok().map(Path::to_path_buf));
    inside.as_deref().unwrap_or(path).to_string_lossy().into_owned()
}

/// Who says something, for people; nothing where nobody does.
pub(super) fn by(origin: &Origin) -> Option<String> {
    Some(match origin {
        Origin::Default => return None,
        Origin::File(path, line) => format!("{}:{line}", shown(path)),
        Origin::Kind(path) => shown(path),
        Origin::CommandLine(option) => (*option).to_owned(),
        Origin::Environment(name) => (*name).to_owned(),
    })
}

/// The builds that configurations know of.
impl Builds for Configurations {
    fn of(&self, dockerfile: &Path) -> Vec<Build> {
        let Ok(settings) = Configurations::of(self, dockerfile) else { return Vec::new() };
        let build = |build: &crate::config::ConfiguredBuild| Build {
            context: build.context.clone(),
            target: build.target.clone(),
            build_arguments: build.arguments.clone(),
            platform: build.platform.clone(),
            origin: match &build.origin {
                Origin::File(path, line) => BuildOrigin { file: path.to_path_buf(), line: *line, name: None },
                _ => BuildOrigin::default(),
            },
            ..Build::default()
        };
        settings.builds_of(&self.absolute(dockerfile)).into_iter().map(build).collect()
    }
}
