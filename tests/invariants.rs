//! What holds for the tree of any text: nothing is lost, and every place is one.

#![allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]

mod recorded;

use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll::invariants::violations;
use plimsoll::{Source, parse};
use proptest::prelude::*;
use recorded::{conformance, fixtures};

fn check(name: &str, bytes: &[u8]) -> Vec<String> {
    let Ok(source) = Source::decode(bytes) else { return Vec::new() };
    assert_eq!(source.text().len(), bytes.len(), "{name}");
    let parsed = parse(source.text());
    assert_eq!(parsed, parse(source.text()), "{name} is read differently the second time");
    violations(&parsed).into_iter().map(|violation| format!("{name}: {violation}")).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

#[test]
fn files_of_the_corpus_and_of_the_fixtures() {
    let mut paths = files(&fixtures());
    if let Some(folder) = conformance() {
        paths.extend(files(&folder.join("dockerfiles")));
    }
    let failures: Vec<String> =
        paths.iter().flat_map(|path| check(&path.display().to_string(), &std::fs::read(path).unwrap())).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Hostile files of the smallest of four sizes; the others only take longer.
#[test]
fn hostile_files() {
    let Some(folder) = conformance() else { return };
    let made = tempfile::tempdir().unwrap();
    let generator = folder.join("../bench/mkadv.py");
    let output = Command::new("python3").arg(generator).arg(made.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let failures: Vec<String> = files(made.path())
        .iter()
        .filter(|path| path.extension().is_some_and(|size| size == "1"))
        .flat_map(|path| check(&path.display().to_string(), &std::fs::read(path).unwrap()))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a search would find only with luck.
#[test]
fn rare_files() {
    let lines = [
        "COPY [1]",
        "ADD [1]",
        "RUN --mount=type=é",
        "RUN --mount=type=\u{a0}x",
        "RUN --mount=type=日\u{85}é",
        "RUN --mount=é,type=é,é=\u{85} a",
        "RUN --mount=\"\"é\",\"type=é\"\"\" a",
        "RUN --\"mount\"=\"type=x\" a",
        "COPY --from=\"é\"é a b",
        "CMD [\"\\u00e9\"]",
    ];
    let failures: Vec<String> =
        lines.iter().flat_map(|line| check(line, format!("FROM a\n{line}").as_bytes())).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_million_open_braces() {
    for line in ["ENV x=", "RUN <<", "FROM ", "RUN --mount=type=", "COPY <<a ", "EXPOSE "] {
        let text = format!("FROM a\n{line}{}\n", "${a:-".repeat(1_000_000));
        assert!(violations(&parse(&text)).is_empty(), "{line}");
    }
}

/// Lines made of what matters to the reader.
fn lines() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "FROM ",
        "RUN ",
        "COPY ",
        "ENV ",
        "ONBUILD ",
        "HEALTHCHECK ",
        "ARG ",
        "LABEL ",
        "a",
        "b=c",
        "\"",
        "'",
        "\\",
        "`",
        "\\\n",
        "`\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "# c\n",
        "# escape=`\n",
        "#\n",
        "<<E ",
        "<<-'E' ",
        "E\n",
        "$x",
        "${x:-",
        "}",
        "[\"",
        "\", \"",
        "\"]",
        "[1]",
        "--mount=type=",
        "--from=",
        ",",
        "é",
        "\u{a0}",
        "\u{85}",
        "\u{feff}",
        "\0",
        "日",
        "\\u12",
        "CMD ",
        "NONE",
        "5s ",
        "--",
        "=",
    ]);
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_lines(text in lines()) {
        let failures = check("a text", text.as_bytes());
        prop_assert!(failures.is_empty(), "{text:?}: {}", failures.join("\n"));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let failures = check("some bytes", &bytes);
        prop_assert!(failures.is_empty(), "{bytes:?}: {}", failures.join("\n"));
    }
}
