//! How a text falls into words.

use std::ops::Range;

/// A word that a text falls into.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct SplitWord {
    pub(crate) text: String,
    /// Where it is written, from the first to the last of what became a part of it.
    pub(crate) range: Range<usize>,
}

/// The words of what was read so far.
#[derive(Default)]
pub(super) struct Words {
    text: String,
    range: Range<usize>,
    ended: Vec<SplitWord>,
}

impl Words {
    /// Says that what is added next is written from `at` on.
    pub(super) fn go_on_at(&mut self, at: usize) {
        if self.text.is_empty() {
            self.range.start = at;
        }
    }

    /// Adds to the word what is written up to `end`.
    pub(super) fn add(&mut self, text: &str, end: usize) {
        self.text.push_str(text);
        self.range.end = end;
    }

    /// Adds what a variable came to, and splits it at white space.
    pub(super) fn add_and_split(&mut self, value: &str, end: usize) {
        for (nth, part) in value.split(char::is_whitespace).enumerate() {
            if nth > 0 {
                self.end();
            }
            if !part.is_empty() {
                self.add(part, end);
            }
        }
    }

    /// Ends the word, where there is one.
    pub(super) fn end(&mut self) {
        if !self.text.is_empty() {
            self.ended.push(SplitWord { text: std::mem::take(&mut self.text), range: self.range.clone() });
        }
    }

    /// Forgets the word so far.
    pub(super) fn lose(&mut self) {
        self.text.clear();
    }

    pub(super) fn finish(mut self) -> Vec<SplitWord> {
        self.end();
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use crate::ast::Escape;
    use crate::expand::{Syntax, written_words};

    const AS_WRITTEN: Syntax = Syntax { keep_quotes: true, keep_escapes: true, ..Syntax::words(Escape::Backslash) };

    /// The words of `text`, each after what it is written as where that is something else.
    fn split(text: &str) -> Option<Vec<String>> {
        let words = written_words(text, AS_WRITTEN)?;
        let show = |written: &str, word: String| if written == word { word } else { format!("{written} is {word}") };
        Some(words.into_iter().map(|word| show(&text[word.range], word.text)).collect())
    }

    #[test]
    fn words_as_they_are_written() {
        let cases: [(&str, Option<&[&str]>); 22] = [
            ("RUN cat <<EOF", Some(&["RUN", "cat", "<<EOF"])),
            ("cat <<  EOF x", Some(&["cat", "<<  EOF", "x"])),
            ("cat<<EOF", Some(&["cat<<EOF"])),
            ("a 'b c' \"d e\"", Some(&["a", "'b c'", "\"d e\""])),
            ("it's", None),
            ("\"a", None),
            ("${a", None),
            ("${}", None),
            ("${a:-b", None),
            ("${a~b}", None),
            ("${a:#b}", None),
            ("${a:-b c}", Some(&["${a:-b c} is ${a:-b", "${a:-b c} is c}"])),
            ("x${a:-b}y z", Some(&["x${a:-b}y is ${a:-b}y", "z"])),
            ("x${a}y", Some(&["x${a}y"])),
            ("\\ a", Some(&["\\ a"])),
            ("${a//b/c}", Some(&["${a//b/c} is ${a/b/c}"])),
            ("${a/b/${c%d}}", Some(&["${a/b/${c%d}}"])),
            ("\"${a:-\"b\"}\"", Some(&["\"${a:-\"b\"}\""])),
            (" \u{a0}é\u{3000}\tü\n", Some(&["é", "ü"])),
            ("\u{feff}a b", Some(&["a", "b"])),
            ("a ''", Some(&["a", "''"])),
            ("", Some(&[])),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(split(text), expected, "{text}");
        }
    }
}
