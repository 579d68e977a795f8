//! Splits a line into words as BuildKit's shell lexer does, to find heredocs.
//!
//! Variables are left as they are written, for none has a value here. The reference recurses into `${…}`; here the open
//! constructs are on a stack of our own, so that no line is too deep.

use std::ops::Range;

/// What the lexer keeps of what it undoes.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    /// Quotes stay in the words.
    pub(super) quotes: bool,
    /// Escape characters stay in the words.
    pub(super) escapes: bool,
}

/// A word, and where its first and last characters stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LexedWord {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

/// A quote or a `${` has no end, or what stands in `${…}` is none of its forms.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unbalanced;

/// The words of `input`.
pub(super) fn words(input: &str, keep: Keep) -> Result<Vec<LexedWord>, Unbalanced> {
    // The scanner that the reference reads with skips a byte order mark.
    let at = if input.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut lexer = Lexer {
        input,
        at,
        keep,
        open: Vec::new(),
        result: String::new(),
        word: String::new(),
        word_range: 0..0,
        in_word: false,
        words: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.words)
}

/// Heredocs are lexed with `\` whatever the escape directive says.
const ESCAPE: char = '\\';

enum Open {
    /// `"…"`
    DoubleQuotes,
    /// A part of `${…}` up to `stop`.
    Part { stop: char, then: Then, escapes_before: bool },
}

/// What follows a part of `${…}`.
#[derive(Clone, Copy)]
enum Then {
    /// Nothing: it was the last.
    End,
    /// `${name/pattern/…`: the replacement.
    Replacement,
}

struct Lexer<'l> {
    input: &'l str,
    at: usize,
    keep: Keep,
    open: Vec<Open>,
    /// What the construct that is open at the top has come to so far.
    result: String,
    word: String,
    word_range: Range<usize>,
    in_word: bool,
    words: Vec<LexedWord>,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.input.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn run(&mut self) -> Result<(), Unbalanced> {
        while let Some(c) = self.peek() {
            match self.open.last() {
                Some(Open::DoubleQuotes) => self.in_double_quotes(c)?,
                Some(&Open::Part { stop, then, escapes_before }) if c == stop => {
                    self.next();
                    self.end_part(then, escapes_before);
                }
                Some(Open::Part { .. }) | None => self.anywhere(c)?,
            }
        }
        if self.open.is_empty() {
            self.end_word();
            Ok(())
        } else {
            Err(Unbalanced)
        }
    }

    /// Outside of double quotes, in a part of `${…}` or not.
    fn anywhere(&mut self, c: char) -> Result<(), Unbalanced> {
        let start = self.at;
        self.next();
        match c {
            '$' => return self.dollar(start),
            '\'' => {
                let quoted = self.input.get(self.at..).unwrap_or_default();
                let end = quoted.find('\'').ok_or(Unbalanced)?;
                self.at += end + 1;
                let kept = if self.keep.quotes { start..self.at } else { start + 1..self.at - 1 };
                let text = self.input.get(kept).unwrap_or_default();
                if self.open.is_empty() {
                    self.add_raw(text, start);
                } else {
                    self.result.push_str(text);
                }
            }
            '"' => {
                if self.keep.quotes {
                    self.result.push('"');
                }
                if self.open.is_empty() {
                    self.start_word(start);
                }
                self.open.push(Open::DoubleQuotes);
            }
            '<' => {
                // Blanks between `<<` and the name belong to the word.
                if self.peek() == Some('<') {
                    self.next();
                    while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) {
                        self.next();
                    }
                }
                let text = self.input.get(start..self.at).unwrap_or_default();
                if self.open.is_empty() {
                    self.add_raw(text, start);
                } else {
                    self.result.push_str(text);
                }
            }
            ESCAPE => {
                if self.keep.escapes {
                    self.add_escaped(ESCAPE, start);
                }
                if let Some(escaped) = self.next() {
                    self.add_escaped(escaped, start);
                }
            }
            _ if self.open.is_empty() => self.add(c, start),
            _ => self.result.push(c),
        }
        Ok(())
    }

    fn add_escaped(&mut self, c: char, start: usize) {
        if self.open.is_empty() {
            self.start_word(start);
            self.word.push(c);
            self.word_range.end = self.at;
        } else {
            self.result.push(c);
        }
    }

    fn in_double_quotes(&mut self, c: char) -> Result<(), Unbalanced> {
        let start = self.at;
        self.next();
        match c {
            '"' => {
                if self.keep.quotes {
                    self.result.push('"');
                }
                self.open.pop();
                if self.open.is_empty() {
                    self.flush_raw();
                }
            }
            '$' => return self.dollar(start),
            ESCAPE => {
                if self.keep.escapes {
                    self.result.push(ESCAPE);
                }
                match self.peek() {
                    None => {}
                    Some(escaped @ ('"' | '$' | ESCAPE)) => {
                        self.next();
                        self.result.push(escaped);
                    }
                    Some(_) => self.result.push(ESCAPE),
                }
            }
            _ => self.result.push(c),
        }
        Ok(())
    }

    /// After `$`.
    fn dollar(&mut self, start: usize) -> Result<(), Unbalanced> {
        let outermost = self.open.is_empty();
        if outermost {
            self.word_range = if self.word.is_empty() { start..start } else { self.word_range.clone() };
        }
        self.result.push('$');
        if self.peek() != Some('{') {
            self.name();
            self.end_dollar();
            return Ok(());
        }
        self.next();
        if matches!(self.peek(), None | Some('{' | '}' | ':')) {
            return Err(Unbalanced);
        }
        self.result.push('{');
        self.name();
        let c = self.next().ok_or(Unbalanced)?;
        self.result.push(c);
        match c {
            '}' => self.end_dollar(),
            ':' => {
                let modifier = self.next().ok_or(Unbalanced)?;
                self.result.push(modifier);
                self.begin_part('}', Then::End, matches!(modifier, '#' | '%'));
            }
            '+' | '-' | '?' | '#' | '%' => self.begin_part('}', Then::End, matches!(c, '#' | '%')),
            '/' => {
                if self.peek() == Some('/') {
                    self.next();
                }
                self.begin_part('/', Then::Replacement, true);
            }
            _ => return Err(Unbalanced),
        }
        Ok(())
    }

    fn begin_part(&mut self, stop: char, then: Then, escapes: bool) {
        self.open.push(Open::Part { stop, then, escapes_before: self.keep.escapes });
        self.keep.escapes = escapes;
        // The reference reads the part into the buffer that holds the word so far, and so loses the word.
        self.word.clear();
    }

    fn end_part(&mut self, then: Then, escapes_before: bool) {
        self.open.pop();
        self.keep.escapes = escapes_before;
        match then {
            Then::Replacement => {
                self.result.push('/');
                self.begin_part('}', Then::End, true);
            }
            Then::End => {
                self.result.push('}');
                self.end_dollar();
            }
        }
    }

    fn end_dollar(&mut self) {
        if !self.open.is_empty() {
            return;
        }
        let start = self.word_range.start;
        let result = std::mem::take(&mut self.result);
        for c in result.chars() {
            self.add(c, start);
        }
        self.result = result;
        self.result.clear();
    }

    fn flush_raw(&mut self) {
        self.in_word = true;
        self.word.push_str(&self.result);
        self.word_range.end = self.at;
        self.result.clear();
    }

    /// The name of a variable: digits, one special character, or letters, digits and `_`.
    fn name(&mut self) {
        let start = self.at;
        match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.next();
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.next();
            }
            _ => {
                while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.next();
                }
            }
        }
        let name = self.input.get(start..self.at).unwrap_or_default();
        self.result.push_str(name);
    }

    fn start_word(&mut self, start: usize) {
        if self.word.is_empty() {
            self.word_range = start..self.at;
        }
        self.in_word = true;
    }

    fn add_raw(&mut self, text: &str, start: usize) {
        self.start_word(start);
        self.word.push_str(text);
        self.word_range.end = self.at;
    }

    fn add(&mut self, c: char, start: usize) {
        if !c.is_whitespace() {
            self.start_word(start);
            self.word.push(c);
            self.word_range.end = self.at;
        } else if self.in_word && !self.word.is_empty() {
            self.end_word();
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.words.push(LexedWord { text: std::mem::take(&mut self.word), range: self.word_range.clone() });
            self.in_word = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(input: &str) -> Option<Vec<String>> {
        let words = words(input, Keep { quotes: true, escapes: true }).ok()?;
        Some(words.into_iter().map(|word| word.text).collect())
    }

    #[test]
    fn splits_as_the_reference_does() {
        let cases: [(&str, Option<&[&str]>); 14] = [
            ("RUN cat <<EOF", Some(&["RUN", "cat", "<<EOF"])),
            ("cat <<  EOF x", Some(&["cat", "<<  EOF", "x"])),
            ("cat<<EOF", Some(&["cat<<EOF"])),
            ("a 'b c' \"d e\"", Some(&["a", "'b c'", "\"d e\""])),
            ("it's", None),
            ("${a", None),
            ("${}", None),
            ("${a:-b c}", Some(&["${a:-b", "c}"])),
            ("x${a:-b}y", Some(&["${a:-b}y"])),
            ("x${a}y", Some(&["x${a}y"])),
            ("\\ a", Some(&["\\ a"])),
            ("${a//b/c}", Some(&["${a/b/c}"])),
            ("\"${a:-\"b\"}\"", Some(&["\"${a:-\"b\"}\""])),
            ("", Some(&[])),
        ];
        for (input, expected) in cases {
            let expected = expected.map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(split(input), expected, "{input}");
        }
    }

    #[test]
    fn no_line_is_too_deep() {
        let deep = "${a:-".repeat(200_000) + &"}".repeat(200_000);
        assert_eq!(split(&deep).map(|words| words.len()), Some(1));
    }
}
