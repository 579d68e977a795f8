//! The errors with which a build ends after its file was read, against the recorded answers of BuildKit.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;
mod support;

use plimsoll::{Linter, Options};
use recorded::conformance;
use serde_json::Value;
use support::report;

/// The rules that find an error, each with the words in which BuildKit tells of it.
const RULES: [(&str, &[&str]); 2] = [
    ("invalid-expansion", &["failed to process"]),
    ("unavailable-stage", &["cannot copy from stage", "invalid stage index"]),
];

/// Where BuildKit fails, the rule finds something; where it builds, the rule is silent. Where BuildKit fails for another
/// reason, it has not looked at all.
fn compare(name: &str, text: &str, answer: &Value, counts: &mut [usize], failures: &mut Vec<String>) {
    let error = answer["error"].as_str().unwrap_or_default();
    let is_built = answer["ok"].as_bool().unwrap();
    for ((rule, words), count) in RULES.iter().zip(counts) {
        let linter = Linter::new(Options { select: vec![(*rule).to_owned()], ..Options::default() }).unwrap();
        let mut found = linter.lint(text);
        // A directive may ask for other checks.
        found.retain(|diagnostic| diagnostic.name == *rule);
        let fails = words.iter().any(|words| error.contains(words));
        *count += usize::from(fails);
        if fails && found.is_empty() {
            failures.push(format!("{name}: {rule} does not find: {error}"));
        }
        if is_built && !found.is_empty() {
            failures.push(format!("{name}: is built, and {rule} finds {:?}", found[0].message));
        }
    }
}

#[test]
fn recorded_errors_are_found() {
    let Some(folder) = conformance() else { return };
    let (mut failures, mut counts) = (Vec::new(), [0; RULES.len()]);
    for line in std::fs::read_to_string(folder.join("check.jsonl")).unwrap().lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let name = answer["name"].as_str().unwrap();
        let Ok(text) = std::fs::read_to_string(folder.join("dockerfiles").join(name)) else { continue };
        compare(name, &text, &answer, &mut counts, &mut failures);
    }
    for line in std::fs::read_to_string(folder.join("check_extra.jsonl")).unwrap().lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let text = answer["text"].as_str().unwrap();
        compare(text, text, &answer["out"], &mut counts, &mut failures);
    }
    for ((rule, _), count) in RULES.iter().zip(counts) {
        println!("{rule}: {count} recorded errors");
    }
    report(failures);
}
