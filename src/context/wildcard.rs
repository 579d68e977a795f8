//! Wildcards in the sources of `COPY` and `ADD`: Go's `filepath.Match`, which is not how patterns of ignore files work.

/// Whether a path has a wildcard: `*`, `?` or `[`, not after a `\`.
pub(crate) fn has_wildcard(path: &[u8]) -> bool {
    let mut bytes = path.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'*' | b'?' | b'[' => return true,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    false
}

/// Whether `pattern` matches the whole of `name`. A malformed pattern matches nothing.
///
/// `*` and `?` match no `/`, but `[^a]` does.
pub(crate) fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    while !pattern.is_empty() {
        let (star, chunk, rest) = split(pattern);
        if star && chunk.is_empty() {
            return !name.contains(&b'/');
        }
        pattern = rest;
        let fits = |left: &[u8]| left.is_empty() || !rest.is_empty();
        if let Some(left) = take(chunk, name).filter(|left| fits(left)) {
            name = left;
            continue;
        }
        if !star {
            return false;
        }
        let mut skipped = name;
        loop {
            match skipped.split_first() {
                None | Some((b'/', _)) => return false,
                Some((_, left)) => skipped = left,
            }
            if let Some(left) = take(chunk, skipped).filter(|left| fits(left)) {
                name = left;
                break;
            }
        }
    }
    name.is_empty()
}

/// Whether the pattern begins with `*`, what follows up to the next `*`, and the rest.
fn split(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let body = pattern.get(stars..).unwrap_or_default();
    let mut in_class = false;
    let mut bytes = body.iter().enumerate();
    let mut end = body.len();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    (stars > 0, body.get(..end).unwrap_or_default(), body.get(end..).unwrap_or_default())
}

/// What is left of `name` after a chunk without stars.
fn take<'n>(chunk: &[u8], name: &'n [u8]) -> Option<&'n [u8]> {
    let (mut chunk, mut name) = (chunk, name);
    while let Some((first, rest)) = chunk.split_first() {
        match first {
            b'[' => {
                let (character, left) = character(name)?;
                let (found, after) = class(rest, character)?;
                if !found {
                    return None;
                }
                (chunk, name) = (after, left);
            }
            b'?' => {
                if name.first() == Some(&b'/') {
                    return None;
                }
                (_, name) = character(name)?;
                chunk = rest;
            }
            _ => {
                let (literal, rest) = if *first == b'\\' { rest.split_first()? } else { (first, rest) };
                let (byte, left) = name.split_first()?;
                if byte != literal {
                    return None;
                }
                (chunk, name) = (rest, left);
            }
        }
    }
    Some(name)
}

/// Whether a class holds a character, and what follows the class.
fn class(class: &[u8], wanted: char) -> Option<(bool, &[u8])> {
    let (negated, mut class) = match class.strip_prefix(b"^") {
        Some(rest) => (true, rest),
        None => (false, class),
    };
    let mut found = false;
    let mut is_first = true;
    loop {
        if let Some(rest) = class.strip_prefix(b"]")
            && !is_first
        {
            return Some((found != negated, rest));
        }
        is_first = false;
        let (low, rest) = member(class)?;
        class = rest;
        let mut high = low;
        if let Some(rest) = class.strip_prefix(b"-") {
            (high, class) = member(rest)?;
        }
        found |= (low..=high).contains(&wanted);
    }
}

/// A character of a class. The class goes on after it.
fn member(class: &[u8]) -> Option<(char, &[u8])> {
    let class = match class.split_first()? {
        (b'-' | b']', _) => return None,
        (b'\\', rest) => rest,
        _ => class,
    };
    let (character, rest) = character(class)?;
    let is_torn = character == char::REPLACEMENT_CHARACTER && class.len() - rest.len() == 1;
    (!is_torn && !rest.is_empty()).then_some((character, rest))
}

/// The first character and the rest; a byte that is no UTF-8 counts as U+FFFD.
fn character(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if first.is_ascii() {
        return Some((char::from(*first), rest));
    }
    let longest = bytes.get(..4).unwrap_or(bytes);
    let chunk = longest.utf8_chunks().next()?;
    match chunk.valid().chars().next() {
        Some(character) => Some((character, bytes.get(character.len_utf8()..)?)),
        None => Some((char::REPLACEMENT_CHARACTER, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_matches() {
        // `(pattern, name, whether it matches)`
        let cases = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[e-g]", "abc", false),
            ("ab[^c]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("*[a-ζ]", "A", false),
            ("a?b", "a/b", false),
            ("a*b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-]", "-", true),
            ("[x\\-]", "z", false),
            ("[]a]", "]", false),
            ("[-]", "-", false),
            ("[x-]", "x", false),
            ("[-x]", "x", false),
            ("\\", "a", false),
            ("[", "a", false),
            ("[^", "a", false),
            ("[^bc", "a", false),
            ("a[", "a", false),
            ("*x", "xxx", true),
            ("[^a]", "/", true),
            ("**", "a", true),
            ("**/a", "x/a", true),
            ("**/a", "a", false),
            ("", "", true),
            ("", "a", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
        assert!(matches(b"a?b", b"a\xffb"));
        assert!(!matches(b"a\xff", b"a\xfe"));
    }
}
