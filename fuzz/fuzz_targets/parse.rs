//! Whatever is read can be shown: as JSON, line by line, and with what to write instead.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::{LineIndex, Source, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::decode(bytes) else { return };
    let parsed = parse(source.text());
    serde_json::to_vec(&parsed.dockerfile).expect("a tree is JSON");
    let lines = LineIndex::new(source.text());
    for error in &parsed.errors {
        assert!(!error.to_string().is_empty());
        assert!(error.kind.help().is_none_or(|help| !help.is_empty()));
        assert!(lines.line_column_utf16(source.text(), error.span.start).line <= lines.len());
    }
    for instruction in &parsed.dockerfile.instructions {
        // Without its comments, empty lines and continuations, the instruction is the same one.
        let line = parsed.dockerfile.logical_line(instruction);
        assert!(line.trim().starts_with(&*instruction.keyword), "{line:?}");
    }
});
