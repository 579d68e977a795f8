//! Every rule, by its folder in `fixtures/rules` and by the examples on its page.
//!
//! `bad*.Dockerfile` yields exactly what stands beside it in `bad*.out`, and what its fixes make of it in `bad*.fixed`;
//! `good*.Dockerfile` yields nothing of the rule. `RULE=no-maintainer` runs one rule only.
//!
//! A rule that looks at the context of a build is given `bad.context` for `bad.Dockerfile`, else `context`, in its folder. A
//! rule that a project has to tell something is told what `settings.toml` in its folder says. A
//! rule about ignore files has `bad*.dockerignore` and `good*.dockerignore`, and a Dockerfile beside it is one of its builds;
//! a comment on its first line may say where it is, `# api/.dockerignore`; `page.Dockerfile` is one of those of the examples on its page.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use plimsoll::ast::Comment;
use plimsoll::context::{Context, Options as ContextOptions};
use plimsoll::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use plimsoll::dockerignore::IgnoreFile;
use plimsoll::rules::{self, Check, Fixable, IgnoreSubject, Preset, Role, Rule, RuleSettings};
use plimsoll::semantic::{Model, Platform};
use plimsoll::{LineIndex, Linter, Options, parse};
use support::{fixtures, folders, golden, report, root};

fn linter(rule: &Rule, preset: Preset) -> Linter {
    // What ignores silence must be looked for.
    let select = if is_about_ignores(rule) { Vec::new() } else { vec![rule.name.to_owned()] };
    let folder = fixtures().join("rules").join(module(rule));
    let settings = std::fs::read_to_string(folder.join("settings.toml")).unwrap_or_default();
    let settings: RuleSettings = toml::from_str(&settings).unwrap();
    let linter = Linter::new(Options { preset, select, settings, ..Options::default() }).unwrap();
    linter.with_image_platforms(platforms(&folder.join("platforms")))
}

fn is_about_ignores(rule: &Rule) -> bool {
    rule.name == "unused-ignore"
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

/// What a rule is shown besides the text.
struct Subject<'s> {
    linter: Linter,
    rule: &'static Rule,
    is_about_ignore_files: bool,
    /// The directory of the build's context.
    context: Option<PathBuf>,
    /// A Dockerfile of the build whose ignore file it is.
    dockerfile: Option<&'s str>,
}

impl<'s> Subject<'s> {
    fn new(rule: &'static Rule, preset: Preset, stem: &str) -> Self {
        let folder = fixtures().join("rules").join(module(rule));
        let context =
            [folder.join(format!("{stem}.context")), folder.join("context")].into_iter().find(|path| path.exists());
        let is_about_ignore_files = matches!(rule.check, Check::IgnoreFile(_));
        Self { linter: linter(rule, preset), rule, is_about_ignore_files, context, dockerfile: None }
    }

    fn lint(&self, text: &str) -> Vec<Diagnostic> {
        let mut found = self.lint_all(text);
        found.retain(|diagnostic| diagnostic.name == self.rule.name);
        found
    }

    fn lint_all(&self, text: &str) -> Vec<Diagnostic> {
        if self.is_about_ignore_files {
            let parsed: Vec<_> = self.dockerfile.iter().map(|text| parse(text)).collect();
            let models: Vec<_> = parsed.iter().map(|parsed| Model::build(&parsed.dockerfile)).collect();
            let file = IgnoreFile::parse(".dockerignore", text);
            let path = Path::new(".dockerignore");
            let role = role(text.lines().next().unwrap_or_default());
            let mut subject = IgnoreSubject::new(&file).with_models(&models).at(path).with_role(role);
            if let Some(context) = &self.context {
                subject = subject.with_root(context.clone());
            }
            return self.linter.lint_ignore_file(&subject);
        }
        let open = |context: &PathBuf| Context::open(context, &ContextOptions::default()).unwrap();
        self.linter.lint_in(&parse(text), self.context.as_ref().map(open).as_ref())
    }
}

/// The role of an ignore file whose first line is a comment that says where it is.
fn role(comment: &str) -> Role {
    let path = comment.strip_prefix("# ").and_then(|path| path.strip_suffix(".dockerignore")).unwrap_or_default();
    match path.strip_suffix('/') {
        Some(_) => Role::Nested,
        None if path.is_empty() => Role::Unknown,
        None => Role::Orphan(path.to_owned()),
    }
}

/// What stands in a message for the place of the fixtures.
fn without_place(shown: &str) -> String {
    shown.replace(root().to_str().unwrap(), "…")
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
fn fixed(subject: &Subject<'_>, text: &str) -> Result<String, String> {
    let mut fixed = text.to_owned();
    for _ in 0..100 {
        let found = subject.lint(&fixed);
        let with_fix = found.iter().find_map(|diagnostic| Some((diagnostic.name, diagnostic.fix.as_ref()?)));
        let Some((_, fix)) = with_fix else { return Ok(fixed) };
        let next = applied(&fixed, fix);
        if subject.is_about_ignore_files {
            fixed = next;
            continue;
        }
        let (before, after) = (parse(&fixed), parse(&next));
        if after.errors.len() > before.errors.len() {
            return Err(format!("a fix breaks the syntax:\n{next}"));
        }
        let comments = |comments: &[Comment<'_>]| comments.iter().map(|c| c.text.to_owned()).collect::<Vec<_>>();
        let mut left = comments(&after.dockerfile.comments).into_iter();
        // An ignore is a comment itself.
        if fix.applicability == Applicability::Safe
            && !is_about_ignores(subject.rule)
            && !comments(&before.dockerfile.comments).iter().all(|comment| left.any(|left| left == *comment))
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
        let ending = if matches!(rule.check, Check::IgnoreFile(_)) { ".dockerignore" } else { ".Dockerfile" };
        for stem in names(&folder, ending) {
            let text = std::fs::read_to_string(folder.join(format!("{stem}{ending}"))).unwrap();
            let mut subject = Subject::new(rule, preset(&stem), &stem);
            let dockerfile = std::fs::read_to_string(folder.join(format!("{stem}.Dockerfile"))).ok();
            subject.dockerfile = dockerfile.as_deref();
            let found = subject.lint(&text);
            if stem.starts_with("good") {
                good += 1;
                if !found.is_empty() {
                    failures.push(format!("{}: {stem} is not:\n{}", rule.name, shown(&text, &found)));
                }
                continue;
            }
            bad += 1;
            if found.is_empty() {
                failures.push(format!("{}: nothing is found in {stem}", rule.name));
            }
            failures.extend(golden(&folder.join(format!("{stem}.out")), &without_place(&shown(&text, &found))));
            let fixable = found.iter().filter(|diagnostic| diagnostic.fix.is_some()).count();
            fixes += fixable;
            if rule.fixable == Fixable::Always && fixable < found.len() {
                failures.push(format!("{}: a finding of {stem} has no fix", rule.name));
            }
            if fixable > 0 {
                match fixed(&subject, &text) {
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
        let mut subject = Subject::new(rule, Preset::Recommended, "page");
        let dockerfile = fixtures().join("rules").join(module(rule)).join("page.Dockerfile");
        let dockerfile = std::fs::read_to_string(dockerfile).ok().filter(|_| subject.is_about_ignore_files);
        subject.dockerfile = dockerfile.as_deref();
        let language = if subject.is_about_ignore_files { "dockerignore" } else { "dockerfile" };
        for (kind, wanted) in [("bad", true), ("good", false)] {
            let examples = fences(rule.documentation, language, kind);
            if examples.is_empty() {
                failures.push(format!("{}: no {kind} example", rule.name));
            }
            for example in examples {
                let found = subject.lint(&example).iter().any(|diagnostic| diagnostic.name == rule.name);
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

fn fences(page: &str, language: &str, kind: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut lines = page.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(line) = lines.next() {
        if line == format!("```{language},{kind}") {
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
    let files: BTreeSet<String> = names(&root().join("src/rules"), ".rs")
        .into_iter()
        .filter(|name| {
            ![
                "mod",
                "rule",
                "change",
                "edits",
                "ignore_findings",
                "label_values",
                "packages",
                "page",
                "run",
                "settings",
                "verification",
            ]
            .contains(&name.as_str())
        })
        .collect();
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

/// Every false alarm that others were told of has a fixture that stays quiet, and one beside it that does not.
#[test]
fn false_positives_have_fixtures() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        rule: String,
        subject: String,
        fixture: String,
        #[serde(rename = "threads")]
        _threads: Option<String>,
    }
    let text = std::fs::read_to_string(fixtures().join("false-positives.toml")).unwrap();
    let rows: BTreeMap<String, Vec<Row>> = toml::from_str(&text).unwrap();
    let mut failures = Vec::new();
    for Row { rule, subject, fixture, .. } in rows.values().flatten() {
        let Some(known) = rules::find(rule) else {
            failures.push(format!("there is no rule {rule}"));
            continue;
        };
        let folder = fixtures().join("rules").join(module(known));
        let stems = names(&folder, ".Dockerfile");
        for stem in ["good", "bad"].map(|kind| format!("{kind}-{fixture}")) {
            if !stems.iter().any(|name| name.split('.').next() == Some(&stem)) {
                failures.push(format!("{rule}, {subject}: no {stem}"));
            }
        }
    }
    report(failures);
}

/// The fixes of one round: those that neither overlap nor touch one before.
fn round(text: &str, found: &[Diagnostic]) -> Option<String> {
    let mut edits: Vec<&Edit> = Vec::new();
    let touches = |one: &Edit, other: &Edit| one.span.start <= other.span.end && other.span.start <= one.span.end;
    for fix in found.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()) {
        if !fix.edits.iter().any(|edit| edits.iter().any(|before| touches(before, edit))) {
            edits.extend(&fix.edits);
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    let mut fixed = text.to_owned();
    for edit in edits.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    (!edits.is_empty()).then_some(fixed)
}

/// The fixes of all rules together come to an end: none brings back what another one mends.
#[test]
fn fixes_agree() {
    const ROUNDS: usize = 10;
    let mut failures = Vec::new();
    for (folder, path) in folders(&fixtures().join("rules")) {
        for stem in names(&path, ".Dockerfile") {
            let text = std::fs::read_to_string(path.join(format!("{stem}.Dockerfile"))).unwrap();
            for preset in Preset::ALL {
                let linter = Linter::new(Options { preset, ..Options::default() }).unwrap();
                let (mut fixed, mut rounds) = (text.clone(), 0);
                while let Some(next) = round(&fixed, &linter.lint(&fixed)).filter(|_| rounds <= ROUNDS) {
                    fixed = next;
                    rounds += 1;
                }
                if rounds > ROUNDS {
                    failures.push(format!("{folder}/{stem}, {preset}: never ends:\n{fixed}"));
                }
                let errors = parse(&fixed).errors;
                if errors.len() > parse(&text).errors.len() {
                    failures.push(format!("{folder}/{stem}, {preset}: {errors:?}:\n{fixed}"));
                }
            }
        }
    }
    report(failures);
}
