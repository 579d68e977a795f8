//! `HEALTHCHECK`.

use crate::ast::{Command, Form, Healthcheck, HealthcheckTest, Keyword, Kind};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::grammar::command::command;
use crate::grammar::word::is_space_byte;
use crate::grammar::{Arguments, Context};

use super::{malformed, malformed_words, missing};

/// `HEALTHCHECK CMD command` or `HEALTHCHECK NONE`
pub(super) fn healthcheck<'a>(context: &mut Context<'_, 'a, '_>, arguments: Arguments<'_, 'a>) -> Kind<'a> {
    let Arguments { keyword, written, flags, rest } = arguments;
    let (kind, rest) = split(rest);
    if kind.is_empty() {
        missing(context, keyword, written, "`CMD command` or `NONE`");
        return malformed(context, keyword, flags, rest);
    }
    let command = command(context, keyword, rest);
    let upper = kind.to_uppercase();
    let test = match (upper.as_str(), command) {
        ("NONE", Command::Empty) => HealthcheckTest::None,
        ("NONE", Command::Exec(words)) if words.is_empty() => HealthcheckTest::None,
        ("CMD", command) if !command.words().is_empty() => HealthcheckTest::Command(command),
        (_, command) => {
            let (error, part) = match upper.as_str() {
                "NONE" => (SyntaxErrorKind::HealthcheckNoneArguments, rest),
                "CMD" => {
                    let expected = "a command after `CMD`";
                    (SyntaxErrorKind::MissingArgument { instruction: Keyword::Healthcheck, expected }, kind)
                }
                _ => (SyntaxErrorKind::HealthcheckKind(kind.into()), kind),
            };
            context.error(error, part, Rejection::Typing);
            let form = if command.is_exec() { Form::Exec } else { Form::Shell };
            let mut words = vec![context.line.word(kind)];
            words.extend(command.words().iter().cloned());
            return malformed_words(keyword, flags, form, words);
        }
    };
    Kind::Healthcheck(Healthcheck { flags, kind: context.line.word(kind), test })
}

/// The first word and what follows it. The reference looks for white space byte by byte; where one of them is only a part
/// of a character, the word ends before that.
fn split(text: &str) -> (&str, &str) {
    let Some(mut end) = text.bytes().position(is_space_byte) else {
        return (text, text.get(text.len()..).unwrap_or_default());
    };
    let mut rest = end + text.bytes().skip(end).take_while(|byte| is_space_byte(*byte)).count();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    while !text.is_char_boundary(rest) {
        rest += 1;
    }
    (text.get(..end).unwrap_or_default(), text.get(rest..).unwrap_or_default())
}
