//! `plimsoll check --fix` and `--diff`: what is written, what is kept, and what happens when writing fails.
#![allow(clippy::unwrap_used, reason = "a test that can't make its files fails")]

mod command;
mod support;

use std::fs;
use std::path::Path;

use command::{command, directory};
use support::report;

struct Ran {
    code: i32,
    out: Vec<u8>,
    err: String,
}

fn plimsoll(arguments: &[&str], directory: &Path, input: &[u8]) -> Ran {
    let output = command(&[&["check"], arguments].concat(), directory).write_stdin(input).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    Ran { code: output.status.code().unwrap(), out: output.stdout, err }
}

/// All files in a directory, by name.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// `(arguments, input, exit code, the file afterwards, what the output holds, what the error output holds)`
type Case<'c> = (&'c [&'c str], &'c [u8], i32, &'c [u8], &'c str, &'c str);

const OLD: &[u8] = b"FROM alpine:3.22 as b\nADD x /y\nRUN apk add a=1\n";
const SAFE: &[u8] = b"FROM alpine:3.22 AS b\nADD x /y\nRUN apk add --no-cache a=1\n";
const ALL: &[u8] = b"FROM alpine:3.22 AS b\nCOPY x /y\nRUN apk add --no-cache a=1\n";

#[test]
fn what_is_fixed_and_what_is_told() {
    let cases: [Case<'_>; 23] = [
        (&[], OLD, 1, OLD, "`as` is not", "2 can be fixed with `--fix`, 1 more with `--fix --unsafe-fixes`, which may"),
        (
            &["--unsafe-fixes"],
            OLD,
            1,
            OLD,
            "`as` is not",
            "3 can be fixed with `--fix --unsafe-fixes`, 1 of them in ways",
        ),
        (&["--select=DL3020"], OLD, 1, OLD, "", "1 can be fixed with `--fix --unsafe-fixes`, which may change what"),
        (&["--select=DL3019"], OLD, 0, OLD, "", "\n1 can be fixed with `--fix`.\n"),
        (&["--fix"], OLD, 1, SAFE, "DL3020", "Checked 1 file: 1 error.\n2 fixed (1 from-as-casing, 1 no-apk-cache).\n"),
        (
            &["--fix"],
            OLD,
            1,
            SAFE,
            "DL3020",
            "\n1 more can be fixed with `--fix --unsafe-fixes`, which may change what the",
        ),
        (
            &["--fix", "--unsafe-fixes"],
            OLD,
            0,
            ALL,
            "",
            "Checked 1 file: nothing to say.\n3 fixed (1 from-as-casing, 1 no-",
        ),
        (&["--fix"], ALL, 0, ALL, "", "Checked 1 file: nothing to say.\n"),
        (
            &["--fix", "--select=DL3019"],
            OLD,
            0,
            b"FROM alpine:3.22 as b\nADD x /y\nRUN apk add --no-cache a=1\n",
            "",
            "1 fixed",
        ),
        (&["--fix", "--ignore=DL3020"], OLD, 0, SAFE, "", "nothing to say"),
        (&["--fix", "--exit-zero"], OLD, 0, SAFE, "DL3020", ""),
        (&["--fix", "--statistics"], OLD, 1, SAFE, "      1  error    DL3020", ""),
        (
            &["--diff"],
            OLD,
            1,
            OLD,
            "--- Dockerfile\n+++ Dockerfile\n@@ -1,3 +1,3 @@\n-FROM alpine:3.22 as b\n",
            "2 would be fixed (1 ",
        ),
        (
            &["--diff"],
            OLD,
            1,
            OLD,
            "+RUN apk add --no-cache a=1\n",
            "\n1 more can be fixed with `--fix --unsafe-fixes`, which",
        ),
        (
            &["--diff", "--unsafe-fixes"],
            OLD,
            1,
            OLD,
            "+COPY x /y\n",
            "3 would be fixed (1 from-as-casing, 1 no-apk-cache, 1 ",
        ),
        (&["--diff", "--fix"], OLD, 1, OLD, "+RUN apk add --no-cache a=1\n", ""),
        (&["--diff", "--exit-zero"], OLD, 0, OLD, "+RUN apk add --no-cache a=1\n", ""),
        (&["--diff"], SAFE, 0, SAFE, "", "Checked 1 file: nothing would be fixed.\n1 more can be fixed with"),
        (
            &["--diff"],
            b"FROM a as b",
            1,
            b"FROM a as b",
            "-FROM a as b\n\\ No newline at end of file\n+FROM a AS b\n\\ No",
            "",
        ),
        (&["--diff", "--statistics"], OLD, 2, OLD, "", "cannot be used with"),
        (&["--diff", "--output-format=json"], OLD, 2, OLD, "", "cannot be used with"),
        (
            &["--fix", "--preset=buildkit"],
            b"FROM a AS B\nFROM a\nCOPY --from=B x /y\n",
            0,
            b"FROM a AS b\nFROM a\nCOPY --from=b x /y\n",
            "",
            "1 fixed",
        ),
        (&["--fix"], b"FORM a\n", 1, b"FORM a\n", "is not an instruction", "1 error."),
    ];
    let mut failures = Vec::new();
    for (arguments, old, code, new, out, err) in cases {
        let directory = directory(&[("Dockerfile", old)]);
        let all = [arguments, &["Dockerfile"]].concat();
        let ran = plimsoll(&all, directory.path(), b"");
        let found = fs::read(directory.path().join("Dockerfile")).unwrap();
        let ran_out = String::from_utf8_lossy(&ran.out).into_owned();
        if ran.code != code || found != new || !ran_out.contains(out) || !ran.err.contains(err) {
            failures.push(format!(
                "{arguments:?}: {code}, {:?}, {out:?} and {err:?} expected; found {}, {:?}:\n{ran_out}\n{}",
                shown(new),
                ran.code,
                shown(&found),
                ran.err
            ));
        }
        assert_eq!(names(directory.path()), ["Dockerfile"], "{arguments:?}");
    }
    report(failures);
}

#[test]
fn what_a_fix_keeps() {
    // The file, and what it is after all fixes.
    let cases: [(&str, &[u8], &[u8]); 12] = [
        ("Dockerfile", b"FROM alpine:3.22 as b\r\nRUN a\r\n", b"FROM alpine:3.22 AS b\r\nRUN a\r\n"),
        ("Dockerfile", b"\xef\xbb\xbfFROM alpine:3.22 as b\n", b"\xef\xbb\xbfFROM alpine:3.22 AS b\n"),
        ("Dockerfile", b"FROM alpine:3.22 as b", b"FROM alpine:3.22 AS b"),
        ("Dockerfile", b"# \xe9\x7f\nFROM alpine:3.22 as b\n# \xff\n", b"# \xe9\x7f\nFROM alpine:3.22 AS b\n# \xff\n"),
        ("Dockerfile", b"FROM alpine:3.22\nENV a \xe9 b\n", b"FROM alpine:3.22\nENV a \xe9 b\n"),
        (
            "Dockerfile",
            b"FROM alpine:3.22\nENV a \xe9 b\nENV a b c\n",
            b"FROM alpine:3.22\nENV a \xe9 b\nENV a=\"b c\"\n",
        ),
        ("Dockerfile", b"F\0R\0O\0M\0 \0a\0 \0a\0s\0", b"F\0R\0O\0M\0 \0a\0 \0a\0s\0"),
        (
            "Dockerfile",
            b"FROM alpine:3.22\r\nRUN <<X\r\na\r\nb\r\nX\r\n",
            b"FROM alpine:3.22\r\nRUN <<X\r\nset -e\r\na\r\nb\r\nX\r\n",
        ),
        (".dockerignore", b"a\r\na\r\n# \xe9\r\n", b"a\r\n# \xe9\r\n"),
        (".dockerignore", b"a\na", b"a"),
        (".dockerignore", b"\xef\xbb\xbfa\nb\na\n", b"\xef\xbb\xbfa\nb\n"),
        (".dockerignore", b"\xff\xfea\0\n\0a\0\n\0", b"\xff\xfea\0\n\0a\0\n\0"),
    ];
    let mut failures = Vec::new();
    for (name, old, new) in cases {
        let directory = directory(&[(name, old)]);
        let fixed = || fs::read(directory.path().join(name)).unwrap();
        let ran = plimsoll(
            &["--fix", "--unsafe-fixes", "--preset=all", "--ignore=PL1020,InvalidDefinitionDescription", name],
            directory.path(),
            b"",
        );
        let input = plimsoll(
            &[
                "--fix",
                "--unsafe-fixes",
                "--preset=all",
                "--ignore=PL1020,InvalidDefinitionDescription",
                "-",
                "--stdin-filename",
                name,
            ],
            directory.path(),
            old,
        );
        let found = fixed();
        if found != new || input.out != new {
            failures.push(format!(
                "{:?}: {:?} expected, found {:?}, and {:?} of standard input:\n{}",
                shown(old),
                shown(new),
                shown(&found),
                shown(&input.out),
                ran.err
            ));
        }
    }
    report(failures);
}

#[test]
fn standard_input() {
    let directory = directory(&[("other/Dockerfile", OLD)]);
    let ran = plimsoll(&["--fix", "-"], directory.path(), OLD);
    assert_eq!((ran.code, shown(&ran.out)), (1, shown(SAFE)), "{}", ran.err);
    assert!(ran.err.contains("this `ADD` only copies") && ran.err.contains("2 fixed"), "{}", ran.err);

    let ran = plimsoll(&["--diff", "-", "--stdin-filename=x/Dockerfile"], directory.path(), OLD);
    assert!(ran.out.starts_with(b"--- x/Dockerfile\n+++ x/Dockerfile\n"), "{}", shown(&ran.out));

    // With files besides, those are written, and only what was read goes to standard output.
    let ran = plimsoll(&["--fix", "--unsafe-fixes", "-", "other"], directory.path(), OLD);
    assert_eq!((ran.code, shown(&ran.out)), (0, shown(ALL)), "{}", ran.err);
    assert_eq!(shown(&fs::read(directory.path().join("other/Dockerfile")).unwrap()), shown(ALL));
}

#[test]
fn a_file_with_two_names_is_fixed_once() {
    let directory = directory(&[("Dockerfile", OLD)]);
    let ran = plimsoll(&["--fix", "Dockerfile", ".", "./Dockerfile"], directory.path(), b"");
    assert_eq!(shown(&fs::read(directory.path().join("Dockerfile")).unwrap()), shown(SAFE));
    assert!(ran.err.starts_with("Checked 1 file: 1 error.\n2 fixed"), "{}", ran.err);
}

#[test]
fn an_ignore_file_is_fixed_before_what_it_leaves_to_dockerfiles() {
    // `/app/main.c` names a path of the image, and leaves nothing out; as `main.c` it leaves out what is copied.
    let directory = directory(&[
        (".dockerignore", "/app/main.c\n"),
        ("Dockerfile", "FROM alpine:3.22\nWORKDIR /app\nCOPY main.c .\n"),
        ("main.c", ""),
    ]);
    let ran = plimsoll(
        &["--fix", "--unsafe-fixes", "--context=.", "--output-format=concise", "--select=PL1024,CopyIgnoredFile"],
        directory.path(),
        b"",
    );
    assert_eq!(shown(&fs::read(directory.path().join(".dockerignore")).unwrap()), "main.c\\n", "{}", ran.err);
    assert!(String::from_utf8_lossy(&ran.out).contains("CopyIgnoredFile"), "{}{}", shown(&ran.out), ran.err);
}

#[cfg(unix)]
mod writing {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{ExitStatus, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn links_and_modes_stay() {
        let directory = directory(&[("real/a", OLD)]);
        let at = |name: &str| directory.path().join(name);
        fs::set_permissions(at("real/a"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real/a", at("Dockerfile")).unwrap();
        let ran = plimsoll(&["--fix", "Dockerfile"], directory.path(), b"");
        assert!(fs::symlink_metadata(at("Dockerfile")).unwrap().is_symlink());
        assert_eq!(shown(&fs::read(at("real/a")).unwrap()), shown(SAFE), "{}", ran.err);
        assert_eq!(fs::metadata(at("real/a")).unwrap().permissions().mode() & 0o7777, 0o640);
        assert_eq!(names(&at("real")), ["a"]);
    }

    #[test]
    fn a_file_that_may_not_be_written_hides_no_other() {
        let directory = directory(&[("a/Dockerfile", OLD), ("b/Dockerfile", OLD), ("c/Dockerfile", OLD)]);
        let at = |name: &str| directory.path().join(name);
        fs::set_permissions(at("a/Dockerfile"), fs::Permissions::from_mode(0o444)).unwrap();
        fs::set_permissions(at("b"), fs::Permissions::from_mode(0o555)).unwrap();
        let is_root = fs::write(at("b/x"), b"").is_ok();
        let ran = plimsoll(&["--fix", "."], directory.path(), b"");
        fs::set_permissions(at("b"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("error: a/Dockerfile: it is read-only, so it is left as it is\n"), "{}", ran.err);
        assert_eq!(shown(&fs::read(at("a/Dockerfile")).unwrap()), shown(OLD));
        assert_eq!(shown(&fs::read(at("c/Dockerfile")).unwrap()), shown(SAFE));
        // Its findings are those of what is there.
        assert!(String::from_utf8_lossy(&ran.out).contains("a/Dockerfile:1:"), "{}", shown(&ran.out));
        // Root may write anywhere.
        let forbidden = ran.err.contains("error: b/Dockerfile: you may not write into its directory");
        assert_eq!(forbidden, !is_root, "{}", ran.err);
    }

    /// A Dockerfile of many bytes with one line to fix.
    fn long() -> (Vec<u8>, Vec<u8>) {
        let rest = "# A line that says nothing, but takes up room.\n".repeat(50_000).into_bytes();
        ([b"FROM alpine:3.22 as b\n", &rest[..]].concat(), [b"FROM alpine:3.22 AS b\n", &rest[..]].concat())
    }

    /// A shell that runs the command, `$0`, after what has to be done before.
    fn shell(before: &str, directory: &Path) -> std::process::Command {
        let mut command = std::process::Command::new("/bin/sh");
        let script = format!("{before}; exec \"$0\" check --fix --select=FromAsCasing Dockerfile");
        command.arg("-c").arg(script).arg(assert_cmd::cargo::cargo_bin!("plimsoll")).current_dir(directory);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    #[test]
    fn who_is_killed_while_writing_leaves_the_old_file() {
        let (old, new) = long();
        // In blocks of 512 or 1024 bytes: where the file gets longer, the kernel ends the process.
        for blocks in [0, 1, 7, 100, 1000] {
            let directory = directory(&[("Dockerfile", &old)]);
            let output = shell(&format!("ulimit -c 0; ulimit -f {blocks}"), directory.path()).output().unwrap();
            let status: ExitStatus = output.status;
            assert_eq!(status.signal(), Some(25), "{blocks}: {status}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(fs::read(directory.path().join("Dockerfile")).unwrap() == old, "{blocks}");
            assert_eq!(names(directory.path()), ["Dockerfile"], "{blocks}");
        }
        let directory = directory(&[("Dockerfile", &old)]);
        assert!(shell("ulimit -f 100000", directory.path()).output().unwrap().status.success());
        assert!(fs::read(directory.path().join("Dockerfile")).unwrap() == new);
    }

    #[test]
    fn who_is_killed_at_any_moment_leaves_the_old_file_or_the_new_one() {
        let (old, new) = long();
        let directory = directory(&[("Dockerfile", &old)]);
        let path = directory.path().join("Dockerfile");
        let start = Instant::now();
        assert!(shell(":", directory.path()).output().unwrap().status.success());
        let whole = start.elapsed();
        let mut ends = [0, 0];
        // The later moments are closer together, for writing comes last.
        for moment in [10, 40, 70, 80, 85, 90, 92, 94, 96, 98, 100, 102, 104, 110] {
            fs::write(&path, &old).unwrap();
            let mut child = shell(":", directory.path()).spawn().unwrap();
            std::thread::sleep(Duration::from_nanos(u64::try_from(whole.as_nanos()).unwrap() / 100 * moment));
            child.kill().unwrap();
            child.wait().unwrap();
            let found = fs::read(&path).unwrap();
            assert!(
                found == old || found == new,
                "killed after {moment} % of {whole:?}, {} bytes are left",
                found.len()
            );
            ends[usize::from(found == new)] += 1;
            for left in names(directory.path()).into_iter().filter(|name| name != "Dockerfile") {
                // Between the moment when it gets its name and that when it takes the old one's place.
                assert!(left.starts_with(".plimsoll-"), "{left}");
                fs::remove_file(directory.path().join(left)).unwrap();
            }
        }
        assert_eq!(ends.iter().sum::<i32>(), 14);
    }

    #[test]
    fn a_file_that_gets_too_long_stays() {
        let (old, _) = long();
        let directory = directory(&[("Dockerfile", &old)]);
        let output = shell("trap '' XFSZ; ulimit -f 7", directory.path()).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("error: Dockerfile: it can't be written, so it is left as it is: "), "{err}");
        assert!(fs::read(directory.path().join("Dockerfile")).unwrap() == old);
        assert_eq!(names(directory.path()), ["Dockerfile"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_of() {
        let (old, _) = long();
        let old = old.get(..100_000).unwrap();
        let directory = directory(&[("old", old), ("other/Dockerfile", OLD), ("disk/x", OLD)]);
        let script = r#"
            mount -t tmpfs -o size=128k tmpfs disk || exit 99
            cp old disk/Dockerfile
            "$0" check --fix disk other
            code=$?
            cmp old disk/Dockerfile || exit 98
            test "$(ls -A disk)" = Dockerfile || exit 97
            exit $code
        "#;
        // Who may mount a file system of a few kilobytes finds it full; a namespace takes it away afterwards.
        for namespace in [&["--map-root-user", "--mount"][..], &["--mount"]] {
            let output = std::process::Command::new("unshare")
                .args(namespace)
                .args(["/bin/sh", "-c", script])
                .arg(assert_cmd::cargo::cargo_bin!("plimsoll"))
                .current_dir(directory.path())
                .stdin(Stdio::null())
                .output();
            let Some(output) = output.ok().filter(|output| !matches!(output.status.code(), None | Some(1 | 99))) else {
                continue;
            };
            let err = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{err}");
            assert!(
                err.contains("error: disk/Dockerfile: there is no room left on the disk, so it is left as it is\n"),
                "{err}"
            );
            assert_eq!(shown(&fs::read(directory.path().join("other/Dockerfile")).unwrap()), shown(SAFE), "{err}");
            return;
        }
    }
}
