/// The one of `known` that `written` is most likely a misspelling of, where it is near enough.
pub(crate) fn nearest<T: Copy + AsRef<str>>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    // Nobody misspells a word so that it gets twice as long, and the distance takes time that grows with the length.
    if written.len() > 24 {
        return None;
    }
    let written = written.to_lowercase();
    let within = |distance: usize, known: &T| distance * 3 <= known.as_ref().len().max(3);
    known
        .into_iter()
        // Words are at least as far apart as their lengths are.
        .filter(|known| !written.is_ascii() || within(known.as_ref().len().abs_diff(written.len()), known))
        .map(|known| (strsim::osa_distance(&written, &known.as_ref().to_lowercase()), known))
        .filter(|(distance, known)| within(*distance, known))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["from", "run", "copy", "maintainer", "cmd"];
        let cases = [
            ("FORM", Some("from")),
            ("rnu", Some("run")),
            ("MAINTIANER", Some("maintainer")),
            ("&&", None),
            ("apt-get", None),
            ("", None),
        ];
        for (written, expected) in cases {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
