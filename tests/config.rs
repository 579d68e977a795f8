//! Which configuration holds for a file, what it says, and what is said of one that is wrong.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod command;
mod support;

use std::fs;
use std::path::Path;

use command::{Ran, command, plimsoll, write};
use serde_json::Value;
use support::{fixtures, golden, report};
use tempfile::TempDir;

/// Runs the command in `directory`, which is also the user's own.
fn run(arguments: &[&str], directory: &Path, variables: &[(&str, &str)]) -> Ran {
    let mut command = command(arguments, directory);
    command::run(command.env("COLUMNS", "100").env("HOME", directory.join("home")).envs(variables.iter().copied()))
}

/// A directory with files: `path: text`, the text with `;` for a line feed.
fn directory(files: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        let (name, text) = file.split_once(": ").unwrap();
        write(directory.path(), name, text.replace("; ", "\n") + "\n");
    }
    directory
}

/// The codes that are found, `file CODE severity`, sorted.
fn found(ran: &Ran) -> Vec<String> {
    let mut found: Vec<String> = ran
        .out
        .lines()
        .filter_map(|line| {
            let (place, rest) = line.split_once(": ")?;
            let (severity, rest) = rest.split_once('[')?;
            Some(format!("{} {} {severity}", place.split(':').next()?, rest.split(' ').next()?))
        })
        .collect();
    found.sort();
    found
}

const SUDO: &str = "FROM alpine; RUN sudo ls";

/// `(files, arguments, exit code, what is found)`
type Case<'c> = (&'c [&'c str], &'c [&'c str], i32, &'c [&'c str]);

#[test]
fn what_holds_for_a_file() {
    let base = ["Dockerfile: FROM alpine; RUN sudo ls"];
    let plain: &[&str] = &["Dockerfile DL3004 error", "Dockerfile DL3006 warning"];
    let no_sudo: &[&str] = &["Dockerfile DL3006 warning"];
    let only_sudo: &[&str] = &["Dockerfile DL3004 error"];
    let nothing: &[&str] = &[];
    let cases: &[Case<'_>] = &[
        (&[], &[], 1, plain),
        (&["plimsoll.toml: ignore = [\"no-sudo\"]"], &[], 1, no_sudo),
        (&[".plimsoll.toml: ignore = [\"DL3004\"]"], &[], 1, no_sudo),
        (&["plimsoll.toml: ignore = [\"droast/df*\", \"security\", \"reproducibility\"]"], &[], 0, nothing),
        (&["plimsoll.toml: select = [\"DL3004\"]"], &[], 1, only_sudo),
        (&["plimsoll.toml: select = []"], &[], 0, nothing),
        (&["plimsoll.toml: select = [\"DL300\"]; ignore = [\"DL3\"]"], &[], 1, plain),
        (&["plimsoll.toml: select = [\"DL3\"]; ignore = [\"DL300\", \"DL3057\"]"], &[], 0, nothing),
        (
            &["plimsoll.toml: [severity]; DL3004 = \"style\"; DL300 = \"info\""],
            &[],
            0,
            &["Dockerfile DL3004 style", "Dockerfile DL3006 info"],
        ),
        (&["plimsoll.toml: severity = { DL3004 = \"off\" }"], &[], 1, no_sudo),
        (
            &["plimsoll.toml: severity = { DL3057 = \"error\" }; select = [\"DL3006\"]"],
            &[],
            1,
            &["Dockerfile DL3006 warning", "Dockerfile DL3057 error"],
        ),
        (&["plimsoll.toml: fail-on = \"never\""], &[], 0, plain),
        (&["plimsoll.toml: fail-on = \"error\"; ignore = [\"DL3004\"]"], &[], 0, no_sudo),
        (&["plimsoll.toml: ignore = [\"DL3004\"]; fail-on = \"style\""], &["--fail-on=error"], 0, no_sudo),
        // The command line outweighs the file.
        (&["plimsoll.toml: ignore = [\"DL3004\"]"], &["--select=DL3004"], 1, only_sudo),
        (&["plimsoll.toml: ignore = [\"DL3004\"]"], &["--select=DL300"], 1, no_sudo),
        (&["plimsoll.toml: ignore = [\"DL3004\"]"], &["--extend-select=no-sudo"], 1, plain),
        (&["plimsoll.toml: select = [\"DL3004\"]"], &["--ignore=DL3"], 0, nothing),
        (&["plimsoll.toml: select = [\"DL3004\"]"], &["--preset=recommended"], 1, plain),
        (&["plimsoll.toml: ignore = [\"DL3004\"]"], &["--no-config"], 1, plain),
        (
            &["plimsoll.toml: ignore = [\"DL3004\"]", "other.toml: ignore = [\"DL3006\"]"],
            &["--config=other.toml"],
            1,
            only_sudo,
        ),
        (&["other.yaml: ignored: [DL3006]"], &["--config=other.yaml"], 1, only_sudo),
        // Files of their own.
        (&["plimsoll.toml: [per-file-ignores]; \"Dockerfile\" = [\"DL3004\"]"], &[], 1, no_sudo),
        (&["plimsoll.toml: [per-file-ignores]; \"!api/\" = [\"DL3\"]"], &[], 0, nothing),
        (&["plimsoll.toml: [per-file-ignores]; \"api/\" = [\"DL3\"]"], &[], 1, plain),
        (&["plimsoll.toml: [per-file-ignores]; \"/Dockerfile\" = [\"DL3004\"]"], &["--select=DL3004"], 0, nothing),
        (&["plimsoll.toml: exclude = [\"Dockerfile\"]"], &[], 0, nothing),
        (&["plimsoll.toml: exclude = [\"Dockerfile\"]"], &["Dockerfile"], 1, plain),
        (&["plimsoll.toml: exclude = [\"Dockerfile\"]"], &["Dockerfile", "--force-exclude"], 0, nothing),
        (&["api/Dockerfile: FROM alpine"], &["--exclude=api"], 1, plain),
        // Configurations that extend others.
        (&["plimsoll.toml: extend = \"base.toml\"", "base.toml: ignore = [\"DL3004\"]"], &[], 1, no_sudo),
        (
            &["plimsoll.toml: extend = \"base.toml\"; ignore = [\"DL3006\"]", "base.toml: ignore = [\"DL3004\"]"],
            &[],
            0,
            nothing,
        ),
        (
            &[
                "plimsoll.toml: extend = \"base.toml\"; extend-select = [\"DL3004\"]",
                "base.toml: ignore = [\"DL3004\"]",
            ],
            &[],
            1,
            plain,
        ),
        (
            &[
                "plimsoll.toml: extend = \"conf/base.toml\"",
                "conf/base.toml: extend = \"../top.toml\"",
                "top.toml: ignore = [\"DL3004\"]",
            ],
            &[],
            1,
            no_sudo,
        ),
        (
            &["plimsoll.toml: extend = \"conf/base.toml\"", "conf/base.toml: [per-file-ignores]; \"*\" = [\"DL3004\"]"],
            &[],
            1,
            plain,
        ),
        (&["plimsoll.toml: extend = \".hadolint.yaml\"", ".hadolint.yaml: ignored: [DL3004]"], &[], 1, no_sudo),
        // What rules are told.
        (
            &["plimsoll.toml: select = [\"DL3026\"]; [rules.DL3026]; trusted-registries = [\"ghcr.io\"]"],
            &[],
            1,
            &["Dockerfile DL3026 error"],
        ),
        (
            &["plimsoll.toml: select = [\"DL3049\"]; label-schema = { version = \"semver\" }"],
            &[],
            0,
            &["Dockerfile DL3049 info"],
        ),
        // hadolint's file holds where there is no other.
        (&[".hadolint.yaml: ignored: [DL3004]"], &[], 1, no_sudo),
        (&[".hadolint.yml: ignored: [DL3004]"], &[], 1, no_sudo),
        (&[".hadolint.yaml: ignored: [DL3004]", "plimsoll.toml: preset = \"recommended\""], &[], 1, plain),
        (&[".hadolint.yaml: failure-threshold: error; ignored: [DL3004]"], &[], 0, no_sudo),
        (&[".hadolint.yaml: no-fail: true"], &[], 0, plain),
        (&[".hadolint.yaml: ignored: [DL3004, DL9999, SC2086]"], &[], 1, no_sudo),
        (&["home/.hadolint.yaml: ignored: [DL3004]"], &[], 1, no_sudo),
        (&["home/.config/hadolint.yaml: ignored: [DL3004]"], &[], 1, no_sudo),
    ];
    let mut failures = Vec::new();
    for (files, arguments, code, expected) in cases {
        let directory = directory(&[base.as_slice(), files].concat());
        let paths =
            arguments.iter().all(|argument| argument.starts_with('-')).then_some("Dockerfile").filter(|_| false);
        let arguments: Vec<&str> =
            ["check", "--output-format=concise"].into_iter().chain(arguments.iter().copied()).chain(paths).collect();
        let ran = run(&arguments, directory.path(), &[]);
        if ran.code != *code || found(&ran) != **expected {
            failures.push(format!("{files:?} {arguments:?}: {} {:?}\n{}", ran.code, found(&ran), ran.err));
        }
    }
    assert!(failures.is_empty(), "{} of {} differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// What builds are given, the checks know: files of the context, and build arguments.
#[test]
fn builds() {
    let docker = "a/Dockerfile: FROM alpine:3; ARG WHAT; COPY there missing /; COPY $WHAT /";
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("[[build]]; dockerfile = \"a/Dockerfile\"; context = \"context\"", &["a/Dockerfile PL1012"]),
        ("[[build]]; dockerfile = \"*/Dockerfile\"; context = \"context\"", &["a/Dockerfile PL1012"]),
        ("[[build]]; dockerfile = \"*file\"; context = \"context\"", &[]),
        ("[[build]]; context = \"a\"", &["a/Dockerfile PL1012", "a/Dockerfile PL1012"]),
        (
            "[[build]]; context = \"context\"; dockerfile = \"a/Dockerfile\"; args = { WHAT = \"there\" }",
            &["a/Dockerfile PL1012"],
        ),
        (
            "[[build]]; context = \"context\"; dockerfile = \"a/Dockerfile\"; args.WHAT = \"nowhere\"",
            &["a/Dockerfile PL1012", "a/Dockerfile PL1012"],
        ),
        // What holds for both is said once.
        (
            "[[build]]; dockerfile = \"a/Dockerfile\"; context = \"context\"; args.WHAT = \"there\"; [[build]]; dockerfile = \"a/Dockerfile\"; args.WHAT = \"nowhere\"; context = \"context\"",
            &["a/Dockerfile PL1012", "a/Dockerfile PL1012"],
        ),
    ];
    let mut failures = Vec::new();
    for (config, expected) in cases {
        let config = format!("plimsoll.toml: select = [\"DL3006\", \"PL1012\"]; {config}");
        let directory = directory(&[docker, "context/there: x", &config]);
        let ran = run(&["check", "--output-format=concise"], directory.path(), &[]);
        let found: Vec<String> = found(&ran).iter().map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect();
        if found != *expected {
            failures.push(format!("{config}: {found:?} {}", ran.err));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Each file has the configuration nearest to it, also where both are checked at once.
#[test]
fn nearest_to_each_file() {
    let files = [
        "plimsoll.toml: ignore = [\"DL3006\"]; [per-file-ignores]; \"old/\" = [\"DL3\"]",
        &format!("Dockerfile: {SUDO}"),
        &format!("a/deep/Dockerfile: {SUDO}"),
        &format!("old/Dockerfile: {SUDO}"),
        "b/.plimsoll.toml: extend = \"../plimsoll.toml\"; severity = { DL3004 = \"info\" }",
        &format!("b/c/Dockerfile: {SUDO}"),
        "h/.hadolint.yaml: ignored: [DL3004]",
        &format!("h/Dockerfile: {SUDO}"),
    ];
    let directory = directory(&files);
    let ran = run(&["check", "--output-format=concise"], directory.path(), &[]);
    let expected = [
        "Dockerfile DL3004 error",
        "a/deep/Dockerfile DL3004 error",
        "b/c/Dockerfile DL3004 info",
        "h/Dockerfile DL3004 error",
    ];
    assert_eq!(found(&ran), expected, "{}", ran.err);
    // From within, and by the whole path.
    let ran = run(&["check", "--output-format=concise", ".."], &directory.path().join("b/c"), &[]);
    assert_eq!(found(&ran), ["../c/Dockerfile DL3004 info"], "{}", ran.err);
    let whole = directory.path().join("old/Dockerfile");
    let ran = run(&["check", whole.to_str().unwrap()], Path::new("/"), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // Standard input is where its name says.
    let arguments = ["check", "--stdin-filename=old/Dockerfile", "-"];
    assert_eq!(plimsoll(&arguments, directory.path(), b"FROM alpine\nRUN sudo ls\n").code, 0);
}

/// What a configuration of the working directory says holds for the output.
#[test]
fn output_format_of_the_working_directory() {
    let directory = directory(&[&format!("Dockerfile: {SUDO}"), "plimsoll.toml: output-format = \"json\""]);
    let ran = run(&["check"], directory.path(), &[]);
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap().as_array().unwrap().len(), 2);
    let ran = run(&["check", "--output-format=concise"], directory.path(), &[]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
}

#[test]
fn wrong_configurations() {
    let folder = fixtures().join("config/wrong");
    let mut failures = Vec::new();
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for path in names.iter().filter(|path| path.extension().is_none_or(|ending| ending != "out")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_yaml = name.ends_with(".yaml");
        let held = if is_yaml { ".hadolint.yaml" } else { "plimsoll.toml" };
        let directory = directory(&["Dockerfile: FROM alpine", "api/Dockerfile: FROM alpine"]);
        fs::copy(path, directory.path().join(held)).unwrap();
        let ran = run(&["check"], directory.path(), &[]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}");
        failures.extend(golden(&folder.join(format!("{name}.out")), &ran.err));
    }
    report(failures);
}

#[test]
fn configurations_that_can_not_hold() {
    let docker = "Dockerfile: FROM alpine";
    let cases: &[(&[&str], &[&str], &str)] = &[
        (
            &["plimsoll.toml: ", ".plimsoll.toml: "],
            &[],
            "there are `plimsoll.toml` and `.plimsoll.toml`, and only one can hold",
        ),
        (&["plimsoll.toml: extend = \"base.toml\""], &[], "base.toml: there is no such file"),
        (
            &["plimsoll.toml: extend = \"base.toml\"", "base.toml: extend = \"plimsoll.toml\""],
            &[],
            "is extended by itself",
        ),
        (&["plimsoll.toml: extend = \"plimsoll.toml\""], &[], "is extended by itself"),
        (&["plimsoll.toml: extend = \"base.toml\"", "base.toml: presset = 1"], &[], "base.toml:1:1"),
        (&[], &["--config=nothing.toml"], "nothing.toml: there is no such file"),
        (&[], &["--config=a.toml", "--no-config"], "cannot be used with"),
        (
            &[],
            &["--select=pin-base-imgae"],
            "--select: there is no rule `pin-base-imgae`; did you mean `pin-base-image`?",
        ),
        (&[], &["--exclude=a["], "--exclude: "),
        (&[], &["--fail-on=fatal"], "`fatal` is no severity"),
    ];
    let mut failures = Vec::new();
    for (files, arguments, expected) in cases {
        let directory = directory(&[&[docker], *files].concat());
        let ran = run(&[&["check"], *arguments].concat(), directory.path(), &[]);
        if ran.code != 2 || !ran.err.contains(expected) || !ran.out.is_empty() {
            failures.push(format!("{files:?} {arguments:?}: {} {}{}", ran.code, ran.out, ran.err));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A file whose configuration is wrong hides no other.
#[test]
fn a_wrong_configuration_hides_no_other_file() {
    let files = [&format!("good/Dockerfile: {SUDO}"), "bad/Dockerfile: FROM alpine", "bad/plimsoll.toml: x = 1"];
    let directory = directory(&files);
    let ran = run(&["check", "--output-format=concise"], directory.path(), &[]);
    assert_eq!(ran.code, 2);
    assert_eq!(found(&ran), ["good/Dockerfile DL3004 error", "good/Dockerfile DL3006 warning"]);
    assert!(ran.err.contains("bad/Dockerfile: it is not checked, for its configuration is wrong"), "{}", ran.err);
}

/// What hadolint says nothing about is told, since who wrote it meant something.
#[test]
fn keys_that_hadolint_passes_over() {
    let files = ["Dockerfile: FROM alpine:3", ".hadolint.yaml: ignore: [DL3004]; override: {warn: [DL3006]}"];
    let ran = run(&["check"], directory(&files).path(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let expected = [
        "warning: .hadolint.yaml:1: hadolint has no key `ignore`, and passes over it; did you mean `ignored`?",
        "warning: .hadolint.yaml:2: hadolint has no key `warn`, and passes over it",
    ];
    for line in expected {
        assert!(ran.err.contains(line), "{}", ran.err);
    }
}

/// With hadolint's file its variables hold, too; and with none, they do not.
#[test]
fn variables_of_hadolint() {
    let cases: &[(&str, &str, i32, usize)] = &[
        ("HADOLINT_IGNORE", "DL3004,DL3006", 0, 0),
        ("HADOLINT_NOFAIL", "1", 0, 2),
        ("HADOLINT_NOFAIL", "nope", 1, 2),
        ("HADOLINT_OVERRIDE_STYLE", "DL3004,DL3006", 0, 2),
        ("HADOLINT_FAILURE_THRESHOLD", "error", 1, 2),
        ("HADOLINT_TRUSTED_REGISTRIES", "ghcr.io", 1, 3),
        ("HADOLINT_REQUIRE_LABELS", "a:semver,b:url", 1, 4),
    ];
    for (variable, value, code, count) in cases {
        let with = directory(&[&format!("Dockerfile: {SUDO}"), ".hadolint.yaml: {}"]);
        let ran = run(&["check", "--output-format=concise"], with.path(), &[(variable, value)]);
        assert_eq!((ran.code, ran.out.lines().count()), (*code, *count), "{variable}={value}: {}", ran.out);
        let without = directory(&[&format!("Dockerfile: {SUDO}")]);
        let ran = run(&["check", "--output-format=concise"], without.path(), &[(variable, value)]);
        assert_eq!((ran.code, ran.out.lines().count()), (1, 2), "{variable}={value}: {}", ran.out);
    }
}

/// Comments silence nothing where the project says so.
#[test]
fn comments_that_may_not_silence() {
    let docker = "Dockerfile: # plimsoll file-ignore=DL3004; FROM alpine:3; # hadolint ignore=DL3004; RUN sudo ls";
    let cases = [
        ("plimsoll.toml: inline-ignores = true", 0),
        ("plimsoll.toml: inline-ignores = false", 1),
        (".hadolint.yaml: disable-ignore-pragma: true", 1),
        (".hadolint.yaml: disable-ignore-pragma: false", 0),
    ];
    for (config, code) in cases {
        let ran = run(&["check"], directory(&[docker, config]).path(), &[]);
        assert_eq!(ran.code, code, "{config}: {}{}", ran.out, ran.err);
    }
}

/// `(the name of the expectation, arguments, variables)`
type Shown<'c> = (&'c str, &'c [&'c str], &'c [(&'c str, &'c str)]);

/// `plimsoll config` shows what holds for a file, and who says so.
#[test]
fn what_holds_is_shown() {
    let files = [
        "plimsoll.toml: extend = \"conf/base.toml\"; preset = \"strict\"; ignore = [\"DL3008\", \"size\"]; [severity]; DL3006 = \"error\"; \"label-*\" = \"info\"; DL3007 = \"off\"; [[build]]; dockerfile = \"api/Dockerfile\"; context = \".\"; target = \"app\"; args = { A = \"1\" }",
        "conf/base.toml: fail-on = \"error\"; label-schema = { version = \"semver\" }; exclude = [\"old/\"]; [rules.DL3026]; trusted-registries = [\"ghcr.io\"]; [rules.DL3050]; strict-labels = true",
        "b/plimsoll.toml: extend = \"../plimsoll.toml\"; select = [\"DL30\"]; [per-file-ignores]; \"Dockerfile.*\" = [\"DL3001\"]",
        "c/.hadolint.yaml: ignored: [DL3008]; override: {error: [DL3006]}; failure-threshold: none; trustedRegistries: [docker.io]; no-color: true",
        "Dockerfile: FROM alpine",
    ];
    let directory = directory(&files);
    let cases: [Shown<'_>; 6] = [
        ("nested", &["config", "api/Dockerfile"], &[]),
        ("per-file", &["config", "b/Dockerfile.dev", "--ignore=DL3003", "--preset=hadolint"], &[]),
        ("hadolint", &["config", "--config=c/.hadolint.yaml", "c/Dockerfile"], &[("HADOLINT_IGNORE", "DL3009")]),
        ("nothing", &["config", "--no-config"], &[]),
        ("named", &["config", "--config=conf/base.toml", "conf/old/Dockerfile"], &[]),
        ("json", &["config", "--json", "api/Dockerfile"], &[]),
    ];
    let mut failures = Vec::new();
    for (name, arguments, variables) in cases {
        let ran = run(arguments, directory.path(), variables);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
        // What the rules are by themselves is shown elsewhere.
        let shown: String = match name {
            "json" => {
                let mut shown: Value = serde_json::from_str(&ran.out).unwrap();
                let rules = shown["rules"].as_array_mut().unwrap();
                rules.retain(|rule| ["DL3006", "DL3007", "DL3008"].iter().any(|code| rule["code"] == *code));
                serde_json::to_string_pretty(&shown).unwrap() + "\n"
            }
            _ => {
                let (settings, rules) = ran.out.rsplit_once("\n\n").unwrap();
                let shown = ["DL3001", "DL3003", "DL3006", "DL3007", "DL3008", "DL3009", "DL3048", "UndefinedVar"];
                let rules = rules.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
                let rules = rules.filter(|words| shown.contains(&words[1])).map(|words| words.join(" ") + "\n");
                format!("{settings}\n\n{}", rules.collect::<String>())
            }
        };
        failures.extend(golden(&fixtures().join("config").join(format!("{name}.out")), &shown));
    }
    report(failures);
}

/// What the schema accepts is what is read: the examples of the pages, and the wrong ones of the fixtures.
#[test]
fn schema() {
    let directory = directory(&[]);
    let ran = run(&["config", "--schema"], directory.path(), &[]);
    let schema: Value = serde_json::from_str(&ran.out).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("schema.json", schema).unwrap();
    let compiled = compiler.compile("schema.json", &mut schemas).unwrap();
    let mut texts: Vec<(String, String, bool)> = Vec::new();
    for page in ["configuration.md", "coming-from-hadolint.md"] {
        let text = fs::read_to_string(support::root().join("docs").join(page)).unwrap();
        let fences = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
        texts.extend(fences.enumerate().map(|(number, fence)| (format!("{page} {number}"), fence, true)));
    }
    assert!(texts.len() > 8, "{} examples", texts.len());
    // Each line alone is wrong.
    for line in [
        "presset = 1",
        "preset = \"strickt\"",
        "select = \"DL3008\"",
        "ignore = [\"pin-base-imgae\"]",
        "severity = { DL3006 = \"loud\" }",
        "severity = { no-such-rule = \"error\" }",
        "fail-on = \"fatal\"",
        "inline-ignores = 1",
        "output-format = \"xml\"",
        "label-schema = { a = \"b\" }",
        "[rules.no-such-rule]",
        "[rules.trusted-registry]\nregistries = []",
        "[rules.DL3026]\ntrusted-registries = \"a\"",
        "[[build]]\ntarget = \"a\"",
        "[[build]]\ndockerfile = \"a\"\nfile = \"b\"",
        "[build]\ndockerfile = \"a\"",
    ] {
        texts.push((line.to_owned(), line.to_owned(), false));
    }
    let mut failures = Vec::new();
    for (name, text, is_right) in texts {
        let value: Value = toml::from_str(&text).unwrap();
        let valid = schemas.validate(&value, compiled).map_err(|error| error.to_string());
        fs::write(directory.path().join("base.toml"), "").unwrap();
        fs::create_dir_all(directory.path().join("p")).unwrap();
        fs::write(directory.path().join("p/plimsoll.toml"), &text).unwrap();
        let ran = run(&["config", "p/Dockerfile"], directory.path(), &[]);
        if valid.is_ok() != is_right || (ran.code == 0) != is_right {
            failures.push(format!("{name}: {valid:?}, {} {}", ran.code, ran.err));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A configuration that nobody would write costs neither the stack nor much time, and has an answer.
#[test]
fn hostile_configurations() {
    let many = "a".repeat(1 << 20);
    let cases: [(&str, Vec<u8>); 12] = [
        ("plimsoll.toml", format!("a = {}", "[".repeat(100_000)).into_bytes()),
        ("plimsoll.toml", format!("a = {}", "{a=".repeat(100_000)).into_bytes()),
        ("plimsoll.toml", format!("{}a = 1", "a.".repeat(100_000)).into_bytes()),
        ("plimsoll.toml", format!("[{}a]", "a.".repeat(100_000)).into_bytes()),
        ("plimsoll.toml", format!("{many} = 1\npreset = \"{many}\"").into_bytes()),
        ("plimsoll.toml", b"preset = \"\xff\"".to_vec()),
        ("plimsoll.toml", b"preset = \"a\0b\"".to_vec()),
        ("plimsoll.toml", (0..5_000).map(|n| format!("k{n} = 1\n")).collect::<String>().into_bytes()),
        ("plimsoll.toml", format!("ignore = [{}]", "\"x\",".repeat(500)).into_bytes()),
        (".hadolint.yaml", "[".repeat(100_000).into_bytes()),
        (".hadolint.yaml", "- ".repeat(50_000).into_bytes()),
        (".hadolint.yaml", b"ignored: \xff".to_vec()),
    ];
    for (name, bytes) in cases {
        let directory = directory(&["Dockerfile: FROM alpine"]);
        fs::write(directory.path().join(name), &bytes).unwrap();
        let ran = run(&["check"], directory.path(), &[]);
        let shown: String = String::from_utf8_lossy(&bytes).chars().take(30).collect();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{shown}");
        assert!(!ran.err.is_empty() && ran.err.len() < 20_000, "{shown}: {} bytes", ran.err.len());
    }
    // What editors and other systems leave in a file does no harm.
    for text in ["\u{feff}ignore = [\"DL3006\"]\n", "ignore = [\"DL3006\"]\r\n", "ignore = [\"DL3006\"]"] {
        let directory = directory(&["Dockerfile: FROM alpine"]);
        fs::write(directory.path().join("plimsoll.toml"), text).unwrap();
        assert_eq!(run(&["check"], directory.path(), &[]).code, 0, "{text:?}");
    }
    let directory = directory(&["Dockerfile: FROM alpine", "plimsoll.toml/x: "]);
    assert_eq!(run(&["check"], directory.path(), &[]).code, 1, "a directory is no configuration");
}

/// By what `--from-hadolint` writes the same holds as by hadolint's own file.
#[test]
fn written_from_hadolint() {
    let cases = [
        "{}",
        "ignored: [DL3008, pin-base-image, SC2086, DL9999]",
        "override: {error: [DL3006, DL1001, SC1090], info: [DL3006, DL3007], style: [DL3002]}; failure-threshold: error",
        "ignored: [DL3004]; override: {warning: [DL3004]}; failure-threshold: none; format: json",
        "no-fail: true; disable-ignore-pragma: true; strict-labels: true; format: tty",
        "no-fail: false; disable-ignore-pragma: false; strict-labels: false; format: gitlab_codeclimate",
        "trustedRegistries: [docker.io, '*.example.com', 'a\\\"b']; label-schema: {'a.b \"c': semver, é: ''}",
    ];
    let held = |directory: &Path| {
        let ran = run(&["config", "--json"], directory, &[]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let mut shown: Value = serde_json::from_str(&ran.out).unwrap();
        for list in ["settings", "rules"] {
            for item in shown[list].as_array_mut().unwrap() {
                for who in ["from", "severity_from"] {
                    item.as_object_mut().unwrap().remove(who);
                }
            }
        }
        shown["configurations"] = Value::Null;
        serde_json::to_string_pretty(&shown).unwrap()
    };
    let mut failures = Vec::new();
    for case in cases {
        let directory = directory(&[&format!(".hadolint.yaml: {case}")]);
        let expected = held(directory.path());
        let ran = run(&["config", "--from-hadolint", ".hadolint.yaml"], directory.path(), &[]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{case}");
        fs::write(directory.path().join("plimsoll.toml"), &ran.out).unwrap();
        failures.extend(support::difference(&format!("{case}\n{}", ran.out), &expected, &held(directory.path())));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let ran = run(&["config", "--from-hadolint", "nothing.yaml"], directory(&[]).path(), &[]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("there is no such file"), "{}", ran.err);
}
