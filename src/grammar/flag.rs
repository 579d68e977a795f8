//! The flags between a keyword and its arguments.

use crate::ast::{Escape, Flag, FlagKind, Keyword, NetworkMode, SecurityMode, Word};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::syntax::Builder;

use super::word::{is_space_byte, lower_case, split_at_equals, trim_start};
use super::{Context, duration, mount};
use crate::nearest::nearest;

/// A flag as it is written, quotes and escapes in it.
struct Written<'l, 'a> {
    part: &'l str,
    name: Word<'a>,
    value: Option<Word<'a>>,
}

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

/// Cuts the flags off `text`.
///
/// The reference reads byte by byte: each byte of a character that is not ASCII becomes a character of its own.
fn written<'l, 'a>(context: &Context<'l, 'a, '_>, text: &'l str) -> (Vec<Written<'l, 'a>>, &'l str) {
    let bytes = text.as_bytes();
    let from = |at: usize| (at..=text.len()).find_map(|at| text.get(at..)).unwrap_or_default();
    let mut flags = Vec::with_capacity(2);
    let mut builder = Builder::default();
    let mut at = 0;
    loop {
        while bytes.get(at).copied().is_some_and(is_space_byte) {
            at += 1;
        }
        if bytes.get(at..at + 2) != Some(b"--") {
            return (flags, from(at));
        }
        let start = at;
        if let Some(end) = plain_end(bytes, start, context.escape) {
            let part = text.get(start..end).unwrap_or_default();
            if part == "--" {
                // Two dashes alone end the flags.
                return (flags, from(end));
            }
            flags.push(split_plain(context, part));
            at = end;
            if at >= bytes.len() {
                return (flags, from(at));
            }
            continue;
        }
        builder.clear();
        let mut quote = None;
        while let Some(&byte) = bytes.get(at) {
            if quote.is_none() && is_space_byte(byte) {
                break;
            }
            let mut taken = byte;
            if quote == Some(byte) {
                quote = None;
                at += 1;
                continue;
            }
            if quote.is_none() && matches!(byte, b'\'' | b'"') {
                quote = Some(byte);
                at += 1;
                continue;
            }
            if byte == context.escape.byte() {
                at += 1;
                match bytes.get(at) {
                    Some(escaped) => taken = *escaped,
                    None => break,
                }
            }
            let (start, width) = character(text, at);
            builder.push(char::from(taken), context.line.offset(text) + start, width);
            at += 1;
        }
        let part = text.get(start..at).unwrap_or_else(|| within(text, start, at));
        if builder.text == "--" {
            return (flags, from(at));
        }
        flags.push(split(context, part, &builder));
        if at >= bytes.len() {
            return (flags, from(at));
        }
    }
}

/// Where the character begins that the byte at `at` is of, and how many bytes it is wide.
fn character(text: &str, at: usize) -> (usize, usize) {
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=at).rev().find(is_boundary).unwrap_or(at);
    let end = (at + 1..text.len()).find(is_boundary).unwrap_or(text.len());
    (start, end - start)
}

/// The characters that `start..end` touches.
fn within(text: &str, start: usize, end: usize) -> &str {
    let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
    text.get(start..end).unwrap_or_default()
}

/// Where the flag at `start` ends, if no quote, escape or character that is not ASCII is in it: most flags are so, and are
/// what stands there.
fn plain_end(bytes: &[u8], start: usize, escape: Escape) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let special =
        |byte: &u8| is_space_byte(*byte) || !byte.is_ascii() || matches!(byte, b'\'' | b'"') || *byte == escape.byte();
    match rest.iter().position(special) {
        None => Some(bytes.len()),
        Some(length) => {
            rest.get(length).filter(|byte| byte.is_ascii() && is_space_byte(**byte)).map(|_| start + length)
        }
    }
}

fn split_plain<'l, 'a>(context: &Context<'l, 'a, '_>, part: &'l str) -> Written<'l, 'a> {
    let flag = part.strip_prefix("--").unwrap_or(part);
    let (name, value) = split_at_equals(flag).map_or((flag, None), |(name, value)| (name, Some(value)));
    Written { part, name: context.line.word(name), value: value.map(|value| context.line.word(value)) }
}

fn split<'l, 'a>(context: &Context<'l, 'a, '_>, part: &'l str, builder: &Builder) -> Written<'l, 'a> {
    let flag = part.strip_prefix("--").unwrap_or(part);
    let length = builder.text.len();
    let (name, value) = match (split_at_equals(flag), builder.text.find('=')) {
        (Some((name, value)), Some(equals)) => {
            let value = context.line.built(builder, equals + 1..length, value);
            (context.line.built(builder, 2..equals, name), Some(value))
        }
        _ => (context.line.built(builder, 2..length, flag), None),
    };
    Written { part, name, value }
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
