use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::args::Parse;
use super::files::{self, Unreadable};
use super::{Outcome, Streams};
use crate::ast::Dockerfile;
use crate::error::Rejection;
use crate::source::{LineIndex, Source, Span};

/// `plimsoll parse`
pub(super) fn run(arguments: &Parse, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let path = &arguments.file;
    let bytes = if path.as_os_str() == "-" { files::read_all(&mut *streams.input) } else { files::read(path) };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(reason) => return failed(arguments, &reason, streams),
    };
    let source = match Source::decode(&bytes) {
        Ok(source) => source,
        Err(error) => return failed(arguments, &error.into(), streams),
    };
    let parsed = crate::parse(source.text());
    let lines = LineIndex::new(source.text());
    let errors: Vec<Error<'_>> = parsed
        .errors
        .iter()
        .map(|error| Error {
            message: error.to_string(),
            help: error.kind.help(),
            rejected: error.rejection,
            line: lines.line(error.span.start),
            span: error.span,
            text: error.span.of(source.text()),
        })
        .collect();
    let outcome = if errors.is_empty() { Outcome::Clean } else { Outcome::Findings };
    serde_json::to_writer_pretty(&mut *streams.out, &Tree { dockerfile: &parsed.dockerfile, errors })?;
    writeln!(streams.out)?;
    Ok(outcome)
}

/// What is printed. Fields are only ever added.
#[derive(Serialize)]
struct Tree<'t> {
    dockerfile: &'t Dockerfile<'t>,
    errors: Vec<Error<'t>>,
}

/// What BuildKit does not accept.
#[derive(Serialize)]
struct Error<'t> {
    message: String,
    help: Option<Cow<'static, str>>,
    rejected: Rejection,
    line: u32,
    span: Span,
    text: &'t str,
}

fn failed(arguments: &Parse, reason: &Unreadable, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    writeln!(streams.err, "error: {}: {reason}", arguments.file.display())?;
    Ok(Outcome::Failed)
}
