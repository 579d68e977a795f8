//! What is said of patterns without any path holds for all paths.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

use plimsoll::dockerignore::Ignore;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "ab", "a", "b", "*", "**", "a*", "*b", "?", "a?b", "*a*", "\\\\a", "[ab]"])
}

fn pattern() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec!["", "", "!"]);
    (mark, prop::collection::vec(name(), 1..4)).prop_map(|(mark, names)| format!("{mark}{}", names.join("/")))
}

/// All paths of three names at most.
fn paths() -> Vec<String> {
    let names = ["a", "b", "ab", "aab", "a\nb"];
    let mut paths: Vec<String> = names.map(str::to_owned).to_vec();
    let mut last = paths.clone();
    for _ in 0..2 {
        last = last.iter().flat_map(|path| names.map(|name| format!("{path}/{name}"))).collect();
        paths.extend(last.clone());
    }
    paths
}

/// The paths about which two matchers disagree, as builds ask them.
fn disagreements(one: &Ignore, other: &Ignore) -> Vec<String> {
    let ignored = |ignore: &Ignore, path: &str| ignore.decide(path.as_bytes()).unwrap().ignored;
    paths().into_iter().filter(|path| ignored(one, path) != ignored(other, path)).collect()
}

fn without(patterns: &[String], out: &[usize]) -> Vec<String> {
    patterns.iter().enumerate().filter(|(at, _)| !out.contains(at)).map(|(_, pattern)| pattern.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_to_change_nothing_changes_nothing(patterns in prop::collection::vec(pattern(), 1..7)) {
        let ignore = Ignore::from_patterns(&patterns).unwrap();
        let redundant: Vec<usize> = ignore.redundant_patterns().iter().map(|found| found.pattern).collect();
        let idle: Vec<usize> = ignore.idle_negations().iter().map(|found| found.pattern).collect();
        let singles = redundant.iter().chain(&idle).map(|at| vec![*at]);
        for out in singles.chain([redundant.clone(), idle.clone()]) {
            let rest = without(&patterns, &out);
            let found = disagreements(&ignore, &Ignore::from_patterns(&rest).unwrap());
            prop_assert!(found.is_empty(), "{patterns:?} without {out:?}: {found:?}");
        }
    }
}

#[test]
fn the_usual_cases_are_seen() {
    let redundant: [(&[&str], &[usize]); 12] = [
        (&["a", "a"], &[1]),
        (&["a", "!b", "a"], &[2]),
        (&["a", "!a", "a"], &[]),
        (&["a", "a/b"], &[1]),
        (&["a/b", "a"], &[0]),
        (&["a/b", "!a/c", "a"], &[]),
        (&["**/a", "a", "b/a/c"], &[1, 2]),
        (&["**/*.log", "*.log", "x/*.log", "b/a.log"], &[1, 2, 3]),
        (&["*", "a", "!b", "b/c"], &[1]),
        (&["a/**", "a/*", "a"], &[0, 1]),
        (&["!a", "!a"], &[1]),
        (&["*.a", "x*"], &[]),
    ];
    let idle: [(&[&str], &[usize]); 6] = [
        (&["!a", "a"], &[0]),
        (&["a", "!b"], &[1]),
        (&["a/*", "!a", "!a/b"], &[1]),
        (&["a", "!a/b/c"], &[]),
        (&["**/*.md", "!docs", "!README.md"], &[1]),
        (&["*", "!**/a"], &[]),
    ];
    for (patterns, expected) in redundant {
        let found = Ignore::from_patterns(patterns).unwrap().redundant_patterns();
        assert_eq!(found.iter().map(|found| found.pattern).collect::<Vec<_>>(), expected, "{patterns:?}");
    }
    for (patterns, expected) in idle {
        let found = Ignore::from_patterns(patterns).unwrap().idle_negations();
        assert_eq!(found.iter().map(|found| found.pattern).collect::<Vec<_>>(), expected, "{patterns:?}");
    }
}
