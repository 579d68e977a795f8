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

/// Faults that a search of the text finds, without knowing the language: what must be found in a file, and what an instruction
/// says that has it, and does not say.
const FAULTS: [(&str, &str, &[&str], &[&str]); 9] = [
    ("DL4000", "MAINTAINER", &["maintainer "], &[]),
    ("DL3007", "FROM", &[":latest"], &["@"]),
    ("DL3025", "CMD", &["cmd "], &["["]),
    ("DL3025", "ENTRYPOINT", &["entrypoint "], &["["]),
    ("DL3003", "RUN", &["&& cd /"], &[]),
    ("DL3015", "RUN", &[" apt-get install -y "], &["--no-install-recommends"]),
    ("DL3042", "RUN", &["&& pip install "], &["--no-cache-dir", "type=cache", "pip_no_cache_dir"]),
    ("DL3019", "RUN", &["run apk add "], &["--no-cache"]),
    ("DL3047", "RUN", &["&& wget http"], &[" -q", "--progress", "-nv"]),
];

/// The codes of such faults. Comments, and what only looks like an instruction within one, are passed over.
fn faults(text: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut instruction = String::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    for line in lines {
        let (rest, continues) = line.strip_suffix('\\').map_or((line, false), |rest| (rest, true));
        instruction.push_str(&rest.to_lowercase());
        if continues {
            continue;
        }
        for (code, keyword, says, says_not) in FAULTS {
            let is_one = instruction.split(' ').next() == Some(&keyword.to_lowercase());
            let says = says.iter().all(|part| instruction.contains(part));
            if is_one && says && !says_not.iter().any(|part| instruction.contains(part)) {
                found.insert(code);
            }
        }
        instruction.clear();
    }
    found
}

/// What hadolint can't read and BuildKit builds is linted like any other file.
#[test]
fn files_that_hadolint_cannot_read() {
    let Some(folder) = conformance() else { return };
    let answers = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let is_named = |answer: &Value| answer["name"].as_str().unwrap().to_owned();
    let built =
        answers("check.jsonl").iter().filter(|answer| answer["ok"] == true).map(is_named).collect::<BTreeSet<_>>();
    let (mut files, mut with_findings, mut sure, mut silent, mut failures) = (0, 0, 0, Vec::new(), Vec::new());
    let mut codes = BTreeMap::<String, usize>::new();
    for answer in answers("hadolint.jsonl") {
        let name = is_named(&answer);
        if !built.contains(&name) || !findings(&answer).iter().any(|(code, _)| code == "DL1000") {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(folder.join("dockerfiles").join(&name)).unwrap();
        let found = findings(&hadolint::record(&name, &bytes));
        for (code, _) in &found {
            *codes.entry(code.clone()).or_default() += 1;
        }
        for code in faults(&String::from_utf8_lossy(&bytes)) {
            sure += 1;
            if !found.iter().any(|(found, _)| found == code) {
                failures.push(format!("{name}: no {code}"));
            }
        }
        if found.iter().any(|(code, _)| code == "DL1000") {
            failures.push(format!("{name}: is not read"));
        }
        if found.is_empty() { silent.push(name) } else { with_findings += 1 }
    }
    println!("{files} files that are built and hadolint can't read: {with_findings} with findings, {codes:?}");
    println!("  without: {silent:?}; {sure} faults that a search finds");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
