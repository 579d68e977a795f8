//! A project with `.hadolint.yaml` gets the same gate: exit codes of real files under many configurations, against those that
//! follow from hadolint's recorded answers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod command;
mod recorded;

#[path = "../examples/conformance/hadolint.rs"]
mod hadolint;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use command::{command, directory, run};
use plimsoll::rules;
use recorded::{conformance, divergences};
use serde_json::Value;

/// Every so many files of the corpus.
const STEP: usize = 4;

/// The share of exit codes that must be the same. A file that differs has findings that differ, each explained in
/// `fixtures/divergences.toml`, or it is one that BuildKit can't build and hadolint has nothing to say of.
const SAME: f64 = 0.98;

const LEVELS: [&str; 4] = ["style", "info", "warning", "error"];

/// Numbers that look drawn, and are the same in each run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn some<T: Clone>(&mut self, all: &[T], one_in: usize) -> Vec<T> {
        all.iter().filter(|_| self.below(one_in) == 0).cloned().collect()
    }
}

/// What hadolint is told.
struct Told {
    ignored: Vec<String>,
    overrides: Vec<(usize, String)>,
    threshold: Option<&'static str>,
    no_fail: bool,
}

impl Told {
    fn draw(found: &[(String, String)], draw: &mut Draw) -> Self {
        let codes: Vec<String> =
            found.iter().map(|(code, _)| code.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        // Half of what is found is left out, so that it depends on the rest what comes of it.
        let mut ignored = draw.some(&codes, 2);
        ignored.extend(draw.some(&["DL3006", "DL3008", "DL9999", "SC2086"].map(str::to_owned), 3));
        let overridden = draw.some(&codes, 2);
        let overrides = overridden.into_iter().map(|code| (draw.below(LEVELS.len()), code)).collect();
        let thresholds = [None, Some("error"), Some("warning"), Some("info"), Some("style"), Some("none")];
        Self { ignored, overrides, threshold: thresholds[draw.below(thresholds.len())], no_fail: draw.below(12) == 0 }
    }

    fn yaml(&self) -> String {
        let mut yaml = String::from("# drawn\n");
        if !self.ignored.is_empty() {
            writeln!(yaml, "ignored:\n  - {}", self.ignored.join("\n  - ")).unwrap();
        }
        if !self.overrides.is_empty() {
            yaml.push_str("override:\n");
        }
        for (at, level) in LEVELS.iter().enumerate() {
            let codes: Vec<&str> = self.of_level(at).collect();
            if !codes.is_empty() {
                writeln!(yaml, "  {level}: [{}]", codes.join(", ")).unwrap();
            }
        }
        if let Some(threshold) = self.threshold {
            writeln!(yaml, "failure-threshold: {threshold}").unwrap();
        }
        if self.no_fail {
            yaml.push_str("no-fail: true\n");
        }
        yaml
    }

    fn options(&self) -> Vec<String> {
        let mut options = Vec::new();
        options.extend(self.ignored.iter().flat_map(|code| ["--ignore".to_owned(), code.clone()]));
        options.extend(self.overrides.iter().map(|(level, code)| format!("--{}={code}", LEVELS[*level])));
        options.extend(self.threshold.iter().flat_map(|threshold| ["-t".to_owned(), (*threshold).to_owned()]));
        options.extend(self.no_fail.then(|| "--no-fail".to_owned()));
        options
    }

    fn of_level(&self, level: usize) -> impl Iterator<Item = &str> {
        self.overrides.iter().filter(move |(own, _)| *own == level).map(|(_, code)| code.as_str())
    }

    /// The exit code of hadolint.
    fn exit_code(&self, found: &[(String, String)]) -> i32 {
        let least =
            self.threshold.map_or(1, |threshold| LEVELS.iter().position(|level| *level == threshold).unwrap_or(0));
        let fails = |(code, level): &(String, String)| {
            let own = LEVELS.iter().position(|own| own == level).unwrap();
            let level = self.overrides.iter().filter(|(_, other)| other == code).map(|(level, _)| *level).max();
            !self.ignored.contains(code) && level.unwrap_or(own) >= least
        };
        i32::from(!self.no_fail && found.iter().any(fails))
    }
}

/// The codes that are found and their levels: those of rules that there are.
fn findings(answer: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = answer["findings"].as_array().unwrap().iter();
    let all = all.map(|finding| (text(&finding["code"]), text(&finding["level"])));
    all.filter(|(code, _)| rules::find(code).is_some()).collect()
}

fn exit_code(directory: &Path, arguments: &[String]) -> i32 {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&mut command(&arguments, directory)).code
}

#[test]
fn exit_codes_of_real_files() {
    let Some(folder) = conformance() else { return };
    let text = fs::read_to_string(folder.join("hadolint.jsonl")).unwrap();
    let mut draw = Draw(42);
    let explained: BTreeSet<String> = divergences("hadolint.jsonl").into_iter().map(|known| known.case).collect();
    let (mut files, mut failing, mut same, mut unexplained, mut differ) = (0, 0, 0, Vec::new(), Vec::new());
    for line in text.lines().step_by(STEP) {
        let reference: Value = serde_json::from_str(line).unwrap();
        let name = reference["name"].as_str().unwrap();
        let expected = findings(&reference);
        // hadolint could not read it.
        if expected.iter().any(|(code, _)| code == "DL1000") {
            continue;
        }
        let told = Told::draw(&expected, &mut draw);
        let bytes = fs::read(folder.join("dockerfiles").join(name)).unwrap();
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("Dockerfile"), &bytes).unwrap();
        let options = [vec!["hadolint".to_owned()], told.options(), vec!["Dockerfile".to_owned()]].concat();
        let by_options = exit_code(directory.path(), &options);
        fs::write(directory.path().join(".hadolint.yaml"), told.yaml()).unwrap();
        let by_file = exit_code(directory.path(), &["check".to_owned(), "Dockerfile".to_owned()]);
        let code = told.exit_code(&expected);
        files += 1;
        failing += usize::from(code == 1);
        // A file that can't be read has a code of its own, which hadolint has not.
        let by_file = by_file.min(1);
        if (by_file, by_options) == (code, code) {
            same += 1;
            continue;
        }
        let shown = format!("{name}: {by_file} and {by_options}, not {code}:\n{}", told.yaml());
        // Where the same is found, the same must come of it.
        let found = findings(&hadolint::record(name, &bytes));
        let set = |findings: &[(String, String)]| findings.iter().cloned().collect::<BTreeSet<_>>();
        let other: BTreeSet<String> =
            set(&found).symmetric_difference(&set(&expected)).map(|(code, _)| code.clone()).collect();
        let is_explained = |code: &String| code == "DL1000" || explained.contains(code);
        if by_file != by_options || other.is_empty() || !other.iter().all(is_explained) {
            unexplained.push(shown);
        } else {
            differ.push(format!("{name} ({})", other.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    let share = 100.0 * f64::from(same) / f64::from(files);
    println!(
        "exit codes: {same}/{files} ({share:.2} %) as hadolint's, {failing} of them 1; found otherwise: {differ:?}"
    );
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert!(files >= 200 && share >= 100.0 * SAME, "{share:.2} % of {files}");
}

/// `(arguments, configuration, exit code, what is on standard output, what is on standard error)`
type Case<'c> = (&'c [&'c str], &'c str, i32, &'c [&'c str], &'c str);

/// hadolint's command line: what hadolint itself answers, but for its words.
#[test]
fn command_line() {
    let sudo = "Dockerfile:2 DL3004 error";
    let latest = "Dockerfile:1 DL3006 warning";
    let maintainer = "Dockerfile:3 DL4000 error";
    let all: &[&str] = &[latest, sudo, maintainer];
    let cases: &[Case<'_>] = &[
        (&["Dockerfile"], "", 1, all, ""),
        (&["Dockerfile", "--ignore", "DL3004"], "", 1, &[latest, maintainer], ""),
        (&["--ignore", "DL3004", "--ignore=DL3006", "Dockerfile", "--ignore", "DL4000"], "", 0, &[], ""),
        // Neither is a rule of its own.
        (&["--ignore", "DL3004,DL3006", "Dockerfile"], "", 1, all, ""),
        (&["--ignore", "DL9999", "--error", "DL1", "Dockerfile"], "", 1, all, ""),
        (&["-t", "error", "--ignore", "DL3004", "--ignore", "DL4000", "Dockerfile"], "", 0, &[latest], ""),
        (&["-t", "none", "Dockerfile"], "", 1, all, ""),
        (&["--failure-threshold=ignore", "Dockerfile"], "", 1, all, ""),
        (&["-t", "fatal", "Dockerfile"], "", 2, &[], "`fatal` is no threshold"),
        (&["--no-fail", "Dockerfile"], "", 0, all, ""),
        (&["--style", "DL3006", "Dockerfile"], "", 1, &["Dockerfile:1 DL3006 style", sudo, maintainer], ""),
        (
            &["--style=DL3006", "--style=DL3004", "--style=DL4000", "Dockerfile"],
            "",
            0,
            &["Dockerfile:1 DL3006 style", "Dockerfile:2 DL3004 style", "Dockerfile:3 DL4000 style"],
            "",
        ),
        // Of several severities the worst holds.
        (
            &["--style=DL3006", "Dockerfile"],
            "override: {error: [DL3006]}",
            1,
            &["Dockerfile:1 DL3006 error", sudo, maintainer],
            "",
        ),
        (
            &["--error=DL3006", "--info=DL3006", "Dockerfile"],
            "",
            1,
            &["Dockerfile:1 DL3006 error", sudo, maintainer],
            "",
        ),
        (&["--ignore=DL3006", "Dockerfile"], "ignored: [DL3004]", 1, &[maintainer], ""),
        (
            &["-t", "style", "--ignore=DL3004", "--ignore=DL4000", "Dockerfile"],
            "failure-threshold: error",
            1,
            &[latest],
            "",
        ),
        (
            &["--trusted-registry", "ghcr.io", "Dockerfile"],
            "",
            1,
            &["Dockerfile:1 DL3006 warning", "Dockerfile:1 DL3026 error", sudo, maintainer],
            "",
        ),
        (&["--trusted-registry", "docker.io", "Dockerfile"], "trustedRegistries: [ghcr.io]", 1, all, ""),
        (
            &["--require-label", "a:semver", "--require-label=b", "Dockerfile"],
            "",
            1,
            &["Dockerfile:1 DL3049 info", "Dockerfile:1 DL3049 info", latest, sudo, maintainer],
            "",
        ),
        (&["--require-label", "a:number", "Dockerfile"], "", 2, &[], "`number` is no format of labels"),
        (&["--strict-labels", "labelled"], "", 1, &["labelled:2 DL3050 info"], ""),
        (&["silenced"], "", 0, &[], ""),
        (&["--disable-ignore-pragma", "silenced"], "", 1, &["silenced:3 DL3004 error"], ""),
        (&["--warning", "DL1001", "silenced"], "", 1, &["silenced:2 DL1001 warning"], ""),
        (
            &["-f", "json", "Dockerfile"],
            "",
            1,
            &["[{\"code\":\"DL3006\",\"column\":1,\"file\":\"Dockerfile\",\"level\":\"warning\",\"line\":1,"],
            "",
        ),
        (&["-fjson", "Dockerfile"], "", 1, &["[{\"code\":\"DL3006\""], ""),
        (&["Dockerfile"], "format: json", 1, &["[{\"code\":\"DL3006\""], ""),
        (&["-f", "tty", "Dockerfile"], "format: json", 1, all, ""),
        (&["-f", "xml", "Dockerfile"], "", 2, &[], "`xml` is no format"),
        (
            &["--file-path-in-report", "a/Dockerfile", "-f", "checkstyle", "Dockerfile"],
            "",
            1,
            &["<file name=\"a/Dockerfile\">"],
            "",
        ),
        (&["--file-path-in-report", "a/Dockerfile", "Dockerfile"], "", 1, all, ""),
        (&["-c", "other.yaml", "Dockerfile"], "ignored: [DL3006]", 1, &[latest, maintainer], ""),
        (&["--config", "missing.yaml", "Dockerfile"], "", 1, &[], "missing.yaml: there is no such file"),
        (&["Dockerfile"], "ignored: DL3004", 1, &[], "a list belongs here"),
        (&["nowhere", "Dockerfile"], "", 1, all, "nowhere: there is no such file"),
        (&[], "", 1, &[], "name a Dockerfile"),
        (&["-"], "", 1, &["-:1 DL3006 warning"], ""),
        (
            &["-V", "--no-color", "Dockerfile"],
            "ignored: [DL3004]",
            1,
            &[latest, maintainer],
            "The configuration is .hadolint.yaml.",
        ),
        (&["-v"], "", 0, &["plimsoll "], ""),
        (&["--version"], "", 0, &["plimsoll "], ""),
        (&["broken"], "", 1, &["broken:2 DL1000 error"], ""),
        (&["--ignore=DL1000", "broken"], "ignored: [DL1000]", 1, &["broken:2 DL1000 error"], ""),
        (&["--no-fail", "broken"], "", 0, &["broken:2 DL1000 error"], ""),
    ];
    let mut failures = Vec::new();
    for (arguments, config, code, out, err) in cases {
        let directory = directory(&[
            ("Dockerfile", "FROM alpine\nRUN sudo ls\nMAINTAINER x\n"),
            ("labelled", "FROM alpine:3\nLABEL a=\"b\"\n"),
            ("silenced", "FROM alpine:3\n# hadolint ignore=DL3004\nRUN sudo ls\n"),
            ("broken", "FROM alpine:3\nFOO\n"),
            ("other.yaml", "ignored: [DL3004]\n"),
        ]);
        if !config.is_empty() {
            fs::write(directory.path().join(".hadolint.yaml"), config).unwrap();
        }
        let mut command = command(&[&["hadolint"], *arguments].concat(), directory.path());
        let ran = run(command.env("HOME", directory.path()).write_stdin("FROM alpine\n"));
        let lines: Vec<&str> = ran.out.lines().collect();
        let is_report = out.first().is_some_and(|line| line.starts_with(['<', '[']));
        let is_same = match is_report {
            true => ran.out.contains(out[0]),
            false => {
                lines.len() == out.len() && {
                    let mut missing = lines.clone();
                    missing.retain(|line| !out.iter().any(|expected| line.starts_with(expected)));
                    missing.is_empty()
                }
            }
        };
        if ran.code != *code || !is_same || !ran.err.contains(err) {
            failures.push(format!("{arguments:?} {config}: {}\n{}{}", ran.code, ran.out, ran.err));
        }
    }
    assert!(failures.is_empty(), "{} of {} differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}
