use std::io;

use serde_json::json;

use super::args::Parse;
use super::files::{self, Unreadable};
use super::{Outcome, Streams};
use crate::source::{LineIndex, Source};

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
    let errors: Vec<_> = parsed
        .errors
        .iter()
        .map(|error| {
            json!({
                "message": error.to_string(),
                "help": error.kind.help(),
                "rejected": error.rejection,
                "span": error.span,
                "line": lines.line(error.span.start),
            })
        })
        .collect();
    let tree = json!({"dockerfile": parsed.dockerfile, "errors": errors});
    serde_json::to_writer_pretty(&mut *streams.out, &tree)?;
    writeln!(streams.out)?;
    Ok(if errors.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

fn failed(arguments: &Parse, reason: &Unreadable, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    writeln!(streams.err, "error: {}: {reason}", arguments.file.display())?;
    Ok(Outcome::Failed)
}
