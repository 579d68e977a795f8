//! `ONBUILD`: an instruction in an instruction.

use crate::ast::{Instruction, Keyword, Kind, Onbuild, OnbuildPrefix};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::grammar::heredoc::Marker;
use crate::grammar::word::trim;
use crate::grammar::{Arguments, Context, flag};

use super::{announced, keyword, kind, missing, unknown};

/// `ONBUILD instruction`; `ONBUILD ONBUILD` and so on is a chain of prefixes to one instruction.
pub(super) fn onbuild<'l, 'a>(
    context: &mut Context<'l, 'a, '_>,
    arguments: Arguments<'l, 'a>,
) -> (Kind<'a>, Vec<Marker>) {
    let Arguments { written, flags, mut rest, .. } = arguments;
    let mut chain = Vec::new();
    loop {
        if rest.is_empty() {
            if chain.is_empty() {
                missing(context, Keyword::Onbuild, written, "an instruction, like `ONBUILD RUN make`");
            }
            return (Kind::Onbuild(Onbuild { flags, chain, instruction: None }), Vec::new());
        }
        let (inner, after) = keyword(rest);
        let found = Keyword::lookup(inner);
        if let Some(refused @ (Keyword::Onbuild | Keyword::From | Keyword::Maintainer)) = found
            && chain.is_empty()
        {
            context.error(SyntaxErrorKind::OnbuildInstruction(refused), inner, Rejection::Typing);
        }
        let header = context.line.span(rest);
        context.trigger = true;
        let (inner_flags, after) = flag::flags(context, found, after);
        let after = trim(after);
        let word = context.line.word(inner);
        let (kind, markers) = match found {
            Some(Keyword::Onbuild) => {
                chain.push(OnbuildPrefix { keyword: word, flags: inner_flags });
                rest = after;
                continue;
            }
            Some(found) => {
                let arguments = Arguments { keyword: found, written: inner, flags: inner_flags, rest: after };
                let mut kind = kind(context, arguments);
                // The reference looks one `ONBUILD` deep for an instruction that may have heredocs.
                let markers = if chain.is_empty() { announced(context, found, &mut kind) } else { Vec::new() };
                (kind, markers)
            }
            None => (unknown(context, inner, inner_flags, after), Vec::new()),
        };
        let instruction =
            Instruction { span: header, header, keyword: word, comments: 0..0, empty_continuation: false, kind };
        return (Kind::Onbuild(Onbuild { flags, chain, instruction: Some(Box::new(instruction)) }), markers);
    }
}
