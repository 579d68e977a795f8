//! YAML as a tree whose nodes know their lines.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Broken, line};

/// No file that anybody wrote nests deeper.
const DEEPEST: usize = 64;

/// A value and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    /// From 1.
    pub(super) line: u32,
    /// The tag without its handle: `reset` of `!reset`.
    pub(super) tag: Option<String>,
    pub(super) value: Value,
    depth: usize,
}

#[derive(Debug)]
pub(super) enum Value {
    Scalar { text: String, is_plain: bool },
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<Entry>),
}

/// A key of a mapping and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// The line of the key, from 1.
    pub(super) line: u32,
    pub(super) value: Rc<Node>,
}

impl Node {
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, is_plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar that is not null.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Rc<Self>] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping, those that `<<` brings too, each key once.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let Value::Mapping(own) = &self.value else { return Vec::new() };
        let mut entries: Vec<Entry> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut merged: Vec<Entry> = Vec::new();
        for entry in own {
            if entry.key == "<<" {
                match &entry.value.value {
                    Value::Sequence(items) => merged.extend(items.iter().flat_map(|item| item.entries())),
                    _ => merged.extend(entry.value.entries()),
                }
                continue;
            }
            match places.get(&entry.key).and_then(|place| entries.get_mut(*place)) {
                Some(known) => *known = entry.clone(),
                None => {
                    places.insert(entry.key.clone(), entries.len());
                    entries.push(entry.clone());
                }
            }
        }
        for entry in merged {
            if !places.contains_key(&entry.key) {
                places.insert(entry.key.clone(), entries.len());
                entries.push(entry);
            }
        }
        entries
    }

    pub(super) fn get(&self, key: &str) -> Option<Rc<Self>> {
        self.entries().into_iter().find(|entry| entry.key == key).map(|entry| entry.value)
    }
}

/// Something that was begun.
struct Open {
    anchor: usize,
    line: u32,
    tag: Option<String>,
    depth: usize,
    value: Value,
    /// The key whose value comes next.
    key: Option<(String, u32)>,
}

/// The documents of a text.
pub(super) fn read(text: &str) -> Result<Vec<Rc<Node>>, Broken> {
    let mut documents = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Rc<Node>> = HashMap::new();
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error| Broken { line: line(error.marker().line()), reason: error.info().to_owned() })?;
        let at = line(span.start.line());
        let tag = |tag: &Option<std::borrow::Cow<'_, Tag>>| tag.as_ref().map(|tag| tag.suffix.clone());
        let broken = |reason: &str| Broken { line: at, reason: reason.to_owned() };
        let begun = |anchor, tag, value| Open { anchor, line: at, tag, depth: 1, value, key: None };
        let (node, anchor) = match event {
            Event::SequenceStart(anchor, of) => {
                open.push(begun(anchor, tag(&of), Value::Sequence(Vec::new())));
                continue;
            }
            Event::MappingStart(anchor, of) => {
                open.push(begun(anchor, tag(&of), Value::Mapping(Vec::new())));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { anchor, line, tag, depth, value, .. }) = open.pop() else { continue };
                (Rc::new(Node { line, tag, value, depth }), anchor)
            }
            Event::Scalar(text, style, anchor, of) => {
                let value = Value::Scalar { text: text.into_owned(), is_plain: style == ScalarStyle::Plain };
                (Rc::new(Node { line: at, tag: tag(&of), value, depth: 1 }), anchor)
            }
            Event::Alias(anchor) => {
                let node = anchors.get(&anchor).cloned().ok_or_else(|| broken("the alias has no anchor"))?;
                (node, 0)
            }
            _ => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, Rc::clone(&node));
        }
        let Some(parent) = open.last_mut() else {
            documents.push(node);
            continue;
        };
        parent.depth = parent.depth.max(node.depth + 1);
        if parent.depth > DEEPEST || open.len() > DEEPEST {
            return Err(broken("it nests too deep"));
        }
        let Some(parent) = open.last_mut() else { continue };
        match &mut parent.value {
            Value::Sequence(items) => items.push(node),
            Value::Mapping(entries) => match parent.key.take() {
                Some((key, line)) => entries.push(Entry { key, line, value: node }),
                None => parent.key = Some((node.text().unwrap_or_default().to_owned(), node.line)),
            },
            Value::Scalar { .. } => {}
        }
    }
    Ok(documents)
}

/// The text of a plain scalar as Go prints the value that its YAML library takes it for, so that `3.10` is `3.1`; none where
/// it is a date.
pub(super) fn as_go_prints(text: &str) -> Option<String> {
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
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
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

    #[test]
    fn trees() {
        let text = "x: &a {b: 1, c: 2}\ny:\n  <<: *a\n  c: 3\nz: [*a, !reset null]\n";
        let root = read(text).unwrap().remove(0);
        let y = root.get("y").unwrap();
        assert_eq!((y.line, y.get("b").unwrap().text(), y.get("c").unwrap().text()), (3, Some("1"), Some("3")));
        let z = root.get("z").unwrap();
        assert!(z.items().get(1).is_some_and(|item| item.is_null() && item.tag.as_deref() == Some("reset")));
        assert_eq!(read("a: b: c\n").unwrap_err().line, 1);
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn depth_is_limited() {
        let nested = "[".repeat(10_000) + &"]".repeat(10_000);
        assert!(read(&nested).is_err());
        let mut chained = "a0: &a0 [x]\n".to_owned();
        for number in 1..10_000 {
            chained += &format!("a{number}: &a{number} [*a{}]\n", number - 1);
        }
        assert!(read(&chained).is_err());
    }
}
