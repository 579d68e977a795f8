//! Keys and values, as `ENV`, `LABEL` and `ARG` hold them.

use crate::ast::{ArgItem, Delimiter, Keyword, Pair};
use crate::error::{Rejection, SyntaxErrorKind};

use super::Context;
use super::word::{is_blank, shell_words, split_at_equals};

/// The pairs of an `ENV` or a `LABEL`; none where the line holds none.
///
/// Whether the first word holds a `=` decides if all of them are `key=value`, or the line is one `key value`.
pub(super) fn pairs<'a>(context: &mut Context<'_, 'a, '_>, instruction: Keyword, rest: &str) -> Vec<Pair<'a>> {
    let mut words = shell_words(rest, context.escape).peekable();
    let Some(first) = words.peek().copied() else {
        return Vec::new();
    };
    if !first.contains('=') {
        return old_form(context, instruction, rest);
    }
    let mut pairs = Vec::with_capacity(1);
    for word in words {
        let Some((key, value)) = split_at_equals(word) else {
            let error = SyntaxErrorKind::MissingEquals { instruction, word: word.into() };
            context.error(error, word, Rejection::Parsing);
            continue;
        };
        if key.is_empty() {
            context.error(SyntaxErrorKind::BlankName(instruction), word, Rejection::Typing);
        }
        let (key, value) = (context.line.word(key), context.line.word(value));
        pairs.push(Pair { key, value, delimiter: Delimiter::Equals });
    }
    pairs
}

fn old_form<'a>(context: &mut Context<'_, 'a, '_>, instruction: Keyword, rest: &str) -> Vec<Pair<'a>> {
    let Some((key, value)) = rest.split_once(is_blank) else {
        let error = SyntaxErrorKind::MissingArgument { instruction, expected: "a value: write `name=value`" };
        context.error(error, rest, Rejection::Parsing);
        return Vec::new();
    };
    let value = value.trim_start_matches(is_blank);
    vec![Pair { key: context.line.word(key), value: context.line.word(value), delimiter: Delimiter::Blank }]
}

/// The words of an `ARG`.
pub(super) fn arg_items<'a>(context: &mut Context<'_, 'a, '_>, rest: &str) -> Vec<ArgItem<'a>> {
    let mut items = Vec::with_capacity(1);
    for word in shell_words(rest, context.escape) {
        let (name, default) = split_at_equals(word).map_or((word, None), |(name, default)| (name, Some(default)));
        if name.is_empty() {
            context.error(SyntaxErrorKind::BlankName(Keyword::Arg), word, Rejection::Typing);
        }
        items.push(ArgItem {
            word: context.line.word(word),
            name: context.line.word(name),
            default: default.map(|default| context.line.word(default)),
        });
    }
    items
}
