//! What is written from the code is as the code says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::fmt::Write;

use plimsoll::rules::{self, Fixable};
use support::{golden, report, root};

const BEGIN: &str = "<!-- rules: begin -->\n";
const END: &str = "<!-- rules: end -->";

fn table() -> String {
    let mut rules = rules::ALL.to_vec();
    rules.sort_by_key(|rule| rule.code);
    let mut table = "| code | name | severity | fix | |\n|---|---|---|---|---|\n".to_owned();
    for rule in rules {
        let fix = if rule.fixable == Fixable::Never { "" } else { "yes" };
        writeln!(table, "| {} | {} | {} | {fix} | {} |", rule.code, rule.name, rule.severity, rule.summary()).unwrap();
    }
    table
}

#[test]
fn table_of_rules_in_the_readme() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    report(golden(&path, &format!("{before}{BEGIN}{}{END}{after}", table())).into_iter().collect());
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
