//! What fixes make of the recorded files: each safe fix by itself keeps what a file means, and all together end, break nothing, and
//! leave nothing to fix.
//!
//! What is compared here is what the model says of a file, where `plimsoll::fix` compares the instructions themselves.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that can't read its data fails")]

mod recorded;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use plimsoll::diagnostic::{Applicability, Diagnostic};
use plimsoll::fix::{self, Dropped, Fixed, Fixer, Level};
use plimsoll::rules::{IgnoreSubject, Preset};
use plimsoll::semantic::{Inputs, Model};
use plimsoll::{Linter, Options, Parsed, parse};
use recorded::conformance;

/// All that the model says of a file.
fn meaning(parsed: &Parsed<'_>) -> Vec<String> {
    let inputs = Inputs::of_check();
    let model = Model::with_inputs(&parsed.dockerfile, &inputs);
    let images = model.images();
    let stages = model.stages.iter().zip(&images);
    stages
        .map(|(stage, image)| {
            let end = model.at_end(stage);
            let sources: Vec<_> = model.edges.iter().filter(|edge| edge.stage == stage.index).collect();
            let sources: Vec<_> = sources.iter().map(|edge| edge.source).collect();
            format!(
                "{:?} {:?} {:?} {:?} {:?} {:?} {sources:?} {image:?}",
                stage.base,
                stage.image,
                end.variables(),
                end.workdir(),
                end.user(),
                model.process(stage, &[]),
            )
        })
        .collect()
}

/// The names of the instructions, in order: `ADD` may become `COPY`.
fn instructions(parsed: &Parsed<'_>) -> Vec<String> {
    let keywords = parsed.dockerfile.instructions.iter().map(|instruction| instruction.keyword.to_uppercase());
    keywords.map(|keyword| keyword.replace("ADD", "COPY")).collect()
}

fn linter() -> Linter {
    Linter::new(Options { preset: Preset::All, ..Options::default() }).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().display().to_string()
}

/// What `look` has to say of each file, in order.
fn each<T: Send>(files: &[PathBuf], look: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    let next = Mutex::new(0..files.len());
    let found = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some(number) = next.lock().unwrap().next() else { return };
                    let answer = look(files.get(number).unwrap());
                    found.lock().unwrap().insert(number, answer);
                }
            });
        }
    });
    found.into_inner().unwrap().into_values().collect()
}

#[test]
fn safe_fixes_keep_the_meaning_one_by_one() {
    let Some(folder) = conformance() else { return };
    let linter = linter();
    let found = each(&files(&folder.join("dockerfiles")), |path| {
        let Ok(text) = std::fs::read_to_string(path) else { return (0, Vec::new()) };
        let parsed = parse(&text);
        let before = meaning(&parsed);
        let found = linter.lint_parsed(&parsed);
        let counts = |name: &str, found: &[Diagnostic]| found.iter().filter(|found| found.name == name).count();
        let (mut fixes, mut failures) = (0, Vec::new());
        for diagnostic in &found {
            let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe) else {
                continue;
            };
            fixes += 1;
            let fixed = fix::apply(&text, fix).unwrap_or_else(|| text.clone());
            let reparsed = parse(&fixed);
            let problem = if reparsed.errors.len() > parsed.errors.len() {
                "breaks the syntax"
            } else if meaning(&reparsed) != before {
                "changes the meaning"
            } else if counts(diagnostic.name, &linter.lint_parsed(&reparsed)) >= counts(diagnostic.name, &found) {
                "does not help"
            } else {
                continue;
            };
            failures.push(format!("{}: {} {problem}: {:?}", name(path), diagnostic.name, fix.edits));
        }
        (fixes, failures)
    });
    let fixes: usize = found.iter().map(|(fixes, _)| fixes).sum();
    let failures: Vec<String> = found.into_iter().flat_map(|(_, failures)| failures).collect();
    println!("{fixes} safe fixes");
    assert!(failures.is_empty(), "{} of {fixes}:\n{}", failures.len(), failures.join("\n"));
}

/// What was fixed in some files, and what is wrong with it.
#[derive(Default)]
struct Account {
    files: usize,
    rounds: usize,
    applied: BTreeMap<&'static str, usize>,
    failures: Vec<String>,
}

impl Account {
    fn of(name: &str, before: &str, fixed: &Fixed, again: &Fixed) -> Self {
        let dropped = |dropped: &Dropped| format!("{name}:{}: {}: {}", dropped.line, dropped.rule.name, dropped.reason);
        let mut failures: Vec<String> = fixed.dropped.iter().map(dropped).collect();
        if again.text != fixed.text {
            failures.push(format!("{name}: fixed twice is not fixed once: {:?}", again.applied));
        }
        if fixed.applied.is_empty() != (before == fixed.text) {
            failures.push(format!("{name}: {:?} are applied, and what is changed says otherwise", fixed.applied));
        }
        let files = usize::from(!fixed.applied.is_empty());
        Self { files, rounds: fixed.rounds, applied: fixed.applied.clone(), failures }
    }

    fn add(mut self, other: Self) -> Self {
        self.files += other.files;
        self.rounds = self.rounds.max(other.rounds);
        for (rule, count) in other.applied {
            *self.applied.entry(rule).or_default() += count;
        }
        self.failures.extend(other.failures);
        self
    }

    /// Prints what was fixed, the most frequent first.
    fn tell(&self, what: &str) {
        let total: usize = self.applied.values().sum();
        println!("{what}: {total} fixes in {} files, at most {} rounds", self.files, self.rounds);
        let mut applied: Vec<_> = self.applied.iter().collect();
        applied.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
        for (rule, count) in applied {
            println!("{count:>7}  {rule}");
        }
    }
}

#[test]
fn dockerfiles_are_fixed() {
    let Some(folder) = conformance() else { return };
    let linter = linter();
    let files = files(&folder.join("dockerfiles"));
    let mut failures = Vec::new();
    for level in [Level::Safe, Level::Unsafe] {
        let accounts = each(&files, |path| {
            let Ok(text) = std::fs::read_to_string(path) else { return Account::default() };
            let fixer = Fixer::new(level);
            let lint = |parsed: &Parsed<'_>| linter.lint_parsed(parsed);
            let fixed = fixer.fix(&text, lint);
            let mut account = Account::of(&name(path), &text, &fixed, &fixer.fix(&fixed.text, lint));
            let (before, after) = (parse(&text), parse(&fixed.text));
            if after.errors.len() > before.errors.len() {
                account.failures.push(format!("{}: a new syntax error: {:?}", name(path), after.errors));
            }
            if level == Level::Safe {
                let pairs = [(meaning(&before), meaning(&after)), (instructions(&before), instructions(&after))];
                for (before, after) in pairs.into_iter().filter(|(before, after)| before != after) {
                    account.failures.push(format!("{}: {before:#?} became {after:#?}", name(path)));
                }
            }
            account
        });
        let account = accounts.into_iter().fold(Account::default(), Account::add);
        account.tell(&format!("Dockerfiles, {level:?}"));
        failures.extend(account.failures);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn ignore_files_are_fixed() {
    let Some(folder) = conformance() else { return };
    let linter = linter();
    let files = files(&folder.join("ignore/files"));
    let mut failures = Vec::new();
    for level in [Level::Safe, Level::Unsafe] {
        let accounts = each(&files, |path| {
            let bytes = std::fs::read(path).unwrap();
            let fixer = Fixer::new(level);
            let lint = |file: &plimsoll::dockerignore::IgnoreFile| linter.lint_ignore_file(&IgnoreSubject::new(file));
            let fixed = fixer.fix_ignore_file(".dockerignore", &bytes, lint);
            let fixed_bytes = plimsoll::source::encode(&fixed.text, &bytes).unwrap();
            let again = fixer.fix_ignore_file(".dockerignore", &fixed_bytes, lint);
            let before = plimsoll::dockerignore::IgnoreFile::parse_bytes(".dockerignore", &bytes).text;
            Account::of(&name(path), &before, &fixed, &again)
        });
        let account = accounts.into_iter().fold(Account::default(), Account::add);
        account.tell(&format!("ignore files, {level:?}"));
        failures.extend(account.failures);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
