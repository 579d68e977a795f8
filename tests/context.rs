//! Whole contexts, against the recorded answers of fsutil, and the ways of the walk against each other.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;
mod support;

#[path = "../examples/conformance/context.rs"]
mod answer;

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use plimsoll::context::{
    Context, ContextError, Entry, EntryKind, IgnoreSource, Listing, Options, Progress, WalkErrorReason, unpruned,
};
use plimsoll::dockerignore::{Ignore, IgnoreFile};
use proptest::prelude::*;
use recorded::{conformance, fixtures};
use serde_json::{Value, json};
use tempfile::TempDir;

const ONE: NonZero<usize> = NonZero::<usize>::MIN;

fn threads(count: usize) -> NonZero<usize> {
    NonZero::new(count).unwrap()
}

/// A directory in memory, where there is such a thing: tens of thousands of files are laid out here.
fn scratch() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn paths(listing: &Listing) -> Vec<String> {
    listing.iter().map(|entry| entry.path_text().into_owned()).collect()
}

/// A directory with files, links (`-> target`) and empty directories (a `/` at the end).
fn tree(entries: &[(&str, &str)]) -> TempDir {
    let directory = scratch();
    for (name, content) in entries {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else if let Some(target) = content.strip_prefix("-> ") {
            link(target, &path);
        } else {
            fs::write(path, content).unwrap();
        }
    }
    directory
}

fn sized(path: &Path, size: u64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::File::create(path).unwrap().set_len(size).unwrap();
}

#[cfg(unix)]
fn link(target: &str, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, path).unwrap();
}

#[cfg(not(unix))]
fn link(target: &str, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::windows::fs::symlink_file(target, path).unwrap();
}

/// Lays out the files of a case.
fn lay_out(case: &Value) -> TempDir {
    let directory = scratch();
    let root = directory.path();
    for file in case["files"].as_array().unwrap() {
        let path = root.join(file["path"].as_str().unwrap());
        match file["type"].as_str().unwrap() {
            "dir" => fs::create_dir_all(path).unwrap(),
            "file" => sized(&path, file["size"].as_u64().unwrap()),
            "symlink" => link(file["target"].as_str().unwrap(), &path),
            "hardlink" => fs::hard_link(root.join(file["target"].as_str().unwrap()), path).unwrap(),
            other => panic!("{other}"),
        }
    }
    if let Some(text) = case["dockerignore"].as_str() {
        fs::write(root.join(".dockerignore"), text).unwrap();
    }
    directory
}

fn record(entry: &Entry<'_>) -> Value {
    let mut record = json!({
        "path": entry.path_text(), "type": answer::kind(entry), "size": entry.status.unwrap().size,
    });
    if let Some(target) = entry.target {
        record["link"] = String::from_utf8_lossy(target).into();
    }
    record
}

#[test]
fn recorded_contexts() {
    let recorded = conformance().map(|folder| folder.join("ignore/context.jsonl"));
    let mut failures = Vec::new();
    let mut cases = 0;
    for path in recorded.into_iter().chain([fixtures().join("context/context.jsonl")]) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            cases += 1;
            let directory = lay_out(&case);
            for threads in [ONE, threads(3)] {
                let context = Context::open(directory.path(), &Options { threads, ..Options::default() }).unwrap();
                let ok = context.pattern_errors().is_empty() && context.listing().errors().is_empty();
                if ok != case["ok"] {
                    failures.push(format!("{}: ok is {ok}", case["note"]));
                    break;
                }
                if !ok {
                    continue;
                }
                let found: Vec<Value> = context.listing().by_path().map(|entry| record(&entry)).collect();
                let expected = case["transferred"].as_array().cloned().unwrap_or_default();
                let order = json!(paths(context.listing()));
                let expected_order = case["walk_order"].as_array().cloned().unwrap_or_default();
                if found != expected || order != Value::from(expected_order) {
                    failures.push(format!("{}:\nexpected {expected:?}\nfound    {found:?}", case["note"]));
                    break;
                }
            }
        }
    }
    println!("context.jsonl: {}/{cases}", cases - failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Lays out a real tree, with empty files of the sizes that are recorded.
fn lay_out_tree(root: &Path, tree: &str, ignore: &[u8]) {
    for line in tree.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let path = root.join(fields[2]);
        match fields[0] {
            // A submodule is an empty directory.
            "160000" => fs::create_dir_all(path).unwrap(),
            "120000" => link(fields[3], &path),
            _ => sized(&path, fields[1].parse().unwrap()),
        }
    }
    fs::write(root.join(".dockerignore"), ignore).unwrap();
}

#[test]
fn recorded_trees() {
    let Some(folder) = conformance().map(|folder| folder.join("ignore/trees")) else { return };
    let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.to_str().unwrap().ends_with(".sent.tsv"));
    names.sort();
    let mut failures = Vec::new();
    for path in &names {
        let of = |ending: &str| path.to_str().unwrap().replace(".sent.tsv", ending);
        let directory = scratch();
        let ignore = fs::read(of(".dockerignore")).unwrap();
        lay_out_tree(directory.path(), &fs::read_to_string(of(".tree.tsv")).unwrap(), &ignore);
        let expected = fs::read_to_string(path).unwrap();
        for threads in [ONE, threads(3)] {
            let context = Context::open(directory.path(), &Options { threads, ..Options::default() }).unwrap();
            let mut found = Vec::new();
            answer::write(context.listing(), &mut found).unwrap();
            let found = String::from_utf8(found).unwrap();
            let name = format!("{}, {threads} threads", path.file_name().unwrap().display());
            let difference = support::difference(&name, &expected, &found);
            let is_wrong = difference.is_some();
            failures.extend(difference);
            if is_wrong {
                break;
            }
        }
    }
    println!("trees: {}/{}", names.len() - failures.len(), names.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn links_are_not_followed() {
    let outside = tree(&[("secret/key", "x")]);
    let directory =
        tree(&[("a/file", "12345"), ("a/back", "-> .."), ("loop", "-> loop"), ("b", "-> a"), ("nowhere", "-> x")]);
    link(outside.path().to_str().unwrap(), &directory.path().join("out"));
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    assert_eq!(paths(context.listing()), ["a", "a/back", "a/file", "b", "loop", "nowhere", "out"]);
    assert_eq!(context.listing().errors(), []);
    let kinds: Vec<EntryKind> = context.listing().iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == EntryKind::Link).count(), 5);
    assert_eq!(context.listing().find(b"b").unwrap().target, Some(&b"a"[..]));
    assert_eq!(context.listing().totals().bytes, 5);
}

#[test]
fn a_context_goes_from_thread_to_thread() {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Context>();
    is_shared::<Listing>();
    is_shared::<ContextError>();
}

#[test]
fn a_link_to_the_root_is_the_root() {
    let directory = tree(&[("real/file", ""), ("link", "-> real")]);
    let context = Context::open(&directory.path().join("link"), &Options::default()).unwrap();
    assert_eq!(paths(context.listing()), ["file"]);
}

#[test]
fn a_file_with_several_names_is_sent_once() {
    let directory = tree(&[("b/first", "1234"), (".dockerignore", "a")]);
    fs::create_dir(directory.path().join("a")).unwrap();
    fs::hard_link(directory.path().join("b/first"), directory.path().join("a/ignored")).unwrap();
    fs::hard_link(directory.path().join("b/first"), directory.path().join("c")).unwrap();
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    let further = context.listing().find(b"c").unwrap();
    assert_eq!(
        (further.kind, further.status.unwrap().size, further.target),
        (EntryKind::File, 0, Some(&b"b/first"[..]))
    );
    assert_eq!(context.listing().totals().bytes, 4 + 1);
    // Where the first name is not asked for, the next one is the first.
    let transfer = context.transfer([b"c".as_slice()]).unwrap();
    assert_eq!(transfer.find(b"c").unwrap().status.unwrap().size, 4);
}

#[test]
fn roots_that_are_none() {
    let directory = tree(&[("file", "")]);
    let of = |path: &str| Context::open(&directory.path().join(path), &Options::default()).unwrap_err();
    assert!(matches!(of("missing"), ContextError::Missing(_)));
    assert!(matches!(of("file"), ContextError::NotADirectory(_)));
}

#[cfg(target_os = "linux")]
#[test]
fn names_are_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let directory = tree(&[(".dockerignore", "**/*\\?.txt\n.dockerignore\n")]);
    for name in [b"caf\xe9".as_slice(), b"caf\xe9.txt", b"new\nline", "é".as_bytes()] {
        let folder = directory.path().join(OsStr::from_bytes(name));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(OsStr::from_bytes(b"\xff")), "").unwrap();
    }
    for threads in [ONE, threads(2)] {
        let context = Context::open(directory.path(), &Options { threads, ..Options::default() }).unwrap();
        let found: Vec<&[u8]> = context.listing().iter().map(|entry| entry.path).collect();
        let expected: [&[u8]; 8] = [
            b"caf\xe9",
            b"caf\xe9/\xff",
            b"caf\xe9.txt",
            b"caf\xe9.txt/\xff",
            b"new\nline",
            b"new\nline/\xff",
            "é".as_bytes(),
            b"\xc3\xa9/\xff",
        ];
        assert_eq!(found, expected);
        let json = serde_json::to_value(context.listing().find(b"caf\xe9").unwrap()).unwrap();
        assert_eq!((&json["path"], &json["path_bytes"]), (&json!("caf\u{fffd}"), &json!([99, 97, 102, 233])));
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_hides_nothing_else() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tree(&[("a/file", ""), ("b/closed/file", ""), ("b/open/file", ""), ("c", "")]);
    let closed = directory.path().join("b/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(&closed).is_ok();
    for threads in [ONE, threads(3)] {
        let listing = &unpruned(directory.path(), None, true, threads).unwrap();
        // Root may read anything.
        if readable {
            assert_eq!(listing.errors(), []);
            continue;
        }
        assert_eq!(paths(listing), ["a", "a/file", "b", "b/closed", "b/open", "b/open/file", "c"]);
        let [error] = listing.errors() else { panic!("{:?}", listing.errors()) };
        assert_eq!((error.path.as_slice(), &error.reason), (&b"b/closed"[..], &WalkErrorReason::Forbidden));
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn trees_may_be_deeper_than_directories_can_be_open() {
    let directory = scratch();
    let mut path = directory.path().to_path_buf();
    for depth in 0..300 {
        path.push("d");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("a"), "").unwrap();
        fs::write(path.join("z"), "12").unwrap();
        if depth % 50 == 0 {
            fs::create_dir(path.join("e")).unwrap();
            fs::write(path.join("e/file"), "").unwrap();
        }
    }
    let list = |threads, sizes| unpruned(directory.path(), None, sizes, threads).unwrap();
    let listing = list(ONE, true);
    assert_eq!(listing.errors(), []);
    assert_eq!(listing.len(), 300 * 3 + 6 * 2);
    assert_eq!(listing.totals().bytes, 600);
    for (threads, sizes) in [(ONE, false), (threads(2), true), (threads(4), false)] {
        assert_eq!(paths(&list(threads, sizes)), paths(&listing));
    }
}

/// Directories that come and go are no reason to stop.
#[test]
fn directories_may_vanish_meanwhile() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let directory = scratch();
    for number in 0..40 {
        sized(&directory.path().join(format!("stays/{number}/file")), 1);
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for number in 0..20 {
                    sized(&directory.path().join(format!("goes/{number}/deep/file")), 1);
                }
                fs::remove_dir_all(directory.path().join("goes")).unwrap();
            }
        });
        for round in 0..60 {
            let listing = unpruned(directory.path(), None, true, threads(1 + round % 3)).unwrap();
            let stays = paths(&listing).iter().filter(|path| path.starts_with("stays/")).count();
            let wrong = listing.errors().iter().any(|error| error.reason != WalkErrorReason::Vanished);
            if stays != 80 || wrong {
                done.store(true, Ordering::Relaxed);
                panic!("{stays} stay, {:?}", listing.errors());
            }
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn totals_and_the_largest() {
    let directory = tree(&[("a/b/c", "123"), ("a/d", "12345"), ("e", "1"), ("f", "12345"), ("empty/", ""), ("g", "")]);
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    let listing = context.listing();
    let totals = listing.totals();
    assert_eq!((totals.files, totals.directories, totals.bytes), (5, 3, 14));
    let by_directory: Vec<(&[u8], u64, u64)> =
        listing.by_directory().iter().map(|of| (of.path, of.totals.files, of.totals.bytes)).collect();
    assert_eq!(by_directory, [(&b""[..], 5, 14), (b"a", 2, 8), (b"a/b", 1, 3), (b"empty", 0, 0)]);
    let largest: Vec<&[u8]> = listing.largest(3).iter().map(|entry| entry.path).collect();
    assert_eq!(largest, [&b"a/d"[..], b"f", b"a/b/c"]);
}

#[test]
fn patterns_that_are_wrong_hide_nothing() {
    let directory = tree(&[("a", ""), ("b", ""), (".dockerignore", "a\n[\n.dockerignore\n!\n")]);
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    assert_eq!(paths(context.listing()), ["b"]);
    let lines: Vec<u32> = context.pattern_errors().iter().map(|error| error.line).collect();
    assert_eq!(lines, [2, 4]);
    // One that is only wrong when it is asked.
    fs::write(directory.path().join(".dockerignore"), "a\n\\y\n").unwrap();
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    assert_eq!(context.pattern_errors().len(), 1);
    fs::write(directory.path().join(".dockerignore"), "*\n\\y\n").unwrap();
    assert_eq!(Context::open(directory.path(), &Options::default()).unwrap().pattern_errors(), []);
}

#[test]
fn what_is_sent_for_sources() {
    let directory = tree(&[
        ("src/main.rs", "1"),
        ("src/lib/a.rs", "12"),
        ("docs/a.md", "123"),
        ("docs/b.txt", "1234"),
        ("Cargo.toml", "12345"),
        ("link", "-> docs"),
        ("!odd", ""),
        ("empty/", ""),
    ]);
    let cases: [(&[&str], &[&str]); 13] = [
        (&["src"], &["src", "src/lib", "src/lib/a.rs", "src/main.rs"]),
        (&["/src/lib/"], &["src", "src/lib", "src/lib/a.rs"]),
        (&["Cargo.*"], &["Cargo.toml"]),
        (&["d*/*.md"], &["docs", "docs/a.md"]),
        // The `*` matches a link, and then BuildKit asks for all that it matches.
        (&["l*/*.md"], &["docs", "docs/a.md", "link"]),
        (&["link/a.md"], &["docs", "docs/a.md", "link"]),
        (&["missing"], &[]),
        (&["empty"], &["empty"]),
        (&["Cargo.toml", "docs/b.txt"], &["Cargo.toml", "docs", "docs/b.txt"]),
        (&["d?cs"], &["docs", "docs/a.md", "docs/b.txt"]),
        // BuildKit takes it for the negation of a pattern.
        (&["!odd"], &[]),
        (&[], &[]),
        (&["../Cargo.toml"], &["Cargo.toml"]),
    ];
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    for (sources, expected) in cases {
        let listing = context.transfer(sources.iter().map(|source| source.as_bytes())).unwrap();
        assert_eq!(paths(&listing), expected, "{sources:?}");
    }
    let all = context.transfer([b"src".as_slice(), b"."]).unwrap();
    assert_eq!(all.len(), context.listing().len());
}

fn random_tree() -> impl Strategy<Value = Vec<(String, bool)>> {
    let name = prop::sample::select(vec!["a", "b", "ab", "a.b", "a-", "c.md", "é"]);
    let path = prop::collection::vec(name, 1..5).prop_map(|names| names.join("/"));
    prop::collection::vec((path, any::<bool>()), 1..24)
}

fn random_patterns() -> impl Strategy<Value = Vec<String>> {
    let part =
        prop::sample::select(vec!["a", "b", "ab", "a.b", "*", "**", "?", "*.md", "a*", "[ab]", "a|b", "a{0}b*", "\\a"]);
    let pattern = (any::<bool>(), prop::collection::vec(part, 1..4))
        .prop_map(|(negated, parts)| format!("{}{}", if negated { "!" } else { "" }, parts.join("/")));
    prop::collection::vec(pattern, 0..6)
}

#[test]
fn a_walk_that_is_stopped_says_so() {
    let directory = scratch();
    fs::create_dir(directory.path().join("a")).unwrap();
    let progress = Progress::default();
    progress.stop();
    let stopped = Context::open_with(directory.path(), &Options::default(), &progress);
    assert!(matches!(stopped, Err(ContextError::Stopped(root)) if root == directory.path()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ways_to_walk_agree(entries in random_tree(), patterns in random_patterns()) {
        let directory = scratch();
        for (path, is_directory) in &entries {
            let path = directory.path().join(path);
            // What is a file already can't be a directory.
            if fs::create_dir_all(path.parent().unwrap()).is_ok() {
                let made = if *is_directory { fs::create_dir_all(path) } else { fs::write(path, "") };
                drop(made);
            }
        }
        let ignore = Ignore::from_patterns(&patterns).unwrap();
        let file = IgnoreFile::from_patterns("patterns", &patterns);
        let expected = paths(&unpruned(directory.path(), Some(&ignore), false, ONE).unwrap());
        for threads in [ONE, threads(2), threads(5)] {
            for sizes in [false, true] {
                let source = IgnoreSource::Given(file.clone());
                let options = Options { ignore: source, sizes, threads, ..Options::default() };
                let context = Context::open(directory.path(), &options).unwrap();
                prop_assert_eq!(&paths(context.listing()), &expected, "{} threads", threads);
                let unpruned = unpruned(directory.path(), Some(&ignore), sizes, threads).unwrap();
                prop_assert_eq!(&paths(&unpruned), &expected, "{} threads, not pruned", threads);
            }
        }
        // What is known already is not walked through again.
        let options = Options { ignore: IgnoreSource::None, ..Options::default() };
        let tree = Context::open(directory.path(), &options).unwrap();
        prop_assert_eq!(&paths(tree.after(&file).listing()), &expected, "after it was walked through");
        // Each answer for one path is the walk's, except for ignored directories that hold something that is kept.
        for entry in unpruned(directory.path(), None, false, ONE).unwrap().iter() {
            let is_in = expected.iter().any(|path| path.as_bytes() == entry.path);
            let ignored = ignore.decide(entry.path).unwrap().ignored;
            let below = format!("{}/", entry.path_text());
            let holds = expected.iter().any(|path| path.starts_with(&below));
            prop_assert_eq!(is_in, !ignored || holds, "{}", entry.path_text());
        }
    }
}
