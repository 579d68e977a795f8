//! Which configuration holds for a file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::environment::Environment;
use super::error::{ConfigError, WrongFile, problem, read};
use super::file::{self, ConfigFile};
use super::hadolint::HadolintConfig;
use super::layer::Layer;
use super::patterns::absolute;
use super::settings::Settings;
use crate::source::Span;

/// The names of a configuration.
const NAMES: [&str; 2] = ["plimsoll.toml", ".plimsoll.toml"];

/// A longer chain of configurations that extend one another is a mistake.
const LONGEST_CHAIN: usize = 32;

/// Which configuration is asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Lookup {
    /// The nearest to each file.
    #[default]
    Nearest,
    /// This file, whichever is nearest.
    File(PathBuf),
    /// None.
    Nothing,
}

type Loaded = Result<Arc<Settings>, Arc<ConfigError>>;

/// The configurations of files. Each is read once, and what is found out about a directory is kept: to ask again costs
/// next to nothing.
#[derive(Debug)]
pub(crate) struct Configurations {
    lookup: Lookup,
    environment: Environment,
    command_line: Layer,
    by_directory: Mutex<HashMap<PathBuf, Loaded>>,
    by_file: Mutex<HashMap<Option<PathBuf>, Loaded>>,
    here: Mutex<HashMap<PathBuf, Here>>,
}

/// The configurations in a directory.
#[derive(Clone, Debug)]
struct Here {
    own: Result<Option<PathBuf>, Arc<ConfigError>>,
    hadolint: Option<PathBuf>,
}

impl Configurations {
    /// Those that `lookup` finds, each outweighed by what the command line says.
    pub(crate) fn new(lookup: Lookup, environment: Environment, command_line: Layer) -> Self {
        Self {
            lookup,
            environment,
            command_line,
            by_directory: Mutex::default(),
            by_file: Mutex::default(),
            here: Mutex::default(),
        }
    }

    /// What holds for a file; its name need not exist.
    pub(crate) fn of(&self, file: &Path) -> Loaded {
        let file = self.absolute(file);
        self.of_directory(file.parent().unwrap_or(Path::new("/")))
    }

    /// What holds in the working directory.
    pub(crate) fn of_working_directory(&self) -> Loaded {
        self.of_directory(self.environment.working_directory().unwrap_or(Path::new("/")))
    }

    /// A path from the root on.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        match self.environment.working_directory() {
            Some(directory) => absolute(&directory.join(path)),
            None => absolute(path),
        }
    }

    fn of_directory(&self, directory: &Path) -> Loaded {
        if let Some(loaded) = lock(&self.by_directory).get(directory) {
            return loaded.clone();
        }
        let loaded = match &self.lookup {
            Lookup::Nothing => self.load(None),
            Lookup::File(file) => self.load(Some(self.absolute(file))),
            Lookup::Nearest => self.nearest(directory).and_then(|file| self.load(file)),
        };
        lock(&self.by_directory).insert(directory.to_path_buf(), loaded.clone());
        loaded
    }

    fn nearest(&self, directory: &Path) -> Result<Option<PathBuf>, Arc<ConfigError>> {
        for ancestor in directory.ancestors() {
            if let Some(file) = self.here(ancestor).own? {
                return Ok(Some(file));
            }
        }
        let nearest = directory.ancestors().find_map(|ancestor| self.here(ancestor).hadolint);
        Ok(nearest.or_else(|| self.environment.hadolint_files().find_map(|stem| hadolint_file(&stem))))
    }

    fn here(&self, directory: &Path) -> Here {
        if let Some(here) = lock(&self.here).get(directory) {
            return here.clone();
        }
        let [plain, hidden] = NAMES.map(|name| Some(directory.join(name)).filter(|file| file.is_file()));
        let own = match (plain, hidden) {
            (Some(_), Some(_)) => Err(Arc::new(ConfigError::Ambiguous(directory.to_path_buf(), NAMES))),
            (plain, hidden) => Ok(plain.or(hidden)),
        };
        let here = Here { own, hadolint: hadolint_file(&directory.join(".hadolint")) };
        lock(&self.here).insert(directory.to_path_buf(), here.clone());
        here
    }

    fn load(&self, file: Option<PathBuf>) -> Loaded {
        // Many files ask for one configuration at once: one of them reads it.
        let mut all = lock(&self.by_file);
        if let Some(loaded) = all.get(&file) {
            return loaded.clone();
        }
        let layers = file.as_deref().map_or_else(|| Ok(Vec::new()), |file| self.chain(file));
        let loaded = layers.map_err(Arc::new).map(|mut layers| {
            layers.push(self.command_line.clone());
            Arc::new(Settings::new(layers))
        });
        all.insert(file, loaded.clone());
        loaded
    }

    /// What a file says, and before it what those say that it extends.
    fn chain(&self, file: &Path) -> Result<Vec<Layer>, ConfigError> {
        let mut layers = Vec::new();
        let mut read_so_far: Vec<PathBuf> = Vec::new();
        let mut next = Some(file.to_path_buf());
        // Who extends the next one: the file, its text, and where it says so.
        let mut by: Option<(PathBuf, String, Span)> = None;
        while let Some(path) = next.take() {
            let is_read = read_so_far.contains(&path) || read_so_far.len() >= LONGEST_CHAIN;
            if let Some((file, text, span)) = by.as_ref().filter(|_| is_read) {
                let message = format!("`{}` is extended by itself", path.display());
                return Err(wrong(file, text, vec![problem(*span, message, Some("delete one `extend`".to_owned()))]));
            }
            let text = read(&path).map_err(|error| match (&by, error) {
                (Some((file, text, span)), ConfigError::Unreadable(path, reason)) => {
                    wrong(file, text, vec![problem(*span, format!("{}: {reason}", path.display()), None)])
                }
                (_, error) => error,
            })?;
            if is_yaml(&path) {
                let config = HadolintConfig::read(&path, &text).map_err(|problems| wrong(&path, &text, problems))?;
                let layer = HadolintConfig::of_environment(&self.environment).and(config).into_layer();
                layers.push(Layer { file: Some(path.clone()), ..layer });
            } else {
                let ConfigFile { layer, extend, problems } = file::read(&path, &text);
                if !problems.is_empty() {
                    return Err(wrong(&path, &text, problems));
                }
                layers.push(Layer { file: Some(path.clone()), ..layer });
                next = extend.map(|(base, span)| {
                    by = Some((path.clone(), text, span));
                    base
                });
            }
            read_so_far.push(path);
        }
        layers.reverse();
        Ok(layers)
    }

    /// What a file of hadolint says.
    pub(crate) fn of_hadolint_file(file: &Path) -> Result<HadolintConfig, ConfigError> {
        let path = absolute(file);
        let text = read(&path)?;
        HadolintConfig::read(&path, &text).map_err(|problems| wrong(&path, &text, problems))
    }

    /// The configuration that hadolint would read, and what its environment says.
    pub(crate) fn of_hadolint(environment: &Environment, file: Option<&Path>) -> Result<HadolintConfig, ConfigError> {
        let variables = HadolintConfig::of_environment(environment);
        let found = file.map(absolute).or_else(|| environment.hadolint_files().find_map(|stem| hadolint_file(&stem)));
        let Some(path) = found else { return Ok(variables) };
        Ok(variables.and(Self::of_hadolint_file(&path)?))
    }
}

fn wrong(path: &Path, text: &str, problems: Vec<crate::diagnostic::Diagnostic>) -> ConfigError {
    ConfigError::Wrong(WrongFile { path: path.to_path_buf(), text: text.to_owned(), problems })
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// hadolint's file, whichever ending it has.
fn hadolint_file(stem: &Path) -> Option<PathBuf> {
    let with = |ending: &str| {
        let mut name = stem.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    [with(".yaml"), with(".yml")].into_iter().find(|file| file.is_file())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
