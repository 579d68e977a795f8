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
