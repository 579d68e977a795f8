//! What holds for the files of a configuration.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::fail_on::FailOn;
use super::layer::{ConfiguredBuild, Layer};
use super::origin::{Given, Origin};
use crate::lint::Linter;
use crate::render::OutputFormat;
use crate::rules::{LabelFormat, Preset, RuleSettings};
use crate::selection::{Choice, Reason, RuleSet, Selection, Selector};
use crate::semantic::Platform;

/// What holds for the files of a configuration: all that several places say, the one that outweighs the others last.
#[derive(Debug)]
pub(crate) struct Settings {
    layers: Vec<Layer>,
    linters: Mutex<HashMap<About, Arc<Linter>>>,
}

/// Which `per-file-ignores` are about a file: the place, and which of its patterns.
type About = Vec<(usize, usize)>;

/// What was decided about the rules for one file.
pub(crate) struct DecidedRules {
    /// What was decided.
    pub(crate) rules: RuleSet,
    /// What the places say, those that are about this file alone last.
    layers: Vec<Layer>,
}

impl Settings {
    pub(crate) fn new(layers: Vec<Layer>) -> Self {
        Self { layers, linters: Mutex::default() }
    }

    /// The files, the one that outweighs the others first.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.layers.iter().rev().filter_map(|layer| layer.file.as_deref())
    }

    /// What was most lately given.
    fn last<T: Clone>(&self, get: impl Fn(&Layer) -> Option<&Given<T>>) -> Option<Given<T>> {
        self.layers.iter().rev().find_map(get).cloned()
    }

    /// From which severity on findings make a run fail.
    pub(crate) fn fail_on(&self) -> Given<FailOn> {
        self.last(|layer| layer.fail_on.as_ref()).unwrap_or_default()
    }

    /// How findings are written.
    pub(crate) fn output_format(&self) -> Given<OutputFormat> {
        self.given_output_format().unwrap_or(Given::new(OutputFormat::Full, Origin::Default))
    }

    /// How findings are written, where somebody says so.
    pub(crate) fn given_output_format(&self) -> Option<Given<OutputFormat>> {
        self.last(|layer| layer.output_format.as_ref())
    }

    /// Whether a terminal gets colours, where somebody says so.
    pub(crate) fn colours(&self) -> Option<Given<bool>> {
        self.last(|layer| layer.colours.as_ref())
    }

    /// Whether comments may silence findings.
    pub(crate) fn inline_ignores(&self) -> Given<bool> {
        self.last(|layer| layer.inline_ignores.as_ref()).unwrap_or(Given::new(true, Origin::Default))
    }

    /// Whether BuildKit's experimental checks run.
    pub(crate) fn experimental(&self) -> Given<bool> {
        self.last(|layer| layer.experimental.as_ref()).unwrap_or_default()
    }

    /// The set of rules.
    pub(crate) fn preset(&self) -> Given<Preset> {
        self.last(|layer| layer.preset.as_ref()).unwrap_or_default()
    }

    /// Where images may come from.
    pub(crate) fn trusted_registries(&self) -> Given<Vec<String>> {
        self.last(|layer| layer.trusted_registries.as_ref()).unwrap_or_default()
    }

    /// Whether images have the labels of the schema only.
    pub(crate) fn strict_labels(&self) -> Given<bool> {
        self.last(|layer| layer.strict_labels.as_ref()).unwrap_or_default()
    }

    /// The labels of images.
    pub(crate) fn label_schema(&self) -> BTreeMap<&str, &Given<LabelFormat>> {
        self.layers.iter().flat_map(|layer| &layer.label_schema).map(|(label, given)| (label.as_str(), given)).collect()
    }

    /// What base images are made for.
    pub(crate) fn image_platforms(&self) -> BTreeMap<&str, &Given<Platform>> {
        let all = self.layers.iter().flat_map(|layer| &layer.image_platforms);
        all.map(|(image, given)| (image.as_str(), given)).collect()
    }

    /// The patterns of files that are passed over.
    pub(crate) fn exclude(&self) -> impl Iterator<Item = &Given<String>> {
        self.layers.iter().filter_map(|layer| layer.exclude.as_ref()).flat_map(|exclude| &exclude.written)
    }

    /// The patterns of files for which some rules do not run, with each of these.
    pub(crate) fn per_file_ignores(&self) -> impl Iterator<Item = (&str, &Given<Selector>)> {
        let all = self.layers.iter().flat_map(|layer| &layer.per_file_ignores);
        all.flat_map(|ignores| ignores.ignore.iter().map(|given| (ignores.pattern.as_str(), given)))
    }

    /// What is worth a word, though nothing is wrong.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = &Given<String>> {
        self.layers.iter().flat_map(|layer| &layer.remarks)
    }

    /// Whether a file is passed over when a directory is searched; its path is absolute.
    pub(crate) fn excludes(&self, file: &Path) -> bool {
        self.layers.iter().filter_map(|layer| layer.exclude.as_ref()).any(|exclude| exclude.files.matches(file))
    }

    /// The builds of a Dockerfile; its path is absolute. Those of the nearest configuration that knows of any.
    pub(crate) fn builds_of(&self, dockerfile: &Path) -> Vec<&ConfiguredBuild> {
        let of_layer = |layer: &'_ Layer| -> Vec<usize> {
            layer.builds.iter().enumerate().filter(|(_, build)| build.is_of(dockerfile)).map(|(at, _)| at).collect()
        };
        let nearest =
            self.layers.iter().rev().map(|layer| (layer, of_layer(layer))).find(|(_, found)| !found.is_empty());
        let Some((layer, found)) = nearest else { return Vec::new() };
        found.into_iter().filter_map(|at| layer.builds.get(at)).collect()
    }

    fn about(&self, file: &Path) -> About {
        let all = self.layers.iter().enumerate().flat_map(|(at, layer)| {
            layer.per_file_ignores.iter().enumerate().map(move |(number, ignores)| ((at, number), ignores))
        });
        all.filter(|(_, ignores)| ignores.files.matches(file)).map(|(place, _)| place).collect()
    }

    /// What is decided about the rules for a file; its path is absolute.
    pub(crate) fn rules_for(&self, file: &Path) -> DecidedRules {
        self.decide(&self.about(file))
    }

    fn decide(&self, about: &[(usize, usize)]) -> DecidedRules {
        let mut layers = self.layers.clone();
        // They hold whatever is selected, on the command line too.
        let ignores = about.iter().filter_map(|(at, number)| self.layers.get(*at)?.per_file_ignores.get(*number));
        let ignore = ignores.flat_map(|ignores| ignores.ignore.iter().cloned()).collect();
        layers.push(Layer { ignore, ..Layer::default() });
        let selections: Vec<Selection> = layers.iter().map(Layer::selection).collect();
        DecidedRules { rules: RuleSet::new(&selections), layers }
    }

    /// What the rules are told.
    pub(crate) fn rule_settings(&self) -> RuleSettings {
        RuleSettings {
            trusted_registries: self.trusted_registries().value,
            label_schema: self
                .label_schema()
                .into_iter()
                .map(|(label, given)| (label.to_owned(), given.value))
                .collect(),
            strict_labels: self.strict_labels().value,
        }
    }

    /// The linter of a file; its path is absolute. Files with the same rules share one.
    pub(crate) fn linter_for(&self, file: &Path) -> Arc<Linter> {
        let about = self.about(file);
        let mut linters = self.linters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(linter) = linters.get(&about) {
            return Arc::clone(linter);
        }
        let platforms = self.image_platforms();
        let platforms = platforms.into_iter().map(|(image, given)| (image.to_owned(), given.value.clone())).collect();
        let rules = self.decide(&about).rules;
        let mut linter = Linter::with_rules(&rules, self.rule_settings()).with_image_platforms(platforms);
        if self.experimental().value {
            linter = linter.with_experimental();
        }
        if !self.inline_ignores().value {
            linter = linter.without_inline_ignores();
        }
        let linter = Arc::new(linter);
        linters.insert(about, Arc::clone(&linter));
        linter
    }
}

impl DecidedRules {
    /// Who decided whether a rule runs.
    pub(crate) fn origin(&self, choice: Choice) -> Origin {
        let layer = |at: usize| self.layers.get(at);
        let found = match choice.reason {
            Reason::InPreset | Reason::NotInPreset => {
                self.rules.preset_from().and_then(layer).and_then(|layer| Some(layer.preset.as_ref()?.origin.clone()))
            }
            Reason::NotSelected(at) => {
                let first = layer(at).and_then(|layer| layer.select.as_ref()?.first());
                first.map(|given| given.origin.clone())
            }
            Reason::Selected(at, number) => layer(at).and_then(|layer| origin(layer.select.as_ref()?, number)),
            Reason::ExtendSelected(at, number) => layer(at).and_then(|layer| origin(&layer.extend_select, number)),
            Reason::Ignored(at, number) => layer(at).and_then(|layer| origin(&layer.ignore, number)),
            Reason::SeverityGiven(at, number) => layer(at).and_then(|layer| origin(&layer.severities, number)),
        };
        found.unwrap_or_default()
    }

    /// Who decided how bad the findings of a rule are.
    pub(crate) fn severity_origin(&self, choice: Choice) -> Origin {
        let found = choice.severity_from.and_then(|(at, number)| origin(&self.layers.get(at)?.severities, number));
        found.unwrap_or_default()
    }
}

fn origin<T>(all: &[Given<T>], number: usize) -> Option<Origin> {
    all.get(number).map(|given| given.origin.clone())
}
