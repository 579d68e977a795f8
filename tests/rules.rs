//! Every rule, by its folder in `fixtures/rules` and by the examples on its page.
//!
//! `bad*.Dockerfile` yields exactly what stands beside it in `bad*.out`, and what its fixes make of it in `bad*.fixed`;
//! `good*.Dockerfile` yields nothing of the rule. `RULE=no-maintainer` runs one rule only.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use plimsoll::ast::Comment;
use plimsoll::diagnostic::{Applicability, Diagnostic, Fix};
use plimsoll::rules::{self, Fixable, Ignored, Preset, Rule};
use plimsoll::semantic::Platform;
use plimsoll::{LineIndex, Linter, Options, parse};
use support::{fixtures, folders, golden, report, root};

fn linter(rule: &Rule, preset: Preset) -> Linter {
    let select = vec![rule.name.to_owned()];
    let linter = Linter::new(Options { preset, select, ignore: Vec::new() }).unwrap();
    let folder = fixtures().join("rules").join(module(rule));
    let linter = linter.with_image_platforms(platforms(&folder.join("platforms")));
    let Ok(ignored) = std::fs::read_to_string(folder.join("ignored")) else { return linter };
    // Each line is a path that is left out, with all below it.
    linter.with_ignored(Ignored::new(move |path| {
        let is_in = |line: &str| path.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        ignored.lines().any(is_in)
    }))
}

/// The platforms of base images that a rule is told: an image and its platform a line.
fn platforms(path: &Path) -> BTreeMap<String, Platform> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let platform = |line: &str| {
        let (image, platform) = line.split_once(' ').unwrap();
        (image.to_owned(), Platform::parse(platform).unwrap())
    };
    text.lines().map(platform).collect()
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    let only = std::env::var("RULE").ok();
    rules::ALL.iter().copied().filter(move |rule| only.as_ref().is_none_or(|only| rule.is_called(only)))
}

/// The name of a rule's module and folder.
fn module(rule: &Rule) -> String {
    rule.name.replace('-', "_")
}

fn names(folder: &Path, ending: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned())
        .filter_map(|name| name.strip_suffix(ending).map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The preset that a fixture asks for with its name: `bad.hadolint.Dockerfile`.
fn preset(stem: &str) -> Preset {
    stem.split('.').nth(1).map_or(Preset::Recommended, |preset| preset.parse().unwrap())
}

fn shown(text: &str, diagnostics: &[Diagnostic]) -> String {
    let lines = LineIndex::new(text);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let place = lines.line_column(text, diagnostic.span.start);
        let Diagnostic { code, severity, message, .. } = diagnostic;
        writeln!(out, "{}:{} {code} {severity}: {message}", place.line, place.column).unwrap();
        writeln!(out, "    {:?}", diagnostic.span.of(text)).unwrap();
        if let Some(help) = &diagnostic.help {
            writeln!(out, "    help: {help}").unwrap();
        }
        if let Some(fix) = &diagnostic.fix {
            writeln!(out, "    fix ({:?}): {}", fix.applicability, fix.title).unwrap();
        }
    }
    out
}

/// The text with a fix applied.
fn applied(text: &str, fix: &Fix) -> String {
    let mut fixed = text.to_owned();
    for edit in fix.edits.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    fixed
}

/// What comes of a text when fixes are applied one after the other, until there is none.
fn fixed(linter: &Linter, text: &str) -> Result<String, String> {
    let mut fixed = text.to_owned();
    for _ in 0..100 {
        let found = linter.lint(&fixed);
        let Some(fix) = found.iter().find_map(|diagnostic| diagnostic.fix.as_ref()) else { return Ok(fixed) };
        let next = applied(&fixed, fix);
        let (before, after) = (parse(&fixed), parse(&next));
        if after.errors.len() > before.errors.len() {
            return Err(format!("a fix breaks the syntax:\n{next}"));
        }
        let comments = |comments: &[Comment<'_>]| comments.iter().map(|c| c.text.to_owned()).collect::<Vec<_>>();
        if fix.applicability == Applicability::Safe
            && comments(&before.dockerfile.comments) != comments(&after.dockerfile.comments)
        {
            return Err(format!("a safe fix loses a comment:\n{next}"));
        }
        fixed = next;
    }
    Err("the fixes never end".to_owned())
}

#[test]
fn fixtures_of_rules() {
    let mut failures = Vec::new();
    for rule in rules() {
        let folder = fixtures().join("rules").join(module(rule));
        let (mut bad, mut good, mut fixes) = (0, 0, 0);
        for stem in names(&folder, ".Dockerfile") {
            let text = std::fs::read_to_string(folder.join(format!("{stem}.Dockerfile"))).unwrap();
            let linter = linter(rule, preset(&stem));
            let found = linter.lint(&text);
            if stem.starts_with("good") {
                good += 1;
                if !found.is_empty() {
                    failures.push(format!("{}: {stem} is not:\n{}", rule.name, shown(&text, &found)));
                }
                continue;
            }
            bad += 1;
            failures.extend(golden(&folder.join(format!("{stem}.out")), &shown(&text, &found)));
            let fixable = found.iter().filter(|diagnostic| diagnostic.fix.is_some()).count();
            fixes += fixable;
            if rule.fixable == Fixable::Always && fixable < found.len() {
                failures.push(format!("{}: a finding of {stem} has no fix", rule.name));
            }
            if fixable > 0 {
                match fixed(&linter, &text) {
                    Ok(fixed) => failures.extend(golden(&folder.join(format!("{stem}.fixed")), &fixed)),
                    Err(reason) => failures.push(format!("{}: {stem}: {reason}", rule.name)),
                }
            }
        }
        if bad == 0 || good == 0 {
            failures.push(format!("{}: a rule needs a bad and a good case in {}", rule.name, module(rule)));
        }
        if (rule.fixable == Fixable::Never) != (fixes == 0) {
            failures.push(format!("{}: is fixable {:?}, and {fixes} fixes are seen", rule.name, rule.fixable));
        }
    }
    report(failures);
}

#[test]
fn examples_on_pages() {
    let mut failures = Vec::new();
    for rule in rules() {
        let linter = linter(rule, Preset::Recommended);
        for (kind, wanted) in [("bad", true), ("good", false)] {
            let examples = fences(rule.documentation, kind);
            if examples.is_empty() {
                failures.push(format!("{}: no {kind} example", rule.name));
            }
            for example in examples {
                let mut linter = linter.clone();
                if rule.name == "unused-ignore" && !wanted {
                    // What an ignore silences must be looked for.
                    linter = Linter::new(Options::default()).unwrap();
                }
                let found = linter.lint(&example).iter().any(|diagnostic| diagnostic.name == rule.name);
                if found != wanted {
                    failures.push(format!("{}: the {kind} example is not:\n{example}", rule.name));
                }
            }
        }
    }
    report(failures);
}

#[test]
fn pages_have_the_same_parts() {
    const PARTS: [&str; 6] = ["What it does", "Why", "Example", "How to fix", "When to ignore", ""];
    let failures = rules()
        .filter_map(|rule| {
            let mut parts: Vec<&str> =
                rule.documentation.lines().filter_map(|line| line.trim().strip_prefix("## ")).collect();
            parts.push("");
            (parts != PARTS).then(|| format!("{}: the parts of the page are {parts:?}", rule.name))
        })
        .collect();
    report(failures);
}

fn fences(page: &str, kind: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut lines = page.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(line) = lines.next() {
        if line == format!("```dockerfile,{kind}") {
            let example: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            examples.push(example.join("\n") + "\n");
        }
    }
    examples
}

#[test]
fn files_folders_and_ids() {
    let listed: BTreeSet<String> = rules::ALL.iter().map(|rule| module(rule)).collect();
    let folders: BTreeSet<String> = folders(&fixtures().join("rules")).into_iter().map(|(name, _)| name).collect();
    let files: BTreeSet<String> =
        names(&root().join("src/rules"), ".rs").into_iter().filter(|name| name != "mod" && name != "rule").collect();
    assert_eq!(listed, files, "each rule is a file of its own, called as the rule");
    assert_eq!(listed, folders, "each rule has a folder of fixtures");

    let mut ids = BTreeSet::new();
    for rule in rules::ALL {
        for id in [rule.code, rule.name] {
            assert!(ids.insert(id.to_lowercase()), "two rules are called {id}");
            assert!(std::ptr::eq(rules::find(&id.to_uppercase()).unwrap(), *rule), "{id} finds another rule");
        }
        for alias in rule.aliases {
            assert!(alias.id().contains('/'), "{} does not say whose it is", alias.id());
        }
    }
}
