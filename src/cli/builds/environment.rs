//! The variables that builds are described with.

use std::collections::HashMap;
use std::path::Path;

use super::interpolation::interpolate;

/// Variables by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    variables: HashMap<String, String>,
}

impl Environment {
    /// Those of the process.
    pub(crate) fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { variables: std::env::vars_os().filter_map(text).collect() }
    }

    #[cfg(test)]
    pub(super) fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self { variables: variables.map(own).into() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The same with what `.env` in a directory says of variables that are not set.
    pub(super) fn with_file_in(&self, directory: &Path) -> Self {
        self.with_text(&std::fs::read_to_string(directory.join(".env")).unwrap_or_default())
    }

    /// The same, where there is a `.env` that sets this variable, and the process does not.
    pub(super) fn with_file_in_that_says(&self, directory: &Path, name: &str) -> Option<Self> {
        if self.get(name).is_some() {
            return None;
        }
        let text = std::fs::read_to_string(directory.join(".env")).ok().filter(|text| text.contains(name))?;
        Some(self.with_text(&text))
    }

    fn with_text(&self, text: &str) -> Self {
        let mut environment = self.clone();
        for (name, value) in text.lines().filter_map(|line| assignment(line, &environment)).collect::<Vec<_>>() {
            environment.variables.entry(name).or_insert(value);
        }
        environment
    }
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
