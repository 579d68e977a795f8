//! hadolint's rules, against the recorded answers of hadolint.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;

#[path = "../examples/conformance/hadolint.rs"]
mod hadolint;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll::rules::{self, Preset};
use recorded::{conformance, divergences};
use serde_json::Value;

/// The share of answers that must be the same, of all codes together; and of each code that no line in
/// `fixtures/divergences.toml` explains.
const ALL: f64 = 0.99;

#[derive(Default)]
struct Score {
    found: usize,
    missed: Vec<String>,
    invented: Vec<String>,
}

impl Score {
    fn share(&self) -> f64 {
        self.found as f64 / (self.found + self.missed.len() + self.invented.len()).max(1) as f64
    }
}

fn findings(answer: &Value) -> BTreeSet<(String, u64)> {
    let finding = |finding: &Value| (finding["code"].as_str().unwrap().to_owned(), finding["line"].as_u64().unwrap());
    answer["findings"].as_array().unwrap().iter().map(finding).collect()
}

#[test]
fn real_files() {
    let Some(folder) = conformance() else { return };
    // `CODE=DL3008` shows each difference of one code.
    let shown = std::env::var("CODE").ok();
    let codes: BTreeSet<&str> =
        rules::ALL.iter().filter(|rule| rule.is_in(Preset::Hadolint)).map(|rule| rule.code).collect();
    let mut scores: BTreeMap<&str, Score> = codes.iter().map(|code| (*code, Score::default())).collect();
    let (mut missing, mut files) = (BTreeMap::<String, usize>::new(), 0);
    for line in std::fs::read_to_string(folder.join("hadolint.jsonl")).unwrap().lines() {
        let reference: Value = serde_json::from_str(line).unwrap();
        let name = reference["name"].as_str().unwrap();
        let expected = findings(&reference);
        // It could not read the file, and says nothing else.
        if expected.iter().any(|(code, _)| code == "DL1000") {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(folder.join("dockerfiles").join(name)).unwrap();
        let found = findings(&hadolint::record(name, &bytes));
        for (code, line) in expected.union(&found) {
            let Some(score) = scores.get_mut(code.as_str()) else {
                if code.starts_with("DL") {
                    *missing.entry(code.clone()).or_default() += 1;
                }
                continue;
            };
            let finding = (code.clone(), *line);
            match (expected.contains(&finding), found.contains(&finding)) {
                (true, true) => score.found += 1,
                (true, false) => score.missed.push(format!("{name}:{line}")),
                _ => score.invented.push(format!("{name}:{line}")),
            }
        }
    }
    scores.remove("DL1000");
    let mut failures = Vec::new();
    let mut explained: BTreeSet<String> = divergences("hadolint.jsonl").into_iter().map(|known| known.case).collect();
    println!("hadolint.jsonl, {files} files:");
    for (code, score) in &scores {
        let Score { found, missed, invented } = score;
        let share = 100.0 * score.share();
        println!(
            "  {code}  {found:>5} found  {:>4} missed  {:>4} invented  {share:>6.2} %",
            missed.len(),
            invented.len()
        );
        if shown.as_deref() == Some(code) {
            println!("    missed {missed:#?}\n    invented {invented:#?}");
        }
        let is_explained = explained.remove(*code);
        let differs = !missed.is_empty() || !invented.is_empty();
        match (differs, is_explained) {
            (true, false) => failures.push(format!("{code}: missed {missed:?}, invented {invented:?}")),
            (false, true) => failures.push(format!("{code}: is no divergence any more")),
            _ => {}
        }
    }
    failures.extend(explained.iter().map(|code| format!("{code}: is no divergence any more")));
    let found: usize = scores.values().map(|score| score.found).sum();
    let differ: usize = scores.values().map(|score| score.missed.len() + score.invented.len()).sum();
    let share = found as f64 / (found + differ).max(1) as f64;
    println!("  all     {found:>5} found  {differ:>4} differ  {:.2} %; without a rule: {missing:?}", 100.0 * share);
    if share < ALL {
        failures.push(format!("{:.2} % of all answers are the same", 100.0 * share));
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}
