//! What one place says: a file, the environment, the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::fail_on::FailOn;
use super::origin::Given;
use super::patterns::Patterns;
use crate::diagnostic::Severity;
use crate::render::OutputFormat;
use crate::rules::{LabelFormat, Preset};
use crate::selection::{Selection, Selector};
use crate::semantic::Platform;

/// What one place says. What it says nothing about is as an earlier place has it, or by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// The file that says it, if it is one.
    pub(crate) file: Option<PathBuf>,
    /// The set of rules.
    pub(crate) preset: Option<Given<Preset>>,
    /// The rules that run, and no others.
    pub(crate) select: Option<Vec<Given<Selector>>>,
    /// Rules that run besides.
    pub(crate) extend_select: Vec<Given<Selector>>,
    /// Rules that do not run.
    pub(crate) ignore: Vec<Given<Selector>>,
    /// How bad the findings of rules are.
    pub(crate) severities: Vec<Given<(Selector, Severity)>>,
    /// Rules that do not run for some files.
    pub(crate) per_file_ignores: Vec<PerFileIgnores>,
    /// The files that are passed over.
    pub(crate) exclude: Option<Exclude>,
    /// From which severity on findings make the run fail.
    pub(crate) fail_on: Option<Given<FailOn>>,
    /// How findings are written.
    pub(crate) output_format: Option<Given<OutputFormat>>,
    /// Whether a terminal gets colours.
    pub(crate) colours: Option<Given<bool>>,
    /// Whether comments may silence findings.
    pub(crate) inline_ignores: Option<Given<bool>>,
    /// Whether BuildKit's experimental checks run.
    pub(crate) experimental: Option<Given<bool>>,
    /// Where images may come from.
    pub(crate) trusted_registries: Option<Given<Vec<String>>>,
    /// The labels of images.
    pub(crate) label_schema: BTreeMap<String, Given<LabelFormat>>,
    /// Whether images have no other labels.
    pub(crate) strict_labels: Option<Given<bool>>,
    /// What base images are made for.
    pub(crate) image_platforms: BTreeMap<String, Given<Platform>>,
    /// What builds are given.
    pub(crate) builds: Vec<ConfiguredBuild>,
    /// What is worth a word, though nothing is wrong: with its line.
    pub(crate) remarks: Vec<Given<String>>,
}

/// The files that are passed over when a directory is searched.
#[derive(Clone, Debug)]
pub(crate) struct Exclude {
    /// The files.
    pub(crate) files: Patterns,
    /// The patterns as they are written.
    pub(crate) written: Vec<Given<String>>,
}

impl Exclude {
    /// Reads patterns, which start at `directory`.
    ///
    /// # Errors
    ///
    /// What is wrong with one of them.
    pub(crate) fn new(directory: &Path, written: Vec<Given<String>>) -> Result<Self, String> {
        let files = Patterns::any(directory, written.iter().map(|pattern| pattern.value.as_str()))?;
        Ok(Self { files, written })
    }
}

/// Rules that do not run for some files.
#[derive(Clone, Debug)]
pub(crate) struct PerFileIgnores {
    /// The pattern as it is written.
    pub(crate) pattern: String,
    /// The files.
    pub(crate) files: Patterns,
    /// The rules.
    pub(crate) ignore: Vec<Given<Selector>>,
}

/// What a configuration says about the builds of some Dockerfiles. Paths are absolute.
#[derive(Clone, Debug)]
pub(crate) struct ConfiguredBuild {
    /// The Dockerfiles.
    pub(crate) dockerfile: BuildFile,
    /// The directory that is given to the build.
    pub(crate) context: Option<PathBuf>,
    /// The stage that is built.
    pub(crate) target: Option<String>,
    /// Build arguments.
    pub(crate) arguments: BTreeMap<String, String>,
    /// What is built for.
    pub(crate) platform: Option<Platform>,
    /// Where it is written.
    pub(crate) origin: super::origin::Origin,
}

/// Which Dockerfiles a build is of.
#[derive(Clone, Debug)]
pub(crate) enum BuildFile {
    /// One.
    Path(PathBuf),
    /// All that match.
    Pattern(Patterns),
}

impl ConfiguredBuild {
    /// Whether it is a build of that Dockerfile; its path is absolute.
    pub(crate) fn is_of(&self, dockerfile: &Path) -> bool {
        match &self.dockerfile {
            BuildFile::Path(path) => path == dockerfile,
            BuildFile::Pattern(patterns) => patterns.matches(dockerfile),
        }
    }
}

impl Layer {
    /// What it says about which rules run.
    pub(crate) fn selection(&self) -> Selection {
        let plain = |selectors: &[Given<Selector>]| selectors.iter().map(|given| given.value.clone()).collect();
        Selection {
            preset: self.preset.as_ref().map(|given| given.value),
            select: self.select.as_deref().map(plain),
            extend_select: plain(&self.extend_select),
            ignore: plain(&self.ignore),
            severities: self.severities.iter().map(|given| given.value.clone()).collect(),
        }
    }
}
