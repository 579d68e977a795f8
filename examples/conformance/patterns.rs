//! Patterns and paths, as the reference's matcher answers.

use plimsoll::dockerignore::{Ignore, IgnoreFile, ParentResults, PatternError};
use serde_json::{Map, Value, json};

/// A case with our answer in place of the recorded one.
pub(crate) fn answer(case: &Value) -> Value {
    let mut answer = Map::new();
    for key in ["note", "patterns"] {
        if let Some(value) = case.get(key) {
            answer.insert(key.to_owned(), value.clone());
        }
    }
    let list = |key: &str| case.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let patterns = list("patterns");
    let patterns = patterns.iter().filter_map(Value::as_str);
    let ignore = match Ignore::new(&IgnoreFile::from_patterns("patterns", patterns)) {
        Ok(ignore) => ignore,
        Err(error) => {
            answer.insert("ok".to_owned(), false.into());
            answer.insert("error".to_owned(), error.kind.as_docker_says().into());
            answer.insert("paths".to_owned(), case.get("paths").cloned().unwrap_or_default());
            return answer.into();
        }
    };
    let cleaned = ignore.patterns().iter().map(|pattern| {
        let text = String::from_utf8_lossy(pattern.cleaned());
        json!({"pattern": text, "exclusion": pattern.exclusion})
    });
    answer.insert("ok".to_owned(), true.into());
    answer.insert("cleaned".to_owned(), cleaned.collect());
    answer.insert("exclusions".to_owned(), ignore.patterns().iter().any(|pattern| pattern.exclusion).into());
    let recorded = list("results");
    let unanswered = list("paths");
    let paths = recorded.iter().filter_map(|result| result.get("path")).chain(&unanswered).filter_map(Value::as_str);
    answer.insert("results".to_owned(), paths.map(|path| result(&ignore, path)).collect());
    answer.into()
}

fn result(ignore: &Ignore, path: &str) -> Value {
    let mut result = Map::from_iter([("path".to_owned(), path.into())]);
    let mut say = |name: &str, answer: Result<bool, PatternError>| {
        result.insert(name.to_owned(), (*answer.as_ref().unwrap_or(&false)).into());
        if let Err(error) = answer {
            result.insert(format!("{name}_error"), error.kind.as_docker_says().into());
        }
    };
    say("using_parent_results", walk(ignore, path.as_bytes()));
    say("matches_or_parent", ignore.matches_or_parent_matches(path.as_bytes()));
    result.into()
}

/// What the walk says once it has come down to a path.
fn walk(ignore: &Ignore, path: &[u8]) -> Result<bool, PatternError> {
    let (mut known, mut results) = (ignore.root(), ParentResults::default());
    for (at, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let Some(parent) = path.get(..at) else { continue };
        ignore.walk(parent, &known, &mut results)?;
        std::mem::swap(&mut known, &mut results);
    }
    ignore.walk(path, &known, &mut results)
}
