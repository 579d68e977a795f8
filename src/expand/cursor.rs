//! A place in a text.

use super::name::{is_digit, is_of_name};

/// A text and how far it is read.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        // The scanner that the reference reads with skips a byte order mark.
        Self { text, at: if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 } }
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(crate) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text from `start` up to here.
    pub(crate) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(crate) fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    }

    /// Goes on to the next byte that is one of those, which are the first bytes of characters.
    pub(crate) fn skip_to(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.at += rest.bytes().position(wanted).unwrap_or(rest.len());
    }

    /// The name of a variable: digits, one special character, or letters, digits and `_`; it may be empty.
    pub(crate) fn name(&mut self) -> &'t str {
        let start = self.at;
        match self.peek() {
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => self.at += 1,
            Some(c) if is_digit(c) => self.skip_while(is_digit),
            _ => {
                // Most are of ASCII, and need no decoding.
                self.skip_to(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
                self.skip_while(is_of_name);
            }
        }
        self.since(start)
    }
}
