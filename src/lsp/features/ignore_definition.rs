//! What takes the effect from a pattern of an ignore file.

use crate::dockerignore::{IdleReason, Ignore};
use crate::lsp::document::IgnoreReading;

use super::definition::{Definition, Target};
use super::ignore_effects::{effects, pattern_at, usable};

/// The pattern for whose sake the one at a place does nothing.
pub(crate) fn definition(reading: &IgnoreReading<'_>, offset: u32) -> Option<Definition> {
    let ignore = usable(reading.file);
    let (number, pattern) = pattern_at(&ignore, offset)?;
    let other =
        by_patterns(&ignore, number).or_else(|| by_files(reading, &ignore, number)).filter(|other| *other != number)?;
    let span = ignore.patterns().get(other)?.span;
    Some(Definition { origin: pattern.span, targets: vec![Target::Here { name: span, whole: span }] })
}

/// As far as the patterns alone tell.
fn by_patterns(ignore: &Ignore, number: usize) -> Option<usize> {
    let redundant = ignore.redundant_patterns();
    if let Some(found) = redundant.iter().find(|found| found.pattern == number) {
        return Some(found.because_of);
    }
    match ignore.idle_negations().iter().find(|found| found.pattern == number)?.reason {
        IdleReason::TooEarly(at) | IdleReason::Content(at) | IdleReason::NamedBelow(at) => Some(at),
        IdleReason::Nothing | IdleReason::OtherPaths => None,
    }
}

/// As the files tell that are there: another pattern decides about all that it matches.
fn by_files(reading: &IgnoreReading<'_>, ignore: &Ignore, number: usize) -> Option<usize> {
    let effects = effects(reading, ignore)?;
    if effects.patterns.get(number)?.outermost > 0 {
        return None;
    }
    let paths = reading.tree?.listing().iter().map(|entry| entry.path);
    let matched = ignore.first_matches(paths).get(number).copied().flatten()?;
    let decision = ignore.decide(matched).ok()?;
    let deciding = decision.deciding()?;
    ignore.patterns().iter().position(|pattern| pattern.span == deciding.pattern.span)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_ignore_file, shown, written};
    use super::*;

    #[test]
    fn what_shadows() {
        check(
            &[
                ("docs\n‸docs/é\n", "2:docs/é -> 1:docs"),
                ("a\nb\n‸a\n", "3:a -> 1:a"),
                ("‸!docs/é\ndocs\n", "1:!docs/é -> 2:docs"),
                ("docs/**\n!‸docs\n", "2:!docs -> 1:docs/**"),
                ("*\n[a-d]*‸\n", "2:[a-d]* -> 1:*"),
                ("a‸\nb\n", "nothing"),
                ("nothing-there‸\n", "nothing"),
            ],
            |text| {
                in_ignore_file(&written(&[("a", ""), ("b", ""), ("docs/é/f", "")]), text, |reading, offset| {
                    let Some(found) = definition(reading, offset) else { return "nothing".to_owned() };
                    let [Target::Here { name, .. }] = found.targets[..] else { return "elsewhere".to_owned() };
                    format!("{} -> {}", shown(reading.text, found.origin), shown(reading.text, name))
                })
            },
        );
    }
}
