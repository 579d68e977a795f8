//! What `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD` run.

use crate::ast::{Command, Form, Keyword, Word};
use crate::error::{Rejection, SyntaxErrorKind};

use super::Context;
use super::json::{self, array};
use super::word::unquoted_words;

/// The command that `rest` is.
pub(super) fn command<'a>(context: &mut Context<'_, 'a, '_>, keyword: Keyword, rest: &str) -> Command<'a> {
    if rest.is_empty() {
        return Command::Empty;
    }
    match array(context, rest) {
        json::Read::Strings(words) => Command::Exec(words),
        json::Read::NotArray => Command::Shell(context.line.word(rest)),
        json::Read::NotJson => Command::BrokenExec(context.line.word(rest)),
        json::Read::NotStrings => {
            context.error(SyntaxErrorKind::JsonNotStrings(keyword), rest, Rejection::Parsing);
            Command::BrokenExec(context.line.word(rest))
        }
    }
}

/// The words that `rest` is: an array of JSON strings, or words separated by blanks.
pub(super) fn list<'a>(context: &mut Context<'_, 'a, '_>, keyword: Keyword, rest: &str) -> (Form, Vec<Word<'a>>) {
    match array(context, rest) {
        json::Read::Strings(words) => return (Form::Exec, words),
        json::Read::NotStrings => context.error(SyntaxErrorKind::JsonNotStrings(keyword), rest, Rejection::Parsing),
        json::Read::NotArray | json::Read::NotJson => {}
    }
    (Form::Shell, unquoted_words(rest).map(|word| context.line.word(word)).collect())
}
