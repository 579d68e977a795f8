//! Builds in `compose.yaml`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::compose_value::{Node, printed, replaces, text};
use super::description::{Description, Text};
use super::environment::{self, Environment};
use super::interpolation::interpolate;
use super::{BuildOrigin, Problem, WrittenBuild};
use crate::source::LineIndex;
use crate::yaml::{Kind, Yaml};

/// What `docker compose` looks for, the first that there is.
pub(super) const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// What it lays over that, the first that there is.
pub(super) const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Files that are included, and services that extend others, nest no deeper.
const DEEPEST: usize = 16;
/// So many entries of lists and tables are followed in one project, and no more.
const MOST: usize = 1 << 18;

/// A service, as far as it is built.
#[derive(Clone, Default)]
struct Service {
    name: String,
    origin: BuildOrigin,
    /// Whether there is a build at all.
    is_built: bool,
    build: Description,
    /// What it runs on.
    platform: Option<Text>,
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
    let mut read = Files { read: HashMap::new(), left: Some(MOST), problems: Vec::new() };
    let mut reader = Reader { environment: process.with_file_in(directory), files: &mut read };
    let mut services = reader.project(files, directory, DEEPEST);
    if let (None, Some(file)) = (read.left, files.first()) {
        read.problem(file, None, "it includes and repeats more than can be followed, and is passed over".to_owned());
        services.clear();
    }
    problems.append(&mut read.problems);
    services.into_iter().filter_map(Service::build).collect()
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

/// The files of a project, each read once, and how much of them may still be followed: files include others and nodes stand in
/// many places, so that a short text can say more than anybody could read.
struct Files {
    read: HashMap<PathBuf, Rc<File>>,
    /// None where it was too much.
    left: Option<usize>,
    problems: Vec<Problem>,
}

/// A file that was read.
struct File {
    yaml: Yaml<'static>,
    lines: LineIndex,
}

impl Files {
    fn open(&mut self, path: &Path) -> Rc<File> {
        if let Some(file) = self.read.get(path) {
            return Rc::clone(file);
        }
        let text = super::text_of(path).map_err(|reason| self.problem(path, None, reason)).unwrap_or_default();
        let lines = LineIndex::new(&text);
        let text = if self.may_follow(opened(&text)) { text.as_str() } else { "" };
        let yaml = match Yaml::documents(text) {
            Ok(yaml) => yaml.into_owned(),
            Err(error) => {
                self.problem(path, Some(lines.line(error.span.start)), error.message);
                Yaml::default()
            }
        };
        let file = Rc::new(File { yaml, lines });
        self.read.insert(path.to_path_buf(), Rc::clone(&file));
        file
    }

    fn problem(&mut self, file: &Path, line: Option<u32>, reason: String) {
        self.problems.push(Problem { file: file.to_path_buf(), line, reason });
    }

    fn may_follow(&mut self, much: usize) -> bool {
        self.left = self.left.and_then(|left| left.checked_sub(much));
        self.left.is_some()
    }

    fn items<'y>(&mut self, list: Node<'y>) -> impl Iterator<Item = Node<'y>> + use<'y> {
        let list = self.may_follow(1 + list.len()).then_some(list);
        list.into_iter().flat_map(|list| list.items())
    }

    fn entries<'y>(&mut self, table: Node<'y>) -> impl Iterator<Item = (Node<'y>, Node<'y>)> + use<'y> {
        let table = self.may_follow(1 + table.len()).then_some(table);
        table.into_iter().flat_map(|table| table.entries())
    }
}

/// Who opens many files, or large ones, follows as much as they could hold.
fn opened(text: &str) -> usize {
    256 + text.len() / 64
}

struct Reader<'r> {
    environment: Environment,
    files: &'r mut Files,
}

impl Reader<'_> {
    fn project(&mut self, files: &[PathBuf], directory: &Path, depth: usize) -> Vec<Service> {
        let mut services: Vec<Service> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for path in files {
            let file = self.files.open(path);
            for document in file.yaml.roots() {
                let before = services.len();
                self.included(document, directory, depth, &mut services);
                for (place, service) in services.iter().enumerate().skip(before) {
                    places.entry(service.name.clone()).or_insert(place);
                }
                let own = document.get("services").map(|services| self.files.entries(services));
                for (key, node) in own.into_iter().flatten() {
                    let name = key.text().unwrap_or_default().to_owned();
                    let line = file.lines.line(key.span().start);
                    let origin = BuildOrigin { file: path.clone(), line, name: Some(name.clone()) };
                    let mut service =
                        Service { name, origin, directory: directory.to_path_buf(), ..Service::default() };
                    self.service(node, document, depth, &mut service);
                    match places.get(&service.name).and_then(|place| services.get_mut(*place)) {
                        Some(known) => known.lay_over(service),
                        None => {
                            places.insert(service.name.clone(), services.len());
                            services.push(service);
                        }
                    }
                }
            }
        }
        services
    }

    /// What other projects bring that are included.
    fn included(&mut self, document: Node<'_>, directory: &Path, depth: usize, services: &mut Vec<Service>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Some(includes) = document.get("include") else { return };
        for include in self.files.items(includes) {
            let paths: Vec<Text> = match include.get("path") {
                None => vec![self.text(include)],
                Some(path) if text(path).is_some() => vec![self.text(path)],
                Some(paths) => self.files.items(paths).map(|path| self.text(path)).collect(),
            };
            let files: Vec<PathBuf> = paths.into_iter().flatten().map(|path| directory.join(path)).collect();
            let own = include.get("project_directory").and_then(|own| self.text(own)).map(|own| directory.join(own));
            let beside = files.first().and_then(|file| file.parent()).map(Path::to_path_buf);
            let Some(directory) = own.or(beside) else { continue };
            let files: Vec<PathBuf> = files.into_iter().filter(|file| file.is_file()).collect();
            let Some(environment) = self.environment_in(&directory) else { return };
            let mut reader = Reader { environment, files: &mut *self.files };
            services.extend(reader.project(&files, &directory, depth));
        }
    }

    /// What holds in the directory of a project that is included.
    fn environment_in(&mut self, directory: &Path) -> Option<Environment> {
        let text = environment::text_in(directory);
        if text.is_empty() {
            return Some(self.environment.clone());
        }
        let much = opened(&text) + self.environment.len();
        self.files.may_follow(much).then(|| self.environment.with_text(&text))
    }

    fn service(&mut self, node: Node<'_>, document: Node<'_>, depth: usize, service: &mut Service) {
        if let Some(extends) = node.get("extends") {
            self.extended(extends, document, depth, service);
        }
        if let Some(platform) = node.get("platform") {
            service.platform = Some(self.text(platform));
        }
        let Some(build) = node.get("build") else { return };
        let is_null = build.kind() == Kind::Null;
        if is_null || replaces(build) {
            *service = Service {
                name: std::mem::take(&mut service.name),
                origin: std::mem::take(&mut service.origin),
                directory: std::mem::take(&mut service.directory),
                platform: service.platform.take(),
                replaces: build.tag().is_some(),
                ..Service::default()
            };
        }
        if is_null {
            return;
        }
        service.is_built = true;
        if build.text().is_some() {
            service.build.context = Some(self.text(build));
            return;
        }
        for (key, value) in self.files.entries(build) {
            match key.text().unwrap_or_default() {
                "context" => service.build.context = Some(self.text(value)),
                "dockerfile" => service.build.dockerfile = Some(self.text(value)),
                "dockerfile_inline" => service.build.is_inline = value.kind() != Kind::Null,
                "target" => service.build.target = Some(self.text(value)),
                "args" => self.arguments(value, &mut service.build.arguments),
                "platforms" => {
                    service.build.platforms =
                        Some(self.files.items(value).map(|platform| self.text(platform)).collect());
                }
                "additional_contexts" => {
                    let listed = self.files.items(value).filter_map(|item| Some(text(item)?.split_once('=')?.0));
                    service.build.named_contexts.extend(listed.map(str::to_owned));
                    let named = self.files.entries(value).filter_map(|(key, _)| key.text());
                    service.build.named_contexts.extend(named.map(str::to_owned));
                }
                _ => {}
            }
        }
    }

    /// What a service takes over from another one.
    fn extended(&mut self, extends: Node<'_>, document: Node<'_>, depth: usize, service: &mut Service) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.files.may_follow(1)) else { return };
        let name = match text(extends) {
            Some(name) => Some(name.to_owned()),
            None => extends.get("service").and_then(|name| self.text(name)),
        };
        let Some(name) = name else { return };
        let mut base = Service { directory: service.directory.clone(), ..Service::default() };
        match extends.get("file") {
            None => self.base(&name, document, depth, &mut base),
            Some(other) => {
                let Some(other) = self.text(other).map(|other| service.directory.join(other)) else { return };
                base.directory = other.parent().map(Path::to_path_buf).unwrap_or_default();
                for document in self.files.open(&other).yaml.roots() {
                    self.base(&name, document, depth, &mut base);
                }
            }
        }
        let (name, origin, directory) = (service.name.clone(), service.origin.clone(), base.directory.clone());
        *service = Service { name, origin, directory, ..base };
    }

    fn base(&mut self, name: &str, document: Node<'_>, depth: usize, base: &mut Service) {
        if let Some(node) = document.get("services").and_then(|services| services.get(name)) {
            self.service(node, document, depth, base);
        }
    }

    fn arguments(&mut self, node: Node<'_>, arguments: &mut BTreeMap<String, Text>) {
        for item in self.files.items(node) {
            let Some(written) = text(item) else { continue };
            let (name, value) = match written.split_once('=') {
                Some((name, value)) => (name, self.replaced(value)),
                None => (written, self.of_environment(written)),
            };
            arguments.insert(name.to_owned(), value);
        }
        for (key, value) in self.files.entries(node) {
            let name = key.text().unwrap_or_default();
            let value = match value.kind() {
                Kind::Null => self.of_environment(name),
                _ => printed(value).and_then(|value| self.replaced(&value)),
            };
            arguments.insert(name.to_owned(), value);
        }
    }

    fn of_environment(&mut self, name: &str) -> Text {
        let value = self.environment.get(name)?;
        self.files.may_follow(value.len() / 64).then(|| value.to_owned())
    }

    /// A text with its variables replaced.
    fn text(&mut self, node: Node<'_>) -> Text {
        self.replaced(text(node)?)
    }

    fn replaced(&mut self, written: &str) -> Text {
        let text = interpolate(written, &self.environment)?;
        self.files.may_follow(text.len() / 64).then_some(text)
    }
}

impl Service {
    /// Lays what a later file says of the service over this.
    fn lay_over(&mut self, mut other: Self) {
        if other.replaces {
            let origin = std::mem::take(&mut self.origin);
            *self = Self { origin, ..other };
            return;
        }
        self.is_built |= other.is_built;
        self.platform = other.platform.or(self.platform.take());
        // Lists are joined.
        let platforms = [self.build.platforms.take(), other.build.platforms.take()];
        if platforms.iter().any(Option::is_some) {
            other.build.platforms = Some(platforms.into_iter().flatten().flatten().collect());
        }
        self.build.lay_over(other.build);
    }

    fn build(mut self) -> Option<WrittenBuild> {
        if self.build.platforms.as_ref().is_none_or(Vec::is_empty) {
            self.build.platforms = self.platform.map(|platform| vec![platform]);
        }
        self.build.build(&self.directory, self.origin).filter(|_| self.is_built)
    }
}
