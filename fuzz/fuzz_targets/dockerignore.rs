//! Any bytes are an ignore file, all ways to match give one answer, and a walk that enters few directories sends what one
//! sends that enters all. The ignore file ends at the first NUL; paths follow, each up to the next.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::LineIndex;
use plimsoll::dockerignore::invariants::violations;
use plimsoll::dockerignore::{Ignore, IgnoreFile};

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0);
    let text = parts.next().unwrap_or_default();
    let file = IgnoreFile::parse_bytes("fuzz", text);
    assert_eq!(file.text.len(), text.len());
    let lines = LineIndex::new(&file.text);
    for error in &file.errors {
        assert_eq!(lines.line(error.span.start), error.line);
        assert!(error.span.end as usize <= file.text.len() && !error.to_string().is_empty());
    }
    for pattern in &file.patterns {
        assert_eq!(lines.line(pattern.span.start), pattern.line);
        assert!(pattern.parts.iter().all(|part| pattern.span.contains(part.span)));
    }
    let Ok(ignore) = Ignore::new(&file) else { return };
    let paths: Vec<Vec<u8>> = parts.take(20).map(<[u8]>::to_vec).collect();
    assert_eq!(violations(&ignore, &paths), Vec::<String>::new());
    assert_eq!(violations(&ignore.rooted_at("a"), &paths), Vec::<String>::new());
});
