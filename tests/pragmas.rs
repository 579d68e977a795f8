//! What hadolint's comments silence, in hadolint's preset and in ours.
#![allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]

use plimsoll::rules::Preset;
use plimsoll::{LineIndex, Linter, Options};

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
