//! `--watch`: each step waits for what the process says, never for a time.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

struct Watching {
    process: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn new(arguments: &[&str], directory: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command
            .env_clear()
            .current_dir(directory)
            .args(["check", "--watch", "--output-format=concise"])
            .args(arguments);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let out: ChildStdout = process.stdout.take().unwrap();
        let err: ChildStderr = process.stderr.take().unwrap();
        let to = sender.clone();
        thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| to.send(line)));
        thread::spawn(move || BufReader::new(err).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { process, lines }
    }

    /// What is said until the next change is waited for and `expected` was said; more than one run may be needed, for a file is
    /// written in several steps.
    fn until(&self, expected: &str) -> String {
        let mut said = String::new();
        loop {
            let line = self.lines.recv().unwrap();
            said += &line;
            said.push('\n');
            // The two outputs come in any order.
            if said.contains(expected) && said.contains("Watching for changes") {
                return said;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn checks_again_on_changes() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    fs::create_dir_all(root.join("api")).unwrap();
    fs::write(root.join("api/Dockerfile"), "FROM alpine\n").unwrap();
    let watching = Watching::new(&["."], root);
    let said = watching.until("api/Dockerfile:1:6");
    assert!(!said.contains('\u{1b}'), "{said:?}");

    fs::write(root.join("api/Dockerfile"), "FROM alpine:3.22\n").unwrap();
    watching.until("Checked 1 file: nothing to say.");

    // A file that takes the old one's place, as editors write.
    fs::write(root.join("api/new"), "FROM debian\n").unwrap();
    fs::rename(root.join("api/new"), root.join("api/Dockerfile")).unwrap();
    watching.until("`debian`");

    // A directory that was not there.
    fs::create_dir_all(root.join("web/app")).unwrap();
    fs::write(root.join("web/app/Dockerfile"), "FROM ubuntu\n").unwrap();
    watching.until("web/app/Dockerfile:1:6");
    fs::write(root.join("web/app/Dockerfile"), "FROM ubuntu:24.04\n").unwrap();
    watching.until("Checked 2 files: 1 warning.");

    // What is copied is looked at, once a build says where it is.
    fs::write(root.join("web/app/Dockerfile"), "FROM ubuntu:24.04\nCOPY main.go go.mod /\n").unwrap();
    fs::write(root.join("compose.yaml"), "services: {web: {build: web/app}}\n").unwrap();
    watching.until("main.go");
    fs::write(root.join("web/app/main.go"), "").unwrap();
    fs::write(root.join("web/app/go.mod"), "").unwrap();
    watching.until("Checked 2 files: 1 warning.");
    fs::remove_file(root.join("api/Dockerfile")).unwrap();
    watching.until("Checked 1 file: nothing to say.");

    // A directory that is gone, and back at once.
    fs::remove_dir_all(root.join("web")).unwrap();
    fs::create_dir_all(root.join("web/app")).unwrap();
    fs::write(root.join("web/app/Dockerfile"), "FROM first\n").unwrap();
    watching.until("`first`");
    fs::write(root.join("web/app/Dockerfile"), "FROM second\n").unwrap();
    watching.until("`second`");
}

#[test]
fn a_single_file_is_watched() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("Dockerfile");
    fs::write(&file, "FROM alpine\n").unwrap();
    let watching = Watching::new(&["Dockerfile"], directory.path());
    watching.until("Dockerfile:1:6");
    fs::remove_file(&file).unwrap();
    watching.until("error: Dockerfile: there is no such file");
    fs::write(&file, "FROM alpine:3.22\n").unwrap();
    watching.until("Checked 1 file: nothing to say.");
}

#[test]
fn what_can_not_be_watched() {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll")).args(["check", "--watch", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard input can't be watched"));
}

#[test]
fn ends_when_it_is_interrupted() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("Dockerfile"), "FROM alpine\n").unwrap();
    let mut watching = Watching::new(&[], directory.path());
    watching.until("Dockerfile:1:6");
    let interrupted =
        Command::new("sh").args(["-c", &format!("kill -INT {}", watching.process.id())]).status().unwrap();
    assert!(interrupted.success());
    assert!(!watching.process.wait().unwrap().success());
}
