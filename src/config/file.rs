//! `plimsoll.toml`: from its text to what it says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::error::problem;
use super::fail_on::FailOn;
use super::keys::{BUILD_KEYS, KEYS, Key, RULE_KEYS};
use super::layer::{BuildFile, ConfiguredBuild, Exclude, Layer, PerFileIgnores};
use super::origin::Given;
use super::patterns::{Patterns, absolute};
use super::reader::{Reader, Value, place, short, span};
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::OutputFormat;
use crate::rules::{self, LabelFormat, Preset};
use crate::semantic::Platform;
use crate::source::Span;

/// What a file says.
pub(super) struct ConfigFile {
    pub(super) layer: Layer,
    /// The file that it extends.
    pub(super) extend: Option<(PathBuf, Span)>,
    /// What is wrong with it, in order of place.
    pub(super) problems: Vec<Diagnostic>,
}

/// Reads the text of a file, whose path is absolute.
pub(super) fn read(path: &Path, text: &str) -> ConfigFile {
    let mut reader = Reader::new(path, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    // After one thing that is no TOML, the next is likely to come of it.
    if let Some(error) = errors.first() {
        let span = error.span().map(Span::of_range).unwrap_or_default();
        let problems = vec![problem(span, format!("this is no TOML: {}", error.message()), None)];
        return ConfigFile { layer: Layer::default(), extend: None, problems };
    }
    let mut file =
        Contents { directory: path.parent().unwrap_or(Path::new("/")), layer: Layer::default(), extend: None };
    for (key, value) in table.get_ref() {
        file.take(key, value, &mut reader);
    }
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| problem.span.start);
    ConfigFile { layer: file.layer, extend: file.extend, problems }
}

struct Contents<'f> {
    directory: &'f Path,
    layer: Layer,
    extend: Option<(PathBuf, Span)>,
}

type TomlKey<'t> = Spanned<std::borrow::Cow<'t, str>>;

impl Contents<'_> {
    fn take(&mut self, name: &TomlKey<'_>, value: &Value<'_>, reader: &mut Reader) {
        let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref()) else {
            return reader.unknown(name, KEYS.iter());
        };
        let layer = &mut self.layer;
        match key.name {
            "extend" => {
                let path = reader.text(value, key.example).map(|path| absolute(&self.directory.join(path)));
                self.extend = path.map(|path| (path, place(value)));
            }
            "preset" => layer.preset = reader.one_of(value, key.example, Preset::ALL.map(Preset::as_str)),
            "select" => layer.select = Some(reader.selectors(value, key.example)),
            "extend-select" => layer.extend_select = reader.selectors(value, key.example),
            // Rules that a severity turns off are in the list, too.
            "ignore" => layer.ignore.extend(reader.selectors(value, key.example)),
            "severity" => severities(value, key, layer, reader),
            "per-file-ignores" => layer.per_file_ignores = per_file_ignores(self.directory, value, key, reader),
            "exclude" => layer.exclude = exclude(self.directory, value, key, reader),
            "fail-on" => layer.fail_on = reader.one_of(value, key.example, FailOn::NAMES),
            "output-format" => {
                let formats = OutputFormat::ALL.map(OutputFormat::as_str);
                layer.output_format = reader.one_of(value, key.example, formats);
            }
            "inline-ignores" => layer.inline_ignores = reader.boolean(value),
            "experimental" => layer.experimental = reader.boolean(value),
            "label-schema" => layer.label_schema = labels(value, key, reader),
            "image-platforms" => layer.image_platforms = platforms(value, key, reader),
            "rules" => rule_options(value, key, layer, reader),
            "build" => {
                let builds = reader.list(value, key.example);
                layer.builds = builds.into_iter().filter_map(|value| build(self.directory, value, reader)).collect();
            }
            name => debug_assert!(false, "nobody reads {name}"),
        }
    }
}

fn severities(value: &Value<'_>, key: &Key, layer: &mut Layer, reader: &mut Reader) {
    let Some(table) = reader.table(value, key.example) else { return };
    for (name, value) in table {
        let selector = reader.selector(name.get_ref(), span(name));
        let Some(text) = reader.text(value, "\"error\"") else { continue };
        if text.eq_ignore_ascii_case("off") {
            layer.ignore.extend(selector);
            continue;
        }
        let known = ["error", "warning", "info", "style", "off"];
        let severity: Option<Given<Severity>> = reader.one_of(value, "", known);
        if let (Some(selector), Some(severity)) = (selector, severity) {
            layer.severities.push(Given::new((selector.value, severity.value), selector.origin));
        }
    }
}

fn per_file_ignores(directory: &Path, value: &Value<'_>, key: &Key, reader: &mut Reader) -> Vec<PerFileIgnores> {
    let Some(table) = reader.table(value, key.example) else { return Vec::new() };
    let mut all = Vec::new();
    for (pattern, value) in table {
        let ignore = reader.selectors(value, "[\"DL3008\"]");
        match Patterns::one(directory, pattern.get_ref()) {
            Ok(files) => all.push(PerFileIgnores { pattern: pattern.get_ref().to_string(), files, ignore }),
            Err(reason) => reader.report(span(pattern), format!("this is no pattern: {reason}"), ""),
        }
    }
    all
}

fn exclude(directory: &Path, value: &Value<'_>, key: &Key, reader: &mut Reader) -> Option<Exclude> {
    let written = reader.texts(value, key.example);
    for item in value.get_ref().as_array().into_iter().flatten() {
        if let Some(Err(reason)) = item.get_ref().as_str().map(|pattern| Patterns::any(directory, [pattern])) {
            reader.report(place(item), format!("this is no pattern: {reason}"), "");
        }
    }
    Exclude::new(directory, written).ok()
}

fn labels(value: &Value<'_>, key: &Key, reader: &mut Reader) -> BTreeMap<String, Given<LabelFormat>> {
    let Some(table) = reader.table(value, key.example) else { return BTreeMap::new() };
    let mut labels = BTreeMap::new();
    for (label, value) in table {
        if let Some(format) = reader.one_of(value, "\"semver\"", LabelFormat::ALL.map(LabelFormat::as_str)) {
            labels.insert(label.get_ref().to_string(), format);
        }
    }
    labels
}

fn platforms(value: &Value<'_>, key: &Key, reader: &mut Reader) -> BTreeMap<String, Given<Platform>> {
    let Some(table) = reader.table(value, key.example) else { return BTreeMap::new() };
    let mut platforms = BTreeMap::new();
    for (image, value) in table {
        if let Some(platform) = platform(value, reader) {
            platforms.insert(image.get_ref().to_string(), reader.given(platform, span(image)));
        }
    }
    platforms
}

fn platform(value: &Value<'_>, reader: &mut Reader) -> Option<Platform> {
    let text = reader.text(value, "\"linux/amd64\"")?;
    let platform = Platform::parse(text);
    if platform.is_none() {
        reader.report(place(value), format!("`{}` is no platform", short(text)), "write it like `linux/amd64`");
    }
    platform
}

fn rule_options(value: &Value<'_>, key: &Key, layer: &mut Layer, reader: &mut Reader) {
    let Some(table) = reader.table(value, key.example) else { return };
    for (id, options) in table {
        let Some(rule) = rules::find(id.get_ref()) else {
            reader.selector(id.get_ref(), span(id));
            // What names several rules names no options.
            if id.get_ref().parse::<crate::Selector>().is_ok() {
                reader.report(span(id), format!("`{}` names more than one rule", id.get_ref()), "name each rule alone");
            }
            continue;
        };
        let known = || RULE_KEYS.iter().filter(|(name, _)| *name == rule.name).map(|(_, key)| key);
        let Some(options) = reader.table(options, known().next().map_or("", |key| key.example)) else { continue };
        for (name, value) in options {
            let Some(key) = known().find(|key| key.name == name.get_ref()) else {
                reader.unknown(name, RULE_KEYS.iter().filter(|(name, _)| *name == rule.name).map(|(_, key)| key));
                continue;
            };
            match key.name {
                "trusted-registries" => {
                    let registries = reader.texts(value, key.example);
                    let registries = registries.into_iter().map(|given| given.value).collect();
                    layer.trusted_registries = Some(reader.given(registries, place(value)));
                }
                "strict-labels" => layer.strict_labels = reader.boolean(value),
                name => debug_assert!(false, "nobody reads {name}"),
            }
        }
    }
}

fn build(directory: &Path, value: &Value<'_>, reader: &mut Reader) -> Option<ConfiguredBuild> {
    let table = reader.table(value, "{ dockerfile = \"Dockerfile\", context = \".\" }")?;
    let mut dockerfile = None;
    let mut build = ConfiguredBuild {
        dockerfile: BuildFile::Path(PathBuf::new()),
        context: None,
        target: None,
        arguments: BTreeMap::new(),
        platform: None,
        origin: reader.given((), span(value)).origin,
    };
    for (name, value) in table {
        let Some(key) = BUILD_KEYS.iter().find(|key| key.name == name.get_ref()) else {
            reader.unknown(name, BUILD_KEYS.iter());
            continue;
        };
        match key.name {
            "dockerfile" => dockerfile = reader.text(value, key.example).map(|text| (text, place(value))),
            "context" => build.context = reader.text(value, key.example).map(|path| absolute(&directory.join(path))),
            "target" => build.target = reader.text(value, key.example).map(str::to_owned),
            "platform" => build.platform = platform(value, reader),
            "args" => {
                for (name, value) in reader.table(value, key.example).into_iter().flatten() {
                    if let Some(text) = reader.text(value, "\"1\"") {
                        build.arguments.insert(name.get_ref().to_string(), text.to_owned());
                    }
                }
            }
            name => debug_assert!(false, "nobody reads {name}"),
        }
    }
    match (dockerfile, &build.context) {
        (Some((text, place)), _) if text.contains(['*', '?', '[']) => {
            // A path starts at the configuration, with a slash in it or without.
            match Patterns::one(directory, &format!("/{}", text.trim_start_matches("./").trim_start_matches('/'))) {
                Ok(patterns) => build.dockerfile = BuildFile::Pattern(patterns),
                Err(reason) => {
                    reader.report(place, format!("this is no pattern: {reason}"), "");
                    return None;
                }
            }
        }
        (Some((text, _)), _) => build.dockerfile = BuildFile::Path(absolute(&directory.join(text))),
        (None, Some(context)) => build.dockerfile = BuildFile::Path(context.join("Dockerfile")),
        // What is wrong with the context is said.
        (None, None) if table.keys().any(|key| key.get_ref() == "context") => return None,
        (None, None) => {
            let start = Span::new(span(value).start, span(value).start);
            reader.report(start, "this build has no Dockerfile", "write `dockerfile = \"Dockerfile\"`");
            return None;
        }
    }
    Some(build)
}
