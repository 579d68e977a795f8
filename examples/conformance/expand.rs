//! Expansion: `conformance expand` reads the cases of `expand.jsonl` and answers each.

use std::collections::BTreeSet;

use plimsoll::ast::Escape;
use plimsoll::semantic::{Budget, Expansion, Lookup, State, Syntax, expand, expand_words};
use serde_json::{Value, json};

/// A case with our answer in place of the recorded one.
pub(crate) fn record(case: &Value) -> Value {
    let given = case.get("in").unwrap_or(&Value::Null);
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let flag = |name: &str| given.get(name).and_then(Value::as_bool).unwrap_or_default();
    let word = text("word");
    let syntax = Syntax {
        escape: if text("escape") == "`" { Escape::Backtick } else { Escape::Backslash },
        keep_quotes: flag("raw_quotes"),
        keep_escapes: flag("raw_escapes"),
        plain_quotes: flag("skip_process_quotes"),
        keep_unset: flag("skip_unset_env"),
    };
    let env = given.get("env");
    let values = |name: &str| env.and_then(|env| env.get(name)?.as_str()).map_or(Lookup::Unset, Lookup::Set);
    let expansion = expand(word, syntax, &Budget::for_length(word.len()), values);
    let (_, words) = expand_words(word, syntax, &Budget::for_length(word.len()), values);
    let error = expansion.error.as_ref().map(|error| error.to_string());
    let ok = error.is_none();
    let words = words.unwrap_or_default();
    let result = expansion.value.known().unwrap_or_default();
    json!({
        "in": given,
        "process_word": {"ok": ok, "error": error, "result": result, "unmatched": names(&expansion, State::Unset)},
        "process_words": {"ok": ok, "error": error, "words": words},
        "process_word_with_matches": {
            "ok": ok,
            "error": error,
            "result": result,
            "matched": names(&expansion, State::Set),
            "unmatched": names(&expansion, State::Unset),
            "words": words,
        },
    })
}

fn names<'w>(expansion: &Expansion<'w>, state: State) -> BTreeSet<&'w str> {
    expansion.references.iter().filter(|reference| reference.state == state).map(|reference| reference.name).collect()
}
