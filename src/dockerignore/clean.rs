//! Bytes as the reference's standard library treats them.

/// What stands for a byte that is not UTF-8.
const SUBSTITUTE: char = char::REPLACEMENT_CHARACTER;

/// The first character of `bytes` and its length; a byte that is not UTF-8 counts as U+FFFD, by itself.
pub(super) fn first_char(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let length = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    let valid = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    Some(valid.and_then(|text| text.chars().next()).map_or((SUBSTITUTE, 1), |c| (c, length)))
}

/// The characters of `bytes`.
pub(super) fn chars(mut bytes: &[u8]) -> impl Iterator<Item = char> {
    std::iter::from_fn(move || {
        let (c, length) = first_char(bytes)?;
        bytes = bytes.get(length..)?;
        Some(c)
    })
}

/// `bytes` without white space at either end.
pub(super) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let Some((c, length)) = first_char(bytes)
        && c.is_whitespace()
    {
        bytes = bytes.get(length..).unwrap_or_default();
    }
    while let Some(length) = last_space(bytes) {
        bytes = bytes.get(..bytes.len() - length).unwrap_or_default();
    }
    bytes
}

/// How long the last character is, if it is white space.
fn last_space(bytes: &[u8]) -> Option<usize> {
    (1..=bytes.len().min(4)).find(|length| {
        let last = bytes.get(bytes.len() - length..).unwrap_or_default();
        first_char(last).is_some_and(|(c, whole)| whole == *length && c.is_whitespace())
    })
}

/// The shortest path that means the same, as text alone can tell: no `.`, no `..` after a name, no `//`, no `/` at the end.
pub(super) fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.first() == Some(&b'/');
    let mut names: Vec<&[u8]> = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." if names.last().is_some_and(|last| *last != b"..") => drop(names.pop()),
            b".." if rooted => {}
            name => names.push(name),
        }
    }
    let mut cleaned = if rooted { vec![b'/'] } else { Vec::new() };
    cleaned.extend_from_slice(&names.join(&b'/'));
    if cleaned.is_empty() { b".".to_vec() } else { cleaned }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans() {
        let cases = [
            ("", "."),
            ("a//b/./c/", "a/b/c"),
            ("a/../b", "b"),
            ("../a/../..", "../.."),
            ("/../a/", "/a"),
            ("a/..", "."),
            ("!./foo", "!./foo"),
            ("!../..", "."),
        ];
        for (path, expected) in cases {
            assert_eq!(String::from_utf8(clean(path.as_bytes())).unwrap(), expected, "{path}");
        }
    }

    #[test]
    fn trims_what_unicode_calls_white_space() {
        assert_eq!(trim("\u{a0}\u{85} a\u{200b} \u{3000}\r".as_bytes()), "a\u{200b}".as_bytes());
        assert_eq!(trim(b"\xa0a\xa0"), b"\xa0a\xa0");
        assert_eq!(trim(b" \t"), b"");
    }

    #[test]
    fn each_byte_that_is_not_utf8_is_a_character() {
        assert_eq!(chars(b"a\xe2\x82b\xff\xc3\xa9").collect::<String>(), "a\u{fffd}\u{fffd}b\u{fffd}é");
    }
}
