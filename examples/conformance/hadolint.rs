//! hadolint's rules: `conformance hadolint` answers in the format of `hadolint.jsonl`.

use plimsoll::rules::Preset;
use plimsoll::{LineIndex, Linter, Options, Source, parse};
use serde_json::{Value, json};

/// What the preset `hadolint` says of a file, each finding on the first line of its instruction, as hadolint has it.
pub(crate) fn record(name: &str, bytes: &[u8]) -> Value {
    let findings = Source::decode(bytes).map(|source| findings(source.text())).unwrap_or_default();
    json!({"name": name, "findings": findings})
}

fn findings(text: &str) -> Vec<Value> {
    let Ok(linter) = Linter::new(Options { preset: Preset::Hadolint, ..Options::default() }) else {
        return Vec::new();
    };
    let parsed = parse(text);
    let lines = LineIndex::new(text);
    let instructions = &parsed.dockerfile.instructions;
    let finding = |diagnostic: plimsoll::diagnostic::Diagnostic| {
        let at = diagnostic.span.start;
        let next = instructions.partition_point(|instruction| instruction.span.start <= at);
        let instruction = next.checked_sub(1).and_then(|number| instructions.get(number));
        let start = instruction.filter(|instruction| at <= instruction.span.end).map_or(at, |found| found.span.start);
        json!({
            "code": diagnostic.code,
            "level": diagnostic.severity.as_str(),
            "line": lines.line(start),
            "message": diagnostic.message,
        })
    };
    linter.lint_parsed(&parsed).into_iter().map(finding).collect()
}
