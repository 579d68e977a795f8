//! What an editor can fold.

use crate::ast::ItemKind;
use crate::lsp::document::Reading;
use crate::source::Span;

/// Something to fold: from the end of its first line to the end of its last one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fold {
    /// All of it; more than one line.
    pub(crate) span: Span,
    /// Whether it is made of comments.
    pub(crate) is_comment: bool,
}

/// What can be folded: stages, instructions of several lines, heredocs, and comments that stand together.
pub(crate) fn folds(reading: &Reading<'_, '_>) -> Vec<Fold> {
    let dockerfile = &reading.parsed.dockerfile;
    let mut spans: Vec<(Span, bool)> = Vec::new();
    for stage in &reading.model.stages {
        let end = stage.body.last().map_or(stage.instruction.span.end, |last| last.span.end);
        spans.push((Span::new(stage.instruction.span.start, end), false));
    }
    for instruction in &dockerfile.instructions {
        spans.push((instruction.header, false));
        for heredoc in instruction.heredocs() {
            let end = heredoc.terminator.map_or(heredoc.body.end, |terminator| terminator.end);
            spans.push((Span::new(heredoc.marker.start, end), false));
        }
    }
    let mut block: Option<Span> = None;
    for item in &dockerfile.items {
        let comment = match item.kind {
            ItemKind::Comment(index) => dockerfile.comments.get(index as usize).map(|comment| comment.span),
            _ => None,
        };
        match (comment, &mut block) {
            (Some(comment), Some(block)) => *block = block.cover(comment),
            (Some(comment), None) => block = Some(comment),
            (None, _) => spans.extend(block.take().map(|block| (block, true))),
        }
    }
    spans.extend(block.map(|block| (block, true)));
    let mut folds: Vec<Fold> = spans
        .into_iter()
        .filter(|(span, _)| span.of(reading.text).trim_end().contains('\n'))
        .map(|(span, is_comment)| Fold { span, is_comment })
        .collect();
    folds.sort_by_key(|fold| fold.span);
    folds.dedup();
    folds
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file};
    use super::*;

    #[test]
    fn what_folds() {
        check(
            &[
                (
                    "FROM a\nRUN b \\\n  é\n\n# x\n# y\nCOPY <<A <<B /\na\nA\nb\nB\nFROM c\n",
                    "FROM..B | RUN..é | # x..# y! | <<A..A | <<B..B",
                ),
                ("FROM a\nRUN <<E\nb\n", "FROM..b | <<E..b"),
                ("FROM a\n# x\n\n# y\n", ""),
                ("NOPE a \\\n b\n", "NOPE..b"),
            ],
            |text| {
                in_file(text, |reading, _| {
                    let shown = |fold: &Fold| {
                        let text = fold.span.of(reading.text).trim_end();
                        let first = text.split(if fold.is_comment { '\n' } else { ' ' }).next().unwrap_or_default();
                        let first = first.lines().next().unwrap_or_default();
                        let last = text.lines().last().unwrap_or_default().trim();
                        format!("{first}..{last}{}", if fold.is_comment { "!" } else { "" })
                    };
                    folds(reading).iter().map(shown).collect::<Vec<_>>().join(" | ")
                })
            },
        );
    }
}
