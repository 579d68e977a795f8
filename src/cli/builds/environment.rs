//! The variables that builds are described with.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::interpolation::interpolate;

/// The values in no `.env` that anybody wrote are longer, all together.
const LONGEST: usize = 4 << 20;

/// Variables by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    variables: Arc<HashMap<String, String>>,
}

impl Environment {
    /// Those of the process.
    pub(crate) fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { variables: Arc::new(std::env::vars_os().filter_map(text).collect()) }
    }

    #[cfg(test)]
    pub(super) fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self { variables: Arc::new(variables.map(own).into()) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// How many variables there are.
    pub(super) fn len(&self) -> usize {
        self.variables.len()
    }

    /// The same with what `.env` in a directory says of variables that are not set.
    pub(super) fn with_file_in(&self, directory: &Path) -> Self {
        self.with_text(&text_in(directory))
    }

    /// The same, where there is a `.env` that sets this variable, and the process does not.
    pub(super) fn with_file_in_that_says(&self, directory: &Path, name: &str) -> Option<Self> {
        if self.get(name).is_some() {
            return None;
        }
        let text = text_in(directory);
        text.contains(name).then(|| self.with_text(&text))
    }

    /// The same with what the text of a `.env` says.
    pub(super) fn with_text(&self, text: &str) -> Self {
        let mut environment = self.clone();
        let mut left = LONGEST;
        for (name, value) in text.lines().filter_map(|line| assignment(line, self)) {
            left = left.saturating_sub(value.len());
            if left == 0 {
                break;
            }
            Arc::make_mut(&mut environment.variables).entry(name).or_insert(value);
        }
        environment
    }
}

/// The text of `.env` in a directory; nothing, where there is none.
pub(super) fn text_in(directory: &Path) -> String {
    super::text_of(&directory.join(".env")).unwrap_or_default()
}

/// `NAME=value` in a line, the value with or without quotes.
fn assignment(line: &str, environment: &Environment) -> Option<(String, String)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
    let value = value.trim();
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| Some(rest.split_once(quote)?.0));
    let value = match (quoted('\''), quoted('"')) {
        (Some(literal), _) => literal.to_owned(),
        (None, Some(quoted)) => interpolate(quoted, environment)?,
        (None, None) => {
            let end = value.find(" #").unwrap_or(value.len());
            interpolate(value.get(..end).unwrap_or(value).trim_end(), environment)?
        }
    };
    Some((name.trim().to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_file() {
        let environment = Environment::of([("A", "a")]);
        let cases = [
            ("B=b", Some("b")),
            ("export B = b # why", Some("b")),
            ("B='$A'", Some("$A")),
            ("B=\"$A b\" # why", Some("a b")),
            ("B=${C:-c}", Some("c")),
            ("B=$C", None),
            ("B=", Some("")),
            ("# B=b", None),
            ("B", None),
        ];
        for (line, expected) in cases {
            let found = assignment(line, &environment);
            assert_eq!(found.as_ref().map(|(_, value)| value.as_str()), expected, "{line}");
        }
    }
}
