//! What is packed: our own Dockerfile is as we would have others write theirs, and the package holds what it must.
#![allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]

mod command;
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use command::plimsoll;
use support::root;

#[test]
fn our_own_dockerfile_passes_our_own_check() {
    for preset in ["strict", "all", "hadolint", "buildkit"] {
        let options = ["check", "--preset", preset, "--context=.", "--fail-on=style"];
        let ran = plimsoll(&[&options[..], &["Dockerfile", ".dockerignore"]].concat(), root(), b"");
        assert_eq!(ran.code, 0, "{preset}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("Checked 2 files: nothing to say."), "{}", ran.err);
    }
}

/// All that Cargo wants to read before it builds the program is in the context of our own image, and nothing that a build makes.
#[test]
fn context_of_our_own_image() {
    let ran = plimsoll(&["context", "--json"], root(), b"");
    let listing: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let paths: Vec<&str> =
        listing["entries"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    let mut needed =
        vec!["Cargo.toml".to_owned(), "Cargo.lock".to_owned(), "README.md".to_owned(), "src/main.rs".to_owned()];
    for bench in manifest["bench"].as_array().unwrap() {
        needed.push(format!("benches/{}.rs", bench["name"].as_str().unwrap()));
    }
    for example in manifest["example"].as_array().unwrap() {
        needed.push(format!("examples/{}/main.rs", example["name"].as_str().unwrap()));
    }
    needed.extend(included());
    let missing: Vec<&String> = needed.iter().filter(|name| !paths.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let top: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').next()).collect();
    assert!(!["target", ".git", "fixtures", "tests"].iter().any(|name| top.contains(name)), "{top:?}");
}

/// What the code takes in of other files when it is compiled. Pages are taken in for their examples only, when those are run.
fn included() -> Vec<String> {
    let mut included = Vec::new();
    for entry in walkdir::WalkDir::new(root().join("src")) {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for name in text.split("include_str!(\"").chain(text.split("include_bytes!(\"")).skip(1) {
            let Some((name, _)) = name.split_once("\")") else { continue };
            let path = entry.path().parent().unwrap().join(name);
            let Ok(path) = path.canonicalize() else { continue };
            let path = path.strip_prefix(root().canonicalize().unwrap()).unwrap().to_string_lossy().into_owned();
            if !path.starts_with("docs/") {
                included.push(path);
            }
        }
    }
    assert!(included.contains(&"README.md".to_owned()), "{included:?}");
    included
}

/// The package of crates.io holds what builds the library and the program, with what is to be read, and nothing else.
#[test]
fn package() {
    let mut command = Command::new(env!("CARGO"));
    let output =
        command.current_dir(root()).args(["package", "--list", "--allow-dirty", "--offline"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).unwrap();
    let top: BTreeSet<&str> = list.lines().filter_map(|path| path.split('/').next()).collect();
    let expected = [
        ".cargo_vcs_info.json",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "benches",
        "docs",
        "examples",
        "src",
    ];
    // Outside a repository the first of them is not made.
    let odd: Vec<&&str> = top.iter().filter(|name| !expected.contains(name)).collect();
    let missing: Vec<&&str> = expected.iter().skip(1).filter(|name| !top.contains(**name)).collect();
    assert!(odd.is_empty() && missing.is_empty(), "odd: {odd:?}, missing: {missing:?}");
    let unpacked: Vec<String> = included().into_iter().filter(|name| !list.lines().any(|line| line == name)).collect();
    assert!(unpacked.is_empty(), "the code includes {unpacked:?}, which Cargo.toml does not");
}
