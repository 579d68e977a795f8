//! What is passed over from now on: `--baseline` and `--add-ignores`.
#![allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]

mod command;

use std::fs;
use std::path::Path;

use command::{Ran, directory, plimsoll};

fn check(arguments: &[&str], directory: &Path, input: &[u8]) -> Ran {
    plimsoll(&[&["check", "--output-format=concise"], arguments].concat(), directory, input)
}

const API: &str = "FROM alpine\nUSER root\nRUN sudo a\nRUN sudo a\nUSER nobody\n";

#[test]
fn what_was_found_before_is_not_reported() {
    let directory =
        directory(&[("api/Dockerfile", API), ("web/Dockerfile", "FROM debian\n"), (".dockerignore", "a\na\n")]);
    let root = directory.path();
    let ran = check(&["--baseline=known.json"], root, b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("error: known.json: there is no such file; `--update-baseline` writes it"), "{}", ran.err);

    let ran = check(&["--baseline=known.json", "--update-baseline"], root, b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let written = fs::read_to_string(root.join("known.json")).unwrap();
    assert!(written.contains(r#"{"file":"api/Dockerfile","rule":"no-sudo","fingerprint":""#), "{written}");
    assert!(written.contains(r#","count":2}"#), "{written}");

    // Lines move, and the directory is another one.
    fs::write(root.join("api/Dockerfile"), format!("# new\n\n{API}")).unwrap();
    let ran = check(&["--baseline=../known.json", ".", "../web"], &root.join("api"), b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(
        ran.err.contains("Checked 2 files: nothing to say.") && ran.err.contains(" more are in the baseline."),
        "{}",
        ran.err
    );

    // One more of those that look the same.
    fs::write(root.join("api/Dockerfile"), API.replace("USER nobody", "RUN sudo a\nUSER nobody")).unwrap();
    let ran = check(&["--baseline=known.json"], root, b"");
    assert!(ran.code == 1 && ran.out.starts_with("api/Dockerfile:5:5:") && ran.out.lines().count() == 1, "{}", ran.out);

    // Written anew it is the same to the byte, as long as nothing changed.
    fs::write(root.join("api/Dockerfile"), API).unwrap();
    check(&["--baseline=known.json", "--update-baseline"], root, b"");
    assert_eq!(fs::read_to_string(root.join("known.json")).unwrap(), written);
}

#[test]
fn what_is_gone_is_told_and_taken_out() {
    let directory = directory(&[("api/Dockerfile", API), ("web/Dockerfile", "FROM debian\n")]);
    let root = directory.path();
    check(&["--baseline=known.json", "--update-baseline"], root, b"");
    let whole = fs::read_to_string(root.join("known.json")).unwrap();

    fs::write(root.join("api/Dockerfile"), API.replacen("RUN sudo a\n", "", 1)).unwrap();
    // Nobody looked at the others: not at the file, and not with the rule.
    let ran = check(&["--baseline=known.json", "web"], root, b"");
    assert!(!ran.err.contains("gone"), "{}", ran.err);
    let ran = check(&["--baseline=known.json", "--select=DL3006"], root, b"");
    assert!(!ran.err.contains("gone"), "{}", ran.err);

    let ran = check(&["--baseline=known.json"], root, b"");
    assert!(ran.code == 0 && ran.err.contains("is gone: `--prune-baseline` takes it out."), "{}", ran.err);
    assert_eq!(fs::read_to_string(root.join("known.json")).unwrap(), whole);
    fs::write(root.join("web/Dockerfile"), "FROM debian\nRUN sudo b\n").unwrap();
    let ran = check(&["--baseline=known.json", "--prune-baseline"], root, b"");
    assert!(
        !ran.err.contains("gone") && ran.code == 1 && ran.out.contains("web/Dockerfile:2"),
        "{}{}",
        ran.out,
        ran.err
    );
    let pruned = fs::read_to_string(root.join("known.json")).unwrap();
    assert_eq!(pruned, whole.replace(r#","count":2}"#, "}"));

    // A file that is gone takes its findings with it.
    fs::remove_file(root.join("web/Dockerfile")).unwrap();
    let ran = check(&["--baseline=known.json", "--prune-baseline"], root, b"");
    let pruned = fs::read_to_string(root.join("known.json")).unwrap();
    assert!(ran.code == 0 && !pruned.contains("web"), "{pruned}");
}

#[test]
fn a_broken_baseline_names_its_line() {
    let cases = [
        ("{\n  \"version\": 1,\n  \"findings\": [}\n", "line 3, column 16: expected value"),
        ("{\n  \"version\": 2,\n  \"findings\": []\n}\n", "it is of version 2, and only 1 is known"),
        ("{\n  \"version\": 1,\n  \"finding\": []\n}\n", "line 3, column 11: unknown field `finding`"),
        ("", "line 1, column 0: EOF while parsing a value"),
    ];
    for (text, expected) in cases {
        let directory = directory(&[("Dockerfile", "FROM alpine\n"), ("known.json", text)]);
        let ran = check(&["--baseline=known.json"], directory.path(), b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}");
        assert!(ran.err.contains(&format!("error: known.json: {expected}")), "{text}: {}", ran.err);
    }
}

#[test]
fn ignores_are_added() {
    let ignore = "a\nb\na\n";
    let directory =
        directory(&[("Dockerfile", API), (".dockerignore", ignore), ("clean.Dockerfile", "FROM alpine:3.22\n")]);
    let root = directory.path();
    let ran = check(&["--add-ignores=we know", "--fail-on=style"], root, b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("Silenced ") && ran.err.contains(" in 2 files."), "{}", ran.err);
    let written = fs::read_to_string(root.join("Dockerfile")).unwrap();
    assert!(written.contains("; we know\nRUN sudo a\n# plimsoll ignore="), "{written}");
    assert_eq!(fs::read_to_string(root.join("clean.Dockerfile")).unwrap(), "FROM alpine:3.22\n");
    assert!(fs::read_to_string(root.join(".dockerignore")).unwrap().ends_with("; we know\na\n"));
    let ran = check(&["--fail-on=style"], root, b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);

    let ran = check(&["--add-ignores", "-"], root, b"FROM alpine\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "# plimsoll ignore=DL3006\nFROM alpine\n"), "{}", ran.err);
}

#[test]
fn what_is_not_utf8_is_not_written() {
    let directory = tempfile::tempdir().unwrap();
    let bytes = b"FROM alpine\nLABEL a=\"\xe9\"\n";
    fs::write(directory.path().join("Dockerfile"), bytes).unwrap();
    let ran = check(&["--add-ignores"], directory.path(), b"");
    assert!(ran.code == 2 && ran.err.contains("error: Dockerfile: some bytes are not UTF-8"), "{}", ran.err);
    assert_eq!(fs::read(directory.path().join("Dockerfile")).unwrap(), bytes);
}
