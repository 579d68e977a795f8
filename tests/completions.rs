//! What lets shells complete the command line, and the manual.
//!
//! Each is read by the program that it is for. Where a program is not installed, a line says so.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that can't run its programs fails")]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin_cmd;
use plimsoll::rules;
use support::report;
use tempfile::TempDir;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

fn plimsoll(arguments: &[&str]) -> String {
    let output = cargo_bin_cmd!("plimsoll").args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a program, where it is installed.
fn run(program: &str, arguments: &[&str], file: &Path) -> Option<Output> {
    let output = Command::new(program).args(arguments).arg(file).output();
    if output.is_err() {
        eprintln!("{program} is not installed, so that what is for it is not read by it");
    }
    output.ok()
}

/// A directory with a file.
fn file(name: &str, content: &str) -> (TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    (directory, path)
}

#[test]
fn shells_can_read_them() {
    let mut failures = Vec::new();
    for (shell, option) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let (_directory, path) = file(shell, &plimsoll(&["completions", shell]));
        if let Some(output) = run(shell, &[option], &path)
            && !(output.status.success() && output.stderr.is_empty())
        {
            failures.push(format!("{shell}: {}", text(&output.stderr)));
        }
    }
    report(failures);
}

#[test]
fn each_names_commands_options_and_rules() {
    let mut failures = Vec::new();
    for shell in SHELLS {
        let script = plimsoll(&["completions", shell]);
        let mut wanted = vec!["check", "inspect", "completions", "no-context", "output-format"];
        // These two complete no values.
        if !["powershell", "elvish"].contains(&shell) {
            wanted.extend(["recommended", "sarif", "warning"]);
            wanted.extend(rules::ALL.iter().flat_map(|rule| [rule.code, rule.name]));
        }
        failures
            .extend(wanted.iter().filter(|word| !script.contains(**word)).map(|word| format!("{shell}: no {word}")));
        if script.contains("man:") || script.contains(" man ") {
            failures.push(format!("{shell}: `man` is hidden"));
        }
    }
    report(failures);
}

/// What is typed, and what may follow.
const TYPED: [(&str, &[&str]); 6] = [
    ("ins", &["inspect"]),
    ("rule pin-ap", &["pin-apk-packages", "pin-apt-packages"]),
    ("check --select unused-", &["unused-arg", "unused-ignore"]),
    ("check --output-format jso", &["json", "json-lines"]),
    ("completions po", &["powershell"]),
    ("check --fail-on n", &["never"]),
];

#[test]
fn bash_completes() {
    let script = plimsoll(&["completions", "bash"]);
    let mut failures = Vec::new();
    for (typed, expected) in TYPED {
        let words: Vec<&str> = typed.split(' ').collect();
        let last = words.last().unwrap();
        let (before, count) = (words.iter().rev().nth(1).unwrap_or(&"plimsoll"), words.len());
        let asked = format!(
            "{script}\nCOMP_WORDS=(plimsoll {typed}); COMP_CWORD={count}; _plimsoll plimsoll {last} {before}; echo \"${{COMPREPLY[@]}}\""
        );
        let (_directory, path) = file("asked", &asked);
        let Some(output) = run("bash", &["--norc"], &path) else { return };
        if text(&output.stdout).trim() != expected.join(" ") {
            failures.push(format!("{typed}: {}{}", text(&output.stdout), text(&output.stderr)));
        }
    }
    report(failures);
}

#[test]
fn fish_completes() {
    let script = plimsoll(&["completions", "fish"]);
    let mut failures = Vec::new();
    for (typed, expected) in TYPED {
        let (_directory, path) = file("asked", &format!("{script}\ncomplete -C 'plimsoll {typed}'\n"));
        let Some(output) = run("fish", &["--no-config"], &path) else { return };
        let found: Vec<String> =
            text(&output.stdout).lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect();
        if found != expected {
            failures.push(format!("{typed}: {found:?}{}", text(&output.stderr)));
        }
    }
    report(failures);
}

#[test]
fn manual() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("share/man/man1");
    plimsoll(&["man", "--directory", pages.to_str().unwrap()]);
    let help = plimsoll(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What a line goes on with stands further in.
    let commands = commands.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    let mut expected: Vec<String> =
        commands.iter().filter(|name| **name != "help").map(|name| format!("plimsoll-{name}.1")).collect();
    expected.push("plimsoll.1".to_owned());
    expected.sort();
    let mut found: Vec<String> =
        std::fs::read_dir(&pages).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, expected);
    assert!(commands.len() >= 8, "{commands:?}");
    let mut failures = Vec::new();
    for name in found {
        let path = pages.join(&name);
        if let Some(output) = run("groff", &["-man", "-ww", "-z", "-Tutf8"], &path)
            && !output.stderr.is_empty()
        {
            failures.push(format!("{name}: {}", text(&output.stderr)));
        }
        let page = std::fs::read_to_string(&path).unwrap();
        let Some(command) = name.strip_prefix("plimsoll-").and_then(|name| name.strip_suffix(".1")) else { continue };
        assert_eq!(page, plimsoll(&["man", command]));
        for option in plimsoll(&[command, "--help"]).split([' ', '\n', ',']).filter(|word| word.starts_with("--")) {
            let option = option.split(['=', '.', ';', '[']).next().unwrap_or_default().replace('-', "\\-");
            if !page.contains(&option) {
                failures.push(format!("{name} says nothing of {option}"));
            }
        }
    }
    report(failures);
}
