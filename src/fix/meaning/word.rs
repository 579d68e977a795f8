//! Whether two words come to the same.

use crate::ast::Escape;
use crate::semantic::{Budget, Lookup, Syntax, Value, expand, expand_words};

/// What variables may hold; a word that comes to the same with each comes to the same.
const VALUES: [Lookup<'static>; 3] = [Lookup::Unset, Lookup::Set(""), Lookup::Set("\u{1} \u{2}")];

/// Whether two words of an instruction come to the same, whatever the variables in them hold.
pub(super) fn same_value(before: &str, after: &str, escape: Escape) -> bool {
    if before == after {
        return true;
    }
    let budget = Budget::for_length(before.len() + after.len());
    VALUES.into_iter().all(|value| {
        let read = |word: &str| {
            let expansion = expand(word, Syntax::words(escape), &budget, |_| value);
            let names: Vec<String> = expansion.references.iter().map(|found| found.name.to_owned()).collect();
            let value = match (expansion.error, expansion.value) {
                (None, Value::Known(value)) => Some(value.into_owned()),
                _ => None,
            };
            (value, names)
        };
        let (before, after) = (read(before), read(after));
        before.0.is_some() && before == after
    })
}

/// Whether two words of an `EXPOSE` come to the same ports of the container, whatever the variables in them hold.
pub(super) fn same_ports(before: &str, after: &str, escape: Escape) -> bool {
    if before == after {
        return true;
    }
    let budget = Budget::for_length(before.len() + after.len());
    VALUES.into_iter().all(|value| {
        let read = |word: &str| {
            let (expansion, words) = expand_words(word, Syntax::words(escape), &budget, |_| value);
            let names: Vec<String> = expansion.references.iter().map(|found| found.name.to_owned()).collect();
            (words.map(|words| words.iter().map(|word| port(word)).collect::<Vec<_>>()), names)
        };
        let (before, after) = (read(before), read(after));
        before.0.is_some() && before == after
    })
}

/// A port as an image has it: without what maps it, and with its protocol.
fn port(word: &str) -> String {
    let own = word.rsplit(':').next().unwrap_or(word);
    let (number, protocol) = own.split_once('/').unwrap_or((own, "tcp"));
    format!("{number}/{}", protocol.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_come_to_the_same() {
        let cases = [
            ("a b", "\"a b\"", true),
            ("a b", "'a b'", true),
            ("a $b", "\"a $b\"", true),
            ("a $b", "'a $b'", false),
            ("a $b", "\"a $c\"", false),
            ("a${b}", "a$b", true),
            ("a${b:-}", "a$b", true),
            ("a${b:-x}", "a$b", false),
            ("a\\ b", "\"a b\"", true),
            ("a", "b", false),
            ("${b:?}", "$b", false),
        ];
        for (before, after, expected) in cases {
            assert_eq!(same_value(before, after, Escape::Backslash), expected, "{before} {after}");
        }
    }

    #[test]
    fn ports_that_are_the_same() {
        let cases = [
            ("80", "80/tcp", true),
            ("80/TCP", "80", true),
            ("127.0.0.1:80:90/UDP", "90/udp", true),
            ("80:90", "80", false),
            ("$p", "80", false),
            ("\"$p\"", "$p", false),
            ("\"80\"", "80", true),
        ];
        for (before, after, expected) in cases {
            assert_eq!(same_ports(before, after, Escape::Backslash), expected, "{before} {after}");
        }
    }
}
