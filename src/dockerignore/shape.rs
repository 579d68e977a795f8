//! What a usual pattern says of another, whatever the paths are.

use super::general::General;
use super::glob::{Glob, Name, Piece, matches};

/// A pattern with more names is not looked at: no real one has so many.
const MOST_NAMES: usize = 32;

/// A pattern of the usual kind, to be compared with others. What it says is certain; where it can't tell, it says what does
/// no harm.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    names: Vec<Name>,
    /// Whether `**` stands for names with a line feed too: not where it becomes `.*` of a regular expression.
    takes_line_feeds: bool,
}

impl Shape {
    /// Understands a pattern that was cleaned; none if it is of another kind.
    pub(super) fn of(pattern: &[u8]) -> Option<Self> {
        let names = Glob::new(pattern)?.into_names();
        let is_empty = |name: &Name| matches!(name, Name::One(pieces) if pieces.is_empty());
        if names.len() > MOST_NAMES || names.iter().any(is_empty) {
            return None;
        }
        let takes_line_feeds = !matches!(General::new(pattern).ok()?, General::Expression(_));
        Some(Self { names, takes_line_feeds })
    }

    /// The only path that it matches, if there are no wildcards.
    pub(super) fn path(&self) -> Option<Vec<u8>> {
        let names: Option<Vec<&[u8]>> = self.names.iter().map(literal).collect();
        Some(names?.join(&b'/'))
    }

    /// Whether it matches all that `other` matches.
    pub(super) fn matches_all_of(&self, other: &Self) -> bool {
        self.holds(other, false)
    }

    /// Whether it matches each path that `other` matches, or a directory that holds the path.
    pub(super) fn covers(&self, other: &Self) -> bool {
        // Each path begins with some name.
        matches!(self.names.as_slice(), [Name::One(pieces)] if pieces.as_slice() == [Piece::Star])
            || self.holds(other, true)
    }

    /// Whether it may match a path that `other` matches, or a directory that holds the path.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        let mut others = other.names.iter();
        for name in &self.names {
            match (name, others.next()) {
                (Name::Any, _) | (_, Some(Name::Any)) => return true,
                (Name::One(_), None) => return false,
                (Name::One(own), Some(Name::One(pieces))) if !may_be_one(own, pieces) => return false,
                (Name::One(_), Some(Name::One(_))) => {}
            }
        }
        true
    }

    /// Whether it may match something in a directory that `other` matches.
    pub(super) fn may_match_below(&self, other: &Self) -> bool {
        let mut own = self.names.iter();
        for name in &other.names {
            match (own.next(), name) {
                (Some(Name::Any), _) | (_, Name::Any) => return true,
                (None, _) => return false,
                (Some(Name::One(own)), Name::One(pieces)) if !may_be_one(own, pieces) => return false,
                (Some(Name::One(_)), Name::One(_)) => {}
            }
        }
        own.next().is_some()
    }

    fn holds(&self, other: &Self, in_directories: bool) -> bool {
        if let (Some(Name::One(own)), Some(Name::One(pieces))) = (self.names.first(), other.names.first())
            && !may_be_one(own, pieces)
        {
            return false;
        }
        // Whether what is left of `self` from a name on holds what is left of `other` from a name on, from the end.
        let mut after = vec![false; other.names.len() + 1];
        if in_directories {
            after.fill(true);
        } else if let Some(end) = after.last_mut() {
            *end = true;
        }
        for (at, name) in self.names.iter().enumerate().rev() {
            let is_last = at + 1 == self.names.len();
            let mut here = vec![false; other.names.len() + 1];
            if let Some(end) = here.last_mut() {
                // No name is left for this one, except that `**` before others needs none.
                *end = matches!(name, Name::Any) && !is_last && after.last() == Some(&true);
            }
            for (from, wanted) in other.names.iter().enumerate().rev() {
                let rest = |table: &[bool], from: usize| table.get(from) == Some(&true);
                let holds = match (name, wanted) {
                    (Name::Any, wanted) => {
                        let absorbs = self.absorbs(wanted, other);
                        let is_end = from + 1 == other.names.len();
                        let without = !is_last && rest(&after, from);
                        let with = absorbs && (rest(&here, from + 1) || is_last && is_end);
                        without || with
                    }
                    (Name::One(own), Name::One(pieces)) => holds_name(own, pieces) && rest(&after, from + 1),
                    (Name::One(_), Name::Any) => false,
                };
                if let Some(place) = here.get_mut(from) {
                    *place = holds;
                }
            }
            after = here;
        }
        after.first() == Some(&true)
    }

    /// Whether its `**` stands for all that a name of `other` stands for.
    fn absorbs(&self, name: &Name, other: &Self) -> bool {
        self.takes_line_feeds
            || match name {
                Name::Any => !other.takes_line_feeds,
                Name::One(pieces) => {
                    pieces.iter().all(|piece| matches!(piece, Piece::Literal(text) if !text.contains(&b'\n')))
                }
            }
    }
}

/// The name, if it is a literal.
fn literal(name: &Name) -> Option<&[u8]> {
    match name {
        Name::One(pieces) => literal_of(pieces),
        Name::Any => None,
    }
}

fn literal_of(pieces: &[Piece]) -> Option<&[u8]> {
    match pieces {
        [Piece::Literal(literal)] => Some(literal),
        _ => None,
    }
}

/// Whether there may be a name that both match.
fn may_be_one(one: &[Piece], other: &[Piece]) -> bool {
    match (literal_of(one), literal_of(other)) {
        (Some(one), Some(other)) => one == other,
        (Some(name), None) => matches(other, name),
        (None, Some(name)) => matches(one, name),
        (None, None) => true,
    }
}

/// Whether a name matches all that another one matches.
fn holds_name(own: &[Piece], other: &[Piece]) -> bool {
    if let Some(name) = literal_of(other) {
        return matches(own, name);
    }
    let starts = |text: &[u8]| matches!(other.first(), Some(Piece::Literal(first)) if first.starts_with(text));
    let ends = |text: &[u8]| matches!(other.last(), Some(Piece::Literal(last)) if last.ends_with(text));
    own == other
        || match own {
            [Piece::Star] => true,
            [Piece::Literal(start), Piece::Star] => starts(start),
            [Piece::Star, Piece::Literal(end)] => ends(end),
            // The first and the last piece of a name with a wildcard are two.
            [Piece::Literal(start), Piece::Star, Piece::Literal(end)] => starts(start) && ends(end),
            _ => false,
        }
}
