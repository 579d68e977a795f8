//! Ever larger parts of a file around a place.

use crate::lsp::document::Reading;
use crate::source::Span;

use super::cursor::{innermost, instruction_at, touches};
use super::tokens::spans_of;

/// The parts around a place, the smallest first, each in the next: from the word to the file.
pub(crate) fn selections(reading: &Reading<'_, '_>, offset: u32) -> Vec<Span> {
    let text = reading.text;
    let mut spans = vec![word_at(text, offset)];
    let dockerfile = &reading.parsed.dockerfile;
    spans.extend(dockerfile.comments.iter().map(|comment| comment.span));
    if let Some(instruction) = instruction_at(dockerfile, offset) {
        let inner = innermost(instruction, offset);
        spans.extend(spans_of(reading, inner));
        for script in reading.scripts.of(instruction) {
            spans.extend(script.nodes().map(|node| node.span()));
        }
        for heredoc in inner.heredocs() {
            spans.push(heredoc.body);
            spans.extend(heredoc.terminator.map(|terminator| heredoc.body.cover(terminator)));
        }
        spans.extend([inner.span, inner.header, instruction.header, instruction.span]);
    }
    for stage in &reading.model.stages {
        let end = stage.body.last().map_or(stage.instruction.span.end, |last| last.span.end);
        spans.push(Span::new(stage.instruction.span.start, end));
    }
    let whole = Span::of_range(0..text.len());
    spans.retain(|span| touches(*span, offset) && !span.is_empty());
    spans.push(whole);
    spans.sort_by_key(|span| span.len());
    let mut parts: Vec<Span> = Vec::new();
    for span in spans {
        if parts.last().is_none_or(|last| span.contains(*last) && span != *last) {
            parts.push(span);
        }
    }
    parts
}

/// The characters of a name around a place.
fn word_at(text: &str, offset: u32) -> Span {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let at = (offset as usize).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at..).unwrap_or_default();
    let start = before.trim_end_matches(is_of_word).len();
    let end = at + (after.len() - after.trim_start_matches(is_of_word).len());
    Span::of_range(start..end)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file};
    use super::*;

    #[test]
    fn ever_more() {
        check(
            &[
                (
                    "FROM a\nRUN é | echo \"x ${A‸B}\" && c\nFROM b\n",
                    "AB < ${AB} < \"x ${AB}\" < echo \"x ${AB}\" < é | echo \"x ${AB}\" < é | echo \"x ${AB}\" && c < RUN é | echo \"x ${AB}\" && c \
                     < FROM a~RUN é | echo \"x ${AB}\" && c < file",
                ),
                (
                    "FROM a\nCOPY --from=é-b‸ x y\n",
                    "b < é-b < --from=é-b < COPY --from=é-b x y < FROM a~COPY --from=é-b x y < file",
                ),
                ("FROM a\nONBUILD USER ‸b\n", "b < USER b < ONBUILD USER b < FROM a~ONBUILD USER b < file"),
                ("FROM a\nRUN <<E\nb ‸c\nE\n", "c < b c < b c~ < b c~E < RUN <<E~b c~E < FROM a~RUN <<E~b c~E < file"),
                ("FROM a\n# b ‸c\n", "c < # b c < file"),
                ("‸", ""),
            ],
            |text| {
                in_file(text, |reading, offset| {
                    let parts = selections(reading, offset);
                    let whole = Span::of_range(0..reading.text.len());
                    let shown = |span: &Span| {
                        if *span == whole && reading.text.contains("FROM") {
                            "file".to_owned()
                        } else {
                            span.of(reading.text).replace('\n', "~")
                        }
                    };
                    let shown = parts.iter().map(shown).collect::<Vec<_>>().join(" < ");
                    shown.strip_prefix("# é😀漢~").unwrap_or(&shown).to_owned()
                })
            },
        );
    }
}
