//! Builds in `compose.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::environment::Environment;
use super::interpolation::interpolate;
use super::yaml::{self, Entry, Node, Value, as_go_prints};
use super::{Build, BuildOrigin, Problem, WrittenBuild, is_remote};
use crate::semantic::Platform;

/// What `docker compose` looks for, the first that there is.
pub(super) const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// What it lays over that, the first that there is.
pub(super) const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Files that are included, and services that extend others, nest no deeper.
const DEEPEST: usize = 16;

/// A text that may hold variables that nobody knows.
type Text = Option<String>;

/// What a service says of its build.
#[derive(Clone, Default)]
struct Service {
    name: String,
    origin: BuildOrigin,
    /// Whether there is a build at all.
    is_built: bool,
    context: Option<Text>,
    dockerfile: Option<Text>,
    is_inline: bool,
    target: Option<Text>,
    arguments: BTreeMap<String, Text>,
    platforms: Option<Vec<Text>>,
    platform: Option<Text>,
    named_contexts: BTreeSet<String>,
    /// Whether nothing stays of what earlier files say.
    replaces: bool,
    /// The directory that the paths start at.
    directory: PathBuf,
}

/// The builds of a project, whose files are laid one over the other.
pub(super) fn read(
    files: &[PathBuf],
    directory: &Path,
    process: &Environment,
    problems: &mut Vec<Problem>,
) -> Vec<WrittenBuild> {
    let mut reader = Reader { environment: process.with_file_in(directory), problems };
    let services = reader.project(files, directory, DEEPEST);
    services.iter().filter_map(Service::build).collect()
}

/// The files that a project consists of: those that `COMPOSE_FILE` in `.env` names, else the usual ones.
pub(super) fn files_in(directory: &Path, process: &Environment) -> Vec<PathBuf> {
    let environment = process.with_file_in_that_says(directory, "COMPOSE_FILE");
    if let Some((environment, named)) = environment.as_ref().and_then(|all| Some((all, all.get("COMPOSE_FILE")?))) {
        let separator = environment.get("COMPOSE_PATH_SEPARATOR").unwrap_or(if cfg!(windows) { ";" } else { ":" });
        let files = named.split(separator).filter(|name| !name.is_empty()).map(|name| directory.join(name));
        return files.filter(|file| file.is_file()).collect();
    }
    let first = |names: &[&str]| names.iter().map(|name| directory.join(name)).find(|file| file.is_file());
    let Some(file) = first(&NAMES) else { return Vec::new() };
    [Some(file), first(&OVERRIDES)].into_iter().flatten().collect()
}

struct Reader<'r> {
    environment: Environment,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    fn project(&mut self, files: &[PathBuf], directory: &Path, depth: usize) -> Vec<Service> {
        let mut services: Vec<Service> = Vec::new();
        for file in files {
            for document in self.documents(file) {
                self.included(&document, directory, depth, &mut services);
                for Entry { key, line, value } in
                    document.get("services").map(|services| services.entries()).unwrap_or_default()
                {
                    let mut service =
                        Service { name: key.clone(), directory: directory.to_path_buf(), ..Service::default() };
                    service.origin = BuildOrigin { file: file.clone(), line, name: Some(key.clone()) };
                    self.service(&value, &document, file, depth, &mut service);
                    match services.iter_mut().find(|known| known.name == key) {
                        Some(known) => known.lay_over(service),
                        None => services.push(service),
                    }
                }
            }
        }
        services
    }

    fn documents(&mut self, file: &Path) -> Vec<Rc<Node>> {
        let text = match super::text_of(file) {
            Ok(text) => text,
            Err(reason) => {
                self.problems.push(Problem { file: file.to_path_buf(), line: None, reason });
                return Vec::new();
            }
        };
        yaml::read(&text).unwrap_or_else(|broken| {
            self.problems.push(broken.in_file(file));
            Vec::new()
        })
    }

    /// What other projects bring that are included.
    fn included(&mut self, document: &Node, directory: &Path, depth: usize, services: &mut Vec<Service>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for include in document.get("include").iter().flat_map(|include| include.items()) {
            let paths = include.get("path");
            let paths: Vec<Text> = match &paths {
                None => vec![self.text(include)],
                Some(path) if path.text().is_some() => vec![self.text(path)],
                Some(paths) => paths.items().iter().map(|path| self.text(path)).collect(),
            };
            let files: Vec<PathBuf> = paths.into_iter().flatten().map(|path| directory.join(path)).collect();
            let own = include.get("project_directory").and_then(|own| self.text(&own)).map(|own| directory.join(own));
            let beside = files.first().and_then(|file| file.parent()).map(Path::to_path_buf);
            let Some(directory) = own.or(beside) else { continue };
            let files: Vec<PathBuf> = files.into_iter().filter(|file| file.is_file()).collect();
            let environment = self.environment.with_file_in(&directory);
            let mut reader = Reader { environment, problems: &mut *self.problems };
            services.extend(reader.project(&files, &directory, depth));
        }
    }

    fn service(&mut self, node: &Node, document: &Node, file: &Path, depth: usize, service: &mut Service) {
        if let Some(extends) = node.get("extends") {
            self.extended(&extends, document, file, depth, service);
        }
        if let Some(platform) = node.get("platform") {
            service.platform = Some(self.text(&platform));
        }
        let Some(build) = node.get("build") else { return };
        if matches!(build.tag.as_deref(), Some("reset" | "override")) || build.is_null() {
            *service = Service {
                name: std::mem::take(&mut service.name),
                origin: std::mem::take(&mut service.origin),
                directory: std::mem::take(&mut service.directory),
                platform: service.platform.take(),
                replaces: build.tag.is_some(),
                ..Service::default()
            };
        }
        if build.is_null() {
            return;
        }
        service.is_built = true;
        if build.text().is_some() {
            service.context = Some(self.text(&build));
            return;
        }
        for Entry { key, value, .. } in build.entries() {
            match key.as_str() {
                "context" => service.context = Some(self.text(&value)),
                "dockerfile" => service.dockerfile = Some(self.text(&value)),
                "dockerfile_inline" => service.is_inline = !value.is_null(),
                "target" => service.target = Some(self.text(&value)),
                "args" => self.arguments(&value, &mut service.arguments),
                "platforms" => {
                    service.platforms = Some(value.items().iter().map(|platform| self.text(platform)).collect());
                }
                "additional_contexts" => {
                    let named =
                        value.items().iter().filter_map(|item| Some(item.text()?.split_once('=')?.0.to_owned()));
                    service.named_contexts.extend(named);
                    service.named_contexts.extend(value.entries().into_iter().map(|entry| entry.key));
                }
                _ => {}
            }
        }
    }

    /// What a service takes over from another one.
    fn extended(&mut self, extends: &Node, document: &Node, file: &Path, depth: usize, service: &mut Service) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let name = match extends.text() {
            Some(name) => Some(name.to_owned()),
            None => extends.get("service").and_then(|name| self.text(&name)),
        };
        let Some(name) = name else { return };
        let mut base = Service { directory: service.directory.clone(), ..Service::default() };
        let find = |document: &Node| document.get("services").and_then(|services| services.get(&name));
        match extends.get("file") {
            None => {
                if let Some(node) = find(document) {
                    self.service(&node, document, file, depth, &mut base);
                }
            }
            Some(other) => {
                let Some(other) = self.text(&other).map(|other| service.directory.join(other)) else { return };
                base.directory = other.parent().map(Path::to_path_buf).unwrap_or_default();
                for document in self.documents(&other) {
                    if let Some(node) = find(&document) {
                        self.service(&node, &document, &other, depth, &mut base);
                    }
                }
            }
        }
        let (name, origin, directory) = (service.name.clone(), service.origin.clone(), base.directory.clone());
        *service = Service { name, origin, directory, ..base };
    }

    fn arguments(&self, node: &Node, arguments: &mut BTreeMap<String, Text>) {
        let of_environment = |name: &str| self.environment.get(name).map(str::to_owned);
        for item in node.items() {
            let Some(written) = item.text() else { continue };
            match written.split_once('=') {
                Some((name, value)) => arguments.insert(name.to_owned(), interpolate(value, &self.environment)),
                None => arguments.insert(written.to_owned(), of_environment(written)),
            };
        }
        for Entry { key, value, .. } in node.entries() {
            let value = if value.is_null() { of_environment(&key) } else { self.printed(&value) };
            arguments.insert(key, value);
        }
    }

    /// A text with its variables replaced.
    fn text(&self, node: &Node) -> Text {
        interpolate(node.text()?, &self.environment)
    }

    /// A value as it is printed into a text: a number is read as one first.
    fn printed(&self, node: &Node) -> Text {
        match &node.value {
            Value::Scalar { text, is_plain: true } if node.tag.is_none() => {
                interpolate(&as_go_prints(text)?, &self.environment)
            }
            _ => self.text(node),
        }
    }
}

impl Service {
    /// Lays what a later file says of the service over this.
    fn lay_over(&mut self, other: Self) {
        if other.replaces {
            let origin = std::mem::take(&mut self.origin);
            *self = Self { origin, ..other };
            return;
        }
        self.is_built |= other.is_built;
        self.is_inline |= other.is_inline;
        self.context = other.context.or(self.context.take());
        self.dockerfile = other.dockerfile.or(self.dockerfile.take());
        self.target = other.target.or(self.target.take());
        self.platform = other.platform.or(self.platform.take());
        // Lists are joined.
        let platforms = [self.platforms.take(), other.platforms];
        if platforms.iter().any(Option::is_some) {
            self.platforms = Some(platforms.into_iter().flatten().flatten().collect());
        }
        self.arguments.extend(other.arguments);
        self.named_contexts.extend(other.named_contexts);
    }

    fn build(&self) -> Option<WrittenBuild> {
        let context = self.context.clone().unwrap_or_else(|| Some(".".to_owned()));
        // What is built from elsewhere, or from a text in the file, is no Dockerfile that anybody checks here.
        if !self.is_built || self.is_inline || context.as_deref().is_some_and(is_remote) {
            return None;
        }
        let context = self.directory.join(context?);
        let dockerfile = context.join(self.dockerfile.clone().unwrap_or_else(|| Some("Dockerfile".to_owned()))?);
        let (known, unknown): (Vec<_>, Vec<_>) =
            self.arguments.clone().into_iter().partition(|(_, value)| value.is_some());
        let one = match self.platforms.as_deref() {
            Some([one]) => one.as_deref(),
            Some([_, _, ..]) => None,
            None | Some([]) => self.platform.as_ref().and_then(Option::as_deref),
        };
        let build = Build {
            context: Some(context),
            target: self.target.clone().flatten(),
            build_arguments: known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            unknown_arguments: unknown.into_iter().map(|(name, _)| name).collect(),
            named_contexts: self.named_contexts.clone(),
            platform: one.and_then(Platform::parse),
            origin: self.origin.clone(),
        };
        Some(WrittenBuild { dockerfile, build })
    }
}
