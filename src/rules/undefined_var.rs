use std::collections::{HashMap, HashSet};

use super::prelude::*;
use crate::ast::Env;
use crate::nearest::nearest;
use crate::semantic::{Expanded, Point, Reference, State, expanded_words};

rule! {
    /// Use variables that somebody sets.
    ///
    /// ## What it does
    /// Finds a variable in an instruction that no `ARG` or `ENV` of the stage sets. The base image may set it; so, unless the
    /// image is one that is known not to, only a name that is declared before the first `FROM`, or is one letter away from
    /// one that is set, is a finding. What is written as `${NAME:-default}` is left alone. BuildKit's definition knows
    /// neither exception.
    ///
    /// ## Why
    /// The build goes on with nothing in its place: `COPY $SORUCE /app` copies everything. An `ARG` before the first `FROM`
    /// is seen by `FROM` only, until the stage declares it again.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ARG VERSION=1
    /// COPY app-$VERISON.tar /app/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ARG VERSION=1
    /// COPY app-$VERSION.tar /app/
    /// ```
    ///
    /// ## How to fix
    /// Correct the name, or declare it in the stage: `ARG NAME`. Where a `$` is meant, escape it: `\$`.
    ///
    /// ## When to ignore
    /// Where the base image sets the variable.
    "UndefinedVar" "undefined-var" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/UndefinedVar"),
            Same("tally/buildkit/UndefinedVar"),
            Near("droast/DF087"),
        ],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let buildkit = findings.preset() == Preset::Buildkit;
    // `FROM` has a rule of its own, and BuildKit looks for the variables of EXPOSE without a word.
    let skipped = matches!(&instruction.kind, Kind::From(_)) || buildkit && matches!(&instruction.kind, Kind::Expose(_));
    if skipped {
        return;
    }
    // Of a RUN, only the mounts are expanded.
    let may_refer = match &instruction.kind {
        Kind::Run(run) => run.mounts().next().is_some(),
        _ => memchr::memchr(b'$', instruction.span.of(findings.model().dockerfile.text).as_bytes()).is_some(),
    };
    if !may_refer {
        return;
    }
    let mut words = Vec::new();
    expanded_words(instruction, |word| {
        if memchr::memchr(b'$', word.text().as_bytes()).is_some() {
            words.push(word);
        }
    });
    if words.is_empty() {
        return;
    }
    let Some(point) = findings.point(instruction) else { return };
    if buildkit && point.stage().is_none() {
        return;
    }
    let keys: HashSet<&str> = match &instruction.kind {
        Kind::Env(env) => env.pairs.iter().map(|pair| pair.key.as_str()).collect(),
        _ => HashSet::new(),
    };
    let mut declared: HashMap<&str, u32> = HashMap::new();
    if let Kind::Arg(arg) = &instruction.kind {
        for item in &arg.items {
            declared.entry(item.name.as_str()).or_insert(item.word.span.end);
        }
    }
    for word in words {
        let expansion = point.expand_as(word.text(), word.syntax(point.syntax()));
        for reference in &expansion.references {
            // An `ARG` declares a variable for the words after it.
            let place = word.place(reference.range.clone());
            if declared.get(reference.name).is_some_and(|end| *end <= place.start) {
                continue;
            }
            let is_own = matches!(&instruction.kind, Kind::Env(env) if is_added_to(env, reference.name, &word));
            if is_own && !buildkit && point.declares(reference.name) == State::Unknown {
                // The base image may well have it.
                continue;
            }
            if let Some(mut help) = undefined(reference, &point, findings) {
                if keys.contains(reference.name) {
                    help = match is_own {
                        true => format!("leave `${}` out: there is nothing to add to", reference.name),
                        false => "an ENV sees what was set before it: set this in an ENV of its own, above".to_owned(),
                    };
                }
                let message = format!("nothing sets `{}` here, so it is empty", reference.name);
                findings.report(word.place(reference.range.clone()), message).help(help);
            }
        }
    }
}

/// Whether the word is the value of the variable itself: `PATH=$PATH:/opt/bin`.
fn is_added_to(env: &Env<'_>, name: &str, word: &Expanded<'_, '_>) -> bool {
    let Expanded::Word(word) = word else { return false };
    let after = env.pairs.partition_point(|pair| pair.key.span.start <= word.span.start);
    let pair = after.checked_sub(1).and_then(|number| env.pairs.get(number));
    pair.is_some_and(|pair| pair.key.as_str() == name && pair.value.span == word.span)
}

/// What to say of a variable that is not set; nothing where it is, or may be.
fn undefined(reference: &Reference<'_>, point: &Point<'_, '_, '_>, findings: &Findings<'_, '_, '_>) -> Option<String> {
    let name = reference.name;
    let declared = point.declares(name);
    if declared == State::Set {
        return None;
    }
    let before = findings.model().before_stages();
    let is_global = point.stage().is_some() && before.recent_names(256).any(|known| known == name);
    if findings.preset() != Preset::Buildkit {
        let is_misspelt = || {
            name.len() >= 4 && point.recent_names(64).any(|known| known.len() >= 4 && is_one_slip_from(known, name))
        };
        if reference.guarded || declared == State::Unknown && !is_global && !is_misspelt() {
            return None;
        }
    }
    Some(if is_global {
        format!("write `ARG {name}` in this stage: an ARG before the first `FROM` is seen by `FROM` only")
    } else {
        match nearest(name, point.recent_names(64)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it with `ARG {name}`, or write `\\${name}` where no variable is meant"),
        }
    })
}

/// Whether two names differ by one letter: another one, one more, one less, or two swapped. Names that differ only in
/// their last letter or in a digit are two names: `PATH_A` and `PATH_B`.
fn is_one_slip_from(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    match (one, other) {
        ([a, b, one @ ..], [c, d, other @ ..]) if (a, b) == (d, c) && one == other => true,
        ([one, rest @ ..], [two, other @ ..]) if rest == other => {
            !rest.is_empty() && !one.is_ascii_digit() && !two.is_ascii_digit()
        }
        ([_, rest @ ..], other) if rest == other => true,
        (one, [_, rest @ ..]) if one == rest => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        let pairs = [
            ("abcd", "abdc", true),
            ("abcd", "abxd", true),
            ("abc1d", "abc2d", false),
            ("abcd", "abce", false),
            ("abcd", "abcde", true),
            ("abcd", "bcd", true),
            ("abcd", "abcd", false),
            ("abcd", "dcba", false),
            ("abcd", "abxy", false),
            ("abcd", "ab", false),
        ];
        for (one, other, expected) in pairs {
            assert_eq!(is_one_slip_from(one, other), expected, "{one} {other}");
            assert_eq!(is_one_slip_from(other, one), expected, "{other} {one}");
        }
    }
}
