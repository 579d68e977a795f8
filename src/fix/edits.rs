//! Replacements in a text.

use std::borrow::Cow;

use crate::diagnostic::{Edit, Fix};
use crate::source::{Source, Span};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// How a text is written, which a fix has to keep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Whether most lines end with `\r\n`.
    has_carriage_returns: bool,
    /// Where the text begins, after its byte order mark.
    start: u32,
}

impl Manner {
    pub(super) fn of(text: &str) -> Self {
        let lines = memchr::memchr_iter(b'\n', text.as_bytes());
        let (mut all, mut with) = (0_usize, 0_usize);
        for newline in lines {
            all += 1;
            with += usize::from(text.as_bytes().get(newline.wrapping_sub(1)) == Some(&b'\r'));
        }
        let start = if text.starts_with(BYTE_ORDER_MARK) { Span::of_range(0..BYTE_ORDER_MARK.len()).end } else { 0 };
        Self { has_carriage_returns: with * 2 > all, start }
    }

    /// The edits of a fix as the text needs them, in order. None where the fix can't be applied: it is not of this text, it
    /// changes nothing, its edits overlap, or it would touch a byte that is no character.
    pub(super) fn edits_of(self, text: &str, fix: &Fix) -> Option<Vec<Edit>> {
        let mut edits: Vec<Edit> = fix.edits.iter().map(|edit| self.edit(edit)).collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut end = 0;
        let mut changes = false;
        for edit in &edits {
            let replaced = text.get(edit.span.range())?;
            if edit.span.start < end || [replaced, &edit.text].iter().any(|text| text.contains(Source::SUBSTITUTE)) {
                return None;
            }
            end = edit.span.end;
            changes |= replaced != edit.text;
        }
        changes.then_some(edits)
    }

    fn edit(self, edit: &Edit) -> Edit {
        let text =
            if self.has_carriage_returns { with_carriage_returns(&edit.text) } else { Cow::Borrowed(&*edit.text) };
        let span = Span::new(edit.span.start.max(self.start), edit.span.end.max(self.start));
        Edit { span, text: text.into_owned() }
    }
}

fn with_carriage_returns(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\n', "\r\n"))
}

/// The text after edits, which are in order and do not overlap. Whether the last line has an end stays as it was.
pub(super) fn applied<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut new = String::with_capacity(text.len() + 64);
    let mut end = 0;
    for edit in edits {
        new.push_str(Span::new(end, edit.span.start).of(text));
        new.push_str(&edit.text);
        end = edit.span.end;
    }
    new.push_str(text.get(end as usize..).unwrap_or_default());
    if !text.ends_with('\n') && new.ends_with('\n') {
        new.pop();
        if new.ends_with('\r') {
            new.pop();
        }
    } else if text.ends_with('\n') && !new.is_empty() && !new.ends_with('\n') {
        new.push_str(if text.ends_with("\r\n") { "\r\n" } else { "\n" });
    }
    new
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test whose data is wrong fails")]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;

    fn fixed(text: &str, edits: &[(usize, usize, &str)]) -> Option<String> {
        let edits = edits
            .iter()
            .map(|(start, end, text)| Edit { span: Span::of_range(*start..*end), text: (*text).to_owned() });
        let fix = Fix { title: "".into(), applicability: Applicability::Safe, edits: edits.collect() };
        Manner::of(text).edits_of(text, &fix).map(|edits| applied(text, &edits))
    }

    #[test]
    fn edits_keep_the_manner_of_a_text() {
        type Case<'c> = (&'c str, &'c [(usize, usize, &'c str)], Option<&'c str>);
        let cases: [Case<'_>; 16] = [
            ("abc\n", &[(1, 2, "x")], Some("axc\n")),
            ("abc\n", &[(2, 3, "y"), (0, 1, "x")], Some("xby\n")),
            ("abc\n", &[(0, 2, "x"), (1, 3, "y")], None),
            ("abc\n", &[(1, 1, "x"), (1, 1, "y")], Some("axybc\n")),
            ("abc\n", &[(1, 2, "b")], None),
            ("abc\n", &[(1, 9, "b")], None),
            ("\u{e9}\n", &[(1, 2, "b")], None),
            ("a\u{7f}c\n", &[(1, 2, "b")], None),
            ("a\u{7f}c\n", &[(2, 3, "b")], Some("a\u{7f}b\n")),
            ("abc\n", &[(2, 3, "\u{7f}")], None),
            ("a\r\nb\r\n", &[(3, 3, "x\ny\r\n")], Some("a\r\nx\r\ny\r\nb\r\n")),
            ("a\r\nb\nc\n", &[(3, 3, "x\n")], Some("a\r\nx\nb\nc\n")),
            ("\u{feff}abc\n", &[(0, 0, "x")], Some("\u{feff}xabc\n")),
            ("\u{feff}abc\n", &[(0, 4, "")], Some("\u{feff}bc\n")),
            ("a\r\nb", &[(3, 4, "")], Some("a")),
            ("a\nb\n", &[(2, 4, "c")], Some("a\nc\n")),
        ];
        for (text, edits, expected) in cases {
            assert_eq!(fixed(text, edits).as_deref(), expected, "{text:?} {edits:?}");
        }
    }
}
