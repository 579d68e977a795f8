//! One instruction each.

mod copy;
mod from;
mod healthcheck;
mod onbuild;

use crate::ast::{
    Arg, Cmd, Command, Entrypoint, Env, Expose, Flag, Form, Keyword, Kind, Label, Maintainer, Malformed, Port, Run,
    Shell, Stopsignal, User, Volume, Word, Workdir,
};
use crate::error::{Rejection, SyntaxErrorKind};

use super::command::{command, list};
use super::heredoc::{Marker, markers};
use super::pair::{arg_items, pairs};
use super::port::port_value;
use super::word::{split_at_blank, trim, trim_blanks, unquoted_words};
use super::{Arguments, Context, Instruction, flag};

/// Reads a logical line.
pub(crate) fn read<'a>(context: &mut Context<'_, 'a, '_>) -> Instruction<'a> {
    let (written, rest) = keyword(trim(context.line.text));
    let keyword = Keyword::lookup(written);
    let (flags, rest) = flag::flags(context, keyword, rest);
    let rest = trim(rest);
    let word = context.line.word(written);
    let Some(keyword) = keyword else {
        return Instruction { kind: unknown(context, written, flags, rest), keyword: word, markers: Vec::new() };
    };
    let arguments = Arguments { keyword, written, flags, rest };
    if keyword == Keyword::Onbuild {
        let (kind, markers) = onbuild::onbuild(context, arguments);
        return Instruction { kind, keyword: word, markers };
    }
    let mut kind = kind(context, arguments);
    let markers = announced(context, keyword, &mut kind);
    Instruction { kind, keyword: word, markers }
}

/// The heredocs that an instruction announces, which its sources are told.
fn announced(context: &mut Context<'_, '_, '_>, keyword: Keyword, kind: &mut Kind<'_>) -> Vec<Marker> {
    let markers = if is_exec(kind) { Vec::new() } else { markers(context, keyword) };
    copy::number_heredocs(kind, &markers);
    markers
}

/// The first word, and what follows it without the blanks between.
fn keyword(line: &str) -> (&str, &str) {
    let (keyword, rest) = split_at_blank(line);
    (keyword, trim_blanks(rest))
}

#[cold]
fn unknown<'a>(context: &mut Context<'_, 'a, '_>, written: &str, flags: Vec<Flag<'a>>, rest: &str) -> Kind<'a> {
    let error = SyntaxErrorKind::UnknownInstruction { keyword: excerpt(written).into() };
    context.error(error, written, Rejection::Typing);
    let words = if rest.is_empty() { Vec::new() } else { vec![context.line.word(rest)] };
    Kind::Malformed(Malformed { keyword: None, flags, form: Form::Shell, words, heredocs: Vec::new() })
}

/// As much of a word as a message can hold.
fn excerpt(word: &str) -> String {
    let mut chars = word.chars();
    let excerpt: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() { excerpt + "…" } else { excerpt }
}

/// Whether the arguments are an array, in which `<<` is no heredoc.
fn is_exec(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::Run(run) => run.command.is_exec(),
        Kind::Add(add) => add.form == Form::Exec,
        Kind::Copy(copy) => copy.form == Form::Exec,
        Kind::Malformed(malformed) => malformed.form == Form::Exec,
        _ => false,
    }
}

/// Every instruction but `ONBUILD`.
fn kind<'a>(context: &mut Context<'_, 'a, '_>, arguments: Arguments<'_, 'a>) -> Kind<'a> {
    let Arguments { keyword, written, flags, rest } = arguments;
    match keyword {
        Keyword::From => from::from(context, written, flags, rest),
        Keyword::Run => Kind::Run(Run { command: command(context, keyword, rest), flags, heredocs: Vec::new() }),
        Keyword::Cmd => Kind::Cmd(Cmd { command: command(context, keyword, rest), flags }),
        Keyword::Entrypoint => Kind::Entrypoint(Entrypoint { command: command(context, keyword, rest), flags }),
        Keyword::Copy | Keyword::Add => copy::copy_or_add(context, Arguments { keyword, written, flags, rest }),
        Keyword::Env | Keyword::Label => {
            let pairs = pairs(context, keyword, rest);
            match keyword {
                _ if pairs.is_empty() => {
                    if rest.is_empty() {
                        missing(context, keyword, written, "at least one `name=value`");
                    }
                    malformed(context, keyword, flags, rest)
                }
                Keyword::Env => Kind::Env(Env { flags, pairs }),
                _ => Kind::Label(Label { flags, pairs }),
            }
        }
        Keyword::Arg => {
            let items = arg_items(context, rest);
            if items.is_empty() {
                missing(context, keyword, written, "at least one name");
                return malformed(context, keyword, flags, rest);
            }
            Kind::Arg(Arg { flags, items })
        }
        Keyword::Expose => {
            let ports: Vec<Port<'a>> = unquoted_words(rest)
                .map(|word| Port { word: context.line.word(word), value: port_value(word) })
                .collect();
            if ports.is_empty() {
                missing(context, keyword, written, "at least one port");
                return malformed(context, keyword, flags, rest);
            }
            Kind::Expose(Expose { flags, ports })
        }
        Keyword::Volume => volume(context, Arguments { keyword, written, flags, rest }),
        Keyword::Shell => shell(context, Arguments { keyword, written, flags, rest }),
        Keyword::Healthcheck => healthcheck::healthcheck(context, Arguments { keyword, written, flags, rest }),
        Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Maintainer => {
            if rest.is_empty() {
                let expected = match keyword {
                    Keyword::User => "a user, like `USER app`",
                    Keyword::Workdir => "a directory, like `WORKDIR /app`",
                    Keyword::Stopsignal => "a signal, like `STOPSIGNAL SIGTERM`",
                    _ => "a name; better write `LABEL org.opencontainers.image.authors=\"name\"`",
                };
                missing(context, keyword, written, expected);
                return malformed(context, keyword, flags, rest);
            }
            let word = context.line.word(rest);
            match keyword {
                Keyword::User => Kind::User(User { flags, user: word }),
                Keyword::Workdir => Kind::Workdir(Workdir { flags, path: word }),
                Keyword::Stopsignal => Kind::Stopsignal(Stopsignal { flags, signal: word }),
                _ => Kind::Maintainer(Maintainer { flags, name: word }),
            }
        }
        // `read` takes these itself; as a line of their own they would have no inner instruction.
        Keyword::Onbuild => malformed(context, keyword, flags, rest),
    }
}

/// Notes that something is missing at the end of the line.
#[cold]
fn missing(context: &mut Context<'_, '_, '_>, instruction: Keyword, written: &str, expected: &'static str) {
    context.error(SyntaxErrorKind::MissingArgument { instruction, expected }, written, Rejection::Typing);
}

#[cold]
fn malformed<'a>(context: &Context<'_, 'a, '_>, keyword: Keyword, flags: Vec<Flag<'a>>, rest: &str) -> Kind<'a> {
    let words = if rest.is_empty() { Vec::new() } else { vec![context.line.word(rest)] };
    malformed_words(keyword, flags, Form::Shell, words)
}

#[cold]
fn malformed_words<'a>(keyword: Keyword, flags: Vec<Flag<'a>>, form: Form, words: Vec<Word<'a>>) -> Kind<'a> {
    Kind::Malformed(Malformed { keyword: Some(keyword), flags, form, words, heredocs: Vec::new() })
}

fn volume<'a>(context: &mut Context<'_, 'a, '_>, arguments: Arguments<'_, 'a>) -> Kind<'a> {
    let Arguments { keyword, written, flags, rest } = arguments;
    let (form, paths) = list(context, keyword, rest);
    if paths.is_empty() {
        missing(context, keyword, written, "at least one path");
        return malformed_words(keyword, flags, form, paths);
    }
    for path in paths.iter().filter(|path| path.trim().is_empty()) {
        context.error_at(SyntaxErrorKind::EmptyVolume, path.span, Rejection::Typing);
    }
    Kind::Volume(Volume { flags, form, paths })
}

fn shell<'a>(context: &mut Context<'_, 'a, '_>, arguments: Arguments<'_, 'a>) -> Kind<'a> {
    let Arguments { keyword, written, flags, rest } = arguments;
    match command(context, keyword, rest) {
        Command::Exec(words) if !words.is_empty() => Kind::Shell(Shell { flags, words }),
        Command::Exec(words) => {
            context.error(SyntaxErrorKind::EmptyJson(keyword), rest, Rejection::Typing);
            malformed_words(keyword, flags, Form::Exec, words)
        }
        Command::Empty => {
            missing(context, keyword, written, "a shell, like `SHELL [\"/bin/bash\", \"-c\"]`");
            malformed(context, keyword, flags, rest)
        }
        Command::Shell(_) | Command::BrokenExec(_) => {
            context.error(SyntaxErrorKind::NotJson(keyword), rest, Rejection::Typing);
            malformed(context, keyword, flags, rest)
        }
    }
}
