//! The command as people meet it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod command;
mod support;

use std::fs;

use command::{Case, directory, plimsoll};
use support::{fixtures, golden, report, root};

#[test]
fn outputs_of_the_demo() {
    let mut failures = Vec::new();
    for (name, arguments) in [
        ("full", vec!["check", "fixtures/demo"]),
        ("concise", vec!["check", "--output-format", "concise", "fixtures/demo"]),
        ("json", vec!["check", "--output-format=json", "fixtures/demo"]),
        ("statistics", vec!["check", "--statistics", "fixtures/demo"]),
        ("buildkit", vec!["check", "--preset=buildkit", "--output-format=concise", "fixtures/demo"]),
        ("rules", vec!["rule"]),
        ("rule", vec!["rule", "hadolint/dl3006"]),
        ("parse", vec!["parse", "fixtures/cli/small.Dockerfile"]),
        ("help", vec!["check", "--help"]),
    ] {
        let ran = plimsoll(&arguments, root(), b"");
        failures.extend(golden(&fixtures().join("cli").join(format!("{name}.out")), &ran.shown()));
    }
    report(failures);
}

#[test]
fn exit_codes_and_answers() {
    let files: [(&str, &[u8]); 9] = [
        ("good/Dockerfile", b"FROM alpine:3.22\n"),
        ("bad/Dockerfile", b"FROM alpine\n"),
        ("bad/.devcontainer/api.dockerfile", b"FROM debian:latest\n"),
        ("bad/ignored/Dockerfile", b"FROM ignored\n"),
        ("bad/.gitignore", b"ignored\n"),
        ("none/README", b"nothing\n"),
        ("odd/utf16.Dockerfile", b"\xff\xfeF\0R\0O\0M\0 \0a\0"),
        ("odd/bytes.Dockerfile", b"FROM alpine:3.22\nLABEL a=\"\xe9\"\n"),
        ("odd/nul.Dockerfile", b"FROM alpine:3.22\n\x00\x1b[31m\n"),
    ];
    let directory = directory(&files);
    let cases: [Case<'_>; 20] = [
        (&["check", "good"], b"", 0, "", "Checked 1 file: nothing to say."),
        (&["check", "bad"], b"", 1, "the image `alpine` has no version", "Checked 2 files: 2 warnings."),
        (&["check", "--fail-on=error", "bad"], b"", 0, "debian:latest", ""),
        (&["check", "--exit-zero", "bad"], b"", 0, "debian:latest", ""),
        (&["check", "--ignore=dl3006,no-latest-tag", "bad"], b"", 0, "", "nothing to say"),
        (&["check", "--select=DL3007", "bad"], b"", 1, "debian:latest", "1 warning."),
        (&["check", "--select=DL1234", "bad"], b"", 2, "", "there is no rule `DL1234`"),
        (&["check", "--preset=other"], b"", 2, "", "`other` is no preset"),
        (&["check", "none"], b"", 2, "", "there is no Dockerfile and no ignore file in this directory or below"),
        (&["check", "missing", "bad"], b"", 2, "the image `alpine`", "error: missing: there is no such file"),
        (&["check", "-"], b"FROM alpine\n", 1, "-:1:6", ""),
        (&["check", "-", "--stdin-filename=api/Dockerfile"], b"FROM alpine\n", 1, "api/Dockerfile:1:6", ""),
        (&["check", "/dev/null"], b"", 1, "must hold at least one instruction", ""),
        (&["check", "odd/utf16.Dockerfile", "bad"], b"", 2, "debian:latest", "the file is UTF-16"),
        (&["check", "odd/bytes.Dockerfile"], b"", 0, "", "odd/bytes.Dockerfile:2: some bytes are not UTF-8"),
        (&["check", "odd/nul.Dockerfile"], b"", 1, "\u{fffd}\u{fffd}[31m", ""),
        (&["parse", "-"], b"FROM a\n", 0, "\"instruction\": \"FROM\"", ""),
        (&["parse", "-"], b"FORM a\n", 1, "did you mean `FROM`?", ""),
        (&["parse", "missing"], b"", 2, "", "error: missing: there is no such file"),
        (&["rule", "nothing"], b"", 2, "", "there is no rule `nothing`"),
    ];
    let failure = |case: &Case<'_>| plimsoll(case.0, directory.path(), case.1).difference(case);
    report(cases.iter().filter_map(failure).collect());
}

#[test]
fn ignore_files_are_files_of_their_own() {
    let silenced = b"# plimsoll ignore=shadowed-ignore-pattern; for people\nb\n";
    let files: [(&str, &[u8]); 16] = [
        ("app/.dockerignore", b"node_modules\nreadme.md\n/srv/public\n"),
        ("app/Dockerfile", b"FROM alpine:3.22\nWORKDIR /srv\nCOPY . .\n"),
        ("app/README.md", b""),
        ("app/public/main.css", b""),
        ("app/web/node_modules/x.js", b""),
        ("app/web/.dockerignore", b"dist\ndist\n"),
        ("named/api.Dockerfile", b"FROM alpine:3.22\n"),
        ("named/api.Dockerfile.dockerignore", b"a\na\n"),
        ("named/gone.Dockerfile.dockerignore", b"a\n"),
        ("named/template.dockerignore", b"a\n"),
        ("named/own/.dockerignore", b"a\na\n"),
        ("named/own/Dockerfile", b"FROM alpine:3.22\n"),
        ("silenced/.dockerignore", &[b"b\n", &silenced[..], b"# plimsoll file-ignore=PL1032\n # c\n"].concat()),
        ("unused/.dockerignore", b"# plimsoll ignore=PL1021\nb\n"),
        ("odd/.dockerignore", b"\xef\xbb\xbf[\r\n\xff\n"),
        ("odd/web/.containerignore", b"a\na\n"),
    ];
    let directory = directory(&files);
    let cases: [Case<'_>; 22] = [
        (&["check", "named/own", "--context=named"], b"", 0, "`a` stands on line 1 already", "1 of style"),
        (&["check", "-", "--context=app", "--stdin-filename=x/.dockerignore"], b"readme.md\n", 1, "README.md", ""),
        (&["check", "app"], b"", 1, "`web/node_modules` is sent", "Checked 3 files: 3 warnings, 1 of style."),
        (&["check", "app/.dockerignore"], b"", 1, "the name is `README.md`", "Checked 1 file: 3 warnings."),
        (&["check", "app/.dockerignore"], b"", 1, "under `WORKDIR /srv`", ""),
        (&["check", "app/.dockerignore", "--no-context"], b"", 0, "", "Checked 1 file: nothing to say."),
        (&["check", "app/web"], b"", 0, "`dist` stands on line 1 already", "1 of style"),
        (&["check", "app/web", "--context=app"], b"", 1, "it is not at the root", "1 warning, 1 of style"),
        (&["check", "app", "--context=app"], b"", 1, "PL1025", "Checked 3 files: 5 warnings, 1 of style."),
        (&["check", "app/.dockerignore", "--context=app/web"], b"", 1, "README.md", "3 warnings"),
        (
            &["check", "named"],
            b"",
            1,
            "there is no `gone.Dockerfile` beside it",
            "Checked 6 files: 1 warning, 2 of style.",
        ),
        (&["check", "--fail-on=style", "named/api.Dockerfile.dockerignore"], b"", 1, "`a` stands on line 1", ""),
        (&["check", "silenced"], b"", 0, "", "nothing to say"),
        (&["check", "unused"], b"", 0, "nothing is silenced by `PL1021` here", "1 to know"),
        (&["check", "odd/.dockerignore"], b"", 1, "no `]` ends it", "1 error"),
        (&["check", "odd/web"], b"", 0, "`a` stands on line 1 already", "1 of style"),
        (&["check", "-", "--stdin-filename=.dockerignore"], b"a\na\n", 0, "`a` stands on line 1 already", ""),
        (&["check", "-", "--stdin-filename=app/.dockerignore"], b"readme.md\n", 1, "README.md", "1 warning"),
        (&["check", "-", "--stdin-filename=no/.dockerignore"], b"readme.md\n", 0, "", "nothing to say"),
        (&["check", "-", "--stdin-filename=x.Dockerfile.dockerignore"], b"", 0, "", "nothing to say"),
        (
            &["check", "--context=missing", "app/.dockerignore"],
            b"",
            2,
            "",
            "error: missing: there is no such directory",
        ),
        (&["check", "--preset=strict", "app/.dockerignore", "--ignore=PL1023"], b"", 1, "PL1033", ""),
    ];
    let mut failures = Vec::new();
    for case in &cases {
        let arguments = [case.0, &["--output-format=concise"]].concat();
        failures.extend(plimsoll(&arguments, directory.path(), case.1).difference(case));
    }
    report(failures);
}

#[test]
fn a_walk_that_is_forced_is_counted() {
    let names: Vec<String> = (0..1000).map(|number| format!("vendor/{number}")).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    files.push((".dockerignore", b"vendor\n!**/*.go\n"));
    let directory = directory(&files);
    let ran = plimsoll(&["check", "--select=negation-forces-walk", "--output-format=concise"], directory.path(), b"");
    assert!(ran.out.contains("at 1000 files and directories"), "{}{}", ran.out, ran.err);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_hides_no_other() {
    use std::os::unix::fs::PermissionsExt;

    let directory = directory(&[("a/Dockerfile", b"FROM alpine\n"), ("b/Dockerfile", b"FROM debian\n")]);
    let forbidden = directory.path().join("a/Dockerfile");
    fs::set_permissions(&forbidden, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read anything, and then there is nothing to be told.
    if fs::File::open(&forbidden).is_ok() {
        return;
    }
    let ran = plimsoll(&["check", "."], directory.path(), b"");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.out.contains("debian") && ran.err.contains("you may not read it"), "{}{}", ran.out, ran.err);
}

#[test]
fn every_recorded_file_has_a_result() {
    let Some(folder) = recorded::conformance() else { return };
    let ran = plimsoll(&["check", "--output-format=json", "dockerfiles"], &folder, b"");
    // Two of them are UTF-16.
    assert!(ran.err.contains("Checked 1498 files: "), "{}", ran.err);
    assert_eq!(ran.err.lines().filter(|line| line.starts_with("error: ")).count(), 2, "{}", ran.err);
}

#[path = "recorded/mod.rs"]
mod recorded;
