/// The one of `known` that `written` is most likely a misspelling of, where it is near enough.
pub(crate) fn nearest<T: Copy + AsRef<str>>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    // Nobody misspells a word so that it gets twice as long, and the distance takes time that grows with the length.
    if written.len() > 24 {
        return None;
    }
    let written = written.to_lowercase();
    let letters = letters_of(&written);
    let most = |known: &T| known.as_ref().len().max(3) / 3;
    let mut best: Option<(usize, T)> = None;
    for known in known {
        // Words are at least as far apart as their lengths are, and a slip changes two letters of a word at the most.
        let far = written.is_ascii() && known.as_ref().len().abs_diff(written.len()) > most(&known);
        if far || (letters ^ letters_of(known.as_ref())).count_ones() as usize > 2 * most(&known) {
            continue;
        }
        let distance = strsim::osa_distance(&written, &known.as_ref().to_lowercase());
        if distance <= most(&known) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, known));
        }
    }
    best.map(|(_, known)| known)
}

/// The letters of a word, a bit each, upper case as lower; what is not ASCII has one bit for all.
fn letters_of(word: &str) -> u64 {
    word.chars().fold(0, |letters, c| letters | 1 << if c.is_ascii() { c.to_ascii_lowercase() as u32 % 63 } else { 63 })
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

    /// The words that are passed over are too far away.
    #[test]
    fn passes_over_only_what_is_far() {
        let words = [
            "env", "nev", "EVN", "expose", "exspoe", "Exposed", "label", "lable", "é", "user", "sure", "volume", "vol",
        ];
        for written in words {
            for known in words {
                let distance = strsim::osa_distance(&written.to_lowercase(), &known.to_lowercase());
                let expected = (distance <= known.len().max(3) / 3).then_some(known);
                assert_eq!(nearest(written, [known]), expected, "{written} {known}");
            }
        }
    }
}
