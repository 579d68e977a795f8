//! References to images.

use crate::ast::{Image, Word};

/// Splits a reference into its parts. What stands in `${…}` is no part of its own: `${TAG:-1.2}` has no tag.
pub(super) fn image<'a>(word: Word<'a>) -> Image<'a> {
    let mut at_sign = None;
    let mut slash = None;
    let mut last_colon = None;
    let mut registry_like = false;
    let mut depth = 0_usize;
    let mut before = 0;
    for (at, byte) in word.bytes().enumerate() {
        match byte {
            b'{' if before == b'$' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ if depth > 0 || at_sign.is_some() => {}
            b'@' => at_sign = Some(at),
            b'/' => {
                if slash.is_none() {
                    slash = Some(at);
                    registry_like |= last_colon.is_some();
                }
                last_colon = None;
            }
            b':' => last_colon = last_colon.or(Some(at)),
            b'.' if slash.is_none() => registry_like = true,
            _ => {}
        }
        before = byte;
    }
    let end = at_sign.unwrap_or(word.len());
    let name_end = last_colon.unwrap_or(end);
    let registry = slash.filter(|slash| registry_like || word.get(..*slash) == Some("localhost"));
    Image {
        registry: registry.map(|slash| word.part(0..slash)),
        name: word.part(registry.map_or(0, |slash| slash + 1)..name_end),
        tag: last_colon.map(|colon| word.part(colon + 1..end)),
        digest: at_sign.map(|at| word.part(at + 1..word.len())),
        word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn parts() {
        type Parts<'p> = (Option<&'p str>, &'p str, Option<&'p str>, Option<&'p str>);
        let cases: [(&str, Parts<'_>); 14] = [
            ("alpine", (None, "alpine", None, None)),
            ("alpine:3.20", (None, "alpine", Some("3.20"), None)),
            ("library/alpine", (None, "library/alpine", None, None)),
            ("ghcr.io/a/b:1@sha256:00", (Some("ghcr.io"), "a/b", Some("1"), Some("sha256:00"))),
            ("localhost/a", (Some("localhost"), "a", None, None)),
            ("localhost:5000/a:b", (Some("localhost:5000"), "a", Some("b"), None)),
            ("host:5000/a", (Some("host:5000"), "a", None, None)),
            ("a/b.c/d", (None, "a/b.c/d", None, None)),
            ("a@sha256:0", (None, "a", None, Some("sha256:0"))),
            ("${A:-x/y:z}", (None, "${A:-x/y:z}", None, None)),
            ("${R}/a:${T:-1:2}", (None, "${R}/a", Some("${T:-1:2}"), None)),
            ("$R/a:$T", (None, "$R/a", Some("$T"), None)),
            ("a:", (None, "a", Some(""), None)),
            ("", (None, "", None, None)),
        ];
        for (text, expected) in cases {
            let image = image(Word::borrowed(text, Span::of_range(0..text.len())));
            let found = (image.registry.as_deref(), image.name.as_str(), image.tag.as_deref(), image.digest.as_deref());
            assert_eq!(found, expected, "{text}");
        }
    }
}
