//! Texts for people, in Markdown.

use crate::source::LineIndex;

/// So many characters of a value are shown.
const LONGEST: usize = 120;

/// A text as code, on one line.
pub(super) fn code(text: &str) -> String {
    let text = shortened(text);
    if text.contains('`') {
        // A longer fence, with blanks that do not count.
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest + 1);
        return format!("{fence} {text} {fence}");
    }
    format!("`{text}`")
}

/// A text on one line, and not too long.
pub(super) fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() { line + "…" } else { line }
}

/// The line of an offset, counted from 1.
pub(super) fn line(text: &str, offset: u32) -> u32 {
    LineIndex::new(text).line(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_closed() {
        for (text, expected) in [("a", "`a`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a b`")] {
            assert_eq!(code(text), expected);
        }
        assert_eq!(code(&"x".repeat(200)).chars().count(), 123);
    }
}
