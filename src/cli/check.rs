use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use clap::ColorChoice;
use rayon::prelude::*;

use super::args::{Check, OutputFormat};
use super::contexts::{self, Contexts};
use super::files::{self, Found, Unreadable};
use super::{Outcome, Streams};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::dockerignore::IgnoreFile;
use crate::lint::{Linter, Options};
use crate::parse::{Parsed, parse};
use crate::render::{FileFindings, Format, Look, render};
use crate::rules::{IgnoreSubject, Role};
use crate::semantic::Model;
use crate::source::{LineIndex, Source, Span};

/// A file and what came of it.
struct Checked {
    path: String,
    result: Result<Linted, Unreadable>,
}

/// A file that was read.
struct Linted {
    text: String,
    /// Bytes that are not UTF-8.
    invalid_utf8: Option<Span>,
    diagnostics: Vec<Diagnostic>,
}

/// `plimsoll check`
pub(super) fn run(arguments: &Check, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let options = Options {
        preset: arguments.preset,
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        ..Options::default()
    };
    let linter = match Linter::new(options) {
        Ok(linter) => linter.with_image_platforms(arguments.image_platform.iter().cloned().collect()),
        Err(error) => {
            writeln!(streams.err, "error: {error}")?;
            return Ok(Outcome::Failed);
        }
    };
    let contexts = Contexts::new(arguments);
    let files = check_all(arguments, &linter, &contexts, streams);
    let found = show(arguments, &files, streams)?;
    let mut failed = tell(&files, streams.err)?;
    for error in contexts.errors() {
        failed = true;
        writeln!(streams.err, "error: {error}")?;
    }
    summarize(&files, streams.err)?;
    let fails = found.iter().any(|severity| *severity >= arguments.fail_on) && !arguments.exit_zero;
    Ok(match (failed, fails) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

fn check_all(arguments: &Check, linter: &Linter, contexts: &Contexts<'_>, streams: &mut Streams<'_>) -> Vec<Checked> {
    let is_stdin = |found: &Found| found.as_ref().is_ok_and(|path| path.as_os_str() == "-");
    let found = files::find(&arguments.paths);
    // Standard input can be read once, and by one.
    let mut input = found.iter().any(is_stdin).then(|| files::read_all(&mut *streams.input));
    let with_input: Vec<_> = found
        .into_iter()
        .map(|found| {
            let bytes = is_stdin(&found).then(|| input.take().unwrap_or(Ok(Vec::new())));
            (found, bytes)
        })
        .collect();
    with_input
        .into_par_iter()
        .map(|(found, bytes)| match (found, bytes) {
            (Ok(_), Some(bytes)) => {
                let path = Path::new(&arguments.stdin_filename);
                let result = bytes.and_then(|bytes| lint(linter, contexts, path, &bytes));
                Checked { path: arguments.stdin_filename.clone(), result }
            }
            (Ok(path), None) => {
                let result = files::read(&path).and_then(|bytes| lint(linter, contexts, &path, &bytes));
                Checked { path: name(&path), result }
            }
            (Err((path, reason)), _) => Checked { path: name(&path), result: Err(reason) },
        })
        .collect()
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn lint(linter: &Linter, contexts: &Contexts<'_>, path: &Path, bytes: &[u8]) -> Result<Linted, Unreadable> {
    if files::is_ignore_file(path) {
        return Ok(lint_ignore_file(linter, contexts, path, bytes));
    }
    let source = Source::decode(bytes)?;
    let text = source.text().to_owned();
    let context = contexts.of_dockerfile(path);
    let context = context.as_ref().and_then(|opened| opened.get()?.as_ref().ok());
    let diagnostics = linter.lint_in(&parse(&text), context);
    Ok(Linted { invalid_utf8: source.invalid_utf8(), text, diagnostics })
}

fn lint_ignore_file(linter: &Linter, contexts: &Contexts<'_>, path: &Path, bytes: &[u8]) -> Linted {
    let file = IgnoreFile::parse_bytes(&name(path), bytes);
    let texts = contexts::texts(&contexts.dockerfiles_of(path));
    let parsed: Vec<Parsed<'_>> = texts.iter().map(|text| parse(text)).collect();
    let models: Vec<Model<'_, '_>> = parsed.iter().map(|parsed| Model::build(&parsed.dockerfile)).collect();
    let role = contexts.role_of(path);
    // What no build reads is held against no directory.
    let root = if role == Role::Nested { None } else { contexts.root_of(path) };
    let mut subject = IgnoreSubject::new(&file).at(path).with_role(role).with_models(&models);
    if let Some(root) = root {
        subject = subject.with_root(root);
    }
    let diagnostics = linter.lint_ignore_file(&subject);
    Linted { invalid_utf8: None, text: file.text.clone(), diagnostics }
}

/// Shows the findings; gives their severities.
fn show(arguments: &Check, files: &[Checked], streams: &mut Streams<'_>) -> io::Result<Vec<Severity>> {
    let working_directory = std::env::current_dir().ok();
    let read: Vec<(Cow<'_, str>, &Linted)> = files
        .iter()
        .filter_map(|file| Some((file, file.result.as_ref().ok()?)))
        .map(|(file, linted)| (name_for_programs(arguments, &file.path, working_directory.as_deref()), linted))
        .collect();
    let linted: Vec<FileFindings<'_>> = read
        .iter()
        .map(|(path, linted)| FileFindings {
            path,
            is_ignore_file: files::is_ignore_file(Path::new(path.as_ref())),
            text: &linted.text,
            lines: LineIndex::new(&linted.text),
            diagnostics: &linted.diagnostics,
        })
        .collect();
    let diagnostics = || linted.iter().flat_map(|file| file.diagnostics);
    if arguments.statistics {
        statistics(diagnostics(), streams.out)?;
    } else {
        render(format(arguments, streams.look()), &linted, streams.out)?;
    }
    Ok(diagnostics().map(|diagnostic| diagnostic.severity).collect())
}

fn format(arguments: &Check, look: Look) -> Format {
    match arguments.output_format {
        OutputFormat::Full => Format::Full(Look {
            colours: match arguments.color {
                ColorChoice::Auto => look.colours,
                ColorChoice::Always => true,
                ColorChoice::Never => false,
            },
            ..look
        }),
        OutputFormat::Concise => Format::Concise,
        OutputFormat::Json => Format::Json,
        OutputFormat::JsonLines => Format::JsonLines,
        OutputFormat::Sarif => Format::Sarif,
        OutputFormat::Github => Format::Github,
        OutputFormat::Gitlab => Format::Gitlab,
        OutputFormat::Checkstyle => Format::Checkstyle,
        OutputFormat::Codeclimate => Format::Codeclimate,
        OutputFormat::Junit => Format::Junit,
        OutputFormat::Sonarqube => Format::Sonarqube,
        OutputFormat::Gnu => Format::Gnu,
        OutputFormat::Codacy => Format::Codacy,
        OutputFormat::Rdjson => Format::Rdjson,
        OutputFormat::Hadolint => Format::Hadolint,
    }
}

/// The name of a file as programs look for it: from the working directory on, which in CI is the root of the repository, and
/// without `.`.
fn name_for_programs<'f>(arguments: &Check, path: &'f str, working_directory: Option<&Path>) -> Cow<'f, str> {
    if matches!(arguments.output_format, OutputFormat::Full | OutputFormat::Concise) {
        return Cow::Borrowed(path);
    }
    let within = working_directory.and_then(|directory| Path::new(path).strip_prefix(directory).ok());
    let plain: PathBuf =
        within.unwrap_or(Path::new(path)).components().filter(|part| *part != Component::CurDir).collect();
    match plain.to_str() {
        Some(plain) if std::path::MAIN_SEPARATOR == '/' => Cow::Owned(plain.to_owned()),
        Some(plain) => Cow::Owned(plain.replace(std::path::MAIN_SEPARATOR, "/")),
        None => Cow::Borrowed(path),
    }
}

/// How often each rule speaks up, the most talkative first.
fn statistics<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, &str), (Severity, usize)> = BTreeMap::new();
    for diagnostic in diagnostics {
        counts.entry((diagnostic.code, diagnostic.name)).or_insert((diagnostic.severity, 0)).1 += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
    for ((code, name), (severity, count)) in counts {
        writeln!(out, "{count:>7}  {severity:<7}  {code:<12}  {name}")?;
    }
    Ok(())
}

/// Tells what could not be read, and what was read only with losses; says whether anything could not be read.
fn tell(files: &[Checked], err: &mut dyn Write) -> io::Result<bool> {
    let mut failed = false;
    for Checked { path, result } in files {
        match result {
            Err(reason) => {
                failed = true;
                writeln!(err, "error: {path}: {reason}")?;
            }
            Ok(linted) => {
                if let Some(span) = linted.invalid_utf8 {
                    let line = LineIndex::new(&linted.text).line(span.start);
                    writeln!(err, "warning: {path}:{line}: some bytes are not UTF-8; what they say is passed over")?;
                }
            }
        }
    }
    Ok(failed)
}

fn summarize(files: &[Checked], err: &mut dyn Write) -> io::Result<()> {
    let read: Vec<&Linted> = files.iter().filter_map(|file| file.result.as_ref().ok()).collect();
    if read.is_empty() {
        return Ok(());
    }
    let count = |severity| {
        read.iter().flat_map(|file| &file.diagnostics).filter(|diagnostic| diagnostic.severity == severity).count()
    };
    let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let counts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (severity, count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| match severity {
            Severity::Error => plural(count, "error"),
            Severity::Warning => plural(count, "warning"),
            Severity::Info => format!("{count} to know"),
            Severity::Style => format!("{count} of style"),
        })
        .collect();
    let files = plural(read.len(), "file");
    match counts.is_empty() {
        true => writeln!(err, "Checked {files}: nothing to say."),
        false => writeln!(err, "Checked {files}: {}.", counts.join(", ")),
    }?;
    let fixes = |applicability| {
        read.iter()
            .flat_map(|file| &file.diagnostics)
            .filter(|diagnostic| diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == applicability))
            .count()
    };
    match (fixes(Applicability::Safe), fixes(Applicability::Unsafe)) {
        (0, 0) => Ok(()),
        (safe, 0) => writeln!(err, "{safe} can be fixed safely."),
        (0, risky) => writeln!(err, "{risky} can be fixed, which may change what the build does."),
        (safe, risky) => {
            writeln!(err, "{safe} can be fixed safely, {risky} more in ways that may change what the build does.")
        }
    }
}
