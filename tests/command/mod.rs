//! The command as people run it, in a directory with files.
#![allow(dead_code, clippy::unwrap_used, reason = "not each test uses all, and one that can't run the command fails")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use tempfile::TempDir;

/// What came of it.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// `(arguments, input, exit code, what the output holds, what the error output holds)`
pub(crate) type Case<'c> = (&'c [&'c str], &'c [u8], i32, &'c str, &'c str);

/// The command in a directory, 80 columns wide, and without the variables of whoever runs the tests.
pub(crate) fn command(arguments: &[&str], directory: &Path) -> Command {
    let mut command: Command = cargo_bin_cmd!("plimsoll");
    command.env_clear().env("COLUMNS", "80").current_dir(directory).args(arguments);
    command
}

/// Runs a command.
pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the command in a directory.
pub(crate) fn plimsoll(arguments: &[&str], directory: &Path, input: &[u8]) -> Ran {
    run(command(arguments, directory).write_stdin(input))
}

impl Ran {
    /// Both outputs and the exit code.
    pub(crate) fn shown(&self) -> String {
        format!("{}\n--- standard error, exit code {}\n{}", self.out, self.code, self.err)
    }

    /// What is wrong where it is not as a case expects; nothing may speak to the terminal either.
    pub(crate) fn difference(&self, (arguments, _, code, out, err): &Case<'_>) -> Option<String> {
        let Self { code: own, out: own_out, err: own_err } = self;
        let is_same = own == code && own_out.contains(out) && own_err.contains(err) && !own_out.contains('\u{1b}');
        let expected = format!("{arguments:?}: exit code {code}, {out:?}, {err:?} expected");
        (!is_same).then(|| format!("{expected}; found {own}:\n{own_out}\n{own_err}"))
    }
}

/// A directory with files.
pub(crate) fn directory(files: &[(&str, impl AsRef<[u8]>)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        write(directory.path(), name, content);
    }
    directory
}

/// Writes a file in a directory.
pub(crate) fn write(directory: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
