//! Whole contexts, against the recorded answers of fsutil, and the ways of the walk against each other.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
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

use plimsoll::context::{Context, Entry, Listing, Options};
use recorded::{conformance, fixtures};
use serde_json::{Value, json};
use tempfile::TempDir;

const ONE: NonZero<usize> = NonZero::<usize>::MIN;

fn threads(count: usize) -> NonZero<usize> {
    NonZero::new(count).unwrap()
}

fn paths(listing: &Listing) -> Vec<String> {
    listing.iter().map(|entry| entry.path_text().into_owned()).collect()
}

/// A directory with files, links (`-> target`) and empty directories (a `/` at the end).
fn tree(entries: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
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
    let directory = tempfile::tempdir().unwrap();
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
        let directory = tempfile::tempdir().unwrap();
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
