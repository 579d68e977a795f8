//! What comments silence: hadolint's in hadolint's preset and in ours, and our own, which can be written for all that is found.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that can't read its data fails")]

mod recorded;

use std::path::Path;

use plimsoll::diagnostic::{Applicability, Diagnostic, Edit};
use plimsoll::dockerignore::IgnoreFile;
use plimsoll::rules::{IgnoreSubject, Preset};
use plimsoll::{LineIndex, Linter, Options, parse, suppress};
use proptest::prelude::*;
use recorded::conformance;

/// The findings of some rules, as code and line.
fn findings(preset: Preset, text: &str) -> String {
    let select = ["DL3006", "DL3004", "DL4006", "DL3045"].map(str::to_owned).to_vec();
    let linter = Linter::new(Options { preset, select, ..Options::default() }).unwrap();
    let lines = LineIndex::new(text);
    let found = linter.lint(text).into_iter();
    found.map(|found| format!("{}:{}", found.code, lines.line(found.span.start))).collect::<Vec<_>>().join(" ")
}

#[test]
fn reach() {
    // The text, what is found as hadolint has it, and what by our own reading.
    let cases = [
        ("FROM a\n", "DL3006:1", "DL3006:1"),
        ("# hadolint ignore=DL3006\nFROM a\nFROM b\n", "DL3006:3", "DL3006:3"),
        ("# hadolint ignore = DL3004, DL3006 # why\nFROM a\n", "", ""),
        // Only the comment on the line above counts; we read all that belong to the instruction.
        ("# hadolint ignore=DL3006\n# why\nFROM a\n", "DL3006:3", ""),
        ("# hadolint ignore=DL3006\n\nFROM a\n", "DL3006:3", ""),
        ("# hadolint ignore=DL3006\n# hadolint ignore=DL3004\nFROM a\n", "DL3006:3", ""),
        // It knows no names of rules.
        ("# hadolint ignore=pin-base-image\nFROM a\n", "DL3006:2", ""),
        ("# hadolint global ignore=DL3006\nFROM a\nFROM b\n", "", ""),
        ("FROM a\nFROM b\n# hadolint global ignore=DL3006\n", "", ""),
        ("# hadolint stage ignore=DL3045\nFROM alpine:3\nCOPY a b\nFROM debian:13\nCOPY a b\n", "DL3045:5", "DL3045:5"),
        ("FROM a:1\nUSER root\nRUN a && \\\n    # hadolint ignore=DL3004\n    sudo b\n", "DL3004:5", ""),
        ("# check=skip=all\nFROM a\n", "DL3006:2", "DL3006:2"),
        // The shell of a stage.
        ("FROM a:1\n# hadolint shell=powershell\nRUN a | b\nRUN a | b\nFROM b:1\nRUN a | b\n", "DL4006:6", "DL4006:6"),
        ("FROM a:1\n# hadolint shell=powershell\nSHELL [\"/bin/bash\", \"-c\"]\nRUN a | b\n", "DL4006:4", "DL4006:4"),
    ];
    let mut failures = Vec::new();
    for (text, hadolint, own) in cases {
        for (preset, expected) in [(Preset::Hadolint, hadolint), (Preset::Recommended, own)] {
            let found = findings(preset, text);
            if found != expected {
                failures.push(format!("{preset}: {text:?}: {found:?} instead of {expected:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn our_own() {
    let cases = [
        ("# plimsoll ignore=DL3006\nFROM a\nFROM b\n", "DL3006:3"),
        ("# plimsoll ignore = dl3004 , Pin-Base-Image ; why\nFROM a\n", ""),
        ("# PLIMSOLL Ignore=all\nFROM a\n", ""),
        ("# plimsoll ignore=hadolint/DL3006\n\n# why\nFROM a\n", ""),
        // An empty comment parts what BuildKit attaches; who writes an ignore means what comes next.
        ("# plimsoll ignore=DL3006\n#\nFROM a\n", ""),
        ("FROM a\nFROM b\n# plimsoll file-ignore=DL3006\n", ""),
        ("# plimsoll file-ignore=all\nFROM a\nRUN sudo b\n", ""),
        ("FROM a:1\nUSER root\nRUN a && \\\n    # plimsoll ignore=DL3004\n    sudo b\nRUN sudo c\n", "DL3004:6"),
        ("FROM a:1\nUSER root\nRUN a && \\\n    sudo b && \\\n  # plimsoll ignore=DL3004\n", ""),
        ("FROM a:1\nUSER root\nRUN <<EOF\n  # plimsoll ignore=DL3004\n  sudo b\nEOF\nRUN sudo c\n", "DL3004:7"),
        // That is no comment, but a file's text.
        ("FROM alpine:3\nCOPY <<EOF a\n# plimsoll ignore=DL3045\nEOF\n", "DL3045:2"),
        ("FROM a:1\nUSER root\nRUN sudo b # plimsoll ignore=DL3004\n", "DL3004:3"),
        ("FROM a:1\nUSER root\nRUN sudo b\n# plimsoll ignore=DL3004\n", "DL3004:3"),
        ("# escape=`\n# plimsoll ignore=DL3006\r\nFROM a\r\n", ""),
        ("\u{feff}# plimsoll ignore=DL3006\nFROM a\n", ""),
        ("# plimsoll ignroe=DL3006\nFROM a\n", "DL3006:2"),
    ];
    let mut failures = Vec::new();
    for (text, expected) in cases {
        for preset in [Preset::Hadolint, Preset::Recommended] {
            let found = findings(preset, text);
            if found != expected {
                failures.push(format!("{preset}: {text:?}: {found:?} instead of {expected:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut written = text.to_owned();
    for edit in edits.iter().rev() {
        written.replace_range(edit.span.range(), &edit.text);
    }
    written
}

#[test]
fn ignores_are_written() {
    let linter = |select: &[&str]| {
        let select = select.iter().map(|id| (*id).to_owned()).collect();
        Linter::new(Options { preset: Preset::All, select, ..Options::default() }).unwrap()
    };
    let cases = [
        ("FROM a\n", "# plimsoll ignore=DL3006\nFROM a\n"),
        ("\u{feff}  FROM a\r\n", "\u{feff}  # plimsoll ignore=DL3006\r\n  FROM a\r\n"),
        ("# syntax=x\n# escape=`\nFROM a", "# syntax=x\n# escape=`\n# plimsoll ignore=DL3006\nFROM a"),
        ("# plimsoll ignore=DL3004; why\nFROM a\n", "# plimsoll ignore=DL3004,DL3006; why\nFROM a\n"),
        (
            "FROM a:1\nUSER root\nRUN a && \\\n    sudo b\n",
            "FROM a:1\nUSER root\n# plimsoll ignore=DL3004\nRUN a && \\\n    sudo b\n",
        ),
        (
            "FROM a:1\nUSER root\nRUN a && \\\n # plimsoll ignore=DL9\n sudo b\n",
            "FROM a:1\nUSER root\nRUN a && \\\n # plimsoll ignore=DL9,DL3004\n sudo b\n",
        ),
        // hadolint's comment stays right above, and so does what BuildKit takes for a description.
        (
            "FROM a:1\nUSER root\n# why\n# hadolint ignore=DL1\nRUN sudo b\n",
            "FROM a:1\nUSER root\n# why\n# plimsoll ignore=DL3004\n# hadolint ignore=DL1\nRUN sudo b\n",
        ),
        ("\n# b the base\nFROM a AS b\n", "\n# plimsoll ignore=DL3006\n# b the base\nFROM a AS b\n"),
        ("# why\n\nRUN sudo b\n", "# why\n\n# plimsoll ignore=DL3061\nRUN sudo b\n"),
        // What is about no instruction.
        ("# syntax=x", "# syntax=x\n# plimsoll file-ignore=DL1000\n"),
        ("", "# plimsoll file-ignore=DL1000\n"),
        ("#!/bin/x\n# syntax=x\n", "#!/bin/x\n# syntax=x\n# plimsoll file-ignore=DL1000\n"),
        ("#\n# plimsoll file-ignore=DL1\n", "#\n# plimsoll file-ignore=DL1,DL1000\n"),
    ];
    let linter = linter(&["DL3006", "DL3004", "DL3061", "syntax-error"]);
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let found = applied(text, &suppress::ignores_for(&parse(text), &linter.lint(text), None));
        if found != expected {
            failures.push(format!("{text:?}: {found:?} instead of {expected:?}"));
        }
        let again = linter.lint(&found);
        if !again.is_empty() {
            failures.push(format!("{found:?}: {again:?} is still found"));
        }
    }
    let text = "FROM a\n";
    let edits = suppress::ignores_for(&parse(text), &linter.lint(text), Some("we know"));
    assert_eq!(applied(text, &edits), "# plimsoll ignore=DL3006; we know\nFROM a\n");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn ignores_are_written_into_ignore_files() {
    let linter = Linter::new(Options { preset: Preset::All, ..Options::default() }).unwrap();
    let cases = [
        ("\u{feff}a\nb\na\n", "\u{feff}a\nb\n# plimsoll ignore=PL1021\na\n"),
        ("a\r\n[\r\n", "a\r\n# plimsoll ignore=PL1019\r\n[\r\n"),
        ("a\n# plimsoll ignore=PL1; why\n\na", "a\n# plimsoll ignore=PL1,PL1021; why\n\na"),
    ];
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let lint = |text: &str| {
            let file = IgnoreFile::parse(".dockerignore", text);
            let found = linter.lint_ignore_file(&IgnoreSubject::new(&file));
            let edits = suppress::ignores_for_patterns(&file, &found, None);
            (found, applied(text, &edits))
        };
        let (_, found) = lint(text);
        if found != expected {
            failures.push(format!("{text:?}: {found:?} instead of {expected:?}"));
        }
        let again = lint(&found).0;
        if again.iter().any(|diagnostic| diagnostic.name != "unused-ignore") {
            failures.push(format!("{found:?}: {again:?} is still found"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The instructions of a text, without their places.
fn instructions(text: &str) -> Vec<String> {
    let parsed = parse(text);
    let is_of_number = |c: char| c.is_ascii_digit();
    let without_places = |shown: String| shown.replace(is_of_number, "");
    let instructions = parsed.dockerfile.instructions.iter();
    let mut shown: Vec<String> = instructions
        .map(|instruction| without_places(format!("{} {:?}", instruction.keyword, instruction.kind)))
        .collect();
    shown.push(format!("{:?}", parsed.dockerfile.directives));
    shown.push(without_places(format!("{:?}", parsed.errors)));
    shown
}

/// For all that is found in the recorded files ignores can be written; then nothing is found, and no ignore is unused, and the
/// files say what they said.
#[test]
fn all_that_is_found_can_be_silenced() {
    let Some(folder) = &conformance() else { return };
    let failures = std::thread::scope(|scope| {
        let threads = [Preset::All, Preset::Hadolint].map(|preset| scope.spawn(move || silence_all(folder, preset)));
        threads.map(|thread| thread.join().unwrap()).concat()
    });
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// Whether a comment may itself be found, where a description is looked for.
fn silenced(linter: &Linter, text: &str, ignores: &mut usize) -> (String, Vec<Diagnostic>) {
    let mut written = text.to_owned();
    for _ in 0..4 {
        let found = linter.lint(&written);
        let edits = suppress::ignores_for(&parse(&written), &found, None);
        if edits.is_empty() {
            return (written, found);
        }
        *ignores += edits.len();
        written = applied(&written, &edits);
    }
    let found = linter.lint(&written);
    (written, found)
}

fn silence_all(folder: &Path, preset: Preset) -> Vec<String> {
    let linter = Linter::new(Options { preset, ..Options::default() }).unwrap();
    let mut failures = Vec::new();
    let (mut files, mut ignores) = (0, 0);
    for entry in std::fs::read_dir(folder.join("dockerfiles")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        files += 1;
        let (written, left) = silenced(&linter, &text, &mut ignores);
        let name = path.file_name().unwrap().display();
        if !left.is_empty() {
            failures.push(format!("{preset}: {name}: {} are left: {:?}", left.len(), left.first()));
        }
        if instructions(&text) != instructions(&written) {
            failures.push(format!("{preset}: {name}: does not say what it said"));
        }
    }
    println!("{preset}: {files} files, {ignores} ignores");
    failures
}

/// Lines of which some are for linters.
const LINES: [&str; 36] = [
    "FROM a",
    "FROM a AS b",
    "FROM alpine:3.22",
    "ARG X",
    "RUN sudo b",
    "RUN sudo b \\",
    "  && c \\",
    "  d",
    "RUN sudo b `",
    "RUN <<EOF",
    "sudo x",
    "EOF",
    "ONBUILD RUN sudo b",
    "COPY a b",
    "COPY <<EOF /c",
    "MAINTAINER x",
    "RNU x",
    "USER root",
    "CMD \"a",
    "# escape=`",
    "# syntax=x",
    "# check=skip=all",
    "#!/bin/sh",
    "#",
    "# words",
    "  # words",
    "",
    "  ",
    "# hadolint ignore=DL3004",
    "# hadolint global ignore=DL3006",
    "# plimsoll ignore=DL3006",
    "# plimsoll ignore=DL3004,DL3006,all; why",
    "  # plimsoll ignore=no-sudo, DL4000",
    "# plimsoll file-ignore=DL4000,DL9999,DL3004",
    "# plimsoll ignroe=DL3006",
    "# plimsoll ignore=unused-ignore,DL3004",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn writing_and_taking_out_keep_the_instructions(
        lines in proptest::collection::vec((proptest::sample::select(&LINES[..]), proptest::bool::weighted(0.1)), 0..12),
        mark in proptest::bool::weighted(0.1),
        ended in proptest::bool::ANY,
    ) {
        let mut text = if mark { "\u{feff}".to_owned() } else { String::new() };
        for (line, carriage_return) in &lines {
            text += line;
            text += if *carriage_return { "\r\n" } else { "\n" };
        }
        if !ended {
            text.pop();
        }
        let linter = Linter::new(Options { preset: Preset::All, ..Options::default() }).unwrap();
        let others = |found: &[Diagnostic]| {
            found.iter().filter(|found| found.name != "unused-ignore").map(|found| found.name).collect::<Vec<_>>()
        };
        let (written, left) = silenced(&linter, &text, &mut 0);
        prop_assert_eq!(others(&left), Vec::<&str>::new(), "{}", &written);
        prop_assert_eq!(instructions(&text), instructions(&written), "{}", &written);

        let mut cleaned = text.clone();
        for _ in 0..40 {
            let found = linter.lint(&cleaned);
            let fixes = found.iter().filter(|found| found.name == "unused-ignore").filter_map(|found| found.fix.as_ref());
            let mut safe = fixes.filter(|fix| fix.applicability == Applicability::Safe);
            let Some(fix) = safe.next() else { break };
            let next = applied(&cleaned, &fix.edits);
            prop_assert!(next.len() != cleaned.len());
            cleaned = next;
        }
        let found = linter.lint(&cleaned);
        let is_safe = |found: &&Diagnostic| found.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
        let left: Vec<_> = found.iter().filter(|found| found.name == "unused-ignore").filter(is_safe).collect();
        prop_assert!(left.is_empty(), "{cleaned}: {left:?}");
        prop_assert_eq!(instructions(&text), instructions(&cleaned), "{}", &cleaned);
        let is_about_comments = |name: &&str| !["invalid-definition-description", "ignored-inline"].contains(name);
        let (before, after) = (others(&linter.lint(&text)), others(&found));
        let (before, after): (Vec<_>, Vec<_>) =
            (before.into_iter().filter(is_about_comments).collect(), after.into_iter().filter(is_about_comments).collect());
        prop_assert_eq!(before, after, "{}", &cleaned);
    }
}

/// The blocks of a language on a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    let blocks = page.split(begin.as_str()).skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// What the page about ignoring shows is so.
#[test]
fn the_page_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ignoring.md");
    let page = std::fs::read_to_string(path).unwrap();
    let linter = Linter::new(Options::default()).unwrap();
    let mut failures = Vec::new();
    for text in blocks(&page, "dockerfile") {
        let without = text.replace("plimsoll", "nothing");
        if !linter.lint(&text).is_empty() || linter.lint(&without).is_empty() {
            failures.push(format!("{text}\n{:?}", linter.lint(&text)));
        }
    }
    for text in blocks(&page, "dockerignore") {
        let lint = |text: &str| linter.lint_ignore_file(&IgnoreSubject::new(&IgnoreFile::parse("", text)));
        if !lint(&text).is_empty() || lint(&text.replace("plimsoll", "nothing")).is_empty() {
            failures.push(format!("{text}\n{:?}", lint(&text)));
        }
    }
    let slips = blocks(&page, "text").remove(0);
    for line in slips.lines() {
        let (comment, told) = line.split_at(35);
        let found = linter.lint(&format!("{}\nFROM a\n", comment.trim()));
        let is_told = |found: &Diagnostic| {
            found.message.contains(told) || found.help.as_ref().is_some_and(|help| help.contains(told))
        };
        if !found.iter().any(is_told) {
            failures.push(format!("{comment}: {found:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Lines of an ignore file, of which some are for linters.
const PATTERNS: [&str; 20] = [
    "a",
    "b/",
    "!a",
    "# words",
    " # words",
    "#",
    "",
    "  ",
    "[",
    "!",
    "*.{js,ts}",
    "**/*",
    "/app/a",
    "node_modules",
    "# plimsoll ignore=PL1021",
    "# plimsoll ignore=all,PL1019; why",
    "# plimsoll ignore=shadowed-ignore-pattern,no-such-rule",
    "# plimsoll file-ignore=PL1021,PL1019",
    "# plimsoll ignore=PL1000,PL1021",
    "# plimsoll ignroe=PL1021",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn writing_and_taking_out_keep_the_patterns(
        lines in proptest::collection::vec((proptest::sample::select(&PATTERNS[..]), proptest::bool::weighted(0.1)), 0..12),
        mark in proptest::bool::weighted(0.2),
        ended in proptest::bool::ANY,
    ) {
        let mut text = if mark { "\u{feff}".to_owned() } else { String::new() };
        for (line, carriage_return) in &lines {
            text += line;
            text += if *carriage_return { "\r\n" } else { "\n" };
        }
        if !ended && !lines.is_empty() {
            text.pop();
        }
        let linter = Linter::new(Options { preset: Preset::All, ..Options::default() }).unwrap();
        let lint = |file: &IgnoreFile| linter.lint_ignore_file(&IgnoreSubject::new(file));
        let patterns = |text: &str| {
            let file = IgnoreFile::parse("", text);
            file.patterns.iter().map(|pattern| pattern.written.clone()).collect::<Vec<_>>()
        };
        let others = |found: &[Diagnostic]| {
            found.iter().filter(|found| found.name != "unused-ignore").map(|found| found.name).collect::<Vec<_>>()
        };
        let mut written = text.clone();
        for _ in 0..3 {
            let file = IgnoreFile::parse("", &written);
            written = applied(&written, &suppress::ignores_for_patterns(&file, &lint(&file), None));
        }
        prop_assert_eq!(others(&lint(&IgnoreFile::parse("", &written))), Vec::<&str>::new(), "{:?}", &written);
        prop_assert_eq!(patterns(&text), patterns(&written), "{:?}", &written);

        let mut cleaned = text.clone();
        for _ in 0..40 {
            let found = lint(&IgnoreFile::parse("", &cleaned));
            let mut fixes = found.iter().filter(|found| found.name == "unused-ignore").filter_map(|found| found.fix.as_ref());
            let Some(fix) = fixes.find(|fix| fix.applicability == Applicability::Safe) else { break };
            cleaned = applied(&cleaned, &fix.edits);
        }
        prop_assert_eq!(patterns(&text), patterns(&cleaned), "{:?}", &cleaned);
        let (before, after) = (lint(&IgnoreFile::parse("", &text)), lint(&IgnoreFile::parse("", &cleaned)));
        prop_assert_eq!(others(&before), others(&after), "{:?}", &cleaned);
    }
}
