//! Whether a text can be a reference to an image.

/// Whether `text` names an image: `[host[:port]/]path[:tag][@digest]`, as registries have it.
///
/// ```
/// use plimsoll::semantic::is_image_reference;
///
/// assert!(is_image_reference("ghcr.io/a/b:1.2"));
/// assert!(!is_image_reference("alpine:"));
/// assert!(!is_image_reference("Alpine"));
/// ```
#[must_use]
pub fn is_image_reference(text: &str) -> bool {
    is_of_usual_shape(text) || is_reference(text)
}

fn is_reference(text: &str) -> bool {
    if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9')) {
        // That would be an image's identifier.
        return false;
    }
    let (domain, rest) = split_domain(text);
    let (rest, digest) = rest.split_once('@').map_or((rest, None), |(rest, digest)| (rest, Some(digest)));
    let (path, tag) = rest.split_once(':').map_or((rest, None), |(path, tag)| (path, Some(tag)));
    let library = if domain.is_none() && !path.contains('/') { "library/".len() } else { 0 };
    let length = domain.map_or("docker.io/".len(), |domain| domain.len() + 1) + library + path.len();
    length <= 255
        && domain.is_none_or(is_domain)
        && path.split('/').all(is_path_component)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest)
}

/// Whether `text` is like nearly all references: small letters and digits with `.`, `-` or `/` between them, and perhaps a tag.
fn is_of_usual_shape(text: &str) -> bool {
    let (mut in_tag, mut after_letter) = (false, false);
    for byte in text.bytes() {
        if matches!(byte, b'a'..=b'z' | b'0'..=b'9') {
            after_letter = true;
            continue;
        }
        match byte {
            b'.' | b'-' if after_letter => {}
            b'/' if after_letter && !in_tag => {}
            b':' if after_letter && !in_tag => in_tag = true,
            _ => return false,
        }
        after_letter = false;
    }
    after_letter && text.len() < 64
}

/// The registry that stands before the first `/`, and what follows.
fn split_domain(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((domain, rest)) if is_registry(domain) => (Some(domain), rest),
        _ => (None, text),
    }
}

/// Whether what stands before the first `/` is more than a part of the path.
fn is_registry(name: &str) -> bool {
    name.bytes().any(|byte| matches!(byte, b'.' | b':' | b'A'..=b'Z'))
        || name == "localhost"
        || !name.is_ascii() && name.to_lowercase() != name
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = match domain.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            let is_address = !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
            return is_address && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_number));
        }
        None => domain.split_once(':').map_or((domain, None), |(host, port)| (host, Some(port))),
    };
    let component = |component: &str| {
        !component.is_empty()
            && component.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !component.starts_with('-')
            && !component.ends_with('-')
    };
    host.split('.').all(component) && port.is_none_or(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Letters and digits with `.`, `_`, `__` or dashes between them.
fn is_path_component(component: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| is_plain(*byte));
    let is_separator =
        |separator: &[u8]| matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-');
    ends(bytes.first()) && ends(bytes.last()) && bytes.split(|byte| is_plain(*byte)).all(is_separator)
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, encoded)) = digest.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    encoded.len() == length && encoded.bytes().all(|byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9'))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn usual_shapes_are_references(text in "[a-z0-9.:/_A@-]{0,70}") {
            if is_of_usual_shape(&text) {
                proptest::prop_assert!(is_reference(&text), "{}", text);
            }
        }
    }

    #[test]
    fn references() {
        let digest = format!("a@sha256:{}", "0".repeat(64));
        let right = [
            "a",
            "a/b",
            "a.b/c",
            "localhost/a",
            "localhost:1/a",
            "a__b",
            "a--b",
            "a.b_c-d",
            "a:T.1-_",
            "UPPER/a",
            "[::1]:5/a",
            "docker.io/library/a",
            digest.as_str(),
        ];
        let wrong = [
            "",
            ":",
            "a:",
            "a@",
            "A",
            "a/B",
            "a b",
            "-a",
            "a-",
            "a..b",
            "a___b",
            "a//b",
            "/a",
            "a/",
            "a:b:c",
            "a:.b",
            "a@sha256:00",
            "a:b/c",
            "h:/a",
            "$a",
            "http://a/b",
        ];
        let failures: Vec<&str> = right
            .into_iter()
            .filter(|text| !is_image_reference(text))
            .chain(wrong.into_iter().filter(|text| is_image_reference(text)))
            .collect();
        assert!(failures.is_empty(), "{failures:?}");
    }
}
