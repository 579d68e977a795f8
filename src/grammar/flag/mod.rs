//! The flags between a keyword and its arguments.

mod written;

use crate::ast::{Flag, FlagKind, Keyword, NetworkMode, SecurityMode};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::nearest::nearest;

use super::word::{lower_case, trim_start};
use super::{Context, duration, mount};
use written::{Written, written};

/// How a flag's value is read.
#[derive(Clone, Copy)]
enum Value {
    /// Any text, as it is.
    Text(fn() -> FlagKind<'static>),
    /// Nothing, `true` or `false`.
    Boolean(fn(bool) -> FlagKind<'static>),
    /// A duration of Go's.
    Interval(fn(i64) -> FlagKind<'static>),
    Retries,
    Network,
    Security,
    Mount,
    Device,
}

/// How many flags an instruction has at the most.
const MOST_KNOWN: usize = 7;

/// The flags that an instruction has. Those marked may be repeated.
fn known(keyword: Keyword) -> &'static [(&'static str, Value, bool)] {
    const CHOWN: (&str, Value, bool) = ("chown", Value::Text(|| FlagKind::Chown), false);
    const CHMOD: (&str, Value, bool) = ("chmod", Value::Text(|| FlagKind::Chmod), false);
    const EXCLUDE: (&str, Value, bool) = ("exclude", Value::Text(|| FlagKind::Exclude), true);
    const LINK: (&str, Value, bool) = ("link", Value::Boolean(FlagKind::Link), false);
    match keyword {
        Keyword::From => &[("platform", Value::Text(|| FlagKind::Platform), false)],
        Keyword::Copy => &[
            ("from", Value::Text(|| FlagKind::From), false),
            CHOWN,
            CHMOD,
            LINK,
            ("parents", Value::Boolean(FlagKind::Parents), false),
            EXCLUDE,
        ],
        Keyword::Add => &[
            CHOWN,
            CHMOD,
            LINK,
            ("keep-git-dir", Value::Boolean(FlagKind::KeepGitDir), false),
            ("checksum", Value::Text(|| FlagKind::Checksum), false),
            ("unpack", Value::Boolean(FlagKind::Unpack), false),
            EXCLUDE,
        ],
        Keyword::Run => &[
            ("mount", Value::Mount, true),
            ("network", Value::Network, false),
            ("security", Value::Security, false),
            ("device", Value::Device, true),
        ],
        Keyword::Healthcheck => &[
            ("interval", Value::Interval(FlagKind::Interval), false),
            ("timeout", Value::Interval(FlagKind::Timeout), false),
            ("start-period", Value::Interval(FlagKind::StartPeriod), false),
            ("start-interval", Value::Interval(FlagKind::StartInterval), false),
            ("retries", Value::Retries, false),
        ],
        _ => &[],
    }
}

/// The names of the flags that an instruction has.
#[cfg(test)]
pub(crate) fn flag_names(keyword: Keyword) -> impl Iterator<Item = &'static str> {
    known(keyword).iter().map(|(name, ..)| *name)
}

/// Reads the flags that `text`, what follows a `keyword`, begins with; also gives what follows them.
///
/// Without a keyword, none of them is known.
#[inline]
pub(super) fn flags<'l, 'a>(
    context: &mut Context<'l, 'a, '_>,
    keyword: Option<Keyword>,
    text: &'l str,
) -> (Vec<Flag<'a>>, &'l str) {
    // Most instructions have none, and are spared the rest.
    if trim_start(text).starts_with("--") { some_flags(context, keyword, text) } else { (Vec::new(), text) }
}

#[inline(never)]
fn some_flags<'l, 'a>(
    context: &mut Context<'l, 'a, '_>,
    keyword: Option<Keyword>,
    text: &'l str,
) -> (Vec<Flag<'a>>, &'l str) {
    let (written, rest) = written(context, text);
    let Some(keyword) = keyword.filter(|keyword| heeds_flags(*keyword, rest)) else {
        return (written.into_iter().map(|flag| typed(context, flag, FlagKind::Unknown)).collect(), rest);
    };
    let known = known(keyword);
    let mut seen = [false; MOST_KNOWN];
    let mut flags = Vec::with_capacity(written.len());
    for flag in written {
        let found = known.iter().zip(&mut seen).find(|((name, ..), _)| *name == flag.name.as_str());
        let kind = match found {
            Some(((name, value, repeatable), seen)) => {
                if *seen && !repeatable {
                    context.error(SyntaxErrorKind::DuplicateFlag((*name).into()), flag.part, Rejection::Typing);
                }
                *seen = true;
                read(context, *value, &flag)
            }
            None => {
                let kind = SyntaxErrorKind::UnknownFlag {
                    instruction: keyword,
                    flag: flag.name.as_str().into(),
                    nearest: nearest(&flag.name, known.iter().map(|(name, ..)| *name)),
                };
                context.error_at(kind, flag.name.span, Rejection::Typing);
                FlagKind::Unknown
            }
        };
        flags.push(typed(context, flag, kind));
    }
    (flags, rest)
}

/// `ARG`, `STOPSIGNAL` and `HEALTHCHECK NONE` never look at their flags.
fn heeds_flags(keyword: Keyword, rest: &str) -> bool {
    match keyword {
        Keyword::Arg | Keyword::Stopsignal => false,
        Keyword::Healthcheck => {
            let kind = rest.split(char::is_whitespace).find(|word| !word.is_empty());
            !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("none"))
        }
        _ => true,
    }
}

fn typed<'a>(context: &Context<'_, 'a, '_>, flag: Written<'_, 'a>, kind: FlagKind<'a>) -> Flag<'a> {
    Flag { span: context.line.span(flag.part), name: flag.name, value: flag.value, kind }
}

fn read<'a>(context: &mut Context<'_, 'a, '_>, value: Value, flag: &Written<'_, 'a>) -> FlagKind<'a> {
    let Some(word) = &flag.value else {
        if let Value::Boolean(kind) = value {
            return kind(true);
        }
        context.error(SyntaxErrorKind::MissingFlagValue(flag.name.as_str().into()), flag.part, Rejection::Typing);
        return FlagKind::Invalid;
    };
    let invalid = |context: &mut Context<'_, '_, '_>, expected, nearest| {
        let kind = SyntaxErrorKind::InvalidFlagValue { value: word.as_str().into(), expected, nearest };
        context.error_at(kind, word.span, Rejection::Typing);
        FlagKind::Invalid
    };
    match value {
        Value::Text(kind) => kind(),
        Value::Boolean(kind) => match &*lower_case(word) {
            "true" => kind(true),
            "false" => kind(false),
            "" => {
                let error = SyntaxErrorKind::MissingFlagValue(flag.name.as_str().into());
                context.error(error, flag.part, Rejection::Typing);
                FlagKind::Invalid
            }
            _ => {
                let flag = flag.name.as_str().into();
                let error = SyntaxErrorKind::NotABoolean { flag, value: word.as_str().into() };
                context.error_at(error, word.span, Rejection::Typing);
                FlagKind::Invalid
            }
        },
        Value::Interval(kind) => match duration::interval(word) {
            Ok(nanoseconds) => kind(nanoseconds),
            Err(duration::NoInterval::TooShort) => {
                let error = SyntaxErrorKind::IntervalTooShort(word.as_str().into());
                context.error_at(error, word.span, Rejection::Typing);
                FlagKind::Invalid
            }
            Err(duration::NoInterval::NoDuration) => invalid(context, "a duration, like `30s` or `1m30s`", None),
        },
        Value::Retries if word.is_empty() => FlagKind::Retries(0),
        Value::Retries => match integer(word) {
            Some(retries) => FlagKind::Retries(retries),
            None => invalid(context, "a number of retries, which is 0 or more", None),
        },
        Value::Network => {
            let modes = [NetworkMode::Default, NetworkMode::None, NetworkMode::Host];
            match modes.into_iter().find(|mode| mode.as_str() == word.as_str()) {
                Some(mode) => FlagKind::Network(mode),
                None => {
                    let near = nearest(word, modes.map(NetworkMode::as_str));
                    invalid(context, "a network mode: there are `default`, `none` and `host`", near)
                }
            }
        }
        Value::Security => {
            let modes = [SecurityMode::Sandbox, SecurityMode::Insecure];
            match modes.into_iter().find(|mode| mode.as_str() == word.as_str()) {
                Some(mode) => FlagKind::Security(mode),
                None => {
                    let near = nearest(word, modes.map(SecurityMode::as_str));
                    invalid(context, "a security mode: there are `sandbox` and `insecure`", near)
                }
            }
        }
        Value::Mount => mount::mount(context, word).map_or(FlagKind::Invalid, |mount| FlagKind::Mount(Box::new(mount))),
        Value::Device => mount::device(context, word).map_or(FlagKind::Invalid, FlagKind::Device),
    }
}

/// A decimal number as Go reads it: a sign, if any, and digits.
fn integer(text: &str) -> Option<i32> {
    text.parse().ok().filter(|number| *number >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flag_has_its_place() {
        let most = Keyword::ALL.into_iter().map(|keyword| known(keyword).len()).max();
        assert_eq!(most, Some(MOST_KNOWN));
    }
}
