//! The lines around a finding, fit to be shown.

use crate::source::{LineIndex, Span};

/// How many characters of a line are shown before and after the place.
const BEFORE: usize = 60;
const AFTER: usize = 100;

/// A few lines of a file, and where in them the finding is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The lines. Control characters are replaced, and what is too long is cut.
    pub(super) text: String,
    /// The number of the first line, counted from 1.
    pub(super) first_line: u32,
    /// The finding's first line, as far as it is shown; in bytes of `text`.
    pub(super) place: std::ops::Range<usize>,
}

/// The line on which `span` begins, with the one before and the one after.
pub(super) fn excerpt(text: &str, lines: &LineIndex, span: Span) -> Excerpt {
    let line = lines.line(span.start);
    let first_line = line.saturating_sub(1).max(1);
    let mut shown = Excerpt { text: String::new(), first_line, place: 0..0 };
    for number in first_line..=(line + 1).min(lines.len()) {
        let Some(mut start) = lines.line_start(number) else { continue };
        if start == 0 && text.starts_with('\u{feff}') {
            start = 3;
        }
        // The next line begins after this one's line feed; the last line has none.
        let end = lines.line_start(number + 1).map_or(text.len(), |next| next as usize - 1);
        let content = text.get(start as usize..end).unwrap_or_default().trim_end_matches('\r');
        // What follows the last line feed is a line to editors, but there is nothing to see.
        if number > line && content.is_empty() && number == lines.len() {
            continue;
        }
        let column = (number == line).then(|| {
            let end = span.end.saturating_sub(start).min(Span::of_range(0..content.len()).end);
            Span::new(span.start.saturating_sub(start).min(end), end)
        });
        push_line(&mut shown, content, column);
    }
    shown
}

fn push_line(shown: &mut Excerpt, content: &str, place: Option<Span>) {
    let from = place.map_or(0, |place| place.start as usize);
    let start = nth_char_back(content, from, BEFORE);
    let end =
        content.get(from..).and_then(|rest| rest.char_indices().nth(AFTER)).map_or(content.len(), |(at, _)| from + at);
    if start > 0 {
        shown.text.push('…');
    }
    let mut begin = None;
    for (at, c) in content.get(start..end).unwrap_or_default().char_indices() {
        let at = start + at;
        if place.is_some_and(|place| at >= place.start as usize) {
            begin.get_or_insert(shown.text.len());
        }
        shown.text.push(if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c });
        if place.is_some_and(|place| at + c.len_utf8() <= place.end as usize) {
            shown.place.end = shown.text.len();
        }
    }
    if place.is_some() {
        shown.place.start = begin.unwrap_or(shown.text.len());
        shown.place.end = shown.place.end.max(shown.place.start);
    }
    if end < content.len() {
        shown.text.push('…');
    }
    shown.text.push('\n');
}

/// The offset of the character that is `count` before `from`.
fn nth_char_back(content: &str, from: usize, count: usize) -> usize {
    let before = content.get(..from).unwrap_or_default();
    before.char_indices().rev().take(count).last().map_or(from.min(before.len()), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: std::ops::Range<usize>) -> (u32, String, String) {
        let excerpt = excerpt(text, &LineIndex::new(text), Span::of_range(span));
        let place = excerpt.text[excerpt.place.clone()].to_owned();
        (excerpt.first_line, excerpt.text, place)
    }

    #[test]
    fn shows_the_lines_around() {
        let text = "FROM a\r\nRUN b\nCMD c\nUSER d\n";
        assert_eq!(shown(text, 12..13), (1, "FROM a\nRUN b\nCMD c\n".to_owned(), "b".to_owned()));
        assert_eq!(shown(text, 0..4), (1, "FROM a\nRUN b\n".to_owned(), "FROM".to_owned()));
        assert_eq!(shown(text, 20..26), (3, "CMD c\nUSER d\n".to_owned(), "USER d".to_owned()));
        assert_eq!(shown(text, 27..27).2, "");
        assert_eq!(shown("", 0..0), (1, "\n".to_owned(), String::new()));
        assert_eq!(shown("\u{feff}FROM a", 0..7), (1, "FROM a\n".to_owned(), "FROM".to_owned()));
        assert_eq!(shown("\u{feff}", 0..0), (1, "\n".to_owned(), String::new()));
    }

    #[test]
    fn cuts_long_lines_and_tames_control_characters() {
        let text = format!("RUN {}\u{1b}[31mX{}", "é".repeat(200), "b".repeat(200));
        let at = text.find('X').unwrap();
        let (_, shown, place) = shown(&text, at..at + 1);
        assert_eq!(place, "X");
        assert!(shown.starts_with('…') && shown.ends_with("…\n") && !shown.contains('\u{1b}'), "{shown}");
        assert!(shown.chars().count() < 200);
    }
}
