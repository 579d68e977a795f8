//! Where the instruction begins that a finding is in.

use super::FileFindings;
use crate::parse::parse;
use crate::source::Span;

/// The instructions of a file; none, for an ignore file.
pub(super) struct Instructions {
    spans: Vec<Span>,
}

impl Instructions {
    pub(super) fn of(file: &FileFindings<'_>) -> Self {
        if file.is_ignore_file || file.diagnostics.is_empty() {
            return Self { spans: Vec::new() };
        }
        let parsed = parse(file.text);
        Self { spans: parsed.dockerfile.instructions.iter().map(|instruction| instruction.span).collect() }
    }

    /// The first byte of the instruction that holds `at`; `at` itself, where none does.
    pub(super) fn first_byte(&self, at: u32) -> u32 {
        let before = self.spans.partition_point(|span| span.start <= at);
        let instruction = before.checked_sub(1).and_then(|last| self.spans.get(last));
        instruction.filter(|span| at <= span.end).map_or(at, |span| span.start)
    }
}
