//! What holds for all patterns and paths; for tests and fuzzing.

use std::collections::{BTreeMap, BTreeSet};

use super::general::Matcher;
use super::matcher::{Ignore, parents};
use super::results::ParentResults;

/// What the walk says at a path: whether it is ignored and, for each pattern, whether it counts as matching; none where a pattern
/// that is wrong had to be asked.
type Answer = Option<(bool, Vec<bool>)>;

/// All that is wrong with what a matcher says of paths and the directories that hold them.
#[must_use]
pub fn violations(ignore: &Ignore, paths: &[Vec<u8>]) -> Vec<String> {
    let all: BTreeSet<&[u8]> = paths.iter().flat_map(|path| parents(path).chain([path.as_slice()])).collect();
    let mut violations = Vec::new();
    matchers_agree(ignore, &all, &mut violations);
    let plain = walk(&all, |path, known| plain_step(ignore, path, known));
    let quick = walk(&all, |path, known| quick_step(ignore, path, known));
    for (path, plain) in &plain {
        let quick = quick.get(path);
        if quick != Some(plain) {
            violations.push(format!("walk: {} is {quick:?}, not {plain:?}", path.escape_ascii()));
        }
    }
    let build = sent(&plain, |directory| build_enters(ignore, directory));
    let pruned = sent(&plain, |directory| ignore.may_keep_below(directory));
    if build != pruned {
        violations.push(format!("pruned: {pruned:?}, not {build:?}"));
    }
    for path in all {
        let decided = ignore.decide(path).map(|decision| decision.ignored).ok();
        // Where the walk fails nothing is sent.
        if let Some(sent) = &build
            && decided != Some(!sent.contains(path))
        {
            violations.push(format!("decide: {} is {decided:?}", path.escape_ascii()));
        }
    }
    violations
}

/// What is quick says what the general matcher says.
fn matchers_agree(ignore: &Ignore, paths: &BTreeSet<&[u8]>, violations: &mut Vec<String>) {
    for (pattern, matcher) in ignore.patterns().iter().zip(ignore.matchers()) {
        let Ok(matcher) = matcher else { continue };
        let set = matcher.glob.as_ref().and_then(|glob| glob.to_shell()).map(|glob| glob.compile_matcher());
        let start = matcher.general.literal_start();
        let end = matcher.general.literal_end();
        for path in paths {
            let expected = matcher.general.matches(path);
            let plain = std::str::from_utf8(path).ok().filter(|path| path.is_ascii() && !path.contains('\n'));
            let says = [
                ("the glob", Some(matcher.matches(path))),
                ("the set", set.as_ref().zip(plain).map(|(set, path)| set.is_match(path))),
                ("the start", Some(expected && path.starts_with(&start))),
                ("the end", Some(expected && path.ends_with(&end))),
            ];
            for (who, found) in says {
                if found.is_some_and(|found| found != expected) {
                    violations.push(format!("{who}: {:?} and {}: {expected}", pattern.written, path.escape_ascii()));
                }
            }
        }
    }
}

/// What a step says of each path, each after its directory.
fn walk<'p>(paths: &BTreeSet<&'p [u8]>, step: impl Fn(&[u8], Option<&[bool]>) -> Answer) -> BTreeMap<&'p [u8], Answer> {
    let mut answers: BTreeMap<&[u8], Answer> = BTreeMap::new();
    for path in paths {
        let answer = match parents(path).last() {
            None => step(path, None),
            Some(parent) => match answers.get(parent) {
                Some(Some((_, known))) => step(path, Some(known)),
                _ => None,
            },
        };
        answers.insert(path, answer);
    }
    answers
}

/// The reference's evaluator, with the general matcher.
fn plain_step(ignore: &Ignore, path: &[u8], known: Option<&[bool]>) -> Answer {
    let Some(path) = ignore.below_start(path) else { return Some((false, vec![false; ignore.patterns().len()])) };
    let mut ignored = false;
    let mut results = Vec::new();
    for (at, (pattern, matcher)) in ignore.patterns().iter().zip(ignore.matchers()).enumerate() {
        let mut matches = known.and_then(|known| known.get(at)).copied().unwrap_or(false);
        if !matches && pattern.exclusion == ignored {
            let matcher: &Matcher = matcher.as_ref().ok()?;
            matches = matcher.general.matches(path);
        }
        if matches {
            ignored = !pattern.exclusion;
        }
        results.push(matches);
    }
    Some((ignored, results))
}

fn quick_step(ignore: &Ignore, path: &[u8], known: Option<&[bool]>) -> Answer {
    let mut parent = ignore.root();
    for (at, _) in known.unwrap_or_default().iter().enumerate().filter(|(_, matches)| **matches) {
        let (words, _) = parent.parts();
        words.get_mut(at / 64).into_iter().for_each(|word| *word |= 1 << (at % 64));
    }
    let mut results = ParentResults::default();
    let ignored = ignore.walk(path, &parent, &mut results).ok()?;
    Some((ignored, (0..ignore.patterns().len()).map(|at| results.contains(at)).collect()))
}

/// What is sent by a walk that enters some of the ignored directories; none where it fails.
fn sent<'p>(answers: &BTreeMap<&'p [u8], Answer>, enters: impl Fn(&[u8]) -> bool) -> Option<BTreeSet<&'p [u8]>> {
    let mut not_entered: BTreeSet<&[u8]> = BTreeSet::new();
    let mut sent = BTreeSet::new();
    for (path, answer) in answers {
        if parents(path).any(|parent| not_entered.contains(parent)) {
            continue;
        }
        let (ignored, _) = answer.as_ref()?;
        if !ignored {
            sent.insert(*path);
        } else if !enters(path) {
            not_entered.insert(path);
        }
    }
    Some(sent)
}

/// Whether the reference's walk enters a directory that is ignored.
fn build_enters(ignore: &Ignore, directory: &[u8]) -> bool {
    let Some(directory) = ignore.below_start(directory) else { return true };
    let negations = || ignore.patterns().iter().filter(|pattern| pattern.exclusion).map(|pattern| pattern.cleaned());
    let without_glob = |pattern: &'_ [u8]| {
        let text = pattern.strip_suffix(b"/**").unwrap_or(pattern);
        text.strip_suffix(b"/*").unwrap_or(text).to_vec()
    };
    let has_wildcard = |text: Vec<u8>| text.iter().any(|byte| br"*[]?^\".contains(byte));
    let below = [directory, b"/"].concat();
    negations().any(|pattern| has_wildcard(without_glob(pattern)))
        || negations().any(|pattern| [without_glob(pattern), b"/".to_vec()].concat().starts_with(&below))
}
