//! `plimsoll inspect`, and what `docker run` executes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod support;

use std::ffi::OsString;

use plimsoll::cli::{self, Outcome, Streams};
use plimsoll::parse;
use plimsoll::semantic::{Argument, Model};
use support::{fixtures, golden, report};

/// The last stage of a file and arguments of `docker run`, and what is executed: the words of the process in brackets, then
/// what the entrypoint ignores. What the base image has is `ENTRYPOINT`, `CMD` and `SHELL`.
///
/// As Docker documents it under "Understand how CMD and ENTRYPOINT interact", "SHELL" and "docker run --entrypoint".
const CASES: &[(&str, &[&str], &str)] = &[
    // Docker's own table: no entrypoint.
    ("FROM scratch", &[], ""),
    ("FROM scratch\nCMD [\"exec_cmd\", \"p1_cmd\"]", &[], "[exec_cmd] [p1_cmd]"),
    ("FROM scratch\nCMD exec_cmd p1_cmd", &[], "[/bin/sh] [-c] [exec_cmd p1_cmd]"),
    // An entrypoint in the shell form.
    ("FROM scratch\nENTRYPOINT exec_entry p1_entry", &[], "[/bin/sh] [-c] [exec_entry p1_entry]"),
    (
        "FROM scratch\nENTRYPOINT exec_entry p1_entry\nCMD [\"exec_cmd\", \"p1_cmd\"]",
        &[],
        "[/bin/sh] [-c] [exec_entry p1_entry] ignored [exec_cmd] [p1_cmd]",
    ),
    (
        "FROM scratch\nENTRYPOINT exec_entry p1_entry\nCMD exec_cmd p1_cmd",
        &[],
        "[/bin/sh] [-c] [exec_entry p1_entry] ignored [/bin/sh] [-c] [exec_cmd p1_cmd]",
    ),
    // An entrypoint in the exec form.
    ("FROM scratch\nENTRYPOINT [\"exec_entry\", \"p1_entry\"]", &[], "[exec_entry] [p1_entry]"),
    (
        "FROM scratch\nENTRYPOINT [\"exec_entry\", \"p1_entry\"]\nCMD [\"exec_cmd\", \"p1_cmd\"]",
        &[],
        "[exec_entry] [p1_entry] [exec_cmd] [p1_cmd]",
    ),
    (
        "FROM scratch\nENTRYPOINT [\"exec_entry\", \"p1_entry\"]\nCMD exec_cmd p1_cmd",
        &[],
        "[exec_entry] [p1_entry] [/bin/sh] [-c] [exec_cmd p1_cmd]",
    ),
    // Arguments take the place of CMD.
    ("FROM scratch", &["a", "b"], "[a] [b]"),
    ("FROM scratch\nCMD [\"c\"]", &["a", "b"], "[a] [b]"),
    ("FROM scratch\nCMD c d", &["a"], "[a]"),
    ("FROM scratch\nENTRYPOINT [\"e\"]", &["a"], "[e] [a]"),
    ("FROM scratch\nENTRYPOINT [\"e\"]\nCMD [\"c\"]", &["a"], "[e] [a]"),
    ("FROM scratch\nENTRYPOINT [\"e\"]\nCMD c", &["a"], "[e] [a]"),
    ("FROM scratch\nENTRYPOINT e f", &["a"], "[/bin/sh] [-c] [e f] ignored [a]"),
    ("FROM scratch\nENTRYPOINT e\nCMD [\"c\"]", &["a b"], "[/bin/sh] [-c] [e] ignored [a b]"),
    // Order within a stage does not count, and the last of each does.
    ("FROM scratch\nCMD [\"c\"]\nENTRYPOINT [\"e\"]", &[], "[e] [c]"),
    ("FROM scratch\nCMD [\"b\"]\nCMD [\"c\"]", &[], "[c]"),
    ("FROM scratch\nENTRYPOINT [\"d\"]\nENTRYPOINT [\"e\"]\nCMD [\"c\"]", &[], "[e] [c]"),
    ("FROM scratch\nENTRYPOINT e\nENTRYPOINT [\"e\"]\nCMD [\"c\"]", &[], "[e] [c]"),
    // Nothing is something.
    ("FROM scratch\nCMD []", &[], ""),
    ("FROM scratch\nENTRYPOINT []", &[], ""),
    ("FROM scratch\nENTRYPOINT [\"e\"]\nENTRYPOINT []\nCMD [\"c\"]", &[], "[c]"),
    ("FROM scratch\nENTRYPOINT [\"e\"]\nCMD [\"c\"]\nCMD []", &[], "[e]"),
    ("FROM scratch\nCMD [\"\"]", &[], "[]"),
    ("FROM scratch\nCMD", &[], "[/bin/sh] [-c] []"),
    // What looks like an array and is none is a line for the shell.
    ("FROM scratch\nCMD ['c']", &[], "[/bin/sh] [-c] [['c']]"),
    ("FROM scratch\nENTRYPOINT [\"e\",]\nCMD [\"c\"]", &[], "[/bin/sh] [-c] [[\"e\",]] ignored [c]"),
    // From one stage to the next.
    ("FROM scratch AS b\nCMD [\"c\"]\nFROM b", &[], "[c]"),
    ("FROM scratch AS b\nENTRYPOINT [\"e\"]\nFROM b\nCMD [\"c\"]", &[], "[e] [c]"),
    ("FROM scratch AS b\nCMD [\"c\"]\nFROM b\nENTRYPOINT [\"e\"]", &[], "[e]"),
    ("FROM scratch AS b\nCMD [\"c\"]\nFROM b\nENTRYPOINT []", &[], ""),
    ("FROM scratch AS b\nCMD [\"c\"]\nFROM b\nENTRYPOINT [\"e\"]\nCMD [\"d\"]", &[], "[e] [d]"),
    ("FROM scratch AS b\nCMD [\"c\"]\nFROM b\nCMD [\"d\"]\nENTRYPOINT [\"e\"]", &[], "[e] [d]"),
    ("FROM scratch AS b\nENTRYPOINT [\"e\"]\nCMD [\"c\"]\nFROM b\nENTRYPOINT [\"f\"]", &[], "[f]"),
    ("FROM scratch AS b\nENTRYPOINT [\"e\"]\nFROM b\nENTRYPOINT []\nCMD [\"c\"]", &[], "[c]"),
    ("FROM scratch AS b\nENTRYPOINT e\nFROM b\nCMD [\"c\"]", &["a"], "[/bin/sh] [-c] [e] ignored [a]"),
    ("FROM scratch AS b\nENTRYPOINT [\"e\"]\nFROM scratch\nCMD [\"c\"]", &[], "[c]"),
    ("FROM scratch AS b\nONBUILD ENTRYPOINT [\"e\"]\nFROM b\nCMD [\"c\"]", &[], "[e] [c]"),
    ("FROM scratch AS b\nONBUILD CMD [\"c\"]\nFROM b\nENTRYPOINT [\"e\"]", &[], "[e] [c]"),
    // The shell is the one that holds where the line stands.
    ("FROM scratch\nSHELL [\"/bin/bash\", \"-ec\"]\nCMD c d", &[], "[/bin/bash] [-ec] [c d]"),
    ("FROM scratch\nCMD c d\nSHELL [\"/bin/bash\", \"-c\"]", &[], "[/bin/sh] [-c] [c d]"),
    ("FROM scratch AS b\nSHELL [\"bash\", \"-c\"]\nFROM b\nCMD c", &[], "[bash] [-c] [c]"),
    (
        "FROM scratch AS b\nSHELL [\"bash\", \"-c\"]\nENTRYPOINT e\nFROM b\nSHELL [\"ash\", \"-c\"]\nRUN x",
        &[],
        "[bash] [-c] [e]",
    ),
    ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nENTRYPOINT e", &[], "[cmd] [/S] [/C] [e]"),
    // Variables are left to the shell, and to nobody in an array.
    ("FROM scratch\nENV A=1\nCMD echo $A", &[], "[/bin/sh] [-c] [echo $A]"),
    ("FROM scratch\nENV A=1\nCMD [\"echo\", \"$A\"]", &[], "[echo] [$A]"),
    // What base images have.
    ("FROM alpine:3.22", &[], "[/bin/sh]"),
    ("FROM alpine:3.22\nENTRYPOINT [\"e\"]", &[], "[e]"),
    ("FROM node:24\nCMD [\"server.js\"]", &[], "[docker-entrypoint.sh] [server.js]"),
    ("FROM node:24\nENTRYPOINT []\nCMD [\"server.js\"]", &[], "[server.js]"),
    ("FROM example.com/x", &[], "ENTRYPOINT CMD"),
    ("FROM example.com/x", &["a"], "ENTRYPOINT [a]"),
    ("FROM example.com/x\nCMD [\"c\"]", &[], "ENTRYPOINT [c]"),
    ("FROM example.com/x\nCMD c", &[], "ENTRYPOINT SHELL [c]"),
    ("FROM example.com/x\nENTRYPOINT [\"e\"]", &[], "[e]"),
    ("FROM example.com/x\nENTRYPOINT []", &[], ""),
    ("FROM $BASE\nCMD [\"c\"]", &[], "ENTRYPOINT [c]"),
];

fn words(arguments: &[Argument<'_>]) -> String {
    let show = |argument: &Argument<'_>| match argument {
        Argument::Word(word) => format!("[{word}]"),
        Argument::Shell => "SHELL".to_owned(),
        Argument::BaseEntrypoint => "ENTRYPOINT".to_owned(),
        Argument::BaseCommand => "CMD".to_owned(),
        Argument::Unknown => "?".to_owned(),
    };
    arguments.iter().map(show).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_docker_run_executes() {
    let mut failures = Vec::new();
    for (text, arguments, expected) in CASES {
        let parsed = parse(text);
        let model = Model::build(&parsed.dockerfile);
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let process = model.process(model.stages.last().unwrap(), &arguments);
        let mut found = words(&process.argv);
        if !process.ignored.is_empty() {
            found = format!("{found} ignored {}", words(&process.ignored));
        }
        if found != *expected {
            failures.push(format!("{text}\n  with {arguments:?}: {found:?} instead of {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn run(arguments: &[&str]) -> (String, String, Outcome) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        input: &mut std::io::empty(),
        out: &mut out,
        err: &mut err,
        width: 100,
        terminal: false,
        colours: false,
        unicode: true,
        progress: false,
    };
    let arguments = ["plimsoll", "inspect"].iter().chain(arguments).map(OsString::from);
    let outcome = cli::run(arguments, &mut streams);
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), outcome)
}

#[test]
fn output() {
    let folder = fixtures().join("inspect");
    let file = folder.join("app.Dockerfile");
    let file = file.to_str().unwrap();
    let cases: [(&str, &[&str]); 4] = [
        ("app.out", &[file]),
        ("app.json", &[file, "--json", "--target", "build", "--", "test", "-v"]),
        ("app.given.out", &[file, "--build-arg", "PORT=9000", "--platform", "linux/arm64", "--", "migrate"]),
        ("app.missing.out", &[file, "--target", "biuld"]),
    ];
    let failures = cases.into_iter().filter_map(|(expectation, arguments)| {
        let (out, err, outcome) = run(arguments);
        let found =
            format!("{out}\n--- standard error, exit code {}\n{}", outcome.code(), err.replace(file, "app.Dockerfile"));
        golden(&folder.join(expectation), &found)
    });
    report(failures.collect());
}

#[test]
fn many_stages_take_no_longer_than_they_must() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Dockerfile");
    let text: String = (0..10_000_usize)
        .map(|at| format!("FROM s{} AS s{at}\nCOPY --from=s{} / /\n", at.max(1) - 1, at.max(1) - 1))
        .collect();
    std::fs::write(&file, text).unwrap();
    let (out, _, outcome) = run(&[file.to_str().unwrap()]);
    assert_eq!(outcome, Outcome::Clean);
    assert!(out.lines().filter(|line| line.starts_with("stage ")).count() == 10_000);
}
