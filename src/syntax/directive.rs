//! The directives at the top of a file, like `# escape=`.

use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::satisfy;
use nom::combinator::recognize;
use nom::{IResult, Parser};

use crate::ast::DirectiveKind;

/// Reads the directives at the top of a file and knows when they end: with the first line that is none.
#[derive(Default)]
pub(crate) struct Directives {
    ended: bool,
    seen: Vec<DirectiveKind>,
}

/// A line that is a directive.
pub(crate) struct DirectiveLine<'a> {
    pub(crate) kind: DirectiveKind,
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// Whether one of the kind came before, which BuildKit does not accept.
    pub(crate) repeated: bool,
}

impl Directives {
    /// The directive that `line`, without the white space before it, is.
    pub(crate) fn read<'a>(&mut self, line: &'a str) -> Option<DirectiveLine<'a>> {
        if self.ended {
            return None;
        }
        let directive = directive(line).ok().and_then(|(_, (name, value))| {
            let kind = kind(name)?;
            Some(DirectiveLine { kind, name, value: meant(value)?, repeated: self.seen.contains(&kind) })
        });
        match &directive {
            Some(directive) => self.seen.push(directive.kind),
            None => self.ended = true,
        }
        directive
    }
}

fn kind(name: &str) -> Option<DirectiveKind> {
    [("syntax", DirectiveKind::Syntax), ("escape", DirectiveKind::Escape), ("check", DirectiveKind::Check)]
        .into_iter()
        .find_map(|(known, kind)| known.eq_ignore_ascii_case(name).then_some(kind))
}

/// `# name = value`, the value with the blanks around it.
fn directive(line: &str) -> IResult<&str, (&str, &str)> {
    let name = recognize((satisfy(|c| c.is_ascii_alphabetic()), take_while(|c: char| c.is_ascii_alphanumeric())));
    let (rest, (_, _, name, _, _)) =
        (tag("#"), take_while(char::is_whitespace), name, take_while(is_blank), tag("=")).parse_complete(line)?;
    let (end, value) = take_while1(|_| true).parse_complete(rest)?;
    Ok((end, (name, value)))
}

/// The value without the blanks around it. The reference's pattern wants at least one character, so that a value of
/// blanks is the last of them.
fn meant(value: &str) -> Option<&str> {
    let trimmed = value.trim_matches(is_blank);
    if trimmed.is_empty() { value.get(value.len() - 1..) } else { Some(trimmed) }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\x0C')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_the_reference_does() {
        let cases: [(&str, Option<(&str, &str)>); 10] = [
            ("# escape=`", Some(("escape", "`"))),
            ("#ESCAPE = `  ", Some(("ESCAPE", "`"))),
            ("# syntax=docker/dockerfile:1 # x", Some(("syntax", "docker/dockerfile:1 # x"))),
            ("# escape=", None),
            ("# escape=  ", Some(("escape", " "))),
            ("# 1escape=x", None),
            ("# other=x", None),
            ("## escape=`", None),
            ("escape=`", None),
            ("", None),
        ];
        for (line, expected) in cases {
            let found = Directives::default().read(line).map(|directive| (directive.name, directive.value));
            assert_eq!(found, expected, "{line:?}");
        }
    }

    #[test]
    fn ends_with_the_first_line_that_is_none() {
        let mut directives = Directives::default();
        assert!(directives.read("# escape=`").is_some());
        assert!(directives.read("").is_none());
        assert!(directives.read("# syntax=x").is_none());
    }
}
