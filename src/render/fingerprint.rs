//! What a finding is recognized by from one run to the next.

use std::collections::HashMap;

use super::FileFindings;
use crate::diagnostic::Diagnostic;
use crate::source::{LineIndex, Span};

/// No more of a line than this many bytes is looked at.
const LONGEST: u32 = 1024;

/// Gives the findings of all files their fingerprints.
///
/// They are made of the path, the code, the line and what is marked in it: not of the line's number, which changes with
/// each line that is written above, nor of the message, whose wording may change. What is alike is numbered.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u128, u32>,
}

impl Fingerprints {
    /// The fingerprint of the next finding: 32 hexadecimal digits.
    pub(super) fn next(&mut self, file: &FileFindings<'_>, diagnostic: &Diagnostic) -> String {
        let marked = marked(file.text, diagnostic.span);
        let alike = hash(&[file.path, diagnostic.code, line(file.text, &file.lines, diagnostic.span), marked]);
        let count = self.seen.entry(alike).or_default();
        *count += 1;
        let hash = if *count == 1 { alike } else { add(alike, &count.to_le_bytes()) };
        format!("{hash:032x}")
    }
}

/// What a finding of a rule is recognized by in its file: 32 hexadecimal digits, made of the line and what is marked in it.
/// Findings that look the same have the same.
pub(crate) fn fingerprint(rule: &str, text: &str, lines: &LineIndex, span: Span) -> String {
    format!("{:032x}", hash(&[rule, line(text, lines, span), marked(text, span)]))
}

/// The line on which a span begins.
fn line<'f>(text: &'f str, lines: &LineIndex, span: Span) -> &'f str {
    let start = lines.line_start(lines.line(span.start)).unwrap_or_default();
    cut(text, start).lines().next().unwrap_or_default().trim()
}

fn marked(text: &str, span: Span) -> &str {
    let text = cut(text, span.start);
    text.get(..span.len() as usize).unwrap_or(text)
}

/// What follows an offset, as far as it is looked at.
fn cut(text: &str, from: u32) -> &str {
    let rest = text.get(from as usize..).unwrap_or_default();
    let end = (0..=LONGEST as usize).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or_default();
    rest.get(..end).unwrap_or(rest)
}

// FNV-1a with 128 bits: the same on every machine and for all time, which the hasher of the standard library is not.
const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

fn hash(parts: &[&str]) -> u128 {
    parts.iter().fold(BASIS, |hash, part| add(add(hash, part.as_bytes()), &[0]))
}

fn add(hash: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_published() {
        assert_eq!(add(BASIS, b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(add(BASIS, b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
