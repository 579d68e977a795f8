//! The values of compose files, as `docker compose` takes them.

use crate::yaml::{self, Kind};

/// A node of a file that was read.
pub(super) type Node<'y> = yaml::Node<'y, 'static>;

/// The text of a scalar that is not null.
pub(super) fn text(node: Node<'_>) -> Option<&str> {
    node.text().filter(|_| node.kind() != Kind::Null)
}

/// Whether nothing stays of what earlier files say.
pub(super) fn replaces(node: Node<'_>) -> bool {
    matches!(node.tag(), Some("reset" | "override"))
}

/// The text of a scalar as it is printed into a text: what is plain is read as a number first.
pub(super) fn printed(node: Node<'_>) -> Option<String> {
    match node.is_plain() && node.tag().is_none() {
        true => as_go_prints(node.text()?),
        false => text(node).map(str::to_owned),
    }
}

/// The text of a plain scalar as Go prints the value that its YAML library takes it for, so that `3.10` is `3.1`; none where
/// it is a date.
fn as_go_prints(text: &str) -> Option<String> {
    match text {
        "true" | "True" | "TRUE" => return Some("true".to_owned()),
        "false" | "False" | "FALSE" => return Some("false".to_owned()),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some("+Inf".to_owned()),
        "-.inf" | "-.Inf" | "-.INF" => return Some("-Inf".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return Some("NaN".to_owned()),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Some(text.to_owned());
    }
    let plain = text.replace('_', "");
    if let Some(integer) = integer(&plain) {
        return Some(integer.to_string());
    }
    if is_float(&plain) {
        return plain.parse::<f64>().ok().map(float);
    }
    if is_date(text) { None } else { Some(text.to_owned()) }
}

/// An integer as Go's `ParseInt` reads it when it is told no base.
fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, text.get(1..)?),
        b'+' => (1, text.get(1..)?),
        _ => (1, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        Some(_) if lower.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    i64::from_str_radix(digits, base).ok().filter(|_| !digits.starts_with(['+', '-'])).map(|number| sign * number)
}

fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(mantissa, rest)| (mantissa, Some(rest)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    are_digits(whole)
        && are_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && are_digits(exponent))
}

/// A number as `%v` prints it.
fn float(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let shown = format!("{number:e}");
        let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    number.to_string()
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut digits = |most: usize| {
        parts.next().is_some_and(|part| {
            let count = part.bytes().take_while(u8::is_ascii_digit).count();
            count > 0 && count <= most
        })
    };
    digits(4) && digits(2) && digits(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_as_go_prints_them() {
        let cases = [
            ("3.10", Some("3.1")),
            ("1.0", Some("1")),
            ("22", Some("22")),
            ("010", Some("8")),
            ("08", Some("8")),
            ("0x1F", Some("31")),
            ("1_000", Some("1000")),
            ("1e3", Some("1000")),
            ("1e21", Some("1e+21")),
            ("0.00001", Some("1e-05")),
            ("1.2.3", Some("1.2.3")),
            ("True", Some("true")),
            ("yes", Some("yes")),
            ("-", Some("-")),
            ("2020-01-31", None),
            ("2020-x", Some("2020-x")),
            ("a", Some("a")),
        ];
        for (text, expected) in cases {
            assert_eq!(as_go_prints(text).as_deref(), expected, "{text}");
        }
    }
}
