use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use super::args::Why;
use super::{Outcome, Streams, files, image};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dockerignore::{Chosen, Decision, Ignore, IgnoreFile, PatternError, Say, Tool, choose};
use crate::render::{FileFindings, OutputFormat, render};
use crate::source::LineIndex;

/// How many lines are shown before and after one that had a say.
const AROUND: u32 = 1;
/// How many characters of a line are shown.
const WIDEST: usize = 60;

/// `plimsoll why`
pub(super) fn run(arguments: &Why, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    if let Some(reason) = no_directory(&arguments.context) {
        return failed(&format!("{}: {reason}", arguments.context.display()), streams);
    }
    let file = match ignore_file(arguments) {
        Ok(file) => file,
        Err(reason) => return failed(&reason, streams),
    };
    if file.encoding.is_some() {
        let name = &file.name;
        let reason = "the file is UTF-16, which Docker takes for other text, so that its patterns match nothing";
        writeln!(streams.err, "warning: {name}: {reason}: save it as UTF-8")?;
    }
    let ignore = match Ignore::new(&file) {
        Ok(ignore) => ignore.rooted_at(&arguments.workdir),
        Err(_) => {
            wrong_patterns(&file, &file.errors, streams)?;
            return Ok(Outcome::Failed);
        }
    };
    let (mut paths, mut outcome) = (Vec::new(), Outcome::Clean);
    let names = names(arguments, streams)?;
    if arguments.image {
        match image::asked(arguments, &file, &names, streams) {
            Ok((asked, all)) => {
                paths = asked;
                outcome = if all { outcome } else { Outcome::Findings };
            }
            Err(reason) => return failed(&reason, streams),
        }
    } else {
        for name in names {
            match inside(&arguments.context, &name) {
                Ok(path) => {
                    paths.push(Asked { path, is_directory: is_directory(Path::new(&name)), in_image: None });
                }
                Err(reason) => outcome = failed(&reason, streams)?,
            }
        }
    }
    let mut answers = Vec::new();
    for asked in &paths {
        match Answer::new(&ignore, asked) {
            Ok(answer) => answers.push(answer),
            Err(error) => {
                wrong_patterns(&file, &[error], streams)?;
                outcome = Outcome::Failed;
            }
        }
    }
    if arguments.json {
        serde_json::to_writer_pretty(
            &mut *streams.out,
            &answers.iter().map(|answer| answer.json(&file)).collect::<Vec<_>>(),
        )?;
        writeln!(streams.out)?;
    } else {
        for (at, answer) in answers.iter().enumerate() {
            if at > 0 {
                writeln!(streams.out)?;
            }
            answer.show(&file, streams)?;
        }
    }
    Ok(match outcome {
        Outcome::Clean if answers.iter().any(|answer| answer.ignored) => Outcome::Findings,
        outcome => outcome,
    })
}

fn failed(reason: &str, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    writeln!(streams.err, "error: {reason}")?;
    Ok(Outcome::Failed)
}

/// Whether it is a directory, and no link to one.
pub(super) fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|entry| entry.is_dir())
}

/// Why a context can't be one.
fn no_directory(context: &Path) -> Option<String> {
    match context.metadata() {
        Ok(metadata) if metadata.is_dir() => None,
        Ok(_) => Some("the context of a build is a directory, and this is a file".to_owned()),
        Err(error) => Some(files::Unreadable::from(error).to_string()),
    }
}

/// The ignore file that was asked for, or the one in force; an empty one where there is none.
fn ignore_file(arguments: &Why) -> Result<IgnoreFile, String> {
    if let Some(dockerfile) = arguments.file.as_ref().filter(|dockerfile| !dockerfile.is_file()) {
        return Err(format!("{}: there is no such Dockerfile", dockerfile.display()));
    }
    let tool = if arguments.podman { Tool::Podman } else { Tool::Docker };
    let chosen = match &arguments.ignore_file {
        Some(path) => Chosen::read(path.clone()).map(Some),
        None => choose(&arguments.context, arguments.file.as_deref(), tool),
    };
    match chosen {
        Ok(Some(Chosen { path, bytes })) => {
            // `.` is where everybody is, and says nothing.
            let path = path.strip_prefix("./").unwrap_or(&path);
            Ok(IgnoreFile::parse_bytes(&path.to_string_lossy(), &bytes))
        }
        Ok(None) => Ok(IgnoreFile::default()),
        Err(error) => Err(format!("{}: {}", error.path.display(), files::Unreadable::from(error.source))),
    }
}

/// The paths that are asked for.
fn names(arguments: &Why, streams: &mut Streams<'_>) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for path in &arguments.paths {
        if path != "-" {
            names.push(path.clone());
            continue;
        }
        let mut bytes = Vec::new();
        streams.input.read_to_end(&mut bytes)?;
        let end = if arguments.null { b'\0' } else { b'\n' };
        let lines = bytes.split(|byte| *byte == end).filter(|line| !line.is_empty());
        names.extend(lines.map(|line| name(line.to_vec())));
    }
    Ok(names)
}

#[cfg(unix)]
fn name(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn name(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).trim_end_matches('\r').into()
}

#[cfg(unix)]
fn bytes(component: &Component<'_>) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(component.as_os_str()).to_vec()
}

#[cfg(not(unix))]
fn bytes(component: &Component<'_>) -> Vec<u8> {
    component.as_os_str().to_string_lossy().into_owned().into_bytes()
}

/// Where a path is in the context; empty for the context itself.
fn inside(context: &Path, name: &OsString) -> Result<Vec<u8>, String> {
    let shown = Path::new(name).display();
    let here = std::env::current_dir().map_err(|error| format!("{shown}: {error}"))?;
    let path = plain(&here.join(name));
    let contexts = [plain(&here.join(context))].into_iter().chain(context.canonicalize());
    let relative = contexts.into_iter().find_map(|context| path.strip_prefix(context).map(Path::to_path_buf).ok());
    let relative = relative.ok_or_else(|| {
        let meant = context.join(name);
        let help = if Path::new(name).is_relative() && meant.exists() {
            format!("; paths start at the current directory, so write {}", meant.display())
        } else {
            String::new()
        };
        format!("{shown}: it is outside the context {}, and a build can't see it{help}", context.display())
    })?;
    Ok(relative.components().map(|component| bytes(&component)).collect::<Vec<_>>().join(&b'/'))
}

/// A path without `.` and `..`, as its text alone can tell.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            component => plain.push(component),
        }
    }
    plain
}

/// Shows patterns that are wrong, with what Docker makes of them.
fn wrong_patterns(file: &IgnoreFile, errors: &[PatternError], streams: &mut Streams<'_>) -> io::Result<()> {
    let diagnostic = |error: &PatternError| Diagnostic {
        code: "",
        name: "",
        severity: Severity::Error,
        span: error.span,
        message: error.kind.to_string().into(),
        help: Some(
            format!("{}; a build stops here and says only `{}`", error.kind.help(), error.kind.as_docker_says()).into(),
        ),
        fix: None,
        related: Vec::new(),
    };
    let diagnostics: Vec<Diagnostic> = errors.iter().map(diagnostic).collect();
    let findings = FileFindings {
        path: &file.name,
        text: &file.text,
        is_ignore_file: true,
        lines: LineIndex::new(&file.text),
        diagnostics: &diagnostics,
    };
    render(OutputFormat::Full, streams.look(), &[findings], streams.err)
}

/// A path that is asked for.
pub(super) struct Asked {
    /// In the context.
    pub(super) path: Vec<u8>,
    pub(super) is_directory: bool,
    /// Where it is in the image, if that was asked.
    pub(super) in_image: Option<InImage>,
}

/// A path in the image, and what puts a path of the context there.
#[derive(Serialize)]
pub(super) struct InImage {
    pub(super) path: String,
    /// The line of the Dockerfile, from 1.
    pub(super) line: u32,
    /// The instruction's first line.
    pub(super) instruction: String,
    pub(super) certain: bool,
}

/// What there is to say of a path.
struct Answer<'i> {
    path: &'i [u8],
    in_image: Option<&'i InImage>,
    is_directory: bool,
    ignored: bool,
    decision: Option<Decision<'i>>,
    /// What the check says, where that is something else.
    check_differs: bool,
    /// Whether a part of an ignored directory may be kept.
    may_keep_below: bool,
}

impl<'i> Answer<'i> {
    fn new(ignore: &'i Ignore, asked: &'i Asked) -> Result<Self, PatternError> {
        let (path, is_directory) = (asked.path.as_slice(), asked.is_directory);
        // The root of the context is always there.
        let decision = if path.is_empty() { None } else { Some(ignore.decide(path)?) };
        let ignored = decision.as_ref().is_some_and(|decision| decision.ignored);
        let check = if path.is_empty() { Ok(false) } else { ignore.matches_or_parent_matches(path) };
        let may_keep_below = ignored && is_directory && ignore.may_keep_below(path);
        Ok(Self {
            path,
            in_image: asked.in_image.as_ref(),
            is_directory,
            ignored,
            decision,
            check_differs: check.is_ok_and(|check| check != ignored),
            may_keep_below,
        })
    }

    fn said(&self) -> &[Say<'i>] {
        self.decision.as_ref().map_or(&[], |decision| &decision.said)
    }

    fn name(&self) -> String {
        if self.path.is_empty() { ".".to_owned() } else { text(self.path) }
    }

    fn show(&self, file: &IgnoreFile, streams: &mut Streams<'_>) -> io::Result<()> {
        if let Some(image) = self.in_image {
            let is = if image.certain { "is" } else { "may be" };
            let (name, line) = (self.name(), image.line);
            writeln!(streams.out, "{} {is} {name} of the context: line {line}, `{}`", image.path, image.instruction)?;
        }
        let (verdict, colour) = if self.ignored { ("out of the context", "31") } else { ("in the context", "32") };
        let verdict =
            if streams.colours { format!("\u{1b}[1;{colour}m{verdict}\u{1b}[0m") } else { verdict.to_owned() };
        let reason = match self.said().last() {
            Some(say) => format!("line {} of {} decides", say.pattern.line, file.name),
            None if self.path.is_empty() => "it is the context itself".to_owned(),
            None if file.name.is_empty() => "there is no ignore file".to_owned(),
            None => format!("no pattern of {} leaves it out", file.name),
        };
        writeln!(streams.out, "{} is {verdict}: {reason}", self.name())?;
        self.show_lines(file, streams)?;
        let notes = self.notes();
        if !notes.is_empty() {
            writeln!(streams.out)?;
        }
        notes.iter().try_for_each(|note| writeln!(streams.out, "  {note}"))
    }

    fn passed_over(&self) -> &[Say<'i>] {
        self.decision.as_ref().map_or(&[], |decision| &decision.passed_over)
    }

    /// The lines that had a say, with those around them, the deciding one marked.
    fn show_lines(&self, file: &IgnoreFile, streams: &mut Streams<'_>) -> io::Result<()> {
        let mut effects: BTreeMap<u32, String> = BTreeMap::new();
        effects.extend(self.passed_over().iter().map(|say| (say.pattern.line, self.no_effect(*say))));
        effects.extend(self.said().iter().map(|say| (say.pattern.line, self.effect(*say))));
        if effects.is_empty() {
            return Ok(());
        }
        let deciding = self.said().last().map(|say| say.pattern.line);
        let is_near = |number: u32| effects.range(number.saturating_sub(AROUND)..=number + AROUND).next().is_some();
        let lines = (1..).zip(file.text.split_terminator('\n')).filter(|(number, _)| is_near(*number));
        let lines: Vec<(u32, String)> = lines.map(|(number, line)| (number, shown(line))).collect();
        let width = lines.iter().map(|(_, line)| line.chars().count()).max().unwrap_or(0);
        let digits = lines.last().map_or(0, |(number, _)| number.to_string().len());
        let (bar, gap) = if streams.unicode { ('│', "⋮") } else { ('|', "...") };
        writeln!(streams.out)?;
        let mut before = None;
        for (number, line) in &lines {
            if before.is_some_and(|before| before + 1 < *number) {
                writeln!(streams.out, "  {gap}")?;
            }
            before = Some(*number);
            let mark = if deciding == Some(*number) { '>' } else { ' ' };
            let effect = effects.get(number).map(String::as_str).unwrap_or_default();
            let shown = format!("{mark} {number:>digits$} {bar} {line:<width$}  {effect}");
            writeln!(streams.out, "{}", shown.trim_end())?;
        }
        Ok(())
    }

    /// What a pattern does to the path.
    fn effect(&self, say: Say<'_>) -> String {
        let directory = text(say.matched);
        match (say.pattern.exclusion, say.matched == self.path) {
            (false, true) => "leaves it out".to_owned(),
            (false, false) => format!("leaves out `{directory}` and what is in it"),
            (true, true) => "brings it back".to_owned(),
            (true, false) => format!("brings back `{directory}` and what is in it"),
        }
    }

    /// Why a pattern does nothing to the path.
    fn no_effect(&self, say: Say<'_>) -> String {
        let what = if say.matched == self.path { "it".to_owned() } else { format!("`{}`", text(say.matched)) };
        format!("does not count: nothing before it leaves {what} out")
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(directory) = self.decision.as_ref().and_then(|decision| decision.not_entered) {
            let directory = text(directory);
            notes
                .push(format!("The build does not look into `{directory}`: no pattern with `!` names anything in it."));
        }
        if self.may_keep_below {
            notes.push("The directory is sent all the same if something in it is brought back.".to_owned());
        } else if self.ignored && self.is_directory {
            notes.push("Nothing in it is sent.".to_owned());
        }
        if self.ignored
            && let Some(say) = self.passed_over().iter().rfind(|say| say.matched != self.path)
        {
            let pattern = say.pattern.written.trim_end_matches('/');
            notes.push(format!("To bring back what is in `{}`, write `{pattern}/**`.", text(say.matched)));
        }
        if self.check_differs {
            let (other, build) = if self.ignored { ("in", "does not send") } else { ("out", "sends") };
            notes.push(format!(
                "Tools that hold each pattern against all directories of a path take it to be {other}; the build {build} it."
            ));
        }
        notes
    }

    fn json<'a>(&'a self, file: &'a IgnoreFile) -> Json<'a> {
        let said: Vec<JsonSay<'_>> = self.said().iter().map(JsonSay::new).collect();
        Json {
            path: self.name(),
            in_image: self.in_image,
            ignored: self.ignored,
            ignore_file: Some(&*file.name).filter(|name| !name.is_empty()),
            deciding: said.last().cloned(),
            said,
            passed_over: self.passed_over().iter().map(JsonSay::new).collect(),
            not_entered: self.decision.as_ref().and_then(|decision| decision.not_entered).map(text),
            check_ignored: self.ignored != self.check_differs,
        }
    }
}

/// What is printed for programs. Fields are only ever added.
#[derive(Serialize)]
struct Json<'a> {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_image: Option<&'a InImage>,
    ignored: bool,
    ignore_file: Option<&'a str>,
    deciding: Option<JsonSay<'a>>,
    said: Vec<JsonSay<'a>>,
    passed_over: Vec<JsonSay<'a>>,
    not_entered: Option<String>,
    check_ignored: bool,
}

#[derive(Serialize, Clone)]
struct JsonSay<'a> {
    line: u32,
    pattern: &'a str,
    keeps: bool,
    matched: String,
}

impl<'a> JsonSay<'a> {
    fn new(say: &Say<'a>) -> Self {
        let pattern = say.pattern;
        Self { line: pattern.line, pattern: &pattern.written, keeps: pattern.exclusion, matched: text(say.matched) }
    }
}

/// The text of a path.
pub(super) fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).chars().map(tame).collect()
}

/// A line as it is shown: without control characters, and not too long.
pub(super) fn shown(line: &str) -> String {
    let line = line.trim_end_matches('\r');
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let cut: String = line.chars().take(WIDEST).map(tame).collect();
    if line.chars().nth(WIDEST).is_some() { cut + "…" } else { cut }
}

fn tame(c: char) -> char {
    if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }
}
