//! `plimsoll context` as people meet it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod command;
mod support;

use std::fs;

use command::{Case, command, directory, plimsoll, run};
use support::{fixtures, golden, report, root};

#[test]
fn outputs() {
    let demo = "fixtures/context/demo";
    let dockerfile = "fixtures/context/demo/Dockerfile";
    let mut failures = Vec::new();
    for (name, columns, arguments) in [
        ("context", "80", vec!["context", demo]),
        ("context-dockerfile", "80", vec!["context", demo, "-f", dockerfile]),
        ("context-dockerfile-40", "40", vec!["context", demo, "-f", dockerfile]),
        ("context-by-directory", "80", vec!["context", demo, "--by-directory"]),
        ("context-largest", "80", vec!["context", demo, "--largest", "3"]),
        ("context-largest-directories", "80", vec!["context", demo, "--by-directory", "--largest=2"]),
        ("context-workdir", "80", vec!["context", demo, "--workdir", "docs"]),
        ("context-help", "80", vec!["context", "--help"]),
        ("context-help-40", "40", vec!["context", "-h"]),
    ] {
        let ran = run(command(&arguments, root()).env("COLUMNS", columns));
        failures.extend(golden(&fixtures().join("cli").join(format!("{name}.out")), &ran.shown()));
    }
    report(failures);
}

#[test]
fn answers_and_exit_codes() {
    let directory = directory(&[
        ("app/a", "1"),
        ("app/b\u{1b}[31m", ""),
        ("app/.dockerignore", "nothing\n"),
        ("app/Dockerfile", "FROM alpine\nARG WHAT\nCOPY a $WHAT /x/\n"),
        ("app/fixed.Dockerfile", "FROM alpine\nCOPY a /x/\n"),
        ("own/Dockerfile", ""),
        ("own/Dockerfile.dockerignore", "*\n!kept\n"),
        ("own/.dockerignore", "kept\n"),
        ("own/kept", ""),
        ("wrong/a", ""),
        ("wrong/.dockerignore", "b\n[x\n"),
        ("asked/a", ""),
        ("asked/.dockerignore", "\\y\n"),
        ("all.dockerignore", "*\n"),
    ]);
    fs::create_dir(directory.path().join("empty")).unwrap();
    let cases: [Case<'_>; 18] = [
        (&["context", "app"], b"", 0, "     1 B  a\n", "5 files"),
        (&["context", "app"], b"", 0, "b\u{fffd}[31m", ""),
        (&["context", "own"], b"", 0, "kept\n", "after Dockerfile.dockerignore."),
        (&["context", "empty"], b"", 0, "", "Nothing: `empty` is empty."),
        (
            &["context", "app", "--ignore-file=all.dockerignore"],
            b"",
            0,
            "",
            "Nothing: all.dockerignore leaves out all of `app`.",
        ),
        (&["context", "missing"], b"", 2, "", "error: missing: there is no such directory"),
        (&["context", "app/a"], b"", 2, "", "error: app/a: it is a file; a build's context is a directory"),
        (&["context", "wrong"], b"", 2, "a\n", "error: wrong/.dockerignore:2:1: `[` begins a class"),
        (&["context", "wrong"], b"", 2, "a\n", "syntax error in pattern"),
        (&["context", "asked"], b"", 2, "a\n", "asked/.dockerignore:1:1: `\\y`"),
        (&["context", "app", "--ignore-file=missing"], b"", 2, "a\n", "error: missing: there is no such file"),
        (&["context", "app", "-f", "missing"], b"", 2, "a\n", "error: missing: there is no such file"),
        (
            &["context", "app", "-f", "app/Dockerfile"],
            b"",
            0,
            "a                 → /x/a\n",
            "is not known: line 3 takes `$WHAT`",
        ),
        (&["context", "app", "-f", "app/fixed.Dockerfile"], b"", 0, "a  → /x/a\n", "1 file, 1 B: what BuildKit sends"),
        (&["context", "app", "-f", "-"], b"FROM a\nCOPY b* /\nCOPY c /\n", 0, "→ /b", "warning: -:3: there is no `c`"),
        (&["context", "app", "-f", "-"], b"FROM a\nRNU x\n", 0, "", "warning: -:2: `RNU` is not an instruction"),
        (&["context", "app", "-f", "-"], b"FROM a\n", 0, "", "Nothing: what BuildKit sends of it for -."),
        (&["context", "app", "--largest=x"], b"", 2, "", "invalid value"),
    ];
    let failure = |case: &Case<'_>| plimsoll(case.0, directory.path(), case.1).difference(case);
    report(cases.iter().filter_map(failure).collect());
}

#[test]
fn json() {
    let arguments = ["context", "fixtures/context/demo", "-f", "fixtures/context/demo/Dockerfile", "--json"];
    let ran = plimsoll(&arguments, root(), b"");
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.code, 0);
    assert_eq!(json["totals"]["files"], 10);
    assert_eq!(json["dockerfile"]["sent"]["files"], 8);
    let entries = json["entries"].as_array().unwrap();
    let settings = entries.iter().find(|entry| entry["path"] == "settings.toml").unwrap();
    assert_eq!(settings["size"], 10);
    assert_eq!(settings["landings"][0]["place"], "either");
    assert_eq!(settings["landings"][0]["path"]["otherwise"], "/etc/api");
    assert_eq!(settings["landings"][0]["line"], 14);
    assert_eq!(json["dockerfile"]["problems"][0]["line"], 15);
}

#[test]
fn why_from_the_side_of_the_image() {
    let demo = fixtures().join("context/demo");
    // `(arguments, exit code, what the output holds, what the error output holds)`
    let cases: &[(&[&str], i32, &str, &str)] = &[
        (&["/srv/main.css"], 0, "/srv/main.css is web/public/main.css of the context: line 9", ""),
        (&["/etc/secrets.env"], 1, "secrets.env is out of the context: line 3 of .dockerignore decides", ""),
        (&["/etc/api"], 0, "/etc/api may be settings.toml of the context: line 14, `COPY settings.toml /etc/api`", ""),
        (&["/etc/passwd"], 1, "", "/etc/passwd: Dockerfile puts nothing of the context there"),
        (&["/etc/passwd", "/srv/main.css"], 1, "in the context", "/etc/passwd: Dockerfile puts nothing"),
        (&["relative"], 2, "", "the last WORKDIR is not known"),
        (&["-f", "missing", "/x"], 2, "", "missing"),
        (&["--json", "/srv/main.css"], 0, "\"certain\": true", ""),
    ];
    let mut failures = Vec::new();
    for (arguments, code, out, err) in cases {
        let arguments: Vec<&str> = ["why", "--image"].iter().chain(*arguments).copied().collect();
        let ran = plimsoll(&arguments, &demo, b"");
        if ran.code != *code || !ran.out.contains(out) || !ran.err.contains(err) {
            failures.push(format!("{arguments:?}: {code} expected, found {}:\n{}\n{}", ran.code, ran.out, ran.err));
        }
    }
    report(failures);
}
