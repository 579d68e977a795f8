//! The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`.
//!
//! The reference makes a regular expression of them: `*` is `.*` or `.*?`, `?` is `.`, which is no line feed. What it finds
//! is the leftmost match and, of those, the one that a backtracking search would meet first. The same is found here with
//! one thread per place in the pattern, in order of preference.

use super::ExpansionError;
use super::name::is_of_name;

enum Token {
    Character(char),
    /// `?`
    One,
    /// `*`
    Any,
}

pub(super) struct Pattern {
    tokens: Vec<Token>,
    greedy: bool,
}

/// How long it may take to look for `pattern` in `value`: as many steps as one has places in the other.
pub(super) fn cost(pattern: &str, value: &str) -> usize {
    pattern.len().saturating_add(1).saturating_mul(value.len().saturating_add(1)) / 16
}

/// `value` without the shortest or, where it is `greedy`, the longest match at its start.
pub(super) fn without_prefix<'v>(pattern: &str, value: &'v str, greedy: bool) -> Result<&'v str, ExpansionError> {
    let pattern = Pattern::read(pattern, greedy)?;
    let end = pattern.find(value, 0, true).map_or(0, |(_, end)| end);
    Ok(value.get(end..).unwrap_or_default())
}

/// `value` without a match at its end, which is looked for backwards.
pub(super) fn without_suffix(pattern: &str, value: &str, greedy: bool) -> Result<String, ExpansionError> {
    let value: String = value.chars().rev().collect();
    Ok(without_prefix(&reversed(pattern), &value, greedy)?.chars().rev().collect())
}

/// The pattern backwards, but escape characters still before what they escape.
fn reversed(pattern: &str) -> String {
    let mut backwards = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some(escaped) => backwards.extend([escaped, '\\']),
                None => backwards.push(c),
            },
            (c, false) => backwards.push(c),
        }
    }
    backwards.into_iter().rev().collect()
}

impl Pattern {
    pub(super) fn read(text: &str, greedy: bool) -> Result<Self, ExpansionError> {
        let mut tokens = Vec::with_capacity(text.len());
        let mut chars = text.strip_prefix('\u{FEFF}').unwrap_or(text).chars().peekable();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' => Token::Any,
                '?' => Token::One,
                // `}` and `/` are escaped only so that they do not end the pattern.
                '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
                '\\' => match chars.next() {
                    Some(escaped @ ('*' | '?' | '\\')) => Token::Character(escaped),
                    other => {
                        let escaped = other.map_or_else(String::new, String::from);
                        return Err(ExpansionError::InvalidEscape(escaped.into()));
                    }
                },
                c => Token::Character(c),
            });
        }
        Ok(Self { tokens, greedy })
    }

    /// The first match in `text` from `from` on, or right there if it is `anchored`.
    fn find(&self, text: &str, from: usize, anchored: bool) -> Option<(usize, usize)> {
        let mut current = Threads::new(self.tokens.len() + 1);
        let mut following = Threads::new(self.tokens.len() + 1);
        let mut found = None;
        let mut at = from;
        let mut chars = text.get(from..).unwrap_or_default().chars();
        loop {
            if found.is_none() && (!anchored || at == from) {
                self.start(&mut current, 0, at);
            }
            let c = chars.next();
            for (place, began) in std::mem::take(&mut current.list) {
                let Some(token) = self.tokens.get(place) else {
                    // Whatever comes after this in the list is less preferred.
                    found = Some((began, at));
                    break;
                };
                match (token, c) {
                    (Token::Character(wanted), Some(c)) if *wanted == c => self.start(&mut following, place + 1, began),
                    (Token::One, Some(c)) if c != '\n' => self.start(&mut following, place + 1, began),
                    (Token::Any, Some(c)) if c != '\n' => self.start(&mut following, place, began),
                    _ => {}
                }
            }
            let Some(c) = c else { return found };
            if following.list.is_empty() && (found.is_some() || anchored) {
                return found;
            }
            at += c.len_utf8();
            current.clear();
            std::mem::swap(&mut current, &mut following);
        }
    }

    /// Adds a thread at `place`, and those after the `*` that stand there, in order of preference.
    fn start(&self, threads: &mut Threads, place: usize, began: usize) {
        let stars = self.tokens.get(place..).unwrap_or_default();
        let stars = stars.iter().take_while(|token| matches!(token, Token::Any)).count();
        if self.greedy {
            for place in place..=place + stars {
                threads.add(place, began);
            }
        } else {
            for place in (place..=place + stars).rev() {
                threads.add(place, began);
            }
        }
    }

    /// `value` with the first match replaced.
    pub(super) fn replace(&self, value: &str, replacement: &str) -> String {
        let Some((start, end)) = self.find(value, 0, false) else { return value.to_owned() };
        let part = |range| value.get(range).unwrap_or_default();
        [part(0..start), replacement, part(end..value.len())].concat()
    }

    /// `value` with each match replaced. In `replacement`, `$0` is what was found, and other `$name` are nothing.
    pub(super) fn replace_all(&self, value: &str, replacement: &str) -> String {
        let mut out = String::new();
        let mut copied = 0;
        let mut from = 0;
        while from <= value.len() {
            let Some((start, end)) = self.find(value, from, false) else { break };
            out.push_str(value.get(copied..start).unwrap_or_default());
            // Nothing right after a match is no match of its own.
            if end > copied || start == 0 {
                fill_in(&mut out, replacement, value.get(start..end).unwrap_or_default());
            }
            copied = end;
            let width = value.get(from..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            from = end.max(from + width);
        }
        out.push_str(value.get(copied..).unwrap_or_default());
        out
    }
}

/// Adds a replacement in which `$0` stands for `found`, as Go's templates have it.
fn fill_in(out: &mut String, replacement: &str, found: &str) {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let (name, braced) = match after.strip_prefix('{') {
            Some(name) => (name, true),
            None => (after, false),
        };
        let end = name.find(|c| !is_of_name(c)).unwrap_or(name.len());
        let (name, after_name) = name.split_at(end);
        let after_name = if braced { after_name.strip_prefix('}') } else { Some(after_name) };
        match after_name.filter(|_| !name.is_empty()) {
            Some(after_name) => {
                if name == "0" {
                    out.push_str(found);
                }
                rest = after_name;
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

/// Places in a pattern, the most preferred first, each once, with where its match began.
struct Threads {
    list: Vec<(usize, usize)>,
    is_in: Vec<bool>,
}

impl Threads {
    fn new(places: usize) -> Self {
        Self { list: Vec::new(), is_in: vec![false; places] }
    }

    fn add(&mut self, place: usize, began: usize) {
        if let Some(is_in) = self.is_in.get_mut(place)
            && !std::mem::replace(is_in, true)
        {
            self.list.push((place, began));
        }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.is_in.fill(false);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Where a match of `tokens` at the start of `text` ends, as one finds it who tries one thing after the other.
    fn backtrack(tokens: &[Token], text: &str, greedy: bool) -> Option<usize> {
        let Some((token, rest)) = tokens.split_first() else { return Some(0) };
        let first = text.chars().next();
        let after = |c: char| text.get(c.len_utf8()..).unwrap_or_default();
        match token {
            Token::Character(wanted) => {
                let c = first.filter(|c| c == wanted)?;
                Some(c.len_utf8() + backtrack(rest, after(c), greedy)?)
            }
            Token::One => {
                let c = first.filter(|c| *c != '\n')?;
                Some(c.len_utf8() + backtrack(rest, after(c), greedy)?)
            }
            Token::Any => {
                let take = || {
                    let c = first.filter(|c| *c != '\n')?;
                    Some(c.len_utf8() + backtrack(tokens, after(c), greedy)?)
                };
                let go_on = || backtrack(rest, text, greedy);
                if greedy { take().or_else(go_on) } else { go_on().or_else(take) }
            }
        }
    }

    proptest! {
        #[test]
        fn finds_what_backtracking_finds(pattern in "[ab*?é\n]{0,6}", text in "[abé\n]{0,10}", greedy: bool) {
            let pattern = Pattern::read(&pattern, greedy).unwrap();
            let starts = (0..=text.len()).filter(|start| text.is_char_boundary(*start));
            let matches = starts.filter_map(|start| {
                Some((start, start + backtrack(&pattern.tokens, &text[start..], greedy)?))
            });
            let expected: Vec<(usize, usize)> = matches.collect();
            prop_assert_eq!(pattern.find(&text, 0, false), expected.first().copied());
            prop_assert_eq!(pattern.find(&text, 0, true), expected.first().copied().filter(|(start, _)| *start == 0));
        }
    }
}
