//! `${NAME:-default}` as `docker compose` replaces it.

use super::environment::Environment;

/// No text that anybody wrote nests defaults deeper.
const DEEPEST: usize = 16;
/// No text that anybody wrote gets longer.
const LONGEST: usize = 64 << 10;

/// The text with its variables replaced; none where one of them has no value that can be told.
pub(super) fn interpolate(text: &str, environment: &Environment) -> Option<String> {
    replace(text, environment, DEEPEST)
}

fn replace(text: &str, environment: &Environment, depth: usize) -> Option<String> {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        replaced.push_str(before);
        if replaced.len() > LONGEST {
            return None;
        }
        if let Some(after) = after.strip_prefix('$') {
            replaced.push('$');
            rest = after;
        } else if let Some(after) = after.strip_prefix('{') {
            let end = end_of_braces(after)?;
            let inside = after.get(..end)?;
            replaced.push_str(&braced(inside, environment, depth.checked_sub(1)?)?);
            rest = after.get(end + 1..)?;
        } else {
            let length = name_length(after);
            replaced.push_str(environment.get(after.get(..length).filter(|name| !name.is_empty())?)?);
            rest = after.get(length..)?;
        }
    }
    replaced.push_str(rest);
    Some(replaced)
}

/// What stands between the braces of `${…}`.
fn braced(inside: &str, environment: &Environment, depth: usize) -> Option<String> {
    let length = name_length(inside);
    let (name, rest) = inside.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    let value = environment.get(name);
    let (value, operator) = match rest.strip_prefix(':') {
        Some(operator) => (value.filter(|value| !value.is_empty()), operator),
        None => (value, rest),
    };
    let mut operator = operator.chars();
    let operation = operator.next();
    let operand = operator.as_str();
    match (operation, value) {
        // Nobody knows what those set who run it, where there is nothing else to take.
        (None | Some('?'), value) => value.map(str::to_owned),
        (Some('-'), Some(value)) => Some(value.to_owned()),
        (Some('-'), None) => replace(operand, environment, depth),
        (Some('+'), Some(_)) => replace(operand, environment, depth),
        (Some('+'), None) => Some(String::new()),
        _ => None,
    }
}

fn name_length(text: &str) -> usize {
    let is_name =
        |(at, byte): &(usize, u8)| byte.is_ascii_alphabetic() || *byte == b'_' || *at > 0 && byte.is_ascii_digit();
    text.bytes().enumerate().take_while(is_name).count()
}

/// Where the `}` stands that ends what `{` began.
fn end_of_braces(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if at > 0 && bytes.get(at - 1) == Some(&b'$') => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let environment = Environment::of([("A", "a"), ("EMPTY", "")]);
        let cases = [
            ("plain", Some("plain")),
            ("$A-${A}", Some("a-a")),
            ("$$A", Some("$A")),
            ("${A:-b}", Some("a")),
            ("${B:-b}", Some("b")),
            ("${B-b}", Some("b")),
            ("${EMPTY:-b}", Some("b")),
            ("${EMPTY-b}", Some("")),
            ("${B:-${C:-c}}x", Some("cx")),
            ("${B:-$A}", Some("a")),
            ("${A:+yes}", Some("yes")),
            ("${B:+yes}", Some("")),
            ("${A?told}", Some("a")),
            ("${B?told}", None),
            ("$B", None),
            ("${B}", None),
            ("${", None),
            ("$", None),
            ("${A/x}", None),
        ];
        for (text, expected) in cases {
            assert_eq!(interpolate(text, &environment).as_deref(), expected, "{text}");
        }
        let long = Environment::of([("A", &"a".repeat(1000))]);
        assert_eq!(interpolate(&"$A".repeat(1000), &long), None);
        let deep = "${B:-".repeat(100_000) + &"}".repeat(100_000);
        assert_eq!(interpolate(&deep, &environment), None);
    }
}
