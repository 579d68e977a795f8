//! The formats of `plimsoll check`: each against its own rules, and as people get it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

mod command;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use command::{command, directory, run};
use plimsoll::rules::Rule;
use roxmltree::{Document, Node};
use serde_json::Value;
use support::{fixtures, golden, report};
use tempfile::TempDir;

#[path = "formats/sarif.rs"]
mod sarif;

/// A name that each format must escape.
const AWKWARD: &str = "a b, 100%&\"<é>'.Dockerfile";

/// Files with what is awkward: characters of one to four bytes before the place, tabs, CRLF, markup, a byte order mark,
/// control characters, findings over several lines, the same line twice, and nothing at all.
const PROJECT: [(&str, &str); 6] = [
    (
        AWKWARD,
        "FROM alpine\r\nLABEL é=\"漢字😀\" \\\r\n\tb=\"$MISSING\"\r\nADD a <b>&c]]>\"' /d/\r\nADD a <b>&c]]>\"' /d/\r\n",
    ),
    ("bom/Dockerfile", "\u{feff}FROM debian\nRNU x\n\tMAINTAINER \u{1b}[31m\0 100% ::error::x\n"),
    ("clean/Dockerfile", "FROM alpine:3.22\n"),
    (
        "lines/Dockerfile",
        "from alpine:3.22 AS one\n\n# why\nRUN a \\\n# not a part\n  && é $NOWHERE\nCMD  \"漢\" \\\n  b\n",
    ),
    ("lines/none.Dockerfile", ""),
    (".dockerignore", "é[\n"),
];

/// Every format, with the ending of its expectation.
const FORMATS: [&str; 15] = [
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "checkstyle",
    "codeclimate",
    "junit",
    "sonarqube",
    "gnu",
    "codacy",
    "rdjson",
    "hadolint",
];

fn project() -> TempDir {
    directory(&PROJECT)
}

fn plimsoll(directory: &Path, arguments: &[&str]) -> (String, String) {
    let ran = run(&mut command(&[&["check"], arguments].concat(), directory));
    (ran.out, ran.err)
}

/// What is written in a format for the project. The rules are named, so that one that is added changes no expectation.
fn written(format: &str) -> String {
    let rules = "DL1000,DL3006,DL3020,DL3025,DL4000,PL1019,UndefinedVar,ConsistentInstructionCasing,FromAsCasing";
    plimsoll(project().path(), &[&format!("--output-format={format}"), "--select", rules]).0
}

fn json(format: &str) -> Value {
    serde_json::from_str(&written(format)).unwrap()
}

fn array<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap()
}

/// The findings, as `json` tells them.
fn findings() -> Vec<Value> {
    json("json").as_array().unwrap().clone()
}

/// The text of a file of the project.
fn text(path: &str) -> &'static str {
    PROJECT.iter().find(|(name, _)| *name == path).unwrap().1
}

/// The offset of a place, the column counted in what `width` gives each character.
fn offset(text: &str, line: u64, column: u64, width: impl Fn(char) -> usize) -> usize {
    let start = match line {
        1 => text.len() - text.trim_start_matches('\u{feff}').len(),
        line => text.match_indices('\n').nth(line as usize - 2).unwrap().0 + 1,
    };
    let mut left = column as usize - 1;
    let rest = &text[start..];
    let end = rest.char_indices().find(|(_, c)| {
        let found = left == 0;
        left = left.saturating_sub(width(*c));
        found
    });
    start + end.map_or(rest.len(), |(at, _)| at)
}

#[test]
fn as_people_get_them() {
    let mut failures = Vec::new();
    for format in FORMATS {
        // A release changes no expectation, nor does a better page.
        let version = format!("ersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let mut shown = written(format).replace(&version, "ersion\": \"0.0.0\"");
        // With a NUL in it, the expectation would be no text to most tools.
        shown = shown.replace('\0', "␀");
        for rule in plimsoll::rules::ALL {
            shown = shown.replace(&serde_json::to_string(&page(rule)).unwrap(), "\"(the page)\"");
        }
        failures.extend(golden(&fixtures().join("formats").join(format!("{format}.out")), &shown));
    }
    report(failures);
}

#[test]
fn nothing_found_is_well_formed_too() {
    let expected = [
        ("full", ""),
        ("concise", ""),
        ("json", "[]\n"),
        ("json-lines", ""),
        ("github", ""),
        ("gitlab", "[]\n"),
        ("codeclimate", ""),
        ("sonarqube", "{\n  \"rules\": [],\n  \"issues\": []\n}\n"),
        ("gnu", ""),
        ("codacy", ""),
        ("rdjson", "{\n  \"source\": {\n    \"name\": \"plimsoll\"\n  },\n  \"diagnostics\": []\n}\n"),
        ("hadolint", "[]\n"),
    ];
    let project = project();
    let mut failures = Vec::new();
    for (format, expected) in expected {
        let (found, _) = plimsoll(project.path(), &["clean", &format!("--output-format={format}")]);
        failures.extend(support::difference(format, expected, &found));
    }
    report(failures);
}

#[test]
fn names_are_as_programs_look_for_them() {
    let project = project();
    let root = project.path().canonicalize().unwrap();
    let absolute = root.join("bom/Dockerfile");
    for path in ["bom", "./bom/Dockerfile", "bom/./Dockerfile", absolute.to_str().unwrap()] {
        let (found, _) = plimsoll(&root, &[path, "--output-format=hadolint"]);
        let found: Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found[0]["file"], "bom/Dockerfile", "{path}");
    }
}

#[test]
fn json_lines_are_the_elements_of_json() {
    let lines: Vec<Value> = written("json-lines").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, findings());
}

/// The page of a rule as Markdown.
fn page(rule: &Rule) -> String {
    let page = rule.documentation.replace("\n ", "\n");
    page.replace(",bad\n", "\n").replace(",good\n", "\n").trim().to_owned()
}

#[test]
fn sarif_has_its_structure_and_its_places() {
    let text_of_log = written("sarif");
    let log: sarif::Log = serde_json::from_str(&text_of_log).unwrap();
    let run = &log.runs[0];
    let findings = findings();
    assert_eq!(run.results.len(), findings.len());
    assert_eq!(run.artifacts.len(), PROJECT.len());
    let mut fingerprints = BTreeSet::new();
    for (result, finding) in run.results.iter().zip(&findings) {
        assert_eq!(result.rule_id, finding["code"]);
        assert_eq!(run.tool.driver.rules[result.rule_index].id, result.rule_id);
        let rule = plimsoll::rules::find(&run.tool.driver.rules[result.rule_index].name).unwrap();
        assert_eq!(run.tool.driver.rules[result.rule_index].help.markdown, page(rule));
        let place = &result.locations[0].physical_location;
        let path = finding["path"].as_str().unwrap();
        let text = text(path);
        assert_eq!(decoded(&place.artifact_location.uri), path);
        assert_eq!(run.artifacts[place.artifact_location.index.unwrap()].location.uri, place.artifact_location.uri);
        assert_eq!(place.region.offsets(text), offsets(finding, text), "{path}");
        assert!(fingerprints.insert(&result.partial_fingerprints["plimsollFinding/v1"]));
        // A fix changes the same bytes.
        let edits = finding["fix"]["edits"].as_array().cloned().unwrap_or_default();
        let replacements: Vec<_> = result.fixes.iter().flat_map(|fix| &fix.artifact_changes[0].replacements).collect();
        assert_eq!(replacements.len(), edits.len());
        for (replacement, edit) in replacements.iter().zip(&edits) {
            assert_eq!(replacement.deleted_region.offsets(text), offsets(edit, text));
            let inserted = replacement.inserted_content.as_ref().map_or("", |content| &content.text);
            assert_eq!(inserted, edit["text"]);
        }
    }
    assert!(run.results.iter().any(|result| !result.fixes.is_empty()), "nothing with a fix: {text_of_log}");
}

/// The bytes that a finding or an edit in `json` is about; the byte order mark is no part of a region.
fn offsets(value: &Value, text: &str) -> (usize, usize) {
    let first = text.len() - text.trim_start_matches('\u{feff}').len();
    let end = |key: &str| (value[key]["offset"].as_u64().unwrap() as usize).max(first);
    (end("start"), end("end"))
}

/// A reference to a URI as the path that it stands for.
fn decoded(uri: &str) -> String {
    let mut bytes = uri.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        assert!(byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte), "{uri}");
        decoded.push(if byte == b'%' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(decoded).unwrap()
}

#[test]
fn github_reads_back_what_was_said() {
    let written = written("github");
    let findings = findings();
    assert_eq!(written.lines().count(), findings.len());
    for (line, finding) in written.lines().zip(&findings) {
        let (command, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&command), "{line}");
        let unescaped = |text: &str| {
            ["%0A\n", "%0D\r", "%3A:", "%2C,", "%25%"]
                .iter()
                .fold(text.to_owned(), |text, pair| text.replace(&pair[..3], &pair[3..]))
        };
        let property = |name: &str| {
            let found = properties.split(',').find_map(|property| property.strip_prefix(&format!("{name}=")));
            found.map(unescaped)
        };
        assert_eq!(property("file").unwrap(), finding["path"]);
        assert_eq!(property("line").unwrap(), finding["start"]["line"].to_string());
        assert_eq!(property("endLine").unwrap(), finding["end"]["line"].to_string());
        let on_one_line = finding["start"]["line"] == finding["end"]["line"];
        assert_eq!(property("col"), on_one_line.then(|| finding["start"]["column"].to_string()));
        assert_eq!(property("endColumn"), on_one_line.then(|| finding["end"]["column"].to_string()));
        assert!(property("title").unwrap().starts_with(finding["code"].as_str().unwrap()), "{line}");
        assert!(unescaped(message).contains(&tame(finding["message"].as_str().unwrap())), "{line}");
    }
}

/// Text, with what no report may hold replaced.
fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// What GitLab and Code Climate ask of an issue alike.
fn check_issues(issues: &[Value]) {
    let findings = findings();
    assert_eq!(issues.len(), findings.len());
    let mut fingerprints = BTreeSet::new();
    for (issue, finding) in issues.iter().zip(&findings) {
        assert_eq!(issue["check_name"], finding["code"]);
        assert!(!issue["description"].as_str().unwrap().contains(char::is_control), "{issue:#}");
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{severity}");
        assert_eq!(issue["location"]["path"], finding["path"]);
        let lines = &issue["location"]["lines"];
        assert_eq!(lines["begin"], finding["start"]["line"]);
        assert!(lines["end"].as_u64() >= lines["begin"].as_u64(), "{issue:#}");
        let fingerprint = issue["fingerprint"].as_str().unwrap().to_owned();
        assert!(fingerprint.len() == 32 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()), "{fingerprint}");
        assert!(fingerprints.insert(fingerprint), "twice: {issue:#}");
    }
}

#[test]
fn gitlab_has_what_it_needs() {
    check_issues(json("gitlab").as_array().unwrap());
}

#[test]
fn codeclimate_has_what_it_needs() {
    let written = written("codeclimate");
    assert!(written.ends_with("\0\n"));
    let issues: Vec<Value> = written
        .split_terminator("\0\n")
        .map(|issue| {
            assert!(!issue.contains('\n'), "{issue}");
            serde_json::from_str(issue).unwrap()
        })
        .collect();
    check_issues(&issues);
    for issue in issues {
        assert_eq!(issue["type"], "issue");
        let categories = array(&issue, "categories");
        let all =
            ["Bug Risk", "Clarity", "Compatibility", "Complexity", "Duplication", "Performance", "Security", "Style"];
        assert!(categories.iter().all(|category| all.contains(&category.as_str().unwrap())), "{categories:?}");
        assert!(!categories.is_empty());
    }
}

#[test]
fn fingerprints_stay_when_lines_are_written_above() {
    let fingerprints = |text: &str| -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("Dockerfile"), text).unwrap();
        let (found, _) = plimsoll(directory.path(), &["--output-format=gitlab", "--select=DL3006,DL3020,DL4000"]);
        let found: Value = serde_json::from_str(&found).unwrap();
        found.as_array().unwrap().iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let before = fingerprints("FROM alpine\nADD a /\n");
    let after = fingerprints("# one\n\nFROM alpine\nMAINTAINER x\n  ADD a /\nADD a /\n");
    assert_eq!((before.len(), after.len()), (2, 4));
    assert_eq!(before[..], [after[0].clone(), after[2].clone()]);
}

/// The element children of a node.
fn children<'n>(node: Node<'n, 'n>, name: &'static str) -> Vec<Node<'n, 'n>> {
    node.children()
        .filter(|child| child.is_element())
        .inspect(|child| assert_eq!(child.tag_name().name(), name))
        .collect()
}

/// The files in the order in which they are looked at.
fn files() -> Vec<&'static str> {
    let mut files: Vec<&str> = PROJECT.iter().map(|(name, _)| *name).collect();
    files.sort_by(|a, b| Path::new(a).cmp(Path::new(b)));
    files
}

#[test]
fn checkstyle_reads_back() {
    let written = written("checkstyle");
    let document = Document::parse(&written).unwrap();
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.attribute("version")), ("checkstyle", Some("4.3")));
    let files_found = children(root, "file");
    assert_eq!(files_found.iter().map(|file| file.attribute("name").unwrap()).collect::<Vec<_>>(), files());
    let errors: Vec<_> = files_found.iter().flat_map(|file| children(*file, "error")).collect();
    let findings = findings();
    assert_eq!(errors.len(), findings.len());
    for (error, finding) in errors.iter().zip(&findings) {
        assert_eq!(error.attribute("line").unwrap(), finding["start"]["line"].to_string());
        assert_eq!(error.attribute("column").unwrap(), finding["start"]["column"].to_string());
        assert_eq!(error.attribute("source").unwrap(), finding["code"]);
        assert!(["error", "warning", "info", "ignore"].contains(&error.attribute("severity").unwrap()));
        let message = error.attribute("message").unwrap();
        assert!(message.starts_with(&tame(finding["message"].as_str().unwrap())), "{message}");
    }
}

#[test]
fn junit_reads_back() {
    let written = written("junit");
    let document = Document::parse(&written).unwrap();
    let root = document.root_element();
    let number = |node: Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
    let suites = children(root, "testsuite");
    assert_eq!(suites.iter().map(|suite| suite.attribute("name").unwrap()).collect::<Vec<_>>(), files());
    let findings = findings();
    let mut failures = Vec::new();
    let mut tests = 0;
    for suite in suites {
        let cases = children(suite, "testcase");
        assert!(!cases.is_empty());
        assert_eq!(number(suite, "tests"), cases.len());
        tests += cases.len();
        let failed: Vec<_> = cases.iter().flat_map(|case| children(*case, "failure")).collect();
        assert_eq!(number(suite, "failures"), failed.len());
        assert!(cases.iter().all(|case| case.attribute("classname").is_some() && case.attribute("name").is_some()));
        failures.extend(failed);
    }
    assert_eq!((number(root, "tests"), number(root, "failures")), (tests, findings.len()));
    for (failure, finding) in failures.iter().zip(&findings) {
        let message = tame(finding["message"].as_str().unwrap());
        assert!(failure.attribute("message").unwrap().starts_with(&message));
        let place = format!("{}:{}:", finding["path"].as_str().unwrap(), finding["start"]["line"]);
        assert!(failure.text().unwrap().starts_with(&place), "{failure:?}");
        assert_eq!(failure.attribute("type").unwrap(), finding["severity"]);
    }
}

#[test]
fn sonarqube_takes_each_range() {
    let found = json("sonarqube");
    let rules = array(&found, "rules");
    for rule in rules {
        for key in ["id", "name", "description", "engineId", "cleanCodeAttribute", "type", "severity"] {
            assert!(rule[key].as_str().is_some_and(|value| !value.is_empty()), "{key}: {rule:#}");
        }
        let attributes = ["LOGICAL", "TRUSTWORTHY", "COMPLETE", "EFFICIENT", "CLEAR", "CONVENTIONAL"];
        assert!(attributes.contains(&rule["cleanCodeAttribute"].as_str().unwrap()), "{rule:#}");
        assert!(["BUG", "VULNERABILITY", "CODE_SMELL"].contains(&rule["type"].as_str().unwrap()), "{rule:#}");
        let impact = &array(rule, "impacts")[0];
        assert!(["HIGH", "MEDIUM", "LOW"].contains(&impact["severity"].as_str().unwrap()), "{rule:#}");
        let qualities = ["MAINTAINABILITY", "RELIABILITY", "SECURITY"];
        assert!(qualities.contains(&impact["softwareQuality"].as_str().unwrap()), "{rule:#}");
    }
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len());
    let issues = array(&found, "issues");
    let findings = findings();
    assert_eq!(issues.len(), findings.len());
    for (issue, finding) in issues.iter().zip(&findings) {
        assert!(ids.contains(issue["ruleId"].as_str().unwrap()), "{issue:#}");
        let place = &issue["primaryLocation"];
        assert_eq!(place["filePath"], finding["path"]);
        let range = &place["textRange"];
        assert_eq!(range["startLine"], finding["start"]["line"]);
        let Some(start_column) = range["startColumn"].as_u64() else { continue };
        let number = |key: &str| range[key].as_u64().unwrap();
        assert!((number("startLine"), start_column) < (number("endLine"), number("endColumn")), "{issue:#}");
        // As SonarQube looks at it, a line holds neither a byte order mark nor the characters that end it.
        let text = text(finding["path"].as_str().unwrap()).trim_start_matches('\u{feff}');
        let length =
            |line: u64| text.split('\n').nth(line as usize - 1).unwrap().trim_end_matches('\r').encode_utf16().count();
        assert!(start_column <= length(number("startLine")) as u64, "{issue:#}");
        assert!(number("endColumn") <= length(number("endLine")) as u64, "{issue:#}");
    }
}

#[test]
fn rdjson_suggests_what_can_be_applied() {
    let found = json("rdjson");
    assert_eq!(found["source"]["name"], "plimsoll");
    let diagnostics = array(&found, "diagnostics");
    let findings = findings();
    assert_eq!(diagnostics.len(), findings.len());
    for (diagnostic, finding) in diagnostics.iter().zip(&findings) {
        assert!(diagnostic["message"].is_string());
        assert!(["ERROR", "WARNING", "INFO"].contains(&diagnostic["severity"].as_str().unwrap()));
        assert_eq!(diagnostic["code"]["value"], finding["code"]);
        assert_eq!(diagnostic["location"]["path"], finding["path"]);
        let text = text(finding["path"].as_str().unwrap());
        let bytes = |range: &Value| {
            let end = |key: &str| {
                let line = range[key]["line"].as_u64().unwrap();
                let start = if line == 1 { 0 } else { offset(text, line, 1, char::len_utf8) };
                start + range[key]["column"].as_u64().unwrap() as usize - 1
            };
            end("start")..end("end")
        };
        let own =
            finding["start"]["offset"].as_u64().unwrap() as usize..finding["end"]["offset"].as_u64().unwrap() as usize;
        assert_eq!(bytes(&diagnostic["location"]["range"]), own);
        let Some(edits) = finding["fix"]["edits"].as_array() else {
            assert!(diagnostic.get("suggestions").is_none());
            continue;
        };
        let mut fixed = text.to_owned();
        for edit in edits.iter().rev() {
            let (start, end) = offsets(edit, text);
            fixed.replace_range(start..end, edit["text"].as_str().unwrap());
        }
        let suggestion = &array(diagnostic, "suggestions")[0];
        let mut suggested = text.to_owned();
        suggested.replace_range(bytes(&suggestion["range"]), suggestion["text"].as_str().unwrap());
        assert_eq!(suggested, fixed);
    }
}

#[test]
fn lines_are_what_editors_split() {
    let findings = findings();
    for (format, start) in [("gnu", 0), ("concise", 0)] {
        let written = written(format);
        assert_eq!(written.lines().count(), findings.len());
        for (line, finding) in written.lines().zip(&findings) {
            let rest = line[start..].strip_prefix(finding["path"].as_str().unwrap()).unwrap();
            let mut parts = rest.splitn(4, ':').skip(1);
            assert_eq!(parts.next().unwrap(), finding["start"]["line"].to_string(), "{line}");
            assert!(parts.next().unwrap().parse::<u32>().unwrap() >= 1, "{line}");
            assert!(parts.next().unwrap().starts_with(' '), "{line}");
        }
    }
}

#[test]
fn the_place_in_full_is_that_of_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let text = format!("\u{feff}FROM alpine:3.22\nENV é=\"{}\" b=$X\n", "漢".repeat(300));
    fs::write(directory.path().join("Dockerfile"), text).unwrap();
    let (shown, _) = plimsoll(directory.path(), &["--select=UndefinedVar"]);
    assert!(shown.contains("[Dockerfile:2:312]"), "{shown}");
}

#[test]
fn hadolint_and_codacy_name_the_lines_of_instructions() {
    let found = json("hadolint");
    let keys = ["code", "column", "file", "level", "line", "message"];
    for finding in found.as_array().unwrap() {
        assert_eq!(finding.as_object().unwrap().keys().collect::<Vec<_>>(), keys);
        assert!(["error", "warning", "info", "style"].contains(&finding["level"].as_str().unwrap()));
        if finding["code"] != "DL1000" {
            assert_eq!(finding["column"], 1);
        }
        let line = finding["line"].as_u64().unwrap() as usize - 1;
        let first = text(finding["file"].as_str().unwrap()).lines().nth(line).unwrap_or_default();
        assert!(!first.trim_start().starts_with(['&', 'b']), "not the beginning of an instruction: {first}");
    }
    let codacy: Vec<Value> = written("codacy").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(codacy.len(), found.as_array().unwrap().len());
    for (ours, theirs) in codacy.iter().zip(found.as_array().unwrap()) {
        assert_eq!(ours.as_object().unwrap().keys().collect::<Vec<_>>(), ["filename", "line", "message", "patternId"]);
        assert_eq!(
            [&ours["filename"], &ours["line"], &ours["message"]],
            [&theirs["file"], &theirs["line"], &theirs["message"]]
        );
        assert_eq!(ours["patternId"], theirs["code"]);
    }
}

#[test]
fn colours_where_they_are_wanted() {
    let project = project();
    let coloured = |arguments: &[&str], variable: Option<&str>| {
        let mut command = command(&[&["check", "bom"], arguments].concat(), project.path());
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        command.output().unwrap().stdout.contains(&0x1b)
    };
    let cases: [(&[&str], Option<&str>, bool); 8] = [
        (&[], None, false),
        (&[], Some("FORCE_COLOR"), true),
        (&["--color=auto"], Some("NO_COLOR"), false),
        (&["--color=always"], None, true),
        (&["--color=always"], Some("NO_COLOR"), true),
        (&["--color=never"], Some("FORCE_COLOR"), false),
        (&["--color=always", "--output-format=gnu"], None, false),
        (&["--color=always", "--output-format=github"], None, false),
    ];
    for (arguments, variable, expected) in cases {
        assert_eq!(coloured(arguments, variable), expected, "{arguments:?} {variable:?}");
    }
}

#[test]
fn the_last_line_says_what_can_be_fixed() {
    let cases = [
        ("FROM alpine:3.22\n", "nothing to say.\n"),
        ("FROM alpine\n", "1 warning.\n"),
        ("FROM alpine:3.22\nENV a b\n", "\n1 can be fixed with `--fix`.\n"),
        (
            "FROM alpine:3.22\nADD a /\n",
            "\n1 can be fixed with `--fix --unsafe-fixes`, which may change what the build does.\n",
        ),
        (
            "FROM alpine:3.22\nENV a b\nADD a /\n",
            "\n1 can be fixed with `--fix`, 1 more with `--fix --unsafe-fixes`, which may change what the build does.\n",
        ),
    ];
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("Dockerfile"), text).unwrap();
        let (_, told) = plimsoll(directory.path(), &["--select=DL3006,DL3020,LegacyKeyValueFormat"]);
        if !told.ends_with(expected) {
            failures.push(format!("{text:?}: {expected:?} expected; found {told:?}"));
        }
    }
    report(failures);
}
