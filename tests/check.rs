//! BuildKit's checks, against the recorded answers of `docker build --check`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;

#[path = "../examples/conformance/check.rs"]
mod check;

use std::collections::{BTreeMap, BTreeSet};

use recorded::{conformance, divergences};
use serde_json::Value;

type Warnings = BTreeSet<(String, u64)>;

fn warnings(answer: &Value) -> Warnings {
    let warning =
        |warning: &Value| (warning["rule"].as_str().unwrap().to_owned(), warning["start_line"].as_u64().unwrap());
    answer["warnings"].as_array().unwrap().iter().map(warning).collect()
}

/// How often a check is found as the reference finds it, missed, and found where the reference finds nothing.
#[derive(Default)]
struct Score {
    found: usize,
    missed: usize,
    invented: usize,
}

/// Compares the warnings of all cases: those of a file that builds are the same; where the reference stopped early, there
/// may be more.
fn compare(data: &str, cases: &[(String, Value, Value)]) {
    let mut divergences = divergences(data);
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut same = 0;
    for (name, reference, ours) in cases {
        let (expected, found) = (warnings(reference), warnings(ours));
        for (rule, _) in expected.intersection(&found) {
            scores.entry(rule.clone()).or_default().found += 1;
        }
        let missed: Vec<_> = expected.difference(&found).collect();
        let builds = reference["ok"] == true;
        let invented: Vec<_> = found.difference(&expected).filter(|_| builds).collect();
        for (rule, _) in &missed {
            scores.entry(rule.clone()).or_default().missed += 1;
        }
        for (rule, _) in &invented {
            scores.entry(rule.clone()).or_default().invented += 1;
        }
        if missed.is_empty() && invented.is_empty() {
            same += 1;
            continue;
        }
        match divergences.iter().position(|divergence| divergence.case == *name) {
            Some(known) => {
                divergences.swap_remove(known);
            }
            None => failures.push(format!("{name}: missed {missed:?}, invented {invented:?}")),
        }
    }
    println!("{data}: {same}/{}", cases.len());
    for (rule, Score { found, missed, invented }) in scores {
        println!("  {rule:<32} {found:>5} found  {missed:>4} missed  {invented:>4} invented");
    }
    failures.extend(divergences.iter().map(|known| format!("{}: is no divergence any more", known.case)));
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn real_files() {
    let Some(folder) = conformance() else { return };
    let text = std::fs::read_to_string(folder.join("check.jsonl")).unwrap();
    let cases: Vec<_> = records(&text)
        .into_iter()
        .map(|reference| {
            let name = reference["name"].as_str().unwrap().to_owned();
            let bytes = std::fs::read(folder.join("dockerfiles").join(&name)).unwrap();
            let ours = check::record(&name, &bytes, true);
            (name, reference, ours)
        })
        .collect();
    compare("check.jsonl", &cases);
}

#[test]
fn cases_made_by_hand() {
    let Some(folder) = conformance() else { return };
    let text = std::fs::read_to_string(folder.join("check_extra.jsonl")).unwrap();
    let cases: Vec<_> = records(&text)
        .into_iter()
        .enumerate()
        .map(|(at, case)| {
            let flags = case["flags"].as_array().unwrap();
            let experimental = !flags.iter().any(|flag| flag == "-experimental=false");
            let name = (at + 1).to_string();
            let ours = check::record(&name, case["text"].as_str().unwrap().as_bytes(), experimental);
            (name, case["out"].clone(), ours)
        })
        .collect();
    compare("check_extra.jsonl", &cases);
}
