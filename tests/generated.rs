//! What is written from the code is as the code says: the pages of the rules, their tables, and the ids of other tools.
//!
//! `BLESS=1 cargo test --test generated` writes all of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod recorded;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use plimsoll::rules::{self, Alias, Category, Fixable, Rule, Stability};
use serde::Deserialize;
use support::{fixtures, golden, report, root};

const BEGIN: &str = "<!-- rules: begin -->\n";
const END: &str = "<!-- rules: end -->";
const PAGES_BEGIN: &str = "<!-- pages: begin -->\n";
const PAGES_END: &str = "<!-- pages: end -->";
const WRITTEN: &str = "<!-- Written from the code by `BLESS=1 cargo test --test generated`: change it there. -->\n\n";

fn sorted() -> Vec<&'static Rule> {
    let mut rules = rules::ALL.to_vec();
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// Code and name; a code that is the name in other letters stands for both.
fn title(rule: &Rule) -> String {
    if rule.code.eq_ignore_ascii_case(&rule.name.replace('-', "")) {
        return rule.code.to_owned();
    }
    format!("{} {}", rule.code, rule.name)
}

fn table(rules: &[&Rule], pages: &str) -> String {
    let mut table = "| rule | severity | fix | what it asks for |\n|---|---|---|---|\n".to_owned();
    for rule in rules {
        let fix = match rule.fixable {
            Fixable::Never => "",
            Fixable::Sometimes => "where sure",
            Fixable::Always => "yes",
        };
        let preview = if rule.stability == Stability::Preview { " (preview)" } else { "" };
        let (title, name, severity) = (title(rule), rule.name, rule.severity);
        writeln!(table, "| [{title}]({pages}{name}.md) | {severity} | {fix} | {}{preview} |", rule.summary()).unwrap();
    }
    table
}

/// The rules of each category, under a heading of the level.
fn tables(heading: &str, pages: &str) -> String {
    let mut text = String::new();
    for category in Category::ALL {
        let rules: Vec<&Rule> = sorted().into_iter().filter(|rule| rule.category == category).collect();
        let title = category.as_str();
        let title = title[..1].to_uppercase() + &title[1..];
        write!(text, "{heading} {title}\n\n{}\n\n{}\n", category.summary(), table(&rules, pages)).unwrap();
    }
    text
}

#[test]
fn table_of_rules_in_the_readme() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let table = table(&sorted(), "docs/rules/");
    report(golden(&path, &format!("{before}{BEGIN}{table}{END}{after}")).into_iter().collect());
}

/// The pages of `docs` in the order in which they are worth reading, and for whom each is.
const PAGES: [(&str, &[(&str, &str)]); 4] = [
    (
        "To begin with",
        &[
            ("first-steps.md", "check, understand, fix and ignore, on one Dockerfile"),
            ("rules/README.md", "every rule: what it finds, why, and what to write instead"),
            ("build-context.md", "what a build is sent, why, and where it lands in the image"),
            ("ignore-files.md", "what the patterns of a `.dockerignore` mean"),
            ("ignoring.md", "how to silence a finding, in the file, for a project, or until later"),
            ("editors.md", "the same while you type"),
        ],
    ),
    (
        "For a team",
        &[
            ("ci.md", "recipes for GitHub, GitLab, Jenkins, Azure, CircleCI, reviewdog, and pre-commit"),
            ("teams.md", "where to begin, what to choose, and how to let a gate be trusted"),
            ("builds.md", "what compose and bake files tell of a build, and how to tell it"),
            ("configuration.md", "`plimsoll.toml`: which rules, how bad, for which files"),
        ],
    ),
    (
        "Coming from another tool",
        &[
            ("coming-from-hadolint.md", "the same gate, with the same configuration"),
            ("coming-from-tally.md", "what to write instead, what you gain, what you lose"),
            ("coming-from-droast.md", "what to write instead, what you gain, what you lose"),
            ("other-tools.md", "which rule each id of another tool is"),
        ],
    ),
    ("For programmers", &[("library.md", "what a program in Rust can ask")]),
];

fn heading(page: &Path) -> String {
    let text = std::fs::read_to_string(page).unwrap();
    text.lines().find_map(|line| line.strip_prefix("# ")).unwrap().to_owned()
}

/// The entrance of `docs` leads to each page.
#[test]
fn list_of_pages() {
    let folder = root().join("docs");
    let mut list = String::new();
    for (title, pages) in PAGES {
        write!(list, "\n## {title}\n\n").unwrap();
        for (name, what) in pages.iter().filter(|(name, _)| folder.join(name).exists()) {
            writeln!(list, "- [{}]({name}): {what}", heading(&folder.join(name))).unwrap();
        }
    }
    let mut failures = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_listed = PAGES.iter().any(|(_, pages)| pages.iter().any(|(listed, _)| *listed == name));
        if name.ends_with(".md") && name != "README.md" && !is_listed {
            failures.push(format!("docs/{name} is not in the list of tests/generated.rs"));
        }
    }
    let path = folder.join("README.md");
    let entrance = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = entrance.split_once(PAGES_BEGIN).unwrap();
    let (_, after) = rest.split_once(PAGES_END).unwrap();
    failures.extend(golden(&path, &format!("{before}{PAGES_BEGIN}{list}\n{PAGES_END}{after}")));
    report(failures);
}

/// A page for each rule and one that lists them, and nothing else.
#[test]
fn pages_of_the_rules() {
    let folder = root().join("docs/rules");
    std::fs::create_dir_all(&folder).unwrap();
    let mut pages = BTreeMap::new();
    let index = format!(
        "{WRITTEN}# Rules\n\nEach rule is one concept, under one name. `plimsoll rule ID` shows its page in the terminal, by code, by name, or \
         by the id that [another tool](../other-tools.md) has for the same thing.\n\n{}",
        tables("##", "")
    );
    pages.insert("README.md".to_owned(), index.trim_end().to_owned() + "\n");
    for rule in rules::ALL {
        let source = format!("src/rules/{}.rs", rule.name.replace('-', "_"));
        let links =
            format!("[All rules](README.md) · [ids of other tools](../other-tools.md) · [source](../../{source})");
        pages.insert(format!("{}.md", rule.name), format!("{WRITTEN}{}\n---\n\n{links}\n", rule.page()));
    }
    let mut failures: Vec<String> = pages.iter().filter_map(|(name, page)| golden(&folder.join(name), page)).collect();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if pages.contains_key(&name) {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::remove_file(folder.join(name)).unwrap();
        } else {
            failures.push(format!("docs/rules/{name} is the page of no rule"));
        }
    }
    report(failures);
}

#[derive(Deserialize)]
struct OtherTools {
    tool: Vec<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    key: String,
    name: String,
    version: String,
    /// All that there are, where that is known.
    #[serde(default)]
    ids: BTreeSet<String>,
    /// Those that no rule here is for, and why.
    #[serde(default)]
    without: BTreeMap<String, String>,
    #[serde(default)]
    note: Option<String>,
}

impl Tool {
    /// Its ids, with the rules for each.
    fn covered(&self) -> BTreeMap<&'static str, Vec<(&'static Rule, Alias)>> {
        let mut covered: BTreeMap<&str, Vec<(&Rule, Alias)>> = BTreeMap::new();
        for rule in sorted() {
            for alias in rule.aliases.iter().filter(|alias| alias.tool() == self.key) {
                covered.entry(alias.own_id()).or_default().push((rule, *alias));
            }
        }
        covered
    }

    fn page(&self) -> String {
        let note = self.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
        let mut page = format!("## {}\n\nVersion: {}.{note}\n", self.name, self.version);
        page.push_str("\n| its id | rule here | |\n|---|---|---|\n");
        let mut rows: BTreeMap<(String, u64, &str), String> = BTreeMap::new();
        for (id, rules) in self.covered() {
            // In the table of tally stands what is tally's own.
            if self.key == "tally" && !id.starts_with("tally/") {
                continue;
            }
            let link = |(rule, _): &(&Rule, Alias)| format!("[{}](rules/{}.md)", title(rule), rule.name);
            let links: Vec<String> = rules.iter().map(link).collect();
            let is_near = rules.iter().all(|(_, alias)| matches!(alias, Alias::Near(_)));
            let near = if is_near { "much the same" } else { "" };
            rows.insert(place(id), format!("| `{id}` | {} | {near} |\n", links.join(", ")));
        }
        for (id, reason) in &self.without {
            rows.insert(place(id), format!("| `{id}` | - | {reason} |\n"));
        }
        page.extend(rows.into_values());
        page
    }

    fn failures(&self) -> Vec<String> {
        let covered = self.covered();
        let Self { key, ids, without, .. } = self;
        let mut failures = Vec::new();
        failures.extend(
            without
                .keys()
                .filter(|id| covered.contains_key(id.as_str()))
                .map(|id| format!("{key}: {id} has a rule, and a reason to have none")),
        );
        if ids.is_empty() {
            return failures;
        }
        let missing = ids.iter().filter(|id| !covered.contains_key(id.as_str()) && !without.contains_key(*id));
        failures.extend(missing.map(|id| format!("{key}: {id} has neither a rule nor a reason to have none")));
        let known = covered.keys().copied().chain(without.keys().map(String::as_str));
        failures.extend(known.filter(|id| !ids.contains(*id)).map(|id| format!("{key} has no {id}")));
        failures
    }
}

/// Where an id stands in a table: by the words before its number, then by the number.
fn place(id: &str) -> (String, u64, &str) {
    let number = id.trim_start_matches(|c: char| !c.is_ascii_digit() || id.starts_with("CKV2"));
    let number = if number.is_empty() { id.rsplit('_').next().unwrap_or_default() } else { number };
    let words = id.strip_suffix(number).unwrap_or(id).to_lowercase();
    (words, number.parse().unwrap_or(0), id)
}

fn other_tools() -> Vec<Tool> {
    let text = std::fs::read_to_string(fixtures().join("other-tools.toml")).unwrap();
    toml::from_str::<OtherTools>(&text).unwrap().tool
}

#[test]
fn ids_of_other_tools() {
    let tools = other_tools();
    let mut failures: Vec<String> = tools.iter().flat_map(Tool::failures).collect();
    for alias in rules::ALL.iter().flat_map(|rule| rule.aliases) {
        if !tools.iter().any(|tool| tool.key == alias.tool()) {
            failures.push(format!("{} is of a tool that fixtures/other-tools.toml does not know", alias.id()));
        }
    }
    let mut page = format!(
        "{WRITTEN}# The ids of other tools\n\nA rule here answers to the ids that other tools have for the same thing. They can be written \
         wherever a rule is named: in `--select` and `--ignore`, in comments, in `plimsoll rule ID`; with the tool's name before them \
         (`trivy/DS-0001`) or without it, in any case. *Much the same* means that the two do not agree on every case; the rule's page says what is \
         looked for here.\n"
    );
    for tool in &tools {
        write!(page, "\n{}", tool.page()).unwrap();
    }
    failures.extend(golden(&root().join("docs/other-tools.md"), &page));
    report(failures);
}

/// Whatever code hadolint and BuildKit are recorded to say is in the lists of their ids.
#[test]
fn every_recorded_id_is_known() {
    let Some(folder) = recorded::conformance() else { return };
    let tools = other_tools();
    let ids = |key: &str| &tools.iter().find(|tool| tool.key == key).unwrap().ids;
    let mut failures = BTreeSet::new();
    for (file, list, field, key) in [
        ("hadolint.jsonl", "/findings", "code", "hadolint"),
        ("check.jsonl", "/warnings", "rule", "buildkit"),
        ("check_extra.jsonl", "/out/warnings", "rule", "buildkit"),
    ] {
        let mut found = 0;
        for line in std::fs::read_to_string(folder.join(file)).unwrap().lines() {
            let answer: serde_json::Value = serde_json::from_str(line).unwrap();
            for finding in answer.pointer(list).and_then(|list| list.as_array()).into_iter().flatten() {
                let id = finding[field].as_str().unwrap();
                found += 1;
                // ShellCheck's are not hadolint's own.
                if !id.starts_with("SC") && !ids(key).contains(id) {
                    failures.insert(format!("{file} has {id}, which fixtures/other-tools.toml does not know"));
                }
            }
        }
        assert!(found > 0, "{file} has no findings");
    }
    report(failures.into_iter().collect());
}

/// A link in a page leads to a file that is there.
#[test]
fn links_lead_somewhere() {
    let mut pages = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    markdown(&root().join("docs"), &mut pages);
    let mut failures = Vec::new();
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let text: String = text.split("```").step_by(2).collect();
        for link in text.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap();
            let is_elsewhere = link.contains("://") || link.is_empty();
            if !is_elsewhere && !page.parent().unwrap().join(link).exists() {
                failures.push(format!("{}: there is no {link}", page.display()));
            }
        }
    }
    report(failures);
}

fn markdown(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

/// The schema of the configuration, as the command writes it.
fn schema() -> String {
    let output = assert_cmd::cargo::cargo_bin_cmd!("plimsoll").args(["config", "--schema"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn schema_of_the_configuration() {
    report(golden(&root().join("plimsoll.schema.json"), &schema()).into_iter().collect());
}

#[test]
fn tables_of_keys() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let row = |key: &str, property: &serde_json::Value| {
        let default = property.get("default").map(|default| format!("`{default}`")).unwrap_or_default();
        format!("`{key}` | {default} | {}", property["description"].as_str().unwrap())
    };
    let table = |properties: &serde_json::Value| {
        let rows =
            properties.as_object().unwrap().iter().map(|(key, property)| format!("| {} |\n", row(key, property)));
        format!("| key | by itself | |\n|---|---|---|\n{}", rows.collect::<String>())
    };
    let mut of_rules = "| rule | key | by itself | |\n|---|---|---|---|\n".to_owned();
    for (id, options) in schema["properties"]["rules"]["properties"].as_object().unwrap() {
        let rule = rules::find(id).unwrap();
        for (key, option) in options["properties"].as_object().unwrap().iter().filter(|_| rule.name == id) {
            writeln!(of_rules, "| `{id}` | {} |", row(key, option)).unwrap();
        }
    }
    let path = root().join("docs/configuration.md");
    let mut text = std::fs::read_to_string(&path).unwrap();
    let tables = [
        ("keys", table(&schema["properties"])),
        ("rule keys", of_rules),
        ("build keys", table(&schema["properties"]["build"]["items"]["properties"])),
    ];
    for (name, table) in tables {
        let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
        let (before, rest) = text.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        text = format!("{before}{begin}{table}{end}{after}");
    }
    report(golden(&path, &text).into_iter().collect());
}
