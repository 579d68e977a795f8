//! `plimsoll why` as people meet it; what the documentation shows of it is true.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod command;
mod support;

use std::fs;
use std::path::Path;

use command::{Case, Ran, command, directory, run};
use support::{fixtures, golden, report, root};

fn plimsoll(arguments: &[&str], directory: &Path, input: &[u8]) -> Ran {
    run(command(arguments, directory).env("COLUMNS", "100").write_stdin(input))
}

/// Runs what a page shows, each command with the ignore file that was shown last, and writes what comes out below it.
fn played(page: &str) -> String {
    let project = directory(&[
        ("secrets.env", ""),
        ("api/secrets.env", ""),
        ("node_modules/left-pad/index.js", ""),
        ("web/node_modules/left-pad/index.js", ""),
        ("coverage/index.html", ""),
        (".git/config", ""),
        (".git/refs/heads/main", ""),
        ("docs/guide.md", ""),
    ]);
    let mut played = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        played.push_str(line);
        played.push('\n');
        if !matches!(line, "```dockerignore" | "```console") {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if line == "```dockerignore" {
            let text = block.join("\n") + "\n";
            fs::write(project.path().join(".dockerignore"), &text).unwrap();
            played.push_str(&text);
        } else {
            let arguments: Vec<&str> = block[0].strip_prefix("$ plimsoll ").unwrap().split(' ').collect();
            let ran = plimsoll(&arguments, project.path(), b"");
            // What `check` counts is for people at a terminal.
            assert!(ran.err.is_empty() || arguments[0] == "check", "{arguments:?}: {}", ran.err);
            played.push_str(&format!("{}\n{}", block[0], ran.out));
        }
        played.push_str("```\n");
    }
    played
}

#[test]
fn the_page_about_ignore_files_is_true() {
    let path = root().join("docs/ignore-files.md");
    let page = fs::read_to_string(&path).unwrap();
    report(golden(&path, &played(&page)).into_iter().collect());
}

#[test]
fn outputs() {
    let long =
        format!("{}\n# {}\n**/*.log\n{}\n!keep.log\n", "vendor\n".repeat(9), "é".repeat(80), "build\n".repeat(9));
    let project = directory(&[
        (".dockerignore", "docs/**\n!docs/keep/*.md\n**/*.md\n!docs/\n"),
        ("docs/keep/a.md", ""),
        ("long/.dockerignore", &long),
        ("wrong.dockerignore", "a\n[b\n![]\n  foo\\\n!\n[a-]\n"),
        ("asked.dockerignore", "a\n*{2}b\n"),
        ("empty/x", ""),
        ("api.Dockerfile", "FROM scratch\n"),
        ("api.Dockerfile.dockerignore", ""),
    ]);
    let mut failures = Vec::new();
    let cases: [(&str, &[&str]); 9] = [
        ("why", &["why", "docs/keep/a.md", "docs/keep", "docs", "README.md", "."]),
        ("why-json", &["why", "--json", "docs/keep/a.md", "README.md"]),
        ("why-long", &["why", "--context", "long", "long/keep.log"]),
        ("why-wrong", &["why", "--ignore-file", "wrong.dockerignore", "a"]),
        ("why-wrong-when-asked", &["why", "--ignore-file", "asked.dockerignore", "a", "b"]),
        ("why-no-ignore-file", &["why", "--context", "empty", "empty/x"]),
        ("why-of-dockerfile", &["why", "-f", "api.Dockerfile", "docs/a.md"]),
        ("why-workdir", &["why", "--workdir", "/long", "long/docs/a.md", "docs/a.md"]),
        ("why-help", &["why", "--help"]),
    ];
    for (name, arguments) in cases {
        let ran = plimsoll(arguments, project.path(), b"");
        let shown = format!("{}\n--- standard error, exit code {}\n{}", ran.out, ran.code, ran.err);
        failures.extend(golden(&fixtures().join("cli").join(format!("{name}.out")), &shown));
    }
    report(failures);
}

#[test]
fn exit_codes_and_answers() {
    let project = directory(&[
        (".dockerignore", "*.log\n"),
        (".containerignore", "*.txt\n"),
        ("a.log", ""),
        ("app/.dockerignore", "b\n"),
        ("app/b", ""),
        ("odd/.dockerignore/x", ""),
        ("utf16", "a\0b\0\n\0"),
    ]);
    let cases: [Case<'_>; 24] = [
        (&["why", "a.txt"], b"", 0, "a.txt is in the context", ""),
        (&["why", "a.log"], b"", 1, "a.log is out of the context", ""),
        (&["why", "a.txt", "a.log"], b"", 1, "a.txt is in", ""),
        (&["why", "./a.log/"], b"", 1, "a.log is out", ""),
        (&["why", "--podman", "a.txt"], b"", 1, "line 1 of .containerignore", ""),
        (&["why", "-"], b"a.txt\nb.txt\n", 0, "b.txt is in", ""),
        (&["why", "-"], b"a.txt\n\na.log", 1, "a.log is out", ""),
        (&["why", "-z", "-"], b"a\nb.txt\0c.log\0", 1, "a\u{fffd}b.txt is in", ""),
        (&["why", "-"], b"", 0, "", ""),
        (&["why", "-"], b"caf\xe9.log\n", 1, "caf\u{fffd}.log is out", ""),
        (&["why", "app/b"], b"", 0, "no pattern of .dockerignore leaves it out", ""),
        (&["why", "--context=app", "app/b"], b"", 1, "line 1 of app/.dockerignore decides", ""),
        (&["why", "--context=app", "b"], b"", 2, "", "so write app/b"),
        (&["why", "../x", "a.txt"], b"", 2, "a.txt is in", "error: ../x: it is outside the context ."),
        (&["why", "--context=missing", "a"], b"", 2, "", "error: missing: there is no such file or directory"),
        (&["why", "--context=a.log", "a"], b"", 2, "", "this is a file"),
        (&["why", "--context=odd", "odd/a"], b"", 2, "", "error: odd/.dockerignore: "),
        (&["why", "--ignore-file=missing", "a"], b"", 2, "", "error: missing: there is no such file"),
        (&["why", "-f", "missing", "a"], b"", 2, "", "error: missing: there is no such Dockerfile"),
        (&["why", "--ignore-file=utf16", "ab"], b"", 0, "ab is in", "warning: utf16: the file is UTF-16"),
        (&["why"], b"", 2, "", "<PATH>"),
        (&["why", "--json", "a.log"], b"", 1, "\"ignored\": true", ""),
        (&["why", "--json", "-"], b"", 0, "[]", ""),
        (&["why", "--workdir=app", "app/a.log", "a.log"], b"", 1, "a.log is in", ""),
    ];
    let failure = |case: &Case<'_>| plimsoll(case.0, project.path(), case.1).difference(case);
    report(cases.iter().filter_map(failure).collect());
}
