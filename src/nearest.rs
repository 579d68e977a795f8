/// The one of `known` that `written` is most likely a misspelling of, where it is near enough.
pub(crate) fn nearest<T: Copy + AsRef<str>>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    // Nobody misspells a word so that it gets twice as long, and the distance takes time that grows with the length.
    if written.len() > 24 {
        return None;
    }
    let written = written.to_lowercase();
    let (letters, counts) = (letters_of(&written), counts_of(&written));
    let most = |known: &T| known.as_ref().len().max(3) / 3;
    let mut best: Option<(usize, T)> = None;
    for known in known {
        // Words are at least as far apart as their lengths are, and a slip changes two letters of a word at the most.
        let far = written.is_ascii() && known.as_ref().len().abs_diff(written.len()) > most(&known);
        let differing = 2 * most(&known);
        if far
            || (letters ^ letters_of(known.as_ref())).count_ones() as usize > differing
            || difference(counts, counts_of(known.as_ref())) > differing
        {
            continue;
        }
        let lower = known.as_ref().to_lowercase();
        let (written, lower) = without_common_ends(&written, &lower);
        let distance = strsim::osa_distance(written, lower);
        if distance <= most(&known) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, known));
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

/// The number of a letter, upper case as lower; all that is not ASCII has one.
fn number_of(letter: char) -> usize {
    if letter.is_ascii() { letter.to_ascii_lowercase() as usize % 63 } else { 63 }
}

/// Which letters a word has, a bit for each.
fn letters_of(word: &str) -> u64 {
    word.chars().fold(0, |letters, letter| letters | 1 << number_of(letter))
}

/// How often a word has each letter.
fn counts_of(word: &str) -> [u8; 64] {
    let mut counts = [0_u8; 64];
    for letter in word.chars() {
        if let Some(count) = counts.get_mut(number_of(letter)) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

/// How many letters one of two words has and the other has not.
fn difference(one: [u8; 64], other: [u8; 64]) -> usize {
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
