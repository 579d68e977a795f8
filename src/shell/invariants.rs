//! What holds for the tree of any script. Checked on the corpus, on hostile scripts and by fuzzing.

use super::Script;
use crate::source::Span;

/// What does not hold for a script that stands in `source`: nothing, unless there is a defect.
///
/// - Nodes stand in their parents, in order, and end before their siblings begin.
/// - All ranges and spans are in bounds and begin and end between characters.
/// - Each character is in a node that holds text, or is a blank, a line feed or a continuation.
/// - The places of arguments, options and values are places.
#[must_use]
pub fn violations(script: &Script<'_>, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = script.text().as_str();
    let mut covered = 0;
    for node in script.nodes() {
        let range = node.range();
        if text.get(range.range()).is_none() || source.get(node.span().range()).is_none() {
            found.push(format!("{node:?} is out of bounds or splits a character"));
        }
        if let Some(parent) = node.parent()
            && (!parent.range().contains(range) || parent.index() >= node.index())
        {
            found.push(format!("{node:?} is not in {parent:?}"));
        }
        let mut end = range.start;
        for child in node.children() {
            if child.range().start < end || child.parent() != Some(node) {
                found.push(format!("{child:?} does not follow what is before it"));
            }
            end = child.range().end;
        }
        let is_outermost = node.kind().is_token() && range.start >= covered;
        if is_outermost && script.dialect().is_read() {
            uncovered(Span::new(covered, range.start), text, &mut found);
            covered = range.end;
        }
    }
    if script.dialect().is_read() {
        uncovered(Span::new(covered, Span::of_range(0..text.len()).end), text, &mut found);
    }
    for call in script.calls() {
        let mut check = |what: &str, span: Span| {
            if source.get(span.range()).is_none() {
                found.push(format!("{what} of {call:?} at {span:?} is out of bounds or splits a character"));
            }
        };
        check("the place", call.span());
        for argument in call.arguments().chain([call.name_argument()]) {
            check("an argument", argument.span());
        }
        for option in call.options() {
            check("an option", option.span());
            check("a value", option.value_span().unwrap_or_default());
            let _ = (option.written(), option.value());
        }
    }
    found
}

fn uncovered(range: Span, text: &str, found: &mut Vec<String>) {
    let rest = range.of(text).replace("\\\n", "");
    if rest.contains(|c: char| !matches!(c, ' ' | '\t' | '\n')) {
        found.push(format!("{rest:?} at {range:?} is in no node"));
    }
}
