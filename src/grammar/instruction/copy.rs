//! `COPY` and `ADD`.

use std::collections::HashMap;

use crate::ast::{Add, Copy, CopySource, HeredocSource, Keyword, Kind, Word};
use crate::error::{Rejection, SyntaxErrorKind};
use crate::grammar::command::list;
use crate::grammar::heredoc::{Marker, MarkerName, marker_name};
use crate::grammar::{Arguments, Context};

use super::malformed_words;

/// `COPY source… destination`, and `ADD`
pub(super) fn copy_or_add<'a>(context: &mut Context<'_, 'a, '_>, arguments: Arguments<'_, 'a>) -> Kind<'a> {
    let Arguments { keyword, written, flags, rest } = arguments;
    let (form, mut words) = list(context, keyword, rest);
    let destination = match words.pop() {
        Some(destination) if !words.is_empty() => destination,
        only => {
            let (expected, part) = match only {
                Some(_) => ("a destination after the source", rest),
                None => ("a source and a destination", written),
            };
            context.error(SyntaxErrorKind::MissingArgument { instruction: keyword, expected }, part, Rejection::Typing);
            return malformed_words(keyword, flags, form, only.into_iter().collect());
        }
    };
    if is_heredoc(&destination) {
        context.error_at(SyntaxErrorKind::HeredocDestination(keyword), destination.span, Rejection::Typing);
    }
    let sources = words.into_iter().map(source).collect();
    if keyword == Keyword::Add {
        return Kind::Add(Add { flags, form, sources, destination, heredocs: Vec::new() });
    }
    Kind::Copy(Copy { flags, form, sources, destination, heredocs: Vec::new() })
}

fn is_heredoc(word: &str) -> bool {
    matches!(marker_name(word), Ok(Some(_)))
}

fn source(word: Word<'_>) -> CopySource<'_> {
    if !word.contains("<<") {
        return CopySource::Path(word);
    }
    match marker_name(&word) {
        Ok(Some(MarkerName { name, expand, chomp, .. })) => {
            CopySource::Heredoc(Box::new(HeredocSource { word, index: None, name, expand, chomp }))
        }
        _ => CopySource::Path(word),
    }
}

/// Tells the sources which heredoc they mean: the last one of their name.
pub(super) fn number_heredocs(kind: &mut Kind<'_>, markers: &[Marker]) {
    let (Kind::Copy(Copy { sources, .. }) | Kind::Add(Add { sources, .. })) = kind else { return };
    if markers.is_empty() {
        return;
    }
    let last: HashMap<&str, u32> = markers.iter().map(|marker| &*marker.name.name).zip(0..).collect();
    for source in sources {
        if let CopySource::Heredoc(heredoc) = source {
            heredoc.index = last.get(&*heredoc.name).copied();
        }
    }
}
