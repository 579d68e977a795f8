//! Patterns of the usual kind: names made of literals, `*` and `?`, and `**` where it stands for whole names.
//!
//! These answer as the general matcher does, in a fraction of the time. Which patterns are of this kind is told by their
//! parts; nothing is guessed from their text.

use globset::{Glob as Shell, GlobBuilder};

use super::clean::first_char;

/// A pattern of the usual kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Glob {
    names: Vec<Name>,
}

/// What stands between two `/`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Name {
    /// `**`: any number of names; at the end of the pattern at least one.
    Any,
    /// One name.
    One(Vec<Piece>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    Literal(Vec<u8>),
    /// `*`
    Star,
    /// `?`
    Character,
}

impl Glob {
    /// Understands a pattern that was cleaned; none if it is of another kind.
    pub(super) fn new(pattern: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(pattern).ok()?;
        // What stands for a byte that is not UTF-8 matches such bytes, and a byte order mark is passed over.
        if text.contains(char::REPLACEMENT_CHARACTER) || text.starts_with('\u{feff}') {
            return None;
        }
        let mut names = Vec::new();
        let mut pieces = Vec::new();
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '*' if characters.next_if_eq(&'*').is_some() => {
                    let is_whole = pieces.is_empty() && matches!(characters.next(), None | Some('/'));
                    if !is_whole {
                        return None;
                    }
                    names.push(Name::Any);
                    if characters.peek().is_none() {
                        return Some(Self { names });
                    }
                }
                '*' => pieces.push(Piece::Star),
                '?' => pieces.push(Piece::Character),
                '/' => names.push(Name::One(std::mem::take(&mut pieces))),
                '[' | ']' | '{' | '}' | '|' | '^' => return None,
                '\\' => push(&mut pieces, characters.next().filter(|c| c.is_ascii_punctuation() && *c != '/')?),
                c => push(&mut pieces, c),
            }
        }
        names.push(Name::One(pieces));
        Some(Self { names })
    }

    /// What stands between its `/`.
    pub(super) fn into_names(self) -> Vec<Name> {
        self.names
    }

    /// Whether a path matches. It must not hold a line feed if the pattern [`skips_names`](Self::skips_names).
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        let mut wanted = self.names.as_slice();
        let mut rest = Some(path);
        // From where to go on, with one name more for the last `**`.
        let mut retry: Option<(&[Name], &[u8])> = None;
        loop {
            match (wanted, rest) {
                ([], None) => return true,
                ([Name::Any], rest) => return rest.is_some(),
                ([Name::Any, after @ ..], Some(path)) => {
                    wanted = after;
                    retry = Some((after, path));
                    continue;
                }
                ([Name::One(pieces), after @ ..], Some(path)) => {
                    let (name, deeper) = split(path);
                    if matches(pieces, name) {
                        wanted = after;
                        rest = deeper;
                        continue;
                    }
                }
                ([], Some(_)) => {}
                // Fewer names are left than are wanted, and so it is with every other beginning.
                (_, None) => return false,
            }
            let Some((after, Some(deeper))) = retry.map(|(after, path)| (after, split(path).1)) else { return false };
            wanted = after;
            rest = Some(deeper);
            retry = Some((after, deeper));
        }
    }

    /// The longest literal that is in every path that matches; empty where there is none.
    pub(super) fn longest_literal(&self) -> &[u8] {
        let pieces = self.names.iter().flat_map(|name| match name {
            Name::Any => &[][..],
            Name::One(pieces) => pieces,
        });
        let literals = pieces.filter_map(|piece| match piece {
            Piece::Literal(literal) => Some(literal.as_slice()),
            _ => None,
        });
        literals.max_by_key(|literal| literal.len()).unwrap_or_default()
    }

    /// Whether there is a `**`, which stands for no name that holds a line feed.
    pub(super) fn skips_names(&self) -> bool {
        self.names.contains(&Name::Any)
    }

    /// The literal with which the last name of every path that matches begins.
    pub(super) fn last_name_start(&self) -> &[u8] {
        match self.names.last() {
            Some(Name::One(pieces)) => match pieces.first() {
                Some(Piece::Literal(literal)) => literal,
                _ => b"",
            },
            _ => b"",
        }
    }

    /// The same pattern for a `GlobSet`, which answers alike for paths that are ASCII and hold no line feed.
    pub(super) fn to_shell(&self) -> Option<Shell> {
        let name = |name: &Name| match name {
            Name::Any => "**".to_owned(),
            Name::One(pieces) => pieces.iter().map(Piece::to_shell).collect(),
        };
        let names: Vec<String> = self.names.iter().map(name).collect();
        GlobBuilder::new(&names.join("/")).literal_separator(true).backslash_escape(true).build().ok()
    }
}

impl Piece {
    fn to_shell(&self) -> String {
        match self {
            Self::Literal(literal) => escape(&String::from_utf8_lossy(literal)),
            Self::Star => "*".to_owned(),
            Self::Character => "?".to_owned(),
        }
    }
}

/// The literal as globset takes it. Its own function leaves a `\` as it is, which then escapes what follows.
fn escape(literal: &str) -> String {
    let escaped = literal.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]));
    escaped.collect()
}

fn push(pieces: &mut Vec<Piece>, c: char) {
    let mut buffer = [0; 4];
    let bytes = c.encode_utf8(&mut buffer).as_bytes();
    match pieces.last_mut() {
        Some(Piece::Literal(literal)) => literal.extend_from_slice(bytes),
        _ => pieces.push(Piece::Literal(bytes.to_vec())),
    }
}

/// The first name of a path, and what follows its `/`.
fn split(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    // Names are short, and a search for many bytes at once takes longer to begin.
    match path.iter().position(|byte| *byte == b'/').and_then(|slash| path.split_at_checked(slash)) {
        Some((name, rest)) => (name, rest.get(1..)),
        None => (path, None),
    }
}

/// Whether a name matches.
pub(super) fn matches(pieces: &[Piece], name: &[u8]) -> bool {
    let (mut wanted, mut rest) = (pieces, name);
    // From where to go on, with one character more for the last `*`.
    let mut retry: Option<(&[Piece], &[u8])> = None;
    loop {
        match wanted {
            [] if rest.is_empty() => return true,
            [Piece::Star] => return true,
            [Piece::Star, after @ ..] => {
                wanted = after;
                let Some(next) = next_place(after, rest) else { return false };
                rest = next;
                retry = Some((after, rest));
                continue;
            }
            [Piece::Literal(literal), after @ ..] if rest.starts_with(literal) => {
                wanted = after;
                rest = rest.get(literal.len()..).unwrap_or_default();
                continue;
            }
            [Piece::Character, after @ ..] if !rest.is_empty() => {
                wanted = after;
                rest = after_first_char(rest);
                continue;
            }
            _ => {}
        }
        match retry {
            Some((after, from)) if !from.is_empty() => {
                let Some(next) = next_place(after, after_first_char(from)) else { return false };
                wanted = after;
                rest = next;
                retry = Some((after, rest));
            }
            _ => return false,
        }
    }
}

/// What is left of `rest` from the first place on where `wanted` may begin.
fn next_place<'n>(wanted: &[Piece], rest: &'n [u8]) -> Option<&'n [u8]> {
    match wanted.first() {
        // No literal begins inside a character.
        Some(Piece::Literal(literal)) => {
            let first = literal.first()?;
            rest.get(rest.iter().position(|byte| byte == first)?..)
        }
        _ => Some(rest),
    }
}

fn after_first_char(bytes: &[u8]) -> &[u8] {
    first_char(bytes).and_then(|(_, length)| bytes.get(length..)).unwrap_or_default()
}
