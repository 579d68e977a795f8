//! The patterns of ignore files, as the reference reads them.

use plimsoll::dockerignore::{IgnoreFile, PatternErrorKind};
use serde_json::{Map, Value};

/// A case with our answer in place of the recorded one.
pub(crate) fn answer(case: &Value) -> Value {
    let mut answer = Map::new();
    for key in ["note", "base64"] {
        if let Some(value) = case.get(key) {
            answer.insert(key.to_owned(), value.clone());
        }
    }
    let bytes = decode(case.get("base64").and_then(Value::as_str).unwrap_or_default());
    let file = IgnoreFile::parse_bytes(".dockerignore", &bytes);
    let is_too_long = |kind: &PatternErrorKind| matches!(kind, PatternErrorKind::LineTooLong(_));
    if let Some(error) = file.errors.iter().find(|error| is_too_long(&error.kind)) {
        answer.insert("ok".to_owned(), false.into());
        answer.insert("error".to_owned(), error.kind.as_docker_says().into());
        return answer.into();
    }
    answer.insert("ok".to_owned(), true.into());
    let read = || file.patterns.iter().map(|pattern| pattern.read());
    answer.insert("patterns".to_owned(), read().map(text).collect());
    if read().any(|pattern| std::str::from_utf8(pattern).is_err()) {
        answer.insert("patterns_b64".to_owned(), read().map(encode).collect());
    }
    if let Some(error) = file.errors.first() {
        answer.insert("new_error".to_owned(), error.kind.as_docker_says().into());
    }
    answer.into()
}

/// The text of bytes, in which each one that is not UTF-8 is U+FFFD.
fn text(bytes: &[u8]) -> String {
    let chunks = bytes.utf8_chunks();
    chunks.map(|chunk| format!("{}{}", chunk.valid(), "\u{fffd}".repeat(chunk.invalid().len()))).collect()
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decode(text: &str) -> Vec<u8> {
    let values = text.bytes().filter_map(|letter| LETTERS.iter().position(|known| *known == letter));
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_usize, 0);
    for value in values {
        bits = (bits << 6 | value) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    bytes
}

fn encode(bytes: &[u8]) -> String {
    let letter = |bits: usize| LETTERS.get(bits & 63).map_or('=', |letter| char::from(*letter));
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([&0; 2]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let letters = [18, 12, 6, 0].map(|shift| letter(bits >> shift));
        text.extend(letters.into_iter().take(chunk.len() + 1).chain(['='; 2]).take(4));
    }
    text
}
