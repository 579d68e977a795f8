//! All ways to match give one answer, and a walk that enters few directories sends what one sends that enters all.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

use plimsoll::dockerignore::invariants::violations;
use plimsoll::dockerignore::{Ignore, IgnoreFile};
use proptest::prelude::*;

/// Patterns as people write them.
fn usual() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b", "ab", "c.md", ".md", "*", "**", "**/", "*/", "/", "?", "é", "*.md", "a/", "b/", ".", "\\*", "/**",
        "-", "\\\\", "d", "\\!", ",",
    ]);
    (any::<bool>(), prop::collection::vec(part, 1..6))
        .prop_map(|(exclusion, parts)| format!("{}{}", if exclusion { "!" } else { "" }, parts.concat()))
}

/// Patterns that nobody means.
fn odd() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        "b",
        "/",
        "*",
        "**",
        "?",
        "[ab]",
        "[^a]",
        "[*]",
        "{",
        "}",
        "|",
        "^",
        "$",
        "{2}",
        "{0}",
        "{1,}",
        "\\d",
        "\\w",
        "\\b",
        "\\Q",
        "\\E",
        "\\x61",
        "\\pL",
        "\\y",
        "[[:alpha:]]",
        "[a",
        "\u{feff}",
        "\u{fffd}",
        "\n",
        "é",
        "(",
        "+",
        ".",
        "{1001}",
        "[b-a]",
        "\\z",
        "\\A",
        "[^/]",
    ]);
    (any::<bool>(), prop::collection::vec(part, 1..6))
        .prop_map(|(exclusion, parts)| format!("{}{}", if exclusion { "!" } else { "" }, parts.concat()))
}

fn paths() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let part = prop::sample::select(vec![
        &b"a"[..],
        b"b",
        b"ab",
        b"c.md",
        b".md",
        b"/a",
        b"/b",
        b"/",
        b"\xc3\xa9",
        b"\xff",
        b"\n",
        b"*",
        b"a/b/c.md",
        b"-",
        b"^",
        b"|",
        b"2",
        b".",
    ]);
    let path = prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat());
    prop::collection::vec(path, 1..12)
}

fn check(patterns: &[String], directory: &str, paths: &[Vec<u8>]) -> Result<(), TestCaseError> {
    let file = IgnoreFile::parse("x", &patterns.join("\n"));
    let raw = IgnoreFile::from_patterns("x", patterns);
    for file in [file, raw] {
        let Ok(ignore) = Ignore::new(&file) else { continue };
        let found = violations(&ignore.rooted_at(directory), paths);
        prop_assert!(found.is_empty(), "{patterns:?}\n{}", found.join("\n"));
    }
    Ok(())
}

proptest! {
    #[test]
    fn usual_patterns(patterns in prop::collection::vec(usual(), 1..6), paths in paths()) {
        check(&patterns, "", &paths)?;
    }

    #[test]
    fn so_many_patterns_that_a_set_answers(patterns in prop::collection::vec(usual(), 60..90), paths in paths()) {
        check(&patterns, "", &paths)?;
    }

    #[test]
    fn odd_patterns(patterns in prop::collection::vec(odd(), 1..5), paths in paths()) {
        check(&patterns, "", &paths)?;
    }

    #[test]
    fn patterns_of_both_kinds(usual in usual(), odd in odd(), last in usual(), paths in paths()) {
        check(&[usual, odd, last], "", &paths)?;
    }

    #[test]
    fn patterns_that_start_at_a_directory(patterns in prop::collection::vec(usual(), 1..5), paths in paths()) {
        check(&patterns, "a", &paths)?;
        check(&patterns, "/a/b/", &paths)?;
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80), paths in paths()) {
        let file = IgnoreFile::parse_bytes("x", &bytes);
        prop_assert_eq!(file.text.len(), bytes.len());
        for pattern in &file.patterns {
            let parts: Vec<u8> = pattern.parts.iter().flat_map(|part| bytes[part.span.range()].to_vec()).collect();
            let written = &bytes[pattern.span.range()];
            prop_assert_eq!(&parts, &written[usize::from(written[0] == b'!')..]);
        }
        if let Ok(ignore) = Ignore::new(&file) {
            prop_assert_eq!(violations(&ignore, &paths), Vec::<String>::new());
        }
    }
}

/// What a search found once.
#[test]
fn a_backslash_escapes_nothing_once_it_is_escaped() {
    let patterns = ["*\\\\d*"; 8];
    let ignore = Ignore::from_patterns(patterns).unwrap();
    let paths: Vec<Vec<u8>> = ["docs", "a\\d", "a\\docs/b"].map(|path| path.as_bytes().to_vec()).to_vec();
    assert_eq!(violations(&ignore, &paths), Vec::<String>::new());
    assert!(ignore.decide(b"a\\docs").unwrap().ignored);
    assert!(!ignore.decide(b"docs").unwrap().ignored);
}
