//! What fixes make of the recorded files: each safe fix by itself keeps what a file means, and all together end, break nothing, and
//! leave nothing to fix.
//!
//! What is compared here is what the model says of a file, where the proof of a fix compares the instructions themselves.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that can't read its data fails"
)]

mod recorded;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use plimsoll::diagnostic::{Applicability, Diagnostic, Edit, Fix, Severity};
use plimsoll::fix::invariants::{changed, means_as_declared, violations};
use plimsoll::fix::{self, Dropped, Fixed, Fixer, Level, Reason};
use plimsoll::rules::{self, IgnoreSubject, Preset, Rule};
use plimsoll::{Linter, Options, Parsed, Span, parse};
use recorded::conformance;

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
            } else if !changed(&parsed, &reparsed, means_as_declared).is_empty() {
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
    fn of(name: &str, fixed: &Fixed, failures: Vec<String>) -> Self {
        let failures = failures.into_iter().map(|failure| format!("{name}: {failure}")).collect();
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
            let (fixed, failures) = violations(&text, level, |parsed| linter.lint_parsed(parsed));
            Account::of(&name(path), &fixed, failures)
        });
        let account = accounts.into_iter().fold(Account::default(), Account::add);
        account.tell(&format!("Dockerfiles, {level:?}"));
        failures.extend(account.failures);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// The cases of the rules, which hold what no recorded file does.
#[test]
fn fixtures_are_fixed() {
    let linter = linter();
    let folders = files(&recorded::fixtures().join("rules"));
    let mut cases: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder)).collect();
    cases.retain(|path| path.extension().is_some_and(|ending| ending == "Dockerfile"));
    assert!(cases.len() > 200, "{} cases", cases.len());
    let mut failures = Vec::new();
    for level in [Level::Safe, Level::Unsafe] {
        let accounts = each(&cases, |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let name = path.strip_prefix(recorded::fixtures()).unwrap().display().to_string();
            let (fixed, failures) = violations(&text, level, |parsed| linter.lint_parsed(parsed));
            Account::of(&name, &fixed, failures)
        });
        let account = accounts.into_iter().fold(Account::default(), Account::add);
        account.tell(&format!("fixtures, {level:?}"));
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
            let after = plimsoll::source::encode(&fixed.text, &bytes).unwrap();
            let again = fixer.fix_ignore_file(".dockerignore", &after, lint);
            let mut failures: Vec<String> = fixed.dropped.iter().map(|dropped| format!("{dropped:?}")).collect();
            if again.text != fixed.text {
                failures.push(format!("fixed twice is not fixed once: {:?}", again.applied));
            }
            Account::of(&name(path), &fixed, failures)
        });
        let account = accounts.into_iter().fold(Account::default(), Account::add);
        account.tell(&format!("ignore files, {level:?}"));
        failures.extend(account.failures);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// A finding of a rule, with a fix that the rule takes for safe.
fn finding(rule: &Rule, edits: Vec<Edit>) -> Diagnostic {
    Diagnostic {
        code: rule.code,
        name: rule.name,
        severity: Severity::Warning,
        span: edits.first().map(|edit| edit.span).unwrap_or_default(),
        message: "".into(),
        help: None,
        fix: Some(Fix { title: "".into(), applicability: Applicability::Safe, edits }),
        related: Vec::new(),
    }
}

/// What comes of fixes that are offered once.
fn fixed_once(text: &str, findings: &[Diagnostic]) -> Fixed {
    let lint = |parsed: &Parsed<'_>| if parsed.dockerfile.text == text { findings.to_vec() } else { Vec::new() };
    Fixer::new(Level::Safe).fix(text, lint)
}

#[test]
fn a_fix_that_is_wrong_is_left_out() {
    // The rule, what is written for what, and what comes of it.
    type Case<'c> = (&'c Rule, &'c str, &'c [(&'c str, &'c str)], Result<(), Reason>);
    let (plain, options) = (&rules::from_as_casing::RULE, &rules::apt_get_yes::RULE);
    let (name, add, platform) =
        (&rules::use_apt_get::RULE, &rules::use_copy_not_add::RULE, &rules::redundant_target_platform::RULE);
    let (append, comments, once) =
        (&rules::clean_zypper_cache::RULE, &rules::unused_ignore::RULE, &rules::multiple_entrypoint::RULE);
    let meaning = Err(Reason::Meaning);
    let cases: [Case<'_>; 73] = [
        (plain, "FROM a as b\n", &[("as", "AS")], Ok(())),
        (plain, "FROM a as b\n", &[("as b", "")], meaning),
        (plain, "FROM a as b\n", &[("as b", "as c")], meaning),
        (plain, "FROM a as b\n", &[("a as", "c as")], meaning),
        (plain, "FROM a as b\n", &[("as b", "as")], Err(Reason::Syntax)),
        (plain, "FROM a\nRUN b\n", &[("RUN", "RNU")], Err(Reason::Syntax)),
        (plain, "FROM a\nRUN b\n", &[("RUN b\n", "")], meaning),
        (plain, "FROM a\nRUN b\n", &[("RUN", "run")], Ok(())),
        (plain, "FROM a\nRUN b\n", &[("RUN", "ENV x=y\nRUN")], meaning),
        (plain, "FROM a\nRUN b\n", &[("RUN", "#\nRUN")], meaning),
        (plain, "FROM a\nRUN b \\\n\n c\n", &[("\n\n", "\n")], Ok(())),
        (plain, "FROM a\nRUN b  c\n", &[("  ", " ")], meaning),
        (plain, "FROM a\nRUN b c\n", &[("b c", "b -y c")], meaning),
        (plain, "FROM a\nRUN <<X\nb\nX\n", &[("\nb", "\nc")], meaning),
        (plain, "FROM a\nCOPY <<X /\nb\nX\n", &[("\nb", "\nc")], meaning),
        (plain, "FROM a\n# b\nRUN c\n", &[("# b\n", "")], meaning),
        (plain, "# escape=`\nFROM a\n", &[("`", "\\")], meaning),
        (plain, "# syntax=x\nFROM a\n", &[("x", "y")], meaning),
        (plain, "FROM a\nENV b c d\n", &[(" c d", "=\"c d\"")], Ok(())),
        (plain, "FROM a\nENV b c d\n", &[(" c d", "=c d")], Err(Reason::Syntax)),
        (plain, "FROM a\nENV b c d\n", &[(" c d", "=c d=e")], meaning),
        (plain, "FROM a\nENV b $c\n", &[(" $c", "=\"$c\"")], Ok(())),
        (plain, "FROM a\nENV b $c\n", &[(" $c", "='$c'")], meaning),
        (plain, "FROM a\nENV b=c\n", &[("=c", "=\"c\"")], Ok(())),
        (plain, "FROM a\nLABEL b=c d=e\n", &[("b=c d=e", "d=e b=c")], meaning),
        (plain, "FROM a\nEXPOSE 80/TCP\n", &[("80/TCP", "80")], Ok(())),
        (plain, "FROM a\nEXPOSE 80/udp\n", &[("80/udp", "80")], meaning),
        (plain, "FROM a AS B\nFROM c\nCOPY --from=B d e\n", &[("B", "b"), ("=B", "=b")], Ok(())),
        (plain, "FROM a AS b\nFROM b\n", &[("AS b", "AS c")], meaning),
        (plain, "FROM a AS B\nFROM c\nCOPY --from=D d e\n", &[("=D", "=d")], meaning),
        (plain, "FROM a AS b\nFROM c\nRUN --mount=from=B,target=/b d\n", &[("=B", "=b")], Ok(())),
        (plain, "FROM a\nCMD [\"b\"]\n", &[("[\"b\"]", "b")], meaning),
        (plain, "FROM a\nCMD b\nCMD c\n", &[("CMD b\n", "")], meaning),
        (plain, "FROM a\nUSER b\n", &[("USER b", "USER c")], meaning),
        (plain, "FROM a\nVOLUME b c\n", &[("b c", "[\"b\", \"c\"]")], Ok(())),
        (plain, "FROM a\nONBUILD RUN b\n", &[("b\n", "c\n")], meaning),
        (options, "FROM a\nRUN b c\n", &[("b c", "b -y c")], Ok(())),
        (options, "FROM a\nRUN b c\n", &[("b c", "b -y d")], meaning),
        (options, "FROM a\nONBUILD RUN b c\n", &[("b c", "b -y c")], Ok(())),
        (options, "FROM a\nRUN b \\\n  c\n", &[("b", "b -y")], Ok(())),
        (options, "FROM a\nSHELL [\"cmd\"]\nRUN b c\n", &[("b c", "b -y c")], meaning),
        (name, "FROM a\nRUN b c\n", &[("b c", "d c")], Ok(())),
        (name, "FROM a\nRUN b c\n", &[("b c", "b d")], meaning),
        (append, "FROM a\nRUN b c\n", &[("c", "c && d")], Ok(())),
        (append, "FROM a\nRUN b c\n", &[("c", "e && d")], meaning),
        (append, "FROM a\nRUN b c\n", &[("b", "d && b")], meaning),
        (options, "FROM a\nRUN b c\n", &[("c", "c && d")], meaning),
        (comments, "FROM a\n# b\nRUN c\n", &[("# b\n", "")], Ok(())),
        (comments, "FROM a\n# b\n# c\nRUN d\n", &[("# b\n", "#\n")], Ok(())),
        (comments, "# check=skip=all\nFROM a\n", &[("skip=all", "error=true")], Ok(())),
        (comments, "# syntax=a\nFROM a\n", &[("# syntax=a\n", "")], meaning),
        (comments, "FROM a\n# b\nRUN c\n", &[("# b\nRUN c", "RUN d")], meaning),
        (plain, "FROM a\nWORKDIR /b\nWORKDIR c\n", &[("WORKDIR c", "WORKDIR /b/c")], Ok(())),
        (plain, "FROM a\nWORKDIR /b\nWORKDIR c/\n", &[("WORKDIR c/", "WORKDIR /b/c")], Ok(())),
        (plain, "FROM a\nWORKDIR /b\nWORKDIR c\n", &[("WORKDIR c", "WORKDIR /c")], meaning),
        (plain, "FROM a\nWORKDIR c\n", &[("WORKDIR c", "WORKDIR /c")], meaning),
        (plain, "FROM a\nONBUILD WORKDIR c\n", &[("WORKDIR c", "WORKDIR /c")], meaning),
        (plain, "FROM a\nWORKDIR /b\nONBUILD WORKDIR c\n", &[("WORKDIR c", "WORKDIR /b/c")], meaning),
        (plain, "FROM scratch\nCOPY b .\n", &[(" .", " /")], Ok(())),
        (plain, "FROM scratch\nCOPY b c/\n", &[("c/", "/c")], meaning),
        (plain, "FROM scratch\nCOPY b c/\n", &[("c/", "/c/")], Ok(())),
        (once, "FROM a\nCMD b\nUSER c\nCMD b\n", &[("CMD b\n", "")], Ok(())),
        (once, "FROM a\nCMD b\nUSER c\nCMD d\n", &[("CMD b\n", "")], Ok(())),
        (once, "FROM a\nCMD b\nUSER c\nCMD d\n", &[("CMD d\n", "")], meaning),
        (once, "FROM a\nUSER c\nCMD d\n", &[("CMD d\n", "")], meaning),
        (once, "FROM a\nHEALTHCHECK NONE\nHEALTHCHECK CMD b\n", &[("HEALTHCHECK NONE\n", "")], Ok(())),
        (once, "FROM a\nHEALTHCHECK NONE\nHEALTHCHECK CMD b\n", &[("HEALTHCHECK CMD b\n", "")], meaning),
        (once, "FROM a\nENTRYPOINT b\nCMD c\nENTRYPOINT b\n", &[("ENTRYPOINT b\n", "")], Ok(())),
        (once, "FROM a\nUSER b\nUSER b\n", &[("USER b\n", "")], meaning),
        (plain, "FROM a\nCMD b\nCMD b\n", &[("CMD b\n", "")], meaning),
        (add, "FROM a\nADD b c\n", &[("ADD", "COPY")], Ok(())),
        (add, "FROM a\nCOPY b c\n", &[("COPY", "ADD")], meaning),
        (platform, "FROM --platform=$BUILDPLATFORM a\n", &[(" --platform=$BUILDPLATFORM", "")], meaning),
    ];
    let mut failures = Vec::new();
    for (rule, text, edits, expected) in cases {
        let edit = |(old, new): &(&str, &str)| {
            let start = text.find(old).unwrap();
            Edit { span: Span::of_range(start..start + old.len()), text: (*new).to_owned() }
        };
        let fixed = fixed_once(text, &[finding(rule, edits.iter().map(edit).collect())]);
        let found = fixed.dropped.first().map_or(Ok(()), |dropped| Err(dropped.reason));
        if found != expected || fixed.applied.is_empty() != expected.is_err() {
            failures.push(format!("{}: {text:?} {edits:?}: {expected:?} expected, {found:?} found", rule.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn one_wrong_fix_takes_no_other_with_it() {
    let lines: String = (0..100).map(|number| format!("env a{number} b\n")).collect();
    let text = format!("FROM a\n{lines}");
    let wrong = [3, 50, 51, 99];
    let findings: Vec<Diagnostic> = text
        .match_indices("env")
        .enumerate()
        .map(|(number, (at, _))| {
            let new = if wrong.contains(&number) { "arg" } else { "ENV" };
            finding(&rules::from_as_casing::RULE, vec![Edit { span: Span::of_range(at..at + 3), text: new.to_owned() }])
        })
        .collect();
    let fixed = fixed_once(&text, &findings);
    assert_eq!(fixed.applied["from-as-casing"], 96);
    let dropped: Vec<_> = fixed.dropped.iter().map(|dropped| (dropped.line, dropped.reason)).collect();
    assert_eq!(dropped, [5, 52, 53, 101].map(|line| (line, Reason::Meaning)));
    assert_eq!(fixed.text.matches("ENV").count(), 96);
}

#[test]
fn fixes_that_undo_each_other_end() {
    let rule = &rules::from_as_casing::RULE;
    let lint = |parsed: &Parsed<'_>| {
        let at = parsed.dockerfile.text.to_lowercase().find(" as ").unwrap() + 1;
        let new = if parsed.dockerfile.text.contains(" as ") { "AS" } else { "as" };
        vec![finding(rule, vec![Edit { span: Span::of_range(at..at + 2), text: new.to_owned() }])]
    };
    let fixed = Fixer::new(Level::Safe).fix("FROM a as b\n", lint);
    assert_eq!((fixed.rounds, fixed.applied["from-as-casing"], fixed.text.as_str()), (10, 10, "FROM a as b\n"));
    assert_eq!(fixed.dropped, [Dropped { rule, line: 1, reason: Reason::Endless }]);
}

#[test]
fn a_level_and_a_rule_say_what_is_fixed() {
    let text = "FROM alpine:3.22 as b\nADD x /y\nRUN apk add a=1\n";
    let linter = Linter::new(Options::default()).unwrap();
    let lines = |fixer: Fixer<'_>| {
        let fixed = fixer.fix(text, |parsed| linter.lint_parsed(parsed));
        let lines: Vec<usize> = text
            .lines()
            .zip(fixed.text.lines())
            .enumerate()
            .filter(|(_, (old, new))| old != new)
            .map(|(number, _)| number + 1)
            .collect();
        lines
    };
    assert_eq!(lines(Fixer::new(Level::Safe)), [1, 3]);
    assert_eq!(lines(Fixer::new(Level::Unsafe)), [1, 2, 3]);
    assert_eq!(lines(Fixer::new(Level::Safe).only(&rules::no_apk_cache::RULE)), [3]);
    assert_eq!(lines(Fixer::new(Level::Unsafe).only(&rules::use_copy_not_add::RULE)), [2]);
    assert!(lines(Fixer::new(Level::Safe).only(&rules::use_copy_not_add::RULE)).is_empty());
}

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

/// Some change of a text that is no fix at all.
fn any_edit(text: &str, numbers: &mut Numbers) -> Edit {
    let boundary = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
    let at = boundary(numbers.below(text.len() + 1));
    let next = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1)
        ..text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1);
    let special =
        ["\"", "'", "\\", " ", "$", "a", "\n", "#", "=", "A", "\\\n", "\t", "/", ",", "-y ", "${x}"][numbers.below(16)];
    let (range, new) = match numbers.below(6) {
        0 => (at..next, String::new()),
        1 => (at..at, special.to_owned()),
        2 => (at..next, special.to_owned()),
        3 => (line, String::new()),
        4 => (line.start..line.start, text[line].to_owned()),
        _ => (
            at..next,
            if text[at..next].chars().any(char::is_uppercase) {
                text[at..next].to_lowercase()
            } else {
                text[at..next].to_uppercase()
            },
        ),
    };
    Edit { span: Span::of_range(range), text: new }
}

#[test]
fn what_changes_the_meaning_is_never_taken_for_safe() {
    let Some(folder) = conformance() else { return };
    // One rule may change nothing, the other add options: then all other words stay.
    type Same = fn(&str, &str) -> bool;
    let scripts: [(&Rule, Same); 2] = [
        (&rules::from_as_casing::RULE, |before, after| before == after),
        (&rules::apt_get_yes::RULE, means_as_declared),
    ];
    let found = each(&files(&folder.join("dockerfiles")), |path| {
        let Ok(text) = std::fs::read_to_string(path) else { return (0, 0, Vec::new()) };
        let mut numbers = Numbers(name(path).bytes().fold(7, |hash, byte| hash * 31 % 1_000_003 + u64::from(byte)));
        let parsed = parse(&text);
        let (mut tried, mut taken, mut failures) = (0, 0, Vec::new());
        for (rule, same) in scripts {
            for _ in 0..6 {
                let edit = any_edit(&text, &mut numbers);
                let fixed = fixed_once(&text, &[finding(rule, vec![edit.clone()])]);
                tried += 1;
                if fixed.applied.is_empty() {
                    continue;
                }
                taken += 1;
                for changed in changed(&parsed, &parse(&fixed.text), same) {
                    failures.push(format!("{}: {edit:?} is taken for safe:\n{changed}", name(path)));
                }
            }
        }
        (tried, taken, failures)
    });
    let (tried, taken) = found.iter().fold((0, 0), |(tried, taken), found| (tried + found.0, taken + found.1));
    let failures: Vec<String> = found.into_iter().flat_map(|(.., failures)| failures).collect();
    println!("{taken} of {tried} changes keep the meaning");
    assert!(failures.is_empty(), "{} of {taken}:\n{}", failures.len(), failures.join("\n"));
}
