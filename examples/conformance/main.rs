//! Answers in the formats of the recorded answers of BuildKit, patternmatcher and hadolint, through the public API, so that
//! anyone can compare.
//!
//! `conformance parse FILE…`, `conformance check FILE…` and `conformance hadolint FILE…` print a line of JSON per file; without a file, paths come from
//! standard input, one a line.
//! `conformance match`, `conformance ignorefile` and `conformance expand` read cases from standard input, a line of JSON each,
//! and print them with our answers in place of the recorded ones.
//! `conformance context DIR…` prints what a build with the context DIR is sent.

mod check;
mod context;
mod expand;
mod hadolint;
mod ignorefile;
mod parse;
mod patterns;

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use plimsoll::context::{Context, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let what = arguments.next().unwrap_or_default();
    let files: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    match what.to_str() {
        Some("parse") => each(files, &mut out, |path, bytes| parse::record(&name(path), bytes))?,
        Some("check") => each(files, &mut out, |path, bytes| check::record(&name(path), bytes, true))?,
        Some("hadolint") => each(files, &mut out, |path, bytes| hadolint::record(&name(path), bytes))?,
        Some("match") => each_case(&mut out, patterns::answer)?,
        Some("ignorefile") => each_case(&mut out, ignorefile::answer)?,
        Some("expand") => each_case(&mut out, expand::record)?,
        Some("context") => files.iter().try_for_each(|root| print_context(root, &mut out))?,
        _ => {
            return Err(
                "usage: conformance parse [FILE…] | check [FILE…] | hadolint [FILE…] | match | ignorefile | expand | context DIR…".into(),
            );
        }
    }
    out.flush()?;
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Prints what `answer` says of each file.
fn each(
    files: Vec<PathBuf>,
    out: &mut impl Write,
    answer: impl Fn(&Path, &[u8]) -> serde_json::Value,
) -> Result<(), Box<dyn Error>> {
    let mut print = |path: &Path| -> Result<(), Box<dyn Error>> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::to_writer(&mut *out, &answer(path, &bytes))?;
        Ok(writeln!(out)?)
    };
    if files.is_empty() {
        for line in io::stdin().lock().lines() {
            print(Path::new(&line?))?;
        }
    }
    files.iter().try_for_each(|path| print(path))
}

/// Prints what `answer` says of each case on standard input.
fn each_case(
    out: &mut impl Write,
    answer: impl Fn(&serde_json::Value) -> serde_json::Value,
) -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lock().lines() {
        serde_json::to_writer(&mut *out, &answer(&serde_json::from_str(&line?)?))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Prints a directory after its ignore file.
fn print_context(root: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let opened = Context::open(root, &Options::default())?;
    if let Some(error) = opened.pattern_errors().first() {
        return Err(error.to_string().into());
    }
    if let Some(error) = opened.listing().errors().first() {
        return Err(error.to_string().into());
    }
    Ok(context::write(opened.listing(), out)?)
}
