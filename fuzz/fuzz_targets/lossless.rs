//! Nothing of a text is lost, every place is one, and the same text is read the same way twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::invariants::violations;
use plimsoll::{Source, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::decode(bytes) else { return };
    assert_eq!(source.text().len(), bytes.len());
    let parsed = parse(source.text());
    assert_eq!(violations(&parsed), Vec::<String>::new());
    assert_eq!(parsed, parse(source.text()));
});
