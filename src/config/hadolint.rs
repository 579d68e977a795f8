//! hadolint's configuration: its file, its variables, and what its command line says, as it puts them together.
//!
//! Lists of the three are joined, of severities the worst holds, and of all else the command line outweighs the file and the file
//! the environment.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use super::environment::Environment;
use super::error::problem;
use super::fail_on::FailOn;
use super::layer::Layer;
use super::origin::{Given, Origin};
use super::reader::short;
use crate::diagnostic::{Diagnostic, Severity};
use crate::nearest::nearest;
use crate::render::OutputFormat;
use crate::rules::{self, LabelFormat, Preset};
use crate::selection::Selector;
use crate::source::LineIndex;
use crate::yaml::{Kind, Node, Yaml};

/// What hadolint is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct HadolintConfig {
    /// Ids of rules that do not run.
    pub(crate) ignored: Vec<Given<String>>,
    /// Ids of rules, and how bad their findings are.
    pub(crate) overrides: Vec<Given<(Severity, String)>>,
    /// Where images may come from.
    pub(crate) trusted_registries: Vec<Given<String>>,
    /// The labels of images.
    pub(crate) label_schema: BTreeMap<String, Given<LabelFormat>>,
    /// Whether images have no other labels.
    pub(crate) strict_labels: Option<Given<bool>>,
    /// From which severity on findings make the run fail.
    pub(crate) threshold: Option<Given<FailOn>>,
    /// Whether findings make the run fail at all.
    pub(crate) no_fail: Option<Given<bool>>,
    /// Whether a terminal gets no colours.
    pub(crate) no_colour: Option<Given<bool>>,
    /// How findings are written.
    pub(crate) format: Option<Given<OutputFormat>>,
    /// Whether comments silence nothing.
    pub(crate) disable_ignore_pragma: Option<Given<bool>>,
    /// What is worth a word.
    pub(crate) remarks: Vec<Given<String>>,
    /// The file, by which all that it does not say is as hadolint has it.
    pub(crate) path: Option<Arc<Path>>,
}

const KEYS: [&str; 10] = [
    "failure-threshold",
    "format",
    "ignored",
    "label-schema",
    "no-color",
    "no-fail",
    "override",
    "strict-labels",
    "disable-ignore-pragma",
    "trustedRegistries",
];

impl HadolintConfig {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it: hadolint would say so, too, and go on as if the file were empty.
    pub(super) fn read(path: &Path, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let yaml = Yaml::document(text)
            .map_err(|error| vec![problem(error.span, format!("this is no YAML: {}", error.message), None)])?;
        let mut reader = Reader { path: Arc::from(path), lines: LineIndex::new(text), problems: Vec::new() };
        let mut config = Self { path: Some(Arc::clone(&reader.path)), ..Self::default() };
        match yaml.roots().next() {
            Some(root) if root.kind() == Kind::Mapping => {
                for (key, value) in root.entries() {
                    config.take(key, value, &mut reader);
                }
            }
            Some(root) if root.kind() != Kind::Null => reader.wrong_type(root, "a table"),
            _ => {}
        }
        if reader.problems.is_empty() { Ok(config) } else { Err(reader.problems) }
    }

    fn take(&mut self, key: Node<'_, '_>, value: Node<'_, '_>, reader: &mut Reader) {
        let name = key.text().unwrap_or_default();
        if value.kind() == Kind::Null {
            return;
        }
        match name {
            "failure-threshold" => self.threshold = reader.parsed(value, threshold),
            "format" => self.format = reader.parsed(value, format).and_then(transposed),
            "ignored" => self.ignored = reader.texts(value),
            "label-schema" => {
                for (label, format) in reader.table(value) {
                    if let (Some(label), Some(format)) = (label.text(), reader.parsed(format, LabelFormat::from_str)) {
                        self.label_schema.insert(label.to_owned(), format);
                    }
                }
            }
            "no-color" => self.no_colour = reader.boolean(value),
            "no-fail" => self.no_fail = reader.boolean(value),
            "override" => {
                for (severity, ids) in reader.table(value) {
                    let name = severity.text().unwrap_or_default();
                    let Ok(severity) = Severity::from_str(name) else {
                        reader.remark(self, severity, name, &["error", "warning", "info", "style"]);
                        continue;
                    };
                    let ids = if ids.kind() == Kind::Null { Vec::new() } else { reader.texts(ids) };
                    self.overrides.extend(ids.into_iter().map(|id| Given::new((severity, id.value), id.origin)));
                }
            }
            "strict-labels" => self.strict_labels = reader.boolean(value),
            "disable-ignore-pragma" => self.disable_ignore_pragma = reader.boolean(value),
            "trustedRegistries" if value.kind() == Kind::String => {
                let registry = value.text().unwrap_or_default().to_owned();
                self.trusted_registries = vec![reader.given(registry, value)];
            }
            "trustedRegistries" => self.trusted_registries = reader.texts(value),
            // hadolint passes over what it does not know; who wrote it did not mean that.
            unknown => reader.remark(self, key, unknown, &KEYS),
        }
    }

    /// What its variables say.
    pub(super) fn of_environment(environment: &Environment) -> Self {
        let mut config = Self::default();
        for (name, value) in environment.hadolint() {
            let given = |text: &str| Given::new(text.to_owned(), Origin::Environment(name));
            let list = || value.split(',').filter(|item| !item.is_empty()).map(given);
            let severity = |severity| list().map(move |id| Given::new((severity, id.value), id.origin));
            let truth = || Some(Given::new(is_truth(value), Origin::Environment(name)));
            let mut wrong = None;
            match name {
                "HADOLINT_NOFAIL" => config.no_fail = truth(),
                "HADOLINT_STRICT_LABELS" => config.strict_labels = truth(),
                "HADOLINT_DISABLE_IGNORE_PRAGMA" => config.disable_ignore_pragma = truth(),
                "HADOLINT_FAILURE_THRESHOLD" => match threshold(value) {
                    Ok(threshold) => config.threshold = Some(Given::new(threshold, Origin::Environment(name))),
                    Err(reason) => wrong = Some(reason),
                },
                "HADOLINT_FORMAT" => match format(value) {
                    Ok(format) => config.format = format.map(|format| Given::new(format, Origin::Environment(name))),
                    Err(reason) => wrong = Some(reason),
                },
                "HADOLINT_IGNORE" => config.ignored.extend(list()),
                "HADOLINT_OVERRIDE_ERROR" => config.overrides.extend(severity(Severity::Error)),
                "HADOLINT_OVERRIDE_WARNING" => config.overrides.extend(severity(Severity::Warning)),
                "HADOLINT_OVERRIDE_INFO" => config.overrides.extend(severity(Severity::Info)),
                "HADOLINT_OVERRIDE_STYLE" => config.overrides.extend(severity(Severity::Style)),
                "HADOLINT_TRUSTED_REGISTRIES" => config.trusted_registries.extend(list()),
                "HADOLINT_REQUIRE_LABELS" => {
                    for item in list() {
                        match required_label(&item.value) {
                            Ok((label, format)) => {
                                config.label_schema.insert(label, Given::new(format, item.origin));
                            }
                            Err(reason) => wrong = Some(reason),
                        }
                    }
                }
                _ => {}
            }
            config.remarks.extend(wrong.map(|reason| Given::new(reason, Origin::Environment(name))));
        }
        config
    }

    /// What both say, where the other outweighs this one.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.ignored.extend(other.ignored);
        self.overrides.extend(other.overrides);
        self.trusted_registries.extend(other.trusted_registries);
        self.label_schema.extend(other.label_schema);
        self.remarks.extend(other.remarks);
        Self {
            strict_labels: other.strict_labels.or(self.strict_labels),
            threshold: other.threshold.or(self.threshold),
            no_fail: other.no_fail.or(self.no_fail),
            no_colour: other.no_colour.or(self.no_colour),
            format: other.format.or(self.format),
            disable_ignore_pragma: other.disable_ignore_pragma.or(self.disable_ignore_pragma),
            path: other.path.or(self.path),
            ..self
        }
    }

    /// The same as all other places say it. Ids that are no rule's are those of rules that hadolint has and we do not, or had:
    /// nothing is found by them.
    pub(crate) fn into_layer(mut self) -> Layer {
        let implied = || self.path.as_ref().map_or(Origin::Default, |path| Origin::Kind(Arc::clone(path)));
        let selector = |id: &str| rules::find(id).map(Selector::rule);
        self.overrides.sort_by_key(|given| given.value.0);
        let severity = |given: &Given<(Severity, String)>| {
            let (severity, id) = &given.value;
            Some(Given::new((selector(id)?, *severity), given.origin.clone()))
        };
        let ignored = |given: &Given<String>| {
            // That a file can't be read is no rule to hadolint, which nobody can ignore.
            let selector = selector(&given.value).filter(|selector| !selector.selects(&rules::syntax_error::RULE));
            Some(Given::new(selector?, given.origin.clone()))
        };
        let never = self.no_fail.as_ref().filter(|given| given.value);
        let trusted = self.trusted_registries.first().map(|first| first.origin.clone());
        Layer {
            preset: Some(Given::new(Preset::Hadolint, implied())),
            ignore: self.ignored.iter().filter_map(ignored).collect(),
            severities: self.overrides.iter().filter_map(severity).collect(),
            fail_on: Some(match never {
                Some(never) => Given::new(FailOn::Never, never.origin.clone()),
                None => self.threshold.unwrap_or_else(|| Given::new(FailOn::Severity(Severity::Info), implied())),
            }),
            output_format: self.format,
            colours: self.no_colour.map(|given| Given::new(!given.value, given.origin)).filter(|given| !given.value),
            inline_ignores: self.disable_ignore_pragma.map(|given| Given::new(!given.value, given.origin)),
            trusted_registries: trusted.map(|origin| {
                Given::new(self.trusted_registries.into_iter().map(|given| given.value).collect(), origin)
            }),
            label_schema: self.label_schema,
            strict_labels: self.strict_labels,
            remarks: self.remarks,
            ..Layer::default()
        }
    }
}

/// What a word for yes is to hadolint.
fn is_truth(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "1" | "y" | "yes" | "true" | "on")
}

/// Reads a failure threshold: with `ignore` and `none`, all findings count.
pub(crate) fn threshold(text: &str) -> Result<FailOn, String> {
    match text {
        "ignore" | "none" => Ok(FailOn::Severity(Severity::Style)),
        text => Severity::from_str(text).map(FailOn::Severity).map_err(|_| {
            format!("`{text}` is no threshold; there are `error`, `warning`, `info`, `style`, `ignore` and `none`")
        }),
    }
}

/// Reads the name of a format: nothing for `tty`, which is what people read.
pub(crate) fn format(text: &str) -> Result<Option<OutputFormat>, String> {
    Ok(Some(match text {
        "tty" => return Ok(None),
        "json" => OutputFormat::Hadolint,
        "checkstyle" => OutputFormat::Checkstyle,
        "codeclimate" => OutputFormat::Codeclimate,
        "gitlab_codeclimate" => OutputFormat::Gitlab,
        "gnu" => OutputFormat::Gnu,
        "codacy" => OutputFormat::Codacy,
        "sonarqube" => OutputFormat::Sonarqube,
        "sarif" => OutputFormat::Sarif,
        "junit" => OutputFormat::Junit,
        text => {
            return Err(format!(
                "`{text}` is no format; there are `tty`, `json`, `checkstyle`, `codeclimate`, `gitlab_codeclimate`, `gnu`, \
                 `codacy`, `sonarqube`, `sarif` and `junit`"
            ));
        }
    }))
}

/// Reads `label:format`; without a format, any text.
pub(crate) fn required_label(text: &str) -> Result<(String, LabelFormat), String> {
    let (label, format) = text.split_once(':').unwrap_or((text, "text"));
    Ok((label.to_owned(), format.parse().map_err(|error: rules::UnknownLabelFormat| error.to_string())?))
}

fn transposed<T>(given: Given<Option<T>>) -> Option<Given<T>> {
    Some(Given::new(given.value?, given.origin))
}

struct Reader {
    path: Arc<Path>,
    lines: LineIndex,
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn given<T>(&self, value: T, node: Node<'_, '_>) -> Given<T> {
        Given::new(value, Origin::File(Arc::clone(&self.path), self.lines.line(node.span().start)))
    }

    fn wrong_type(&mut self, node: Node<'_, '_>, expected: &str) {
        let message = format!("{expected} belongs here, and this is {}", node.kind().as_str());
        self.problems.push(problem(node.span(), message, None));
    }

    fn remark(&self, config: &mut HadolintConfig, node: Node<'_, '_>, written: &str, known: &[&'static str]) {
        let meant = nearest(written, known.iter().copied()).map(|meant| format!("; did you mean `{meant}`?"));
        let text = format!("hadolint has no key `{}`, and passes over it{}", short(written), meant.unwrap_or_default());
        config.remarks.push(self.given(text, node));
    }

    fn boolean(&mut self, node: Node<'_, '_>) -> Option<Given<bool>> {
        match node.kind() {
            Kind::Boolean(value) => Some(self.given(value, node)),
            _ => {
                self.wrong_type(node, "`true` or `false`");
                None
            }
        }
    }

    fn texts(&mut self, node: Node<'_, '_>) -> Vec<Given<String>> {
        if node.kind() != Kind::Sequence {
            self.wrong_type(node, "a list");
            return Vec::new();
        }
        let mut texts = Vec::new();
        for item in node.items() {
            match item.text().filter(|_| item.kind() == Kind::String) {
                Some(text) => texts.push(self.given(text.to_owned(), item)),
                None => self.wrong_type(item, "a text"),
            }
        }
        texts
    }

    fn table<'y, 't>(&mut self, node: Node<'y, 't>) -> Vec<(Node<'y, 't>, Node<'y, 't>)> {
        if node.kind() != Kind::Mapping {
            self.wrong_type(node, "a table");
        }
        node.entries().collect()
    }

    fn parsed<T, E: ToString>(
        &mut self,
        node: Node<'_, '_>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Given<T>> {
        let Some(text) = node.text().filter(|_| node.kind() == Kind::String) else {
            self.wrong_type(node, "a text");
            return None;
        };
        let text = short(text);
        match parse(&text) {
            Ok(value) => Some(self.given(value, node)),
            Err(error) => {
                self.problems.push(problem(node.span(), error.to_string(), None));
                None
            }
        }
    }
}
