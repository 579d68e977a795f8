//! The characters of the names of variables, as Go knows letters and digits: Rust takes `²` for a digit and `ⓐ` for a
//! letter too.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, HirKind};

static LETTERS: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"\pL"));
static DIGITS: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"\p{Nd}"));

/// Whether `c` is a letter, a digit or `_`.
pub(super) fn is_of_name(c: char) -> bool {
    match c {
        '_' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        _ => contains(&LETTERS, c) || contains(&DIGITS, c),
    }
}

/// Whether `c` is a digit.
pub(super) fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { contains(&DIGITS, c) }
}

fn class(property: &str) -> ClassUnicode {
    match regex_syntax::parse(property).map(|expression| expression.into_kind()) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        _ => ClassUnicode::empty(),
    }
}

fn contains(class: &ClassUnicode, c: char) -> bool {
    let place = |start, end| match (start <= c, c <= end) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, _) => Ordering::Greater,
    };
    class.ranges().binary_search_by(|range| place(range.start(), range.end())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits() {
        let digits = "09٣";
        let letters = "azAZ_éß日ªʰ";
        let others = " -.$²½ⅧⓐⒶ\u{301}\u{903}‿";
        assert!(digits.chars().all(|c| is_digit(c) && is_of_name(c)));
        assert!(letters.chars().all(|c| !is_digit(c) && is_of_name(c)));
        assert!(others.chars().all(|c| !is_digit(c) && !is_of_name(c)));
    }
}
