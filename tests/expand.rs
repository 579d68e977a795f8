//! The expansion of words, against the recorded answers of BuildKit and against what must hold of any word.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;

#[path = "../examples/conformance/expand.rs"]
mod expand;

use std::borrow::Cow;

use plimsoll::ast::Escape;
use plimsoll::semantic::{self, Budget, Lookup, Syntax, Value};
use proptest::prelude::*;
use recorded::conformance;

const ANSWERS: [&str; 3] = ["process_word", "process_words", "process_word_with_matches"];

/// An answer without what is free: the wording of errors.
fn compared(answer: &serde_json::Value) -> serde_json::Value {
    let mut answer = answer.clone();
    answer.as_object_mut().unwrap().remove("error");
    answer
}

#[test]
fn recorded_words() {
    let Some(folder) = conformance() else { return };
    let text = std::fs::read_to_string(folder.join("expand/expand.jsonl")).unwrap();
    let mut failures = Vec::new();
    let mut cases = 0;
    for (at, line) in text.lines().enumerate() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let ours = expand::record(&case);
        cases += 1;
        let differences: Vec<String> = ANSWERS
            .into_iter()
            .filter(|answer| compared(&case[*answer]) != compared(&ours[*answer]))
            .map(|answer| format!("  {answer}: {} instead of {}", ours[answer], case[answer]))
            .collect();
        if !differences.is_empty() {
            failures.push(format!("{}: {}\n{}", at + 1, case["in"], differences.join("\n")));
        }
    }
    println!("expand.jsonl: {}/{cases}", cases - failures.len());
    assert!(failures.is_empty(), "{} of {cases} words differ:\n{}", failures.len(), failures.join("\n"));
}

fn value(word: &str, lookup: impl Fn(&str) -> Lookup<'static>) -> Option<String> {
    let expansion = semantic::expand(word, Syntax::default(), &Budget::for_length(word.len()), lookup);
    expansion.value.known().map(str::to_owned)
}

#[test]
fn what_is_built_on_the_unknown_is_unknown() {
    let lookup = |name: &str| match name {
        "set" => Lookup::Set("s"),
        "empty" => Lookup::Set(""),
        "unset" => Lookup::Unset,
        _ => Lookup::Unknown,
    };
    let cases = [
        ("$unknown", None),
        ("a${unknown}b", None),
        ("${unknown:-x}", None),
        ("${unknown:+x}", None),
        ("${unknown#x}", None),
        ("${unknown/x/y}", None),
        ("${set:-$unknown}", Some("s")),
        ("${unset:-$unknown}", None),
        ("${unset:+$unknown}", Some("")),
        ("${set:+$unknown}", None),
        ("${set+a}${set:-${unknown}}", Some("as")),
        ("${set#$unknown}", None),
        ("${set/$unknown/x}", None),
        ("${set/s/$unknown}", None),
        ("${empty:?needed}", None),
        ("${set:?$unknown}", Some("s")),
        ("'$unknown'", Some("$unknown")),
    ];
    let failures: Vec<String> = cases
        .into_iter()
        .filter(|(word, expected)| value(word, lookup).as_deref() != *expected)
        .map(|(word, expected)| format!("{word}: {:?} instead of {expected:?}", value(word, lookup)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_not_set_is_kept() {
    let lookup = |name: &str| match name {
        "set" => Lookup::Set("s"),
        "unset" => Lookup::Unset,
        _ => Lookup::Unknown,
    };
    let cases = [
        ("$unset", Some("$unset")),
        ("${unset}$set", Some("${unset}s")),
        ("${unset:-$set}", Some("${unset:-s}")),
        ("${unset//$set/${set#s}}", Some("${unset/s/}")),
        ("${set:-$unset}", Some("s")),
        ("${set+$unset}", Some("$unset")),
        ("${unset:-$unknown}", None),
        ("${unset/$unknown/x}", None),
        ("${unset:x$set}", Some("${unset:xs}")),
    ];
    let kept = Syntax { keep_unset: true, ..Syntax::default() };
    let failures: Vec<String> = cases
        .into_iter()
        .map(|(word, expected)| (word, expected, semantic::expand(word, kept, &Budget::for_length(0), lookup).value))
        .filter(|(_, expected, value)| value.known() != *expected)
        .map(|(word, expected, value)| format!("{word}: {value:?} instead of {expected:?}"))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_word_is_too_deep_or_too_long() {
    let deep = "x${a:-".repeat(200_000) + &"}".repeat(200_000);
    assert_eq!(value(&deep, |_| Lookup::Unset).map(|text| text.len()), Some(200_000));
    let kept = Syntax { keep_unset: true, ..Syntax::default() };
    let expansion = semantic::expand(&deep, kept, &Budget::for_length(0), |_| Lookup::Unset);
    assert_eq!(expansion.value, Value::Known(Cow::Borrowed(deep.as_str())));
    let broken = "${a:-".repeat(200_000);
    assert_eq!(value(&broken, |_| Lookup::Unset), None);
    let long: &'static str = String::leak("y".repeat(1 << 20));
    let many = "$a".repeat(100_000);
    assert_eq!(value(&many, |_| Lookup::Set(long)), None);
    let pattern = format!("${{a#{}}}", "*x".repeat(100_000));
    assert_eq!(value(&pattern, |_| Lookup::Set(long)), None);
}

proptest! {
    #[test]
    fn a_plain_word_is_its_own_expansion(word in "[a-z0-9 /.:=<-]{0,20}", backtick: bool) {
        let syntax = Syntax::words(if backtick { Escape::Backtick } else { Escape::Backslash });
        let expansion = semantic::expand(&word, syntax, &Budget::for_length(0), |_| Lookup::Unset);
        prop_assert_eq!(expansion.value, Value::Known(Cow::Borrowed(word.as_str())));
    }

    #[test]
    fn references_stand_where_they_are_written(word in r#"[$a{}:\-+#%/"'\\ x]{0,20}"#) {
        let expansion = semantic::expand(&word, Syntax::default(), &Budget::for_length(0), |_| Lookup::Set("x"));
        for reference in expansion.references {
            prop_assert!(word[reference.range.clone()].starts_with('$'), "{:?}", reference);
            prop_assert!(word[reference.range.clone()].contains(reference.name), "{:?}", reference);
        }
    }
}
