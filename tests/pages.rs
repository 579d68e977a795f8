//! What the pages show is what the program does.
//!
//! A page may begin with `<!-- directory: fixtures/pages/NAME -->`: then the commands of its `console` blocks are run in a copy of that
//! directory, one after the other, and what stands below each is what it says; `BLESS=1 cargo test --test pages` writes it. On every page
//! each `plimsoll` in a block has commands and options that there are.
#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use support::{golden, report, root};
use walkdir::WalkDir;

fn pages() -> Vec<PathBuf> {
    let docs =
        WalkDir::new(root().join("docs")).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let is_page = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    let own = ["README.md", "python/README.md"].map(|name| root().join(name));
    own.into_iter().chain(docs.filter(is_page)).collect()
}

/// A copy of a directory.
fn copy(directory: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in WalkDir::new(directory).min_depth(1) {
        let entry = entry.unwrap();
        let target = copy.path().join(entry.path().strip_prefix(directory).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
    copy
}

/// What a command line says, to standard output and then to standard error.
fn said(command: &str, directory: &Path) -> String {
    let program = cargo_bin!("plimsoll");
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(directory)
        .env_clear()
        .env("PATH", path)
        .env("COLUMNS", "90")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// The page as it should be.
fn with_what_is_said(page: &str, directory: &Path) -> String {
    let copy = copy(directory);
    let mut written = String::new();
    let mut lines = page.lines().peekable();
    let mut is_console = false;
    while let Some(line) = lines.next() {
        written.push_str(line);
        written.push('\n');
        match line.strip_prefix("$ ") {
            Some(command) if is_console => {
                // What stood there before is left out, but for the command after it.
                while lines.next_if(|line| !line.starts_with("$ ") && *line != "```").is_some() {}
                let command = command.split("  # ").next().unwrap();
                let said = said(command, copy.path());
                if !said.trim().is_empty() {
                    written.push_str(said.trim_end());
                    written.push('\n');
                    if lines.peek().is_some_and(|next| next.starts_with("$ ")) {
                        written.push('\n');
                    }
                }
            }
            _ if line.starts_with("```") => is_console = line == "```console",
            _ => {}
        }
    }
    written
}

#[test]
fn commands_say_what_the_pages_show() {
    let mut failures = Vec::new();
    let mut count = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let directory = page.lines().find_map(|line| line.strip_prefix("<!-- directory: ")?.strip_suffix(" -->"));
        if let Some(directory) = directory {
            count += 1;
            failures.extend(golden(&path, &with_what_is_said(&page, &root().join(directory))));
        }
    }
    assert!(count > 0, "no page has a directory");
    report(failures);
}

const COMMANDS: [&str; 12] = [
    "check",
    "completions",
    "config",
    "context",
    "format",
    "hadolint",
    "inspect",
    "man",
    "parse",
    "rule",
    "server",
    "why",
];

/// The command lines in the blocks of a page, without the program's name.
fn command_lines(page: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut language = None;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            language = if language.is_some() { None } else { Some(info) };
            continue;
        }
        let Some(language) = language else { continue };
        // What a command answers is no command.
        if language == "console" && !line.starts_with("$ ") {
            continue;
        }
        for (at, _) in line.match_indices("plimsoll ") {
            let rest = &line[at + "plimsoll ".len()..];
            let is_word = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"-_./`".contains(c));
            if is_word && COMMANDS.contains(&rest.split_whitespace().next().unwrap_or_default()) {
                found.push(words(rest));
            }
        }
    }
    found
}

/// The words of a command, as a shell has them, up to where it ends.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut has_begun) = (String::new(), None, false);
    for c in text.chars() {
        match (c, quote) {
            ('|' | '>' | ';' | '&' | ')', None) => break,
            ('#', None) if !has_begun => break,
            (' ', None) => {
                if has_begun {
                    words.push(std::mem::take(&mut word));
                }
                has_begun = false;
            }
            ('"' | '\'', None) => (quote, has_begun) = (Some(c), true),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => {
                word.push(c);
                has_begun = true;
            }
        }
    }
    if has_begun {
        words.push(word);
    }
    words
}

#[test]
fn commands_and_options_are_there() {
    let mut failures = Vec::new();
    let mut count = 0;
    for path in pages() {
        for mut words in command_lines(&fs::read_to_string(&path).unwrap()) {
            count += 1;
            let shown = words.join(" ");
            // Asked for help, the program reads all that comes before, and does nothing.
            let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
            words.truncate(end);
            words.retain(|word| !["2", "\\"].contains(&word.as_str()));
            let output = Command::new(cargo_bin!("plimsoll")).args(&words).arg("--help").output().unwrap();
            if !output.status.success() {
                let path = path.strip_prefix(root()).unwrap().display();
                failures.push(format!("{path}: plimsoll {shown}: {}", String::from_utf8_lossy(&output.stderr)));
            }
        }
    }
    assert!(count > 10, "{count} commands");
    report(failures);
}

#[test]
fn words_of_commands() {
    let cases: [(&str, &[&str]); 4] = [
        ("check --select=a,b . > x.json", &["check", "--select=a,b", "."]),
        ("check -f 'a b' \"c\" # why", &["check", "-f", "a b", "c"]),
        ("why a | head", &["why", "a"]),
        ("completions bash)\"", &["completions", "bash"]),
    ];
    for (text, expected) in cases {
        assert_eq!(words(text), expected);
    }
}
