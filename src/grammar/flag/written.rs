//! How flags are cut off a line.

use crate::ast::{Escape, Word};
use crate::grammar::Context;
use crate::grammar::word::{is_space_byte, split_at_equals};
use crate::syntax::Builder;

/// A flag as it is written, quotes and escapes in it.
pub(super) struct Written<'l, 'a> {
    pub(super) part: &'l str,
    pub(super) name: Word<'a>,
    pub(super) value: Option<Word<'a>>,
}

/// Cuts the flags off `text`.
///
/// The reference reads byte by byte: each byte of a character that is not ASCII becomes a character of its own.
pub(super) fn written<'l, 'a>(context: &Context<'l, 'a, '_>, text: &'l str) -> (Vec<Written<'l, 'a>>, &'l str) {
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
        let plain_end = plain_end(bytes, start, context.escape);
        at = plain_end.unwrap_or_else(|| undo_quotes(context, text, start, &mut builder));
        let part = within(text, start, at);
        // Two dashes alone end the flags.
        let is_plain = plain_end.is_some();
        if if is_plain { part } else { &builder.text } == "--" {
            return (flags, from(at));
        }
        flags.push(if is_plain { split_plain(context, part) } else { split(context, part, &builder) });
        if at >= bytes.len() {
            return (flags, from(at));
        }
    }
}

/// Reads the flag at `start` into `builder`, without its quotes and escape characters; gives its end.
fn undo_quotes(context: &Context<'_, '_, '_>, text: &str, start: usize, builder: &mut Builder) -> usize {
    builder.clear();
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match quote {
            None if is_space_byte(byte) => break,
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            Some(open) if open == byte => quote = None,
            _ => {
                if byte == context.escape.byte() {
                    at += 1;
                }
                let Some(&meant) = bytes.get(at) else { break };
                let (start, width) = character(text, at);
                builder.push(char::from(meant), context.line.offset(text) + start, width);
            }
        }
        at += 1;
    }
    at
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
