//! Real editors, driven without a screen. One that is not installed is passed over, and the reason told.
#![cfg(feature = "lsp")]
#![allow(clippy::unwrap_used, reason = "a test that can't write its files fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

const DOCKERFILE: &str = "\
FROM debian:13 AS base
RUN : é 😀 && apt-get install curl
ENV MODE=é
RUN : é 😀 && curl \"$MODE\"
COPY 
CMD [\"curl\"]
";

#[test]
fn neovim() {
    let Some(version) = version_of("nvim") else {
        println!("skipped: there is no nvim; `apt-get install neovim` brings it");
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("Dockerfile");
    fs::write(&file, DOCKERFILE).unwrap();
    fs::write(directory.path().join("main.go"), "package main\n").unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editors/neovim.lua");
    let output = Command::new("nvim")
        .args(["--clean", "--headless", "-n"])
        .arg("-c")
        .arg(format!("luafile {}", script.display()))
        .env("PLIMSOLL", env!("CARGO_BIN_EXE_plimsoll"))
        .env("DOCKERFILE", &file)
        // Nothing of the person's who runs the test.
        .env("HOME", directory.path())
        .env("XDG_STATE_HOME", directory.path())
        .env("XDG_CACHE_HOME", directory.path())
        .output()
        .unwrap();
    let seen = String::from_utf8_lossy(&output.stdout);
    println!("{version}\n{seen}\n{}", String::from_utf8_lossy(&output.stderr));
    let expected = [
        "diagnostic: 2:26 DL3014 plimsoll",
        "shown on line: 2",
        "line 2: RUN : é 😀 && apt-get install -y curl",
        "hover: **MODE** = `é`",
        "definition: 3:5",
        "references: 2",
        "renamed: RUN : é 😀 && curl \"$STYLE\"",
        "offered: main.go",
        "symbols: 1",
        "done: true",
    ];
    let missing: Vec<&str> = expected.into_iter().filter(|line| !seen.lines().any(|other| other == *line)).collect();
    assert!(missing.is_empty(), "not seen: {missing:#?}\n{seen}");
    assert!(output.status.success());
}

/// The first line that a program says of itself; none where there is no such program.
fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned())
}
