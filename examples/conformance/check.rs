//! BuildKit's checks: `conformance check` answers in the format of `check.jsonl`.

use plimsoll::ast::Instruction;
use plimsoll::rules::Preset;
use plimsoll::{LineIndex, Linter, Options, Parsed, Rejection, Source, parse};
use serde_json::{Value, json};

/// What `docker build --check` says of a file, experimental checks or not.
pub(crate) fn record(name: &str, bytes: &[u8], experimental: bool) -> Value {
    let Ok(source) = Source::decode(bytes) else {
        return json!({"name": name, "ok": false, "error": "not text", "warnings": []});
    };
    let mut answer = answer(source.text(), experimental);
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("name".to_owned(), name.into());
    }
    answer
}

fn answer(text: &str, experimental: bool) -> Value {
    let Ok(linter) = Linter::new(Options { preset: Preset::Buildkit, ..Options::default() }) else {
        return Value::Null;
    };
    let linter = if experimental { linter.with_experimental() } else { linter };
    let parsed = parse(text);
    let lines = LineIndex::new(text);
    let mut warnings = Vec::new();
    for diagnostic in linter.lint_parsed(&parsed) {
        if !plimsoll::rules::find(diagnostic.name).is_some_and(|rule| rule.is_check_of_buildkit()) {
            continue;
        }
        let (start, end) = place(&parsed, &lines, diagnostic.code, diagnostic.span.start);
        warnings.push(json!({
            "rule": diagnostic.code,
            "start_line": start,
            "end_line": end,
            "detail": diagnostic.message,
        }));
    }
    let error = parsed.errors.iter().find(|error| error.rejection != Rejection::Trigger);
    json!({"ok": error.is_none(), "error": error.map(ToString::to_string), "warnings": warnings})
}

/// The lines of the instruction at an offset. BuildKit sees an empty continuation when it has read the whole line.
fn place(parsed: &Parsed<'_>, lines: &LineIndex, code: &str, offset: u32) -> (u32, u32) {
    let instructions = &parsed.dockerfile.instructions;
    let next = instructions.partition_point(|instruction| instruction.span.start <= offset);
    let Some(Instruction { header, span, .. }) = next.checked_sub(1).and_then(|at| instructions.get(at)) else {
        return (lines.line(offset), lines.line(offset));
    };
    if code == "NoEmptyContinuation" {
        return (lines.line(header.end), lines.line(header.end));
    }
    (lines.line(span.start), lines.line(span.end))
}
