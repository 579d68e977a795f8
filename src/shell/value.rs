//! What words mean, as far as that is known.

use std::borrow::Cow;

use crate::source::Span;

use super::tree::{Node, NodeKind};

/// What stands for a part of a value that is not known. No argument of a command can hold it.
pub const HOLE: char = '\0';

/// Where the text of a value is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stored {
    /// It stands so in the script.
    Script(Span),
    /// It was put together.
    Made(Span),
    /// It comes from outside the script.
    Outside(Span),
}

impl Stored {
    /// How many bytes long it is.
    pub(super) const fn len(self) -> usize {
        let (Self::Script(range) | Self::Made(range) | Self::Outside(range)) = self;
        range.len() as usize
    }

    /// Its last bytes.
    pub(super) const fn ending(self, length: usize) -> Self {
        const fn last(range: Span, length: usize) -> Span {
            let start = range.end.saturating_sub(length as u32);
            Span::new(if start < range.start { range.start } else { start }, range.end)
        }
        match self {
            Self::Script(range) => Self::Script(last(range, length)),
            Self::Made(range) => Self::Made(last(range, length)),
            Self::Outside(range) => Self::Outside(last(range, length)),
        }
    }
}

/// The text that `'…'`, `"…"` without expansions, `$'…'` or `\x` stands for.
pub(super) fn unquoted(node: Node, text: &str) -> Cow<'_, str> {
    let written = node.range.of(text);
    match node.kind {
        NodeKind::SingleQuoted => Cow::Borrowed(inside(written, 1)),
        NodeKind::DoubleQuoted => Cow::Borrowed(inside(written, if written.starts_with('$') { 2 } else { 1 })),
        NodeKind::AnsiQuoted => ansi(inside(written, 2)),
        NodeKind::Escape => {
            let escaped = written.get(1..).unwrap_or_default();
            Cow::Borrowed(if escaped == "\n" { "" } else { escaped })
        }
        _ => Cow::Borrowed(written),
    }
}

fn inside(written: &str, opening: usize) -> &str {
    let rest = written.get(opening..).unwrap_or_default();
    rest.strip_suffix(['\'', '"']).unwrap_or(rest)
}

/// What `$'…'` means.
fn ansi(written: &str) -> Cow<'_, str> {
    if written.contains('\\') {
        Cow::Owned(ansi_characters(written).map(|(_, c, _)| c).collect())
    } else {
        Cow::Borrowed(written)
    }
}

/// The characters that what is between `$'` and `'` stands for, and for each where it stands and how wide.
pub(super) fn ansi_characters(written: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let c = written.get(at..)?.chars().next()?;
        let after = written.get(at + 1..).filter(|_| c == '\\').unwrap_or_default();
        let (meant, length) = if after.is_empty() { (c, 0) } else { ansi_escape(after) };
        if length == 0 {
            at += c.len_utf8();
            return Some((start, c, c.len_utf8()));
        }
        at += 1 + length;
        // What stands for itself stands behind the backslash.
        let itself = after.starts_with(meant);
        Some(if itself { (start + 1, meant, length) } else { (start, meant, 1 + length) })
    })
}

/// The character that what follows a backslash stands for, and how long that is.
fn ansi_escape(after: &str) -> (char, usize) {
    let number = |skip: usize, most: usize, radix: u32| {
        let digits: String = after.chars().skip(skip).take(most).take_while(|c| c.is_digit(radix)).collect();
        let code = u32::from_str_radix(&digits, radix).ok().filter(|code| *code != 0);
        (code.and_then(char::from_u32).unwrap_or(HOLE), skip + digits.len())
    };
    match after.chars().next() {
        None => ('\\', 0),
        Some('n') => ('\n', 1),
        Some('t') => ('\t', 1),
        Some('r') => ('\r', 1),
        Some('a') => ('\x07', 1),
        Some('b') => ('\x08', 1),
        Some('e' | 'E') => ('\x1B', 1),
        Some('f') => ('\x0C', 1),
        Some('v') => ('\x0B', 1),
        Some('x') => number(1, 2, 16),
        Some('u') => number(1, 4, 16),
        Some('U') => number(1, 8, 16),
        Some('0'..='7') => number(0, 3, 8),
        Some(c @ ('\\' | '\'' | '"' | '?')) => (c, 1),
        Some(c) => (c, c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ansi_quotes() {
        let cases = [
            ("a", "a"),
            (r"a\nb", "a\nb"),
            (r"\x41\101é", "AAé"),
            (r"\u00e9", "é"),
            (r"it\'s", "it's"),
            (r"\", r"\"),
            (r"\qé", "qé"),
        ];
        for (written, meant) in cases {
            assert_eq!(ansi(written), meant, "{written}");
        }
    }
}
