//! Where a text has a name in it, whatever the text means.

/// All that could be names of variables in a text, with where they begin.
///
/// ```
/// use plimsoll::semantic::mentions;
///
/// let found: Vec<_> = mentions("echo ${A_1:-x} 2b").map(|(_, name)| name).collect();
/// assert_eq!(found, ["echo", "A_1", "x"]);
/// ```
pub fn mentions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            let start = at + rest.iter().position(is_of_name)?;
            let word = bytes.get(start..)?;
            let length = word.iter().position(|byte| !is_of_name(byte)).unwrap_or(word.len());
            at = start + length;
            if !word.first().is_some_and(u8::is_ascii_digit) {
                return Some((start, text.get(start..at)?));
            }
        }
    })
}
