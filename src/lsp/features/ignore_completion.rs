//! What may be typed at a place of an ignore file.

use crate::lsp::document::IgnoreReading;
use crate::source::Span;

use super::completion::Completion;
use super::completion_rules::own_comments;
use super::ignore_hover::comment_at;
use super::paths;
use super::typed::line_start;

/// What may be typed at a place: paths that are there, and rules in comments.
pub(crate) fn complete(reading: &IgnoreReading<'_>, offset: u32) -> Vec<Completion> {
    let text = reading.text;
    if let Some((_, start)) = comment_at(text, offset).filter(|(_, start)| *start <= offset) {
        return own_comments(text, Span::new(start, offset).of(text), offset);
    }
    let Some(tree) = reading.tree else { return Vec::new() };
    let line = Span::new(line_start(text, offset), offset).of(text);
    let pattern = line.trim_start();
    let pattern = pattern.strip_prefix('!').map_or(pattern, str::trim_start);
    // In any directory: those at the root are a beginning.
    let path = pattern.strip_prefix("**/").unwrap_or(pattern);
    if path.rsplit_once('/').is_some_and(|(directory, _)| directory.contains(['*', '?', '['])) {
        return Vec::new();
    }
    let start = offset - Span::of_range(0..path.len()).end;
    paths::complete(tree.listing(), path, start, offset, text)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_ignore_file, written};
    use super::*;

    #[test]
    fn paths_and_rules() {
        let files = [("docs/a.md", ""), ("docs/é.md", ""), ("docs/sub/b", ""), ("c.txt", "")];
        check(
            &[
                ("‸", r#""": docs/ c.txt"#),
                ("*.md\n!d‸\n", r#""d": docs/ c.txt"#),
                ("docs/‸\n", r#""": sub/ a.md é.md"#),
                ("/docs/é‸.md\n", r#""é.md": sub/ a.md é.md"#),
                ("**/c‸\n", r#""c": docs/ c.txt"#),
                ("d*/‸\n", "nothing"),
                ("nope/‸\n", "nothing"),
                ("#‸ é\n", r#""": plimsoll ignore= plimsoll file-ignore="#),
                ("# plimsoll ignore=PL1021,shadowed-‸\n", r#""shadowed-": PL1019 PL1020 PL1021 …"#),
            ],
            |text| {
                in_ignore_file(&written(&files), text, |reading, offset| {
                    let items = complete(reading, offset);
                    let Some(first) = items.first() else { return "nothing".to_owned() };
                    let labels: Vec<&str> = items.iter().take(3).map(|item| item.label.as_str()).collect();
                    let more = if items.len() > 3 { " …" } else { "" };
                    format!("{:?}: {}{more}", first.replace.of(reading.text), labels.join(" "))
                })
            },
        );
    }
}
