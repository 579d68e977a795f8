//! The head of `${…}`: a language of its own, with no nesting, and so nom's.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{opt, recognize, value, verify};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Offset, Parser};

use super::super::tree::Parameter;

/// What stands between `${` and the operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) operator: Parameter,
    /// Whether an operand follows.
    pub(super) has_operand: bool,
    /// Whether the operand is a pattern, in which quotes quote, in double quotes too.
    pub(super) is_pattern: bool,
    /// How long it is.
    pub(super) length: usize,
}

/// The head of the expansion whose `${` stands before `text`.
pub(super) fn head(text: &str) -> Option<Head> {
    let (rest, (operator, has_operand)) = alt((length, indirect, plain)).parse_complete(text).ok()?;
    let is_pattern =
        matches!(operator, Parameter::RemovePrefix | Parameter::RemoveSuffix | Parameter::Replace | Parameter::Case);
    Some(Head { operator, has_operand, is_pattern, length: text.offset(rest) })
}

/// `#name`, and nothing after it.
fn length(text: &str) -> IResult<&str, (Parameter, bool)> {
    let (rest, _) = (char('#'), variable).parse_complete(text)?;
    let (_, _) = char('}').parse_complete(rest)?;
    Ok((rest, (Parameter::Length, false)))
}

/// `!name`, with or without an operator.
fn indirect(text: &str) -> IResult<&str, (Parameter, bool)> {
    let (rest, _) =
        (char('!'), alt((name, recognize(take_while1(|c: char| c.is_ascii_digit()))))).parse_complete(text)?;
    let (rest, _) = (opt(subscript), opt(one_of("*@"))).parse_complete(rest)?;
    let (rest, operator) = opt(operator).parse_complete(rest)?;
    Ok((rest, (Parameter::Indirect, operator.is_some())))
}

fn plain(text: &str) -> IResult<&str, (Parameter, bool)> {
    let (rest, _) = variable(text)?;
    let (rest, operator) = opt(operator).parse_complete(rest)?;
    Ok((rest, operator.map_or((Parameter::Value, false), |operator| (operator, true))))
}

/// A name with or without subscript, a number, or a special parameter.
fn variable(text: &str) -> IResult<&str, &str> {
    let digits = take_while1(|c: char| c.is_ascii_digit());
    let special = recognize(one_of("@*#?-$!"));
    alt((recognize((name, opt(subscript))), digits, special)).parse_complete(text)
}

fn name(text: &str) -> IResult<&str, &str> {
    let first = verify(anychar, |c| c.is_ascii_alphabetic() || *c == '_');
    recognize((first, take_while(|c: char| c.is_ascii_alphanumeric() || c == '_'))).parse_complete(text)
}

/// `[…]`. One that holds a bracket or a quote is not read.
fn subscript(text: &str) -> IResult<&str, &str> {
    let inside = take_while1(|c: char| !matches!(c, ']' | '[' | '}' | '"' | '\'' | '`' | '\n'));
    delimited(char('['), alt((recognize(delimited(tag("${"), name, char('}'))), inside)), char(']'))
        .parse_complete(text)
}

fn operator(text: &str) -> IResult<&str, Parameter> {
    let colon = opt(char(':'));
    let missing = alt((
        value(Parameter::Default, char('-')),
        value(Parameter::Assign, char('=')),
        value(Parameter::Require, char('?')),
        value(Parameter::Alternative, char('+')),
    ));
    alt((
        preceded(colon, missing),
        value(Parameter::Substring, char(':')),
        value(Parameter::RemovePrefix, alt((tag("##"), tag("#")))),
        value(Parameter::RemoveSuffix, alt((tag("%%"), tag("%")))),
        value(Parameter::Replace, (char('/'), opt(one_of("/#%")))),
        value(Parameter::Case, alt((tag("^^"), tag("^"), tag(",,"), tag(",")))),
        value(Parameter::Transform, preceded(char('@'), one_of("UuLQEPAKak"))),
    ))
    .parse_complete(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        let cases = [
            ("a}", Some((Parameter::Value, false, 1))),
            ("a_1[@]}", Some((Parameter::Value, false, 6))),
            ("#}", Some((Parameter::Value, false, 1))),
            ("#a}", Some((Parameter::Length, false, 2))),
            ("#a[@]}", Some((Parameter::Length, false, 5))),
            ("#-x}", Some((Parameter::Default, true, 2))),
            ("!a}", Some((Parameter::Indirect, false, 2))),
            ("!a@}", Some((Parameter::Indirect, false, 3))),
            ("!}", Some((Parameter::Value, false, 1))),
            ("a:-b}", Some((Parameter::Default, true, 3))),
            ("a-b}", Some((Parameter::Default, true, 2))),
            ("a:+b}", Some((Parameter::Alternative, true, 3))),
            ("a:1:2}", Some((Parameter::Substring, true, 2))),
            ("a##*/}", Some((Parameter::RemovePrefix, true, 3))),
            ("a%.x}", Some((Parameter::RemoveSuffix, true, 2))),
            ("a//x/y}", Some((Parameter::Replace, true, 3))),
            ("a^^}", Some((Parameter::Case, true, 3))),
            ("a@Q}", Some((Parameter::Transform, true, 3))),
            ("10}", Some((Parameter::Value, false, 2))),
            ("}", None),
            (" a}", None),
        ];
        for (text, expected) in cases {
            let found = head(text).map(|head| (head.operator, head.has_operand, head.length));
            assert_eq!(found, expected, "{text}");
        }
    }
}
