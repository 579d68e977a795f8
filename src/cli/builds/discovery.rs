//! The files that describe builds, found above and beside the Dockerfiles.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::environment::Environment;
use super::{Build, Builds, Problem, WrittenBuild, bake, compose};
use crate::cli::files::{Found, Unreadable};

/// The builds that files describe which lie above or beside the Dockerfiles, or that were named.
///
/// Each directory is looked at once. The search begins in the directory of the Dockerfile and ends with the first directory
/// whose files name it; it goes no further than the root of the repository, or where there is none, the working directory.
pub(crate) struct Discovery {
    environment: Environment,
    working_directory: PathBuf,
    /// The files that were named, in place of a search.
    named: Option<Directory>,
    directories: Mutex<HashMap<PathBuf, Arc<OnceLock<Directory>>>>,
}

/// What the files in a directory describe.
#[derive(Default)]
struct Directory {
    builds: Vec<WrittenBuild>,
    problems: Vec<Problem>,
}

impl Discovery {
    /// Looks for files, or reads those that are `named`.
    pub(crate) fn new(named: &[PathBuf], environment: Environment) -> Self {
        let working_directory = std::env::current_dir().and_then(|path| path.canonicalize()).unwrap_or_default();
        let read = || {
            let mut directory = Directory::default();
            for file in named {
                directory.read_file(&resolved(file), &environment);
            }
            directory.finished(&working_directory)
        };
        let named = (!named.is_empty()).then(read);
        Self { environment, working_directory, named, directories: Mutex::default() }
    }

    /// What is wrong with the files that were read, in order.
    pub(crate) fn problems(&self) -> Vec<String> {
        let all = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.values().filter_map(|directory| directory.get()).chain(&self.named);
        let mut problems: Vec<(PathBuf, Option<u32>, String)> = found
            .flat_map(|directory| directory.problems.clone())
            .map(|Problem { file, line, reason }| (file, line, reason))
            .collect();
        problems.sort();
        problems.dedup();
        let shown = |(file, line, reason): (PathBuf, Option<u32>, String)| match line {
            Some(line) => format!("{}:{line}: {reason}", file.display()),
            None => format!("{}: {reason}", file.display()),
        };
        problems.into_iter().map(shown).collect()
    }

    /// The same files, and those in searched directories that are called otherwise, and built as Dockerfiles.
    pub(crate) fn with_named(&self, searched: &[PathBuf], mut found: Vec<Found>) -> Vec<Found> {
        let mut known: HashSet<PathBuf> =
            found.iter().filter_map(|found| found.as_ref().ok()).map(|path| resolved(path)).collect();
        for directory in searched.iter().filter(|path| path.is_dir()) {
            let whole = resolved(directory);
            let named = self.search(&whole, |files| {
                let below = files.builds.iter().filter(|written| written.dockerfile.starts_with(&whole));
                below.filter(|written| written.dockerfile.is_file()).map(|written| written.dockerfile.clone()).collect()
            });
            let is_missing =
                |found: &Found| matches!(found, Err((path, Unreadable::NoDockerfile)) if path == directory);
            if !named.is_empty() {
                found.retain(|found| !is_missing(found));
            }
            for dockerfile in named {
                if known.insert(dockerfile.clone()) {
                    let inside = dockerfile.strip_prefix(&whole).unwrap_or(&dockerfile);
                    found.push(Ok(if directory.as_os_str() == "." {
                        inside.to_path_buf()
                    } else {
                        directory.join(inside)
                    }));
                }
            }
        }
        found
    }

    /// The first that `choose` finds something in, from a directory upwards.
    fn search<T>(&self, from: &Path, choose: impl Fn(&Directory) -> Vec<T>) -> Vec<T> {
        if let Some(named) = &self.named {
            return choose(named);
        }
        let is_root = |directory: &Path| directory.join(".git").exists();
        let last = from.ancestors().find(|directory| is_root(directory));
        let last =
            last.or_else(|| Some(self.working_directory.as_path()).filter(|directory| from.starts_with(directory)));
        let last = last.unwrap_or(from);
        for directory in from.ancestors() {
            let found = choose(self.directory(directory).get_or_init(|| self.read(directory)));
            if !found.is_empty() || directory == last {
                return found;
            }
        }
        Vec::new()
    }

    fn directory(&self, directory: &Path) -> Arc<OnceLock<Directory>> {
        let mut all = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(directory.to_path_buf()).or_default())
    }

    fn read(&self, path: &Path) -> Directory {
        let mut directory = Directory::default();
        let files = compose::files_in(path, &self.environment);
        directory.builds.extend(compose::read(&files, path, &self.environment, &mut directory.problems));
        let files: Vec<PathBuf> =
            bake::NAMES.iter().map(|name| path.join(name)).filter(|file| file.is_file()).collect();
        directory.builds.extend(bake::read(&files, path, &self.environment, &mut directory.problems));
        directory.finished(&self.working_directory)
    }
}

impl Directory {
    fn read_file(&mut self, file: &Path, environment: &Environment) {
        let directory = file.parent().unwrap_or(Path::new(""));
        let files = [file.to_path_buf()];
        let is_yaml = file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        let builds = match is_yaml {
            true => compose::read(&files, directory, environment, &mut self.problems),
            false => bake::read(&files, directory, environment, &mut self.problems),
        };
        self.builds.extend(builds);
    }

    /// The same with paths as people see them from the working directory, and no contexts that are no directories.
    fn finished(mut self, working_directory: &Path) -> Self {
        let shown = |path: &Path| match path.strip_prefix(working_directory) {
            Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
            Ok(inside) => inside.to_path_buf(),
            Err(_) => path.to_path_buf(),
        };
        for written in &mut self.builds {
            let build = &mut written.build;
            build.origin.file = shown(&build.origin.file);
            written.dockerfile = resolved(&written.dockerfile);
            let Some(context) = build.context.take() else { continue };
            if context.is_dir() {
                build.context = Some(shown(&resolved(&context)));
                continue;
            }
            if !written.dockerfile.is_file() {
                continue;
            }
            let reason = format!("the context `{}` is no directory", shown(&clean(&context)).display());
            self.problems.push(Problem { file: build.origin.file.clone(), line: Some(build.origin.line), reason });
        }
        for problem in &mut self.problems {
            problem.file = shown(&problem.file);
        }
        self
    }
}

impl Builds for Discovery {
    fn of(&self, dockerfile: &Path) -> Vec<Build> {
        let dockerfile = resolved(dockerfile);
        self.search(dockerfile.parent().unwrap_or(Path::new("/")), |directory| {
            let builds = directory.builds.iter().filter(|written| written.dockerfile == dockerfile);
            builds.map(|written| written.build.clone()).collect()
        })
    }

    fn that_read(&self, directory: &Path) -> Vec<PathBuf> {
        let wanted = resolved(directory);
        self.search(&wanted, |directory| {
            let reads = |context: &Path| resolved(context) == wanted;
            let builds = directory.builds.iter().filter(|written| written.build.context.as_deref().is_some_and(reads));
            builds.map(|written| written.dockerfile.clone()).collect()
        })
    }
}

/// The path without links and dots, as far as it is there.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let whole = clean(&absolute(path).unwrap_or_else(|_| path.to_path_buf()));
    match (whole.parent().and_then(|parent| parent.canonicalize().ok()), whole.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => whole,
    }
}

/// The path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
