/// The one of `known` that `written` is most likely a misspelling of, where it is near enough.
pub(crate) fn nearest<T: Copy + AsRef<str>>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    // Nobody misspells a word so that it gets twice as long, and the distance takes time that grows with the length.
    if written.len() > 24 {
        return None;
    }
    let written = written.to_lowercase();
    let letters = letters_of(&written);
    let mut best: Option<(usize, T)> = None;
    for known in known {
        let near_enough = known.as_ref().len().max(3) / 3;
        let most = best.map_or(near_enough, |(least, _)| near_enough.min(least - 1));
        // Words are at least as far apart as their lengths are, and a slip changes two letters of a word at the most.
        let are_plain = written.is_ascii() && known.as_ref().is_ascii();
        let is_far = known.as_ref().len().abs_diff(written.len()) > most
            || difference(letters, letters_of(known.as_ref())) > 2 * most;
        if are_plain && is_far {
            continue;
        }
        let lower = known.as_ref().to_lowercase();
        let (written, lower) = without_common_ends(&written, &lower);
        let distance = strsim::osa_distance(written, lower);
        if distance <= most {
            best = Some((distance, known));
        }
        if distance == 0 {
            break;
        }
    }
    best.map(|(_, known)| known)
}

/// Two words without what both begin with and what both end with, which makes no difference between them.
fn without_common_ends<'w>(one: &'w str, other: &'w str) -> (&'w str, &'w str) {
    let same = |(one, other): &(char, char)| one == other;
    let start: usize = one.chars().zip(other.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (one, other) = (one.get(start..).unwrap_or_default(), other.get(start..).unwrap_or_default());
    let end: usize = one.chars().rev().zip(other.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let before = |word: &'w str| word.get(..word.len() - end).unwrap_or_default();
    (before(one), before(other))
}

/// How often a word has each letter, upper case as lower. What is no letter counts as one of them.
fn letters_of(word: &str) -> [u8; 32] {
    let mut letters = [0_u8; 32];
    for byte in word.bytes() {
        if let Some(count) = letters.get_mut(usize::from(byte & 31)) {
            *count = count.saturating_add(1);
        }
    }
    letters
}

/// How many letters one of two words has and the other has not.
fn difference(one: [u8; 32], other: [u8; 32]) -> usize {
    one.iter().zip(other).map(|(one, other)| usize::from(one.abs_diff(other))).sum()
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
