//! Fixes break nothing: there is an end to them, they leave no new syntax error, a second time nothing is changed, and safe ones
//! keep what a file means. An ignore file that is fixed twice is fixed once, too.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plimsoll::dockerignore::IgnoreFile;
use plimsoll::fix::invariants::violations;
use plimsoll::fix::{Dropped, Fixer, Level};
use plimsoll::rules::{IgnoreSubject, Preset};
use plimsoll::source::encode;
use plimsoll::{Linter, Options, Source};

static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    Linter::new(Options { preset: Preset::All, ..Options::default() }).expect("the presets name rules that there are")
});

fuzz_target!(|bytes: &[u8]| {
    for level in [Level::Safe, Level::Unsafe] {
        if let Ok(source) = Source::decode(bytes) {
            let (fixed, found) = violations(source.text(), level, |parsed| LINTER.lint_parsed(parsed));
            assert_eq!(found, Vec::<String>::new());
            assert!(encode(&fixed.text, bytes).is_some());
        }
        let lint = |file: &IgnoreFile| LINTER.lint_ignore_file(&IgnoreSubject::new(file));
        let fixed = Fixer::new(level).fix_ignore_file("fuzz", bytes, lint);
        assert_eq!(fixed.dropped, Vec::<Dropped>::new());
        let after = encode(&fixed.text, bytes).expect("all bytes that are no characters stay");
        assert_eq!(Fixer::new(level).fix_ignore_file("fuzz", &after, lint).text, fixed.text);
    }
});
