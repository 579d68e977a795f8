use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::prelude::*;
use crate::ast::Env;
use crate::expand::Cursor;
use crate::nearest::nearest;
use crate::semantic::{Expanded, PLATFORM_ARGUMENTS, Point, Reference, State, expanded_words};

rule! {
    /// Use variables that somebody sets.
    ///
    /// ## What it does
    /// Finds a variable in an instruction that no `ARG` or `ENV` of the stage sets. The base image may set it; so, unless the
    /// image is one that is known not to, only a name that is declared before the first `FROM`, as those of the platforms are, or
    /// is one letter away from one that is set, is a finding. What is written as `${NAME:-default}` is left alone. BuildKit's
    /// definition knows neither exception.
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
        keywords: [Add, Arg, Copy, Env, Expose, Label, Run, Stopsignal, User, Volume, Workdir],
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
        Kind::Run(run) => !run.flags.is_empty(),
        _ => memchr::memchr(b'$', instruction.span.of(findings.model().dockerfile.text).as_bytes()).is_some(),
    };
    if !may_refer {
        return;
    }
    let Some(point) = findings.point(instruction) else { return };
    if buildkit && point.stage().is_none() {
        return;
    }
    let mut words = Words { instruction, point, declared: OnceCell::new(), keys: OnceCell::new() };
    expanded_words(instruction, |word| {
        if !all_are_set(word.text(), &point) {
            words.look_at(word, findings);
        }
    });
}

/// Whether all is set that stands behind a `$` in a text, be it read as a variable or not.
fn all_are_set(text: &str, point: &Point<'_, '_, '_>) -> bool {
    memchr::memchr_iter(b'$', text.as_bytes()).all(|dollar| {
        let mut cursor = Cursor { text, at: dollar + 1 };
        if cursor.peek() == Some('{') {
            cursor.next();
        }
        point.declares(cursor.name()) == State::Set
    })
}

/// The words of an instruction in which variables are expanded.
struct Words<'i, 'f, 'd, 'a> {
    instruction: &'i Instruction<'i>,
    /// What holds before it.
    point: Point<'f, 'd, 'a>,
    /// Where the variables are declared that it declares itself, if it is an `ARG`.
    declared: OnceCell<HashMap<&'i str, u32>>,
    /// What it sets, if it is an `ENV`.
    keys: OnceCell<HashSet<&'i str>>,
}

impl<'i> Words<'i, '_, '_, '_> {
    fn look_at(&mut self, word: Expanded<'i, '_>, findings: &mut Findings<'_, '_, '_>) {
        let buildkit = findings.preset() == Preset::Buildkit;
        for reference in self.point.expand_as(word.text(), word.syntax(self.point.syntax())).references {
            let declared = self.point.declares(reference.name);
            if declared == State::Set {
                continue;
            }
            // An `ARG` declares a variable for the words after it.
            let place = word.place(reference.range.clone());
            if self.declared_at(reference.name).is_some_and(|end| end <= place.start) {
                continue;
            }
            let is_own =
                matches!(&self.instruction.kind, Kind::Env(env) if is_added_to(env, reference.name, &word));
            if is_own && !buildkit && declared == State::Unknown {
                // The base image may well have it.
                continue;
            }
            if let Some(mut help) = undefined(&reference, declared, &self.point, findings) {
                if self.sets(reference.name) {
                    help = match is_own {
                        true => format!("leave `${}` out: there is nothing to add to", reference.name),
                        false => "an ENV sees what was set before it: set this in an ENV of its own, above".to_owned(),
                    };
                }
                let message = format!("nothing sets `{}` here, so it is empty", reference.name);
                findings.report(place, message).help(help);
            }
        }
    }

    /// Where an `ARG` declares a variable, if it does.
    fn declared_at(&self, name: &str) -> Option<u32> {
        let Kind::Arg(arg) = &self.instruction.kind else { return None };
        let declared = self.declared.get_or_init(|| {
            // Of two of one name, the first.
            arg.items.iter().rev().map(|item| (item.name.as_str(), item.word.span.end)).collect()
        });
        declared.get(name).copied()
    }

    /// Whether it is an `ENV` that sets a variable.
    fn sets(&self, name: &str) -> bool {
        let Kind::Env(env) = &self.instruction.kind else { return false };
        self.keys.get_or_init(|| env.pairs.iter().map(|pair| pair.key.as_str()).collect()).contains(name)
    }
}

/// Whether the word is the value of the variable itself: `PATH=$PATH:/opt/bin`.
fn is_added_to(env: &Env<'_>, name: &str, word: &Expanded<'_, '_>) -> bool {
    let Expanded::Word(word) = word else { return false };
    let after = env.pairs.partition_point(|pair| pair.key.span.start <= word.span.start);
    let pair = after.checked_sub(1).and_then(|number| env.pairs.get(number));
    pair.is_some_and(|pair| pair.key.as_str() == name && pair.value.span == word.span)
}

/// What to say of a variable that is not set, as far as that is known; nothing where it may well be.
fn undefined(
    reference: &Reference<'_>,
    declared: State,
    point: &Point<'_, '_, '_>,
    findings: &Findings<'_, '_, '_>,
) -> Option<String> {
    let name = reference.name;
    let is_bound_before = findings.model().before_stages().binder(name).is_some();
    let is_global = point.stage().is_some() && (is_bound_before || PLATFORM_ARGUMENTS.contains(&name));
    if findings.preset() != Preset::Buildkit {
        let is_misspelt = || {
            name.len() >= 4 && point.recent_names(64).any(|known| known.len() >= 4 && is_one_slip_from(known, name))
        };
        if reference.guarded || declared == State::Unknown && !is_global && !is_misspelt() {
            return None;
        }
    }
    Some(if is_global {
        let by = if is_bound_before { "an ARG before the first `FROM`" } else { "what the builder sets" };
        format!("write `ARG {name}` in this stage: {by} is seen by `FROM` only")
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
