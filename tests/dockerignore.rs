//! Ignore files, patterns and whole contexts, against the recorded answers of patternmatcher and fsutil.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;

#[path = "../examples/conformance/ignorefile.rs"]
mod ignorefile;
#[path = "../examples/conformance/patterns.rs"]
mod patterns;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use plimsoll::dockerignore::{Ignore, IgnoreFile, ParentResults};
use recorded::{conformance, divergences, fixtures};
use serde_json::{Map, Value};

/// Prints the score, and fails with all differences at once.
fn score(data: &str, cases: usize, failures: BTreeMap<String, String>) {
    println!("{data}: {}/{cases}", cases - failures.len());
    let mut known: BTreeSet<String> = divergences(data).into_iter().map(|divergence| divergence.case).collect();
    let failures: Vec<String> = failures
        .into_iter()
        .filter(|(case, _)| !known.remove(case))
        .map(|(case, text)| format!("{case}: {text}"))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(known.is_empty(), "no divergences any more: {known:?}");
}

/// The recorded lines of a file, and our own beside the fixtures.
fn lines(name: &str) -> Vec<Value> {
    let recorded = conformance().map(|folder| folder.join("ignore").join(name));
    let own = fixtures().join("dockerignore").join(name);
    recorded.into_iter().chain([own]).flat_map(|path| read_lines(&path)).collect()
}

fn read_lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What both say, except for what nobody answers any more.
fn without_deprecated(results: &Value) -> Value {
    let is_compared = |key: &str| {
        ["path", "using_parent_results", "matches_or_parent"].contains(&key.strip_suffix("_error").unwrap_or(key))
    };
    let result = |result: &Value| -> Value {
        let fields = result.as_object().unwrap().iter();
        Value::Object(
            fields.filter(|(key, _)| is_compared(key)).map(|(key, value)| (key.clone(), value.clone())).collect(),
        )
    };
    results.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(result).collect()
}

fn differences(reference: &Map<String, Value>, ours: &Map<String, Value>) -> Vec<String> {
    let mut differences = Vec::new();
    for key in reference.keys().chain(ours.keys().filter(|key| !reference.contains_key(*key))) {
        let (reference, ours) = (reference.get(key), ours.get(key));
        if key == "results" {
            let list = |value: Option<&Value>| without_deprecated(value.unwrap_or(&Value::Null));
            let (reference, ours) = (list(reference), list(ours));
            let pairs = reference.as_array().unwrap().iter().zip(ours.as_array().unwrap());
            differences.extend(
                pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("\n    reference: {a}\n    ours:      {b}")),
            );
        } else if reference != ours {
            let show = |value: Option<&Value>| value.map_or_else(String::new, ToString::to_string);
            differences.push(format!("{key}\n    reference: {}\n    ours:      {}", show(reference), show(ours)));
        }
    }
    differences
}

fn compare(data: &str, answer: impl Fn(&Value) -> Value) {
    let cases = lines(data);
    let mut failures = BTreeMap::new();
    for (number, case) in (1..).zip(&cases) {
        let differences = differences(case.as_object().unwrap(), answer(case).as_object().unwrap());
        if !differences.is_empty() {
            let input = case.get("patterns").or_else(|| case.get("base64")).unwrap();
            failures.insert(number.to_string(), format!("{input} {}", differences.join("")));
        }
    }
    score(data, cases.len(), failures);
}

#[test]
fn patterns_and_paths() {
    compare("match.jsonl", patterns::answer);
}

#[test]
fn ignore_files() {
    compare("ignorefile.jsonl", ignorefile::answer);
}

/// An entry of a tree: whether it is a directory, and its path.
type Entry = (bool, Vec<u8>);

/// What a build sends of a tree: `walk` without a file system. Entries come after their directory.
fn sent(ignore: &Ignore, entries: &[Entry]) -> BTreeSet<Vec<u8>> {
    let mut results: BTreeMap<&[u8], ParentResults> = BTreeMap::from([(&b""[..], ignore.root())]);
    let mut sent = BTreeSet::new();
    for (is_directory, path) in entries {
        let parent = path.iter().rposition(|byte| *byte == b'/').map_or(&b""[..], |at| &path[..at]);
        let Some(known) = results.get(parent) else { continue };
        let mut own = ParentResults::default();
        let ignored = ignore.walk(path, known, &mut own).unwrap();
        if !ignored {
            sent.insert(path.clone());
            let parents = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            sent.extend(parents.map(|(at, _)| path[..at].to_vec()));
        }
        if *is_directory && (!ignored || ignore.may_keep_below(path)) {
            results.insert(path, own);
        }
        let decision = ignore.decide(path).unwrap();
        assert_eq!(decision.ignored, ignored, "{}", String::from_utf8_lossy(path));
        assert_eq!(decision.deciding().is_some_and(|say| !say.pattern.exclusion), ignored);
    }
    sent
}

/// The columns of a table with tabs.
fn table(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn real_trees() {
    let Some(folder) = conformance().map(|folder| folder.join("ignore/trees")) else { return };
    let mut trees: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    trees.retain(|path| path.to_str().unwrap().ends_with(".dockerignore"));
    trees.sort();
    let mut failures = BTreeMap::new();
    for ignore_file in &trees {
        let name = ignore_file.file_stem().unwrap().to_str().unwrap();
        let file = IgnoreFile::parse_bytes(".dockerignore", &std::fs::read(ignore_file).unwrap());
        let ignore = Ignore::new(&file).unwrap();
        let mut entries: Vec<Entry> = Vec::new();
        let mut directories = BTreeSet::new();
        for row in table(&folder.join(format!("{name}.tree.tsv"))) {
            let path = row[2].clone().into_bytes();
            for (at, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
                if directories.insert(path[..at].to_vec()) {
                    entries.push((true, path[..at].to_vec()));
                }
            }
            entries.push((false, path));
        }
        let ours = sent(&ignore, &entries);
        let expected: BTreeSet<Vec<u8>> = table(&folder.join(format!("{name}.sent.tsv")))
            .into_iter()
            .map(|row| row[2].clone().into_bytes())
            .collect();
        let show = |paths: Vec<&Vec<u8>>| {
            paths.into_iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect::<Vec<_>>()
        };
        let (missing, surplus) =
            (show(expected.difference(&ours).collect()), show(ours.difference(&expected).collect()));
        if !missing.is_empty() || !surplus.is_empty() {
            failures.insert(name.to_owned(), format!("not sent {missing:?}, sent by us only {surplus:?}"));
        }
    }
    score("trees", trees.len(), failures);
}

#[test]
fn a_line_has_less_than_65536_bytes() {
    let cases = [
        ("a".repeat(65_535), None),
        (format!("{}\nb", "a".repeat(65_535)), None),
        ("#".repeat(65_536), Some(1)),
        (format!("b\n{}\nc", "a".repeat(65_536)), Some(2)),
        (format!("b\n{}\r\nc", "a".repeat(65_535)), Some(2)),
    ];
    for (text, expected) in cases {
        let file = IgnoreFile::parse("x", &text);
        assert_eq!(file.errors.first().map(|error| error.line), expected);
        // The other lines are read all the same.
        assert_eq!(file.patterns.len() + file.errors.len(), text.lines().count());
        assert_eq!(Ignore::new(&file).is_err(), expected.is_some());
    }
}

/// `(line, what is wrong there, what stands there)`
type Wrong<'w> = (u32, &'w str, &'w str);

#[test]
fn wrong_patterns_have_places() {
    let text = "good\n  [ab\n!\n/foo/../b[]\r\nx\\\n[a-]*\n![-a]\nc/[é\\]\n![z-a]\ntail\n";
    let file = IgnoreFile::parse("x", text);
    let found: Vec<Wrong<'_>> =
        file.errors.iter().map(|error| (error.line, error.kind.as_docker_says(), &text[error.span.range()])).collect();
    let syntax = "syntax error in pattern";
    let expected: [Wrong<'_>; 7] = [
        (2, syntax, "[ab"),
        (3, "illegal exclusion pattern: \"!\"", "!"),
        (4, syntax, "[]"),
        (5, syntax, "\\"),
        (6, syntax, "-"),
        (7, syntax, "-"),
        (8, syntax, "[é\\]"),
    ];
    assert_eq!(found, expected);
    assert_eq!(file.patterns.len(), 10);
}

#[test]
fn patterns_that_are_wrong_when_asked_are_told() {
    let file = IgnoreFile::parse("x", "a\n*{2}b\n!\\y\n");
    let ignore = Ignore::new(&file).unwrap();
    let wrong: Vec<String> = ignore.wrong_when_asked().map(|error| error.to_string()).collect();
    assert_eq!(wrong.len(), 2);
    assert!(wrong[0].starts_with("x:2: `{2}`") && wrong[1].starts_with("x:3: `\\y`"), "{wrong:?}");
    assert!(ignore.decide(b"b").is_err());
    assert_eq!(ignore.walk(b"b", &ignore.root(), &mut ParentResults::default()).unwrap_err().line, 2);
}

#[test]
fn parts_of_a_pattern() {
    use plimsoll::dockerignore::PartKind::{AnyCharacter, Class, DoubleStar, Escape, Leak, Literal, Separator, Star};

    let text = " !a**/b*\\*[^]]?{x}/\n";
    let file = IgnoreFile::parse("x", text);
    let parts: Vec<_> = file.patterns[0].parts.iter().map(|part| (part.kind, &text[part.span.range()])).collect();
    let expected = [
        (Literal, "a"),
        (DoubleStar, "**"),
        (Separator, "/"),
        (Literal, "b"),
        (Star, "*"),
        (Escape, "\\*"),
        (Class, "[^]]?{x}/"),
    ];
    assert_eq!(parts, expected);
    let text = "[a]?{x}/\n";
    let file = IgnoreFile::parse("x", text);
    let parts: Vec<_> = file.patterns[0].parts.iter().map(|part| (part.kind, &text[part.span.range()])).collect();
    let expected = [(Class, "[a]"), (AnyCharacter, "?"), (Leak, "{"), (Literal, "x"), (Leak, "}"), (Separator, "/")];
    assert_eq!(parts, expected);
}

#[test]
fn a_matcher_may_start_at_a_directory() {
    let ignore = Ignore::from_patterns(["public/*.css", "!public/main.css"]).unwrap();
    for directory in ["", ".", "/", "./"] {
        assert!(ignore.clone().rooted_at(directory).decide(b"public/a.css").unwrap().ignored, "{directory}");
    }
    for directory in ["app", "/app", "app/", "./app/x/.."] {
        let ignore = ignore.clone().rooted_at(directory);
        let ignored = |path: &str| ignore.decide(path.as_bytes()).unwrap().ignored;
        assert!(ignored("app/public/a.css"), "{directory}");
        for path in ["public/a.css", "app", "app/public", "app/public/main.css", "apple/public/a.css"] {
            assert!(!ignored(path), "{directory} {path}");
        }
        assert_eq!(ignore.decide(b"app/public/a.css").unwrap().deciding().unwrap().matched, b"app/public/a.css");
    }
}

#[test]
fn a_matcher_goes_from_thread_to_thread() {
    fn check<T: Send + Sync + Clone + 'static>(_: &T) {}
    check(&Ignore::empty());
    check(&Ignore::empty().root());
    assert!(!Ignore::empty().decide(b"a").unwrap().ignored);
}

#[test]
fn an_ignored_directory_is_entered_only_where_something_may_be_kept() {
    /// The patterns, the directories that are entered, and those that are not.
    type Case = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);
    let cases: [Case; 10] = [
        (&["*"], &[], &["a", "a/b"]),
        (&["*", "!src/a/x.md"], &["src", "src/a"], &["docs", "src/b", "src/a/x.md", "sr"]),
        (&["docs/**", "!docs/a/**/y.go"], &["docs", "docs/a", "docs/a/b/c"], &["docs/b", "doc"]),
        (&["*", "!**/*.go"], &["a", "a/b"], &[]),
        (&["*", "!a/b*/c"], &["a", "a/b", "a/bx", "a/bx/c"], &["x", "a/x"]),
        (&["*", "!a/**"], &["a"], &["b", "a/b"]),
        // The build takes braces for names, and so does not look where the expression would match.
        (&["*", "!ab{1}/*"], &[], &["ab"]),
        (&["*", "!src|x/*"], &[], &["ax", "x"]),
        (&["*", "!ab{1}/c*", "!src|x*"], &["ab", "x", "y"], &[]),
        // Whether the build fails depends on where it looks.
        (&["a/b", "!\\y", "a"], &["a", "a/b"], &[]),
    ];
    let mut failures = Vec::new();
    for (patterns, entered, passed) in cases {
        let ignore = Ignore::from_patterns(patterns).unwrap();
        for (directories, expected) in [(entered, true), (passed, false)] {
            let wrong = directories.iter().filter(|path| ignore.may_keep_below(path.as_bytes()) != expected);
            failures.extend(wrong.map(|path| format!("{patterns:?}: {path}: {expected}")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
