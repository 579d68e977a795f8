//! The words of an instruction in which BuildKit expands variables.

use std::ops::Range;

use crate::ast::{CopySource, FlagKind, Instruction, Kind, Word};
use crate::source::Span;

use super::Syntax;

/// Something in which variables are expanded.
#[derive(Clone, Copy, Debug)]
pub enum Expanded<'i, 'a> {
    /// A word.
    Word(&'i Word<'a>),
    /// The lines of a heredoc, and where they stand.
    Heredoc(&'a str, Span),
}

impl Expanded<'_, '_> {
    /// The text as it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Heredoc(text, _) => text,
        }
    }

    /// The place in the file of a range of the text.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Span {
        match self {
            Self::Word(word) => word.span_of(range),
            Self::Heredoc(_, span) => {
                let range = Span::of_range(range);
                Span::new(span.start + range.start, span.start + range.end)
            }
        }
    }

    /// How the text is read, where `words` is how the words of the file are.
    #[must_use]
    pub const fn syntax(&self, words: Syntax) -> Syntax {
        match self {
            Self::Word(_) => words,
            Self::Heredoc(..) => Syntax::heredoc(),
        }
    }
}

/// Shows each word of an instruction in which BuildKit expands variables, in the order in which it does so. What is run by a
/// shell is not among them, nor are those of an instruction in an `ONBUILD`.
pub fn expanded_words<'i, 'a>(instruction: &'i Instruction<'a>, mut show: impl FnMut(Expanded<'i, 'a>)) {
    match &instruction.kind {
        Kind::Env(env) => {
            for pair in &env.pairs {
                show(Expanded::Word(&pair.key));
                show(Expanded::Word(&pair.value));
            }
        }
        Kind::Label(label) => {
            for pair in &label.pairs {
                show(Expanded::Word(&pair.key));
                show(Expanded::Word(&pair.value));
            }
        }
        Kind::Arg(arg) => arg.items.iter().filter_map(|item| item.default.as_ref()).map(Expanded::Word).for_each(show),
        Kind::Add(add) => copied(instruction, &add.sources, &add.destination, &mut show),
        Kind::Copy(copy) => copied(instruction, &copy.sources, &copy.destination, &mut show),
        Kind::Run(run) => {
            for option in run.mounts().flat_map(|mount| &mount.options) {
                // A variable in `from` is an error.
                if let Some(value) = option.value.as_ref().filter(|_| !option.key.eq_ignore_ascii_case("from")) {
                    show(Expanded::Word(value));
                }
            }
        }
        Kind::Volume(volume) => volume.paths.iter().map(Expanded::Word).for_each(show),
        Kind::Expose(expose) => expose.ports.iter().map(|port| Expanded::Word(&port.word)).for_each(show),
        Kind::User(user) => show(Expanded::Word(&user.user)),
        Kind::Workdir(workdir) => show(Expanded::Word(&workdir.path)),
        Kind::Stopsignal(stopsignal) => show(Expanded::Word(&stopsignal.signal)),
        Kind::From(from) => {
            show(Expanded::Word(&from.image.word));
            if let Some(platform) = from.platform() {
                show(Expanded::Word(platform));
            }
        }
        Kind::Cmd(_)
        | Kind::Entrypoint(_)
        | Kind::Healthcheck(_)
        | Kind::Maintainer(_)
        | Kind::Onbuild(_)
        | Kind::Shell(_)
        | Kind::Malformed(_) => {}
    }
}

fn copied<'i, 'a>(
    instruction: &'i Instruction<'a>,
    sources: &'i [CopySource<'a>],
    destination: &'i Word<'a>,
    show: &mut impl FnMut(Expanded<'i, 'a>),
) {
    for flag in instruction.flags() {
        if let (FlagKind::Chown | FlagKind::Chmod | FlagKind::Checksum, Some(value)) = (&flag.kind, &flag.value) {
            show(Expanded::Word(value));
        }
    }
    for source in sources {
        match source {
            CopySource::Path(path) => show(Expanded::Word(path)),
            CopySource::Heredoc(heredoc) if heredoc.expand => {
                let body = heredoc.index.and_then(|index| instruction.heredocs().get(index as usize));
                if let Some(body) = body {
                    show(Expanded::Heredoc(body.content, body.body));
                }
            }
            CopySource::Heredoc(_) => {}
        }
    }
    show(Expanded::Word(destination));
}
