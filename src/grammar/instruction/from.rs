//! `FROM`.

use crate::ast::{Flag, Form, From, Keyword, Kind};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::grammar::Context;
use crate::grammar::image::image;
use crate::grammar::word::unquoted_words;

use super::{malformed_words, missing};

/// `FROM image [AS name]`
pub(super) fn from<'a>(context: &mut Context<'_, 'a, '_>, written: &str, flags: Vec<Flag<'a>>, rest: &str) -> Kind<'a> {
    let mut words = unquoted_words(rest);
    let parts = (words.next(), words.next(), words.next(), words.next());
    let (base, as_keyword, name) = match parts {
        (Some(base), None, ..) => (base, None, None),
        (Some(base), Some(word), Some(name), None) if is_as(word) => (base, Some(word), Some(name)),
        (None, ..) => {
            missing(context, Keyword::From, written, "an image, like `FROM alpine:3.22`");
            return malformed_words(Keyword::From, flags, Form::Shell, Vec::new());
        }
        (Some(_), Some(second), ..) => {
            let end = context.line.offset(rest) + rest.len();
            let surplus = context.line.text.get(context.line.offset(second)..end).unwrap_or(second);
            context.error(SyntaxErrorKind::FromArguments, surplus, Rejection::Typing);
            let words = unquoted_words(rest).map(|word| context.line.word(word)).collect();
            return malformed_words(Keyword::From, flags, Form::Shell, words);
        }
    };
    if let Some(name) = name.filter(|name| !is_stage_name(name)) {
        context.error(SyntaxErrorKind::StageName(name.into()), name, Rejection::Typing);
    }
    Kind::From(From {
        flags,
        image: Box::new(image(context.line.word(base))),
        as_keyword: as_keyword.map(|word| context.line.word(word)),
        name: name.map(|name| context.line.word(name)),
    })
}

/// `AS` in any case; U+017F is an `s` to the reference, as it is to Unicode.
fn is_as(word: &str) -> bool {
    let mut chars = word.chars();
    matches!((chars.next(), chars.next(), chars.next()), (Some('a' | 'A'), Some('s' | 'S' | '\u{17F}'), None))
}

/// Whether the name, in lower case, begins with a letter and holds letters, digits, `-`, `_` and `.`.
fn is_stage_name(name: &str) -> bool {
    let mut chars = name.chars().map(|c| match c {
        // The two other characters that have an ASCII letter as their lower case.
        '\u{130}' => 'i',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    });
    chars.next().is_some_and(|first| first.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
}
