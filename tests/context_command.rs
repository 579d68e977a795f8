//! `plimsoll context` as people meet it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::fs;
use std::path::Path;

use assert_cmd::cargo::cargo_bin_cmd;
use support::{fixtures, golden, report, root};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn plimsoll(arguments: &[&str], directory: &Path, columns: &str, input: &[u8]) -> Ran {
    let mut command = cargo_bin_cmd!("plimsoll");
    command.env_clear().env("COLUMNS", columns).current_dir(directory).args(arguments).write_stdin(input);
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

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
        let ran = plimsoll(&arguments, root(), columns, b"");
        let shown = format!("{}\n--- standard error, exit code {}\n{}", ran.out, ran.code, ran.err);
        failures.extend(golden(&fixtures().join("cli").join(format!("{name}.out")), &shown));
    }
    report(failures);
}

#[test]
fn answers_and_exit_codes() {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("app/a", "1");
    write("app/b\u{1b}[31m", "");
    write("app/.dockerignore", "nothing\n");
    write("app/Dockerfile", "FROM alpine\nARG WHAT\nCOPY a $WHAT /x/\n");
    write("app/fixed.Dockerfile", "FROM alpine\nCOPY a /x/\n");
    write("own/Dockerfile", "");
    write("own/Dockerfile.dockerignore", "*\n!kept\n");
    write("own/.dockerignore", "kept\n");
    write("own/kept", "");
    write("wrong/a", "");
    write("wrong/.dockerignore", "b\n[x\n");
    write("asked/a", "");
    write("asked/.dockerignore", "\\y\n");
    write("all.dockerignore", "*\n");
    fs::create_dir(directory.path().join("empty")).unwrap();
    // `(arguments, input, exit code, what the output holds, what the error output holds)`
    let cases: &[(&[&str], &str, i32, &str, &str)] = &[
        (&["context", "app"], "", 0, "     1 B  a\n", "5 files"),
        (&["context", "app"], "", 0, "b\u{fffd}[31m", ""),
        (&["context", "own"], "", 0, "kept\n", "after Dockerfile.dockerignore."),
        (&["context", "empty"], "", 0, "", "Nothing: `empty` is empty."),
        (
            &["context", "app", "--ignore-file=all.dockerignore"],
            "",
            0,
            "",
            "Nothing: all.dockerignore leaves out all of `app`.",
        ),
        (&["context", "missing"], "", 2, "", "error: missing: there is no such directory"),
        (&["context", "app/a"], "", 2, "", "error: app/a: it is a file; a build's context is a directory"),
        (&["context", "wrong"], "", 2, "a\n", "error: wrong/.dockerignore:2:1: `[` begins a class"),
        (&["context", "wrong"], "", 2, "a\n", "syntax error in pattern"),
        (&["context", "asked"], "", 2, "a\n", "asked/.dockerignore:1:1: `\\y`"),
        (&["context", "app", "--ignore-file=missing"], "", 2, "a\n", "error: missing: there is no such file"),
        (&["context", "app", "-f", "missing"], "", 2, "a\n", "error: missing: there is no such file"),
        (
            &["context", "app", "-f", "app/Dockerfile"],
            "",
            0,
            "a                 → /x/a\n",
            "is not known: line 3 takes `$WHAT`",
        ),
        (&["context", "app", "-f", "app/fixed.Dockerfile"], "", 0, "a  → /x/a\n", "1 file, 1 B: what BuildKit sends"),
        (&["context", "app", "-f", "-"], "FROM a\nCOPY b* /\nCOPY c /\n", 0, "→ /b", "warning: -:3: there is no `c`"),
        (&["context", "app", "-f", "-"], "FROM a\nRNU x\n", 0, "", "warning: -:2: `RNU` is not an instruction"),
        (&["context", "app", "-f", "-"], "FROM a\n", 0, "", "Nothing: what BuildKit sends of it for -."),
        (&["context", "app", "--largest=x"], "", 2, "", "invalid value"),
    ];
    let mut failures = Vec::new();
    for (arguments, input, code, out, err) in cases {
        let ran = plimsoll(arguments, directory.path(), "80", input.as_bytes());
        if ran.code != *code || !ran.out.contains(out) || !ran.err.contains(err) || ran.out.contains('\u{1b}') {
            failures.push(format!(
                "{arguments:?}: exit code {code}, {out:?}, {err:?} expected; found {}:\n{}\n{}",
                ran.code, ran.out, ran.err
            ));
        }
    }
    report(failures);
}

#[test]
fn json() {
    let arguments = ["context", "fixtures/context/demo", "-f", "fixtures/context/demo/Dockerfile", "--json"];
    let ran = plimsoll(&arguments, root(), "80", b"");
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
        let ran = plimsoll(&arguments, &demo, "80", b"");
        if ran.code != *code || !ran.out.contains(out) || !ran.err.contains(err) {
            failures.push(format!("{arguments:?}: {code} expected, found {}:\n{}\n{}", ran.code, ran.out, ran.err));
        }
    }
    report(failures);
}
