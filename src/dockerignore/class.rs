//! Classes of characters as Go's regular expressions know them: those with names are of ASCII, except Unicode's.

use std::sync::Arc;

use regex_syntax::hir::{Class as Unicode, HirKind};

/// A class of characters.
#[derive(Clone, Debug)]
pub(super) struct Class {
    members: Vec<Member>,
    /// Whether it is all characters but these.
    is_negated: bool,
}

/// A part of a class.
#[derive(Clone, Debug)]
pub(super) enum Member {
    /// From one character to another, both in it.
    Range(u32, u32),
    /// A class, or where `false` all that is not in it.
    Class(Arc<Class>, bool),
}

impl Member {
    pub(super) fn of(c: char) -> Self {
        Self::Range(u32::from(c), u32::from(c))
    }
}

impl Class {
    pub(super) fn of(members: &[Member]) -> Self {
        Self { members: members.to_vec(), is_negated: false }
    }

    pub(super) fn not(members: &[Member]) -> Self {
        Self { members: members.to_vec(), is_negated: true }
    }

    pub(super) fn contains(&self, c: char) -> bool {
        let code = u32::from(c);
        let is_member = self.members.iter().any(|member| match member {
            Member::Range(low, high) => (*low..=*high).contains(&code),
            Member::Class(class, expected) => class.contains_flat(code) == *expected,
        });
        is_member != self.is_negated
    }

    /// As [`contains`](Self::contains), for a class whose members are sorted ranges.
    fn contains_flat(&self, code: u32) -> bool {
        let end = |member: &Member| match member {
            Member::Range(_, high) => *high,
            Member::Class(..) => u32::MAX,
        };
        let at = self.members.partition_point(|member| end(member) < code);
        matches!(self.members.get(at), Some(Member::Range(low, _)) if *low <= code)
    }

    fn ranges(ranges: &[(char, char)]) -> Self {
        Self::of(&ranges.iter().map(|(low, high)| Member::Range(u32::from(*low), u32::from(*high))).collect::<Vec<_>>())
    }

    /// `[:alpha:]`
    pub(super) fn posix(name: &str) -> Option<Self> {
        Some(Self::ranges(match name {
            "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
            "alpha" => &[('A', 'Z'), ('a', 'z')],
            "ascii" => &[('\0', '\x7F')],
            "blank" => &[('\t', '\t'), (' ', ' ')],
            "cntrl" => &[('\0', '\x1F'), ('\x7F', '\x7F')],
            "digit" => &[('0', '9')],
            "graph" => &[('!', '~')],
            "lower" => &[('a', 'z')],
            "print" => &[(' ', '~')],
            "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "space" => &[('\t', '\r'), (' ', ' ')],
            "upper" => &[('A', 'Z')],
            "word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => return None,
        }))
    }

    /// `\d`, `\s` and `\w`
    pub(super) fn perl(letter: char) -> Option<Self> {
        match letter {
            'd' => Self::posix("digit"),
            'w' => Self::posix("word"),
            's' => Some(Self::ranges(&[('\t', '\n'), ('\x0C', '\r'), (' ', ' ')])),
            _ => None,
        }
    }

    /// A general category or a script, by its name.
    pub(super) fn unicode(name: &str) -> Option<Self> {
        // Anything else would say something else to the parser.
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_- ".contains(&byte)) {
            return None;
        }
        ["gc", "sc"].into_iter().find_map(|property| {
            let expression = regex_syntax::parse(&format!("\\p{{{property}={name}}}")).ok()?;
            match expression.into_kind() {
                HirKind::Class(Unicode::Unicode(class)) => {
                    Some(Self::ranges(&class.iter().map(|range| (range.start(), range.end())).collect::<Vec<_>>()))
                }
                // A class of one character.
                HirKind::Literal(literal) => {
                    let c = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
                    Some(Self::ranges(&[(c, c)]))
                }
                _ => None,
            }
        })
    }
}
