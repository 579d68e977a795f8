use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::args::Context as Arguments;
use super::files::{self, Unreadable};
use super::progress::with_progress;
use super::taken::{self, Taken, broken};
use super::{Outcome, Streams};
use crate::context::{
    Context, DirectoryTotals, Entry, EntryKind, IgnoreSource, Listing, Options, Progress, Totals, WalkError,
    WalkErrorReason,
};
use crate::dockerignore::{IgnoreFile, PatternError, Tool};
use crate::semantic::Model;
use crate::size::{HumanSize, count, counted};
use crate::source::{LineIndex, Source};

/// `plimsoll context`
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let mut failed = false;
    let ignore = match ignore_source(arguments) {
        Ok(ignore) => ignore,
        Err((path, reason)) => {
            failed = true;
            writeln!(streams.err, "error: {}: {reason}", path.display())?;
            IgnoreSource::None
        }
    };
    let patterns_start = arguments.workdir.clone().unwrap_or_else(|| ".".to_owned());
    let options = Options { ignore, patterns_start, ..Options::default() };
    let progress = Progress::default();
    let tell = || format!("{} so far", counted(progress.entries() as u64, "entry", "entries"));
    let opened =
        with_progress(streams, tell, || Context::open_with(&arguments.directory, &options, &progress))?.transpose();
    let context = match opened {
        Ok(Some(context)) => context,
        Ok(None) => return Ok(Outcome::Failed),
        Err(error) => {
            writeln!(streams.err, "error: {error}")?;
            return Ok(Outcome::Failed);
        }
    };
    failed |= tell_errors(&context, streams.err)?;
    let text = match dockerfile(arguments, streams) {
        Ok(text) => text,
        Err(reason) => {
            failed = true;
            let path = arguments.file.as_deref().unwrap_or(Path::new("-"));
            writeln!(streams.err, "error: {}: {reason}", path.display())?;
            None
        }
    };
    let name = arguments.file.as_deref().map(shown).unwrap_or_default();
    let parsed = text.as_deref().map(crate::parse);
    if let Some(line) = parsed.as_ref().and_then(|parsed| broken(&name, parsed)) {
        writeln!(streams.err, "{line}")?;
    }
    let model = parsed.as_ref().map(|parsed| Model::build(&parsed.dockerfile));
    let taken = model.as_ref().map(|model| Taken::new(&name, model, &context));
    if arguments.json {
        write_json(arguments, &context, taken.as_ref(), streams.out)?;
    } else {
        show(arguments, &context, taken.as_ref(), streams)?;
        streams.out.flush()?;
        if let Some(taken) = &taken {
            taken.tell_problems(&context, streams.err)?;
        }
        summarize(arguments, &context, streams.err)?;
        if let Some(taken) = &taken {
            taken.summarize(amount, streams.err)?;
        }
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Clean })
}

/// The text of the Dockerfile, if one is named.
fn dockerfile(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<Option<String>, Unreadable> {
    let Some(path) = &arguments.file else { return Ok(None) };
    let bytes = if path.as_os_str() == "-" { files::read_all(&mut *streams.input)? } else { files::read(path)? };
    Ok(Some(Source::decode(&bytes)?.text().to_owned()))
}

/// The ignore file that is asked for.
fn ignore_source(arguments: &Arguments) -> Result<IgnoreSource, (&Path, Unreadable)> {
    if let Some(path) = &arguments.ignore_file {
        let bytes = files::read(path).map_err(|reason| (path.as_path(), reason))?;
        return Ok(IgnoreSource::Given(IgnoreFile::parse_bytes(&path.to_string_lossy(), &bytes)));
    }
    let dockerfile = match &arguments.file {
        Some(file) if file.as_os_str() == "-" => None,
        Some(file) => Some(file.clone()),
        // Without -f, a build takes this one.
        None => Some(arguments.directory.join("Dockerfile")),
    };
    Ok(IgnoreSource::Found { dockerfile, tool: Tool::Docker })
}

/// Tells what is wrong; says whether a build would fail on it.
fn tell_errors(context: &Context, err: &mut dyn Write) -> io::Result<bool> {
    let mut failed = false;
    if let Some(file) = context.ignore_file().filter(|file| file.encoding.is_some()) {
        let reason = "the file is UTF-16, which Docker takes for other text, so that its patterns match nothing";
        writeln!(err, "warning: {}: {reason}: save it as UTF-8", readable(&file.name))?;
    }
    for error in context.pattern_errors() {
        failed = true;
        let place = Place::of(error, context);
        writeln!(err, "error: {}:{}:{}: {}", place.file, place.line, place.column, place.message)?;
        writeln!(err, "  Docker fails on it with: {}", place.docker)?;
        writeln!(err, "  help: {}", place.help)?;
    }
    for error in context.listing().errors() {
        let vanished = error.reason == WalkErrorReason::Vanished;
        failed |= !vanished;
        let kind = if vanished { "warning" } else { "error" };
        writeln!(
            err,
            "{kind}: {}: {}",
            shown(&context.root().join(&*String::from_utf8_lossy(&error.path))),
            error.reason
        )?;
    }
    Ok(failed)
}

fn shown(path: &Path) -> String {
    readable(&path.to_string_lossy())
}

/// A name as it can be shown: what would move the cursor, or worse, is replaced.
pub(crate) fn readable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A pattern that is wrong.
#[derive(Serialize)]
struct Place<'c> {
    file: &'c str,
    line: u32,
    column: u32,
    message: String,
    docker: &'static str,
    help: &'static str,
}

impl<'c> Place<'c> {
    fn of(error: &'c PatternError, context: &'c Context) -> Self {
        let text = context.ignore_file().map_or("", |file| file.text.as_str());
        Self {
            file: &error.file,
            line: error.line,
            column: LineIndex::new(text).line_column(text, error.span.start).column,
            message: error.kind.to_string(),
            docker: error.kind.as_docker_says(),
            help: error.kind.help(),
        }
    }
}

/// What is to be shown of a listing.
enum Rows<'l> {
    Entries(Vec<Entry<'l>>),
    Directories(Vec<DirectoryTotals<'l>>),
}

impl<'l> Rows<'l> {
    fn of(arguments: &Arguments, listing: &'l Listing) -> Self {
        match (arguments.by_directory, arguments.largest) {
            (false, None) => Self::Entries(listing.iter().collect()),
            (false, Some(most)) => Self::Entries(listing.largest(most)),
            (true, most) => {
                let mut directories = listing.by_directory();
                if let Some(most) = most {
                    directories.sort_by_key(|of| std::cmp::Reverse(of.totals.bytes));
                    directories.truncate(most);
                }
                Self::Directories(directories)
            }
        }
    }
}

fn show(
    arguments: &Arguments,
    context: &Context,
    taken: Option<&Taken<'_, '_>>,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let listing = taken.and_then(|taken| taken.sent.as_ref()).unwrap_or(context.listing());
    match Rows::of(arguments, listing) {
        Rows::Directories(directories) => {
            let widest = directories.iter().map(|of| count(of.totals.files).len()).max().unwrap_or_default();
            for of in directories {
                let files = if of.totals.files == 1 { "file " } else { "files" };
                let size = HumanSize(of.totals.bytes);
                let path = directory_name(of.path);
                writeln!(streams.out, "{size:>8}  {:>widest$} {files}  {path}", count(of.totals.files))?;
            }
        }
        Rows::Entries(entries) => {
            let directories = listing.by_directory();
            let mut directories = directories.iter().skip(1);
            let names: Vec<String> = entries.iter().map(entry_name).collect();
            let width = |name: &String| name.chars().count();
            // Places stand below each other, as far as the names are not too long.
            let column =
                names.iter().map(width).filter(|width| *width <= streams.width * 2 / 5).max().unwrap_or_default();
            for (entry, name) in entries.iter().zip(&names) {
                let size = match entry.kind {
                    // They are in the same order.
                    EntryKind::Directory => Some(directories.next().map_or(0, |of| of.totals.bytes)),
                    EntryKind::File => Some(entry.content()),
                    EntryKind::Link | EntryKind::Other => None,
                };
                let size = size.map_or_else(String::new, |size| HumanSize(size).to_string());
                let places = places(entry, context, taken);
                let fits = |place: &String| INDENT + column.max(width(name)) + 4 + width(place) <= streams.width;
                if !places.is_empty() && places.iter().all(fits) {
                    let mut left = format!("{size:>8}  {name:<column$}");
                    for place in places {
                        writeln!(streams.out, "{left}  {} {place}", arrow(streams.unicode))?;
                        left = " ".repeat(INDENT + column.max(width(name)));
                    }
                } else {
                    writeln!(streams.out, "{size:>8}  {name}")?;
                    for place in places {
                        writeln!(streams.out, "{:INDENT$}{} {place}", "", arrow(streams.unicode))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Where names begin.
const INDENT: usize = 10;

const fn arrow(unicode: bool) -> &'static str {
    if unicode { "→" } else { "=>" }
}

/// Where an entry lands in the image; nothing for directories, for they are where their files are.
fn places(entry: &Entry<'_>, context: &Context, taken: Option<&Taken<'_, '_>>) -> Vec<String> {
    let Some(taken) = taken.filter(|_| entry.kind != EntryKind::Directory) else { return Vec::new() };
    let places = context.listing().position(entry.path).map(|number| taken.places(number)).unwrap_or_default();
    let places: Vec<String> = places.iter().map(|place| readable(place)).collect();
    if places.is_empty() && taken.sent.is_some() {
        return vec!["nowhere: it is sent, but not copied".to_owned()];
    }
    places
}

fn directory_name(path: &[u8]) -> String {
    if path.is_empty() { "./".to_owned() } else { readable(&String::from_utf8_lossy(path)) + "/" }
}

fn entry_name(entry: &Entry<'_>) -> String {
    let path = readable(&entry.path_text());
    match (entry.kind, entry.target) {
        (EntryKind::Directory, _) => path + "/",
        (EntryKind::Link, Some(target)) => format!("{path} -> {}", readable(&String::from_utf8_lossy(target))),
        (EntryKind::File, Some(first)) => {
            format!("{path} (the same file as {})", readable(&String::from_utf8_lossy(first)))
        }
        (EntryKind::Other, _) => path + " (a pipe, a socket or a device)",
        _ => path,
    }
}

/// `3 files in 2 directories, 1.23 kB`
pub(crate) fn amount(totals: &Totals) -> String {
    let mut text = counted(totals.files, "file", "files");
    if totals.directories > 0 {
        text += &format!(" in {}", counted(totals.directories, "directory", "directories"));
    }
    if totals.links > 0 {
        text += &format!(" and {}", counted(totals.links, "link", "links"));
    }
    if totals.others > 0 {
        text += &format!(" and {}", counted(totals.others, "pipe, socket or device", "pipes, sockets or devices"));
    }
    text + &format!(", {}", HumanSize(totals.bytes))
}

fn summarize(arguments: &Arguments, context: &Context, err: &mut dyn Write) -> io::Result<()> {
    let totals = context.listing().totals();
    let root = shown(context.root());
    let inside = |name: &str| Path::new(name).strip_prefix(context.root()).ok().map(shown);
    let file = context.ignore_file().map(|file| inside(&file.name).unwrap_or_else(|| readable(&file.name)));
    match (context.listing().is_empty(), file) {
        (true, Some(file)) => writeln!(err, "Nothing: {file} leaves out all of `{root}`.")?,
        (true, None) => writeln!(err, "Nothing: `{root}` is empty.")?,
        (false, Some(file)) => writeln!(err, "{}: what a build of `{root}` may read after {file}.", amount(&totals))?,
        (false, None) => writeln!(
            err,
            "{}: what a build of `{root}` may read; no .dockerignore leaves anything out.",
            amount(&totals)
        )?,
    }
    if let Some(workdir) = &arguments.workdir {
        writeln!(err, "The patterns start at {} here; in a build they start at {root}.", readable(workdir))?;
    }
    Ok(())
}

/// What is printed. Fields are only ever added.
#[derive(Serialize)]
struct Json<'c> {
    context: String,
    ignore_file: Option<&'c str>,
    totals: Totals,
    pattern_errors: Vec<Place<'c>>,
    errors: &'c [WalkError],
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<JsonEntry<'c>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dockerfile: Option<taken::Json<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    directories: Option<Vec<Directory>>,
}

#[derive(Serialize)]
struct JsonEntry<'c> {
    #[serde(flatten)]
    entry: Entry<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    landings: Option<Vec<taken::Landed<'c>>>,
}

#[derive(Serialize)]
struct Directory {
    path: String,
    #[serde(flatten)]
    totals: Totals,
}

fn write_json(
    arguments: &Arguments,
    context: &Context,
    taken: Option<&Taken<'_, '_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let listing = taken.and_then(|taken| taken.sent.as_ref()).unwrap_or(context.listing());
    let (entries, directories) = match Rows::of(arguments, listing) {
        Rows::Entries(entries) => {
            let landings = |entry: &Entry<'_>| {
                let number = context.listing().position(entry.path);
                taken.map(|taken| number.map(|number| taken.landed(number)).unwrap_or_default())
            };
            let entry = |entry| JsonEntry { entry, landings: landings(&entry) };
            (Some(entries.into_iter().map(entry).collect()), None)
        }
        Rows::Directories(directories) => {
            let of = |of: DirectoryTotals<'_>| Directory {
                path: String::from_utf8_lossy(of.path).into_owned(),
                totals: of.totals,
            };
            (None, Some(directories.into_iter().map(of).collect()))
        }
    };
    let json = Json {
        context: context.root().to_string_lossy().into_owned(),
        ignore_file: context.ignore_file().map(|file| &*file.name),
        totals: context.listing().totals(),
        pattern_errors: context.pattern_errors().iter().map(|error| Place::of(error, context)).collect(),
        errors: listing.errors(),
        entries,
        dockerfile: taken.map(|taken| taken.json(context)),
        directories,
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)
}
