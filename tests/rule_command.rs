//! `plimsoll rule` as people and programs meet it.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::ffi::OsString;

use plimsoll::cli::{self, Outcome, Streams};
use plimsoll::rules;
use support::report;
use unicode_width::UnicodeWidthStr;

/// Runs the command in a terminal of so many columns, or in none.
fn run(arguments: &[&str], columns: Option<usize>) -> (String, String, Outcome) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        input: &mut std::io::empty(),
        out: &mut out,
        err: &mut err,
        width: columns.unwrap_or(100),
        terminal: columns.is_some(),
        colours: false,
        unicode: true,
        progress: false,
    };
    let outcome = cli::run(["plimsoll", "rule"].iter().chain(arguments).map(OsString::from), &mut streams);
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), outcome)
}

/// Nothing but code, and words that are longer than a line, goes past the edge.
fn too_wide(text: &str, columns: usize) -> Option<&str> {
    let is_code = |line: &str| line.starts_with("    ");
    text.lines().find(|line| line.width() > columns && !is_code(line) && line.trim().contains(' '))
}

#[test]
fn pages_fit_the_terminal() {
    let mut failures = Vec::new();
    for columns in [40, 60, 80, 100, 140] {
        for rule in rules::ALL {
            let (page, ..) = run(&[rule.name], Some(columns));
            if let Some(line) = too_wide(&page, columns) {
                failures.push(format!("{} in {columns} columns: {line}", rule.name));
            }
        }
    }
    report(failures);
}

#[test]
fn the_list_fits_the_terminal() {
    let mut failures = Vec::new();
    for columns in [60, 80, 100, 140] {
        let (list, ..) = run(&[], Some(columns));
        failures.extend(too_wide(&list, columns).map(|line| format!("in {columns} columns: {line}")));
    }
    report(failures);
}

/// Without a terminal each rule has a line, for `grep`.
#[test]
fn the_list_has_a_line_for_each_rule() {
    let (list, err, _) = run(&[], None);
    let mut failures = Vec::new();
    for rule in rules::ALL {
        let begin = format!("  {}", rule.code);
        let lines: Vec<&str> = list
            .lines()
            .filter(|line| line.split("  ").nth(1).is_some_and(|title| title.split(' ').next() == Some(rule.code)))
            .collect();
        if lines.len() != 1 || !lines[0].starts_with(&begin) || !lines[0].contains(rule.summary()) {
            failures.push(format!("{}: {lines:?}", rule.code));
        }
    }
    assert!(err.starts_with(&format!("{} rules.", rules::ALL.len())), "{err}");
    report(failures);
}

#[test]
fn json() {
    let (all, ..) = run(&["--json"], None);
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all.as_array().unwrap().len(), rules::ALL.len());
    let (one, ..) = run(&["--json", "trivy/DS-0021"], None);
    let one: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!(one["code"], "DL3014");
    assert_eq!(one["severity"], "warning");
    assert_eq!(one["aliases"][0], serde_json::json!({ "tool": "hadolint", "id": "DL3014", "same": true }));
    assert!(one["page"].as_str().unwrap().starts_with("# DL3014 apt-get-yes\n"));
    assert!(all.as_array().unwrap().contains(&one));
}

#[test]
fn what_there_is_not() {
    let cases = [
        ("pin-base-imgae", "did you mean `pin-base-image`?"),
        ("stagenamecasin", "did you mean `StageNameCasing`?"),
        ("DL3005", "there is no rule `DL3005`\n"),
        ("sc2086", "is ShellCheck's, which is not run"),
        ("SC20861", "there is no rule `SC20861`"),
    ];
    let mut failures = Vec::new();
    for (id, expected) in cases {
        let (out, err, outcome) = run(&[id], None);
        if !err.contains(expected) || outcome != Outcome::Failed || !out.is_empty() {
            failures.push(format!("{id}: {err}"));
        }
    }
    report(failures);
}
