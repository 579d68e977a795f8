//! Writing comments that silence what is found.

use std::collections::BTreeMap;

use super::comment::{Pragma, Said, Tool};
use super::ignores::comments_of_ignore_file;
use super::{Reach, scope};
use crate::ast::{Comment, Dockerfile, Instruction, Kind};
use crate::diagnostic::{Diagnostic, Edit};
use crate::dockerignore::IgnoreFile;
use crate::parse::Parsed;
use crate::rules::unused_ignore;
use crate::source::Span;
use crate::syntax::Directives;

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// What must be written so that the findings of a Dockerfile are silenced: edits in order, without overlaps, that add a
/// comment above each instruction with findings, or ids to the one that is there. What is about no instruction is silenced
/// for the whole file, in a comment at the top, below the directives.
///
/// With a `reason`, it stands in each comment that is added. What is said of comments that silence nothing is passed over.
/// The instructions stay as they are.
#[must_use]
pub fn ignores_for(parsed: &Parsed<'_>, diagnostics: &[Diagnostic], reason: Option<&str>) -> Vec<Edit> {
    let dockerfile = &parsed.dockerfile;
    let instructions = &dockerfile.instructions;
    let scopes: Vec<Span> = instructions.iter().map(|instruction| scope(dockerfile, instruction)).collect();
    // A line below a heredoc without an end would be one of its own.
    let is_endless = |index: usize| {
        let heredocs = instructions.get(index).map(Instruction::heredocs).unwrap_or_default();
        heredocs.iter().any(|heredoc| heredoc.terminator.is_none())
    };
    let takes = |index: usize| !index.checked_sub(1).is_some_and(is_endless);
    let targets = Targets::new(&scopes, diagnostics, takes);
    let writer = Writer::new(dockerfile.text, reason);
    let top = top(dockerfile);
    let mut edits = Vec::new();
    if !targets.file.is_empty() {
        let mut comments = dockerfile.comments.iter();
        let said = comments.find_map(|comment| own(comment.text, Reach::File));
        edits.push(writer.write(said.as_ref(), "file-ignore", &targets.file, top, ""));
    }
    for (index, ids) in &targets.parts {
        let Some(instruction) = instructions.get(*index) else { continue };
        let after = index.checked_sub(1).and_then(|last| instructions.get(last)).map_or(0, |last| last.span.end);
        let comments = between(&dockerfile.comments, Span::new(after, instruction.header.end));
        let said = comments.iter().rev().find_map(|comment| own(comment.text, Reach::Instruction));
        let (at, indent) = above(dockerfile, instruction, top);
        edits.push(writer.write(said.as_ref(), "ignore", ids, at, indent));
    }
    // Where two are written at one place, the one for the file comes first.
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// The same for an ignore file, whose patterns are what its findings are about.
#[must_use]
pub fn ignores_for_patterns(file: &IgnoreFile, diagnostics: &[Diagnostic], reason: Option<&str>) -> Vec<Edit> {
    let text = file.text.as_str();
    let scopes: Vec<Span> = file.patterns.iter().map(|pattern| pattern.span).collect();
    let targets = Targets::new(&scopes, diagnostics, |_| true);
    let writer = Writer::new(text, reason);
    let mut edits = Vec::new();
    if !targets.file.is_empty() {
        let said = comments_of_ignore_file(text).find_map(|(_, comment)| own(comment, Reach::File));
        edits.push(writer.write(said.as_ref(), "file-ignore", &targets.file, after_mark(text), ""));
    }
    let comments: Vec<(Span, &str)> = comments_of_ignore_file(text).collect();
    for (index, ids) in &targets.parts {
        let Some(pattern) = scopes.get(*index) else { continue };
        let after = index.checked_sub(1).and_then(|last| scopes.get(last)).map_or(0, |last| last.end);
        let first = comments.partition_point(|(line, _)| line.start < after);
        let last = comments.partition_point(|(line, _)| line.start < pattern.start);
        let above = comments.get(first..last).unwrap_or_default();
        let said = above.iter().rev().find_map(|(_, comment)| own(comment, Reach::Instruction));
        edits.push(writer.write(said.as_ref(), "ignore", ids, line_start(text, pattern.start), ""));
    }
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// Which ids must be silenced where.
#[derive(Default)]
struct Targets {
    file: Vec<&'static str>,
    parts: BTreeMap<usize, Vec<&'static str>>,
}

impl Targets {
    /// Puts each id where its finding is, if that part `takes` a comment.
    fn new(scopes: &[Span], diagnostics: &[Diagnostic], takes: impl Fn(usize) -> bool) -> Self {
        let mut targets = Self::default();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.name != unused_ignore::RULE.name) {
            let at = diagnostic.span.start;
            let last = scopes.partition_point(|scope| scope.start <= at).checked_sub(1);
            let part = last.filter(|last| scopes.get(*last).is_some_and(|scope| at <= scope.end) && takes(*last));
            let ids = match part {
                Some(part) => targets.parts.entry(part).or_default(),
                None => &mut targets.file,
            };
            if !ids.contains(&diagnostic.code) {
                ids.push(diagnostic.code);
            }
        }
        targets
    }
}

struct Writer<'t> {
    text: &'t str,
    line_end: &'static str,
    /// Whether the last line has no end.
    is_unended: bool,
    reason: Option<&'t str>,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, reason: Option<&'t str>) -> Self {
        let line_end = match text.find('\n') {
            Some(feed) if text.get(..feed).is_some_and(|line| line.ends_with('\r')) => "\r\n",
            _ => "\n",
        };
        let is_unended = !text.ends_with('\n') && !matches!(text, "" | BYTE_ORDER_MARK);
        Self { text, line_end, is_unended, reason }
    }

    /// Adds ids to a comment, or writes one on a line of its own at `at`.
    fn write(&self, said: Option<&Said<'_>>, key: &str, ids: &[&str], at: u32, indent: &str) -> Edit {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let ids = ids.join(",");
        if let Some(end) = said.and_then(|said| said.end(self.text)) {
            return Edit { span: end, text: format!(",{ids}") };
        }
        let Self { line_end, .. } = self;
        let before = if self.is_unended && at as usize == self.text.len() { line_end } else { "" };
        let reason = self.reason.map(|reason| format!("; {reason}")).unwrap_or_default();
        Edit { span: Span::empty(at), text: format!("{before}{indent}# plimsoll {key}={ids}{reason}{line_end}") }
    }
}

/// What a comment of our own of that reach says, if it names a rule.
fn own(comment: &str, reach: Reach) -> Option<Said<'_>> {
    Pragma::read(comment).said.filter(|said| said.tool == Tool::Own && said.reach == reach)
}

/// The comments that begin in a part of the text.
fn between<'d, 'a>(comments: &'d [Comment<'a>], part: Span) -> &'d [Comment<'a>] {
    let first = comments.partition_point(|comment| comment.span.start < part.start);
    let last = comments.partition_point(|comment| comment.span.start < part.end);
    comments.get(first..last).unwrap_or_default()
}

/// Where a line above an instruction goes, and the blanks it begins with.
fn above<'a>(dockerfile: &Dockerfile<'a>, instruction: &Instruction<'_>, top: u32) -> (u32, &'a str) {
    let text = dockerfile.text;
    let mut at = line_start(text, instruction.span.start);
    let indent = Span::new(at, instruction.span.start).of(text);
    // hadolint reads the comment right above, and BuildKit the last one for a description.
    let is_described = matches!(instruction.kind, Kind::From(_) | Kind::Arg(_));
    for comment in dockerfile.comments_of(instruction).iter().rev() {
        let start = line_start(text, comment.span.start);
        let is_right_above = Span::new(comment.span.end, at).of(text).trim_start_matches('\r') == "\n";
        if !is_right_above || start < top || !(is_described || Pragma::is_for_a_linter(comment.text)) {
            break;
        }
        at = start;
    }
    (at, indent)
}

/// Where a line begins, behind a byte order mark.
fn line_start(text: &str, at: u32) -> u32 {
    let before = text.get(..at as usize).unwrap_or_default();
    Span::of_range(0..before.trim_end_matches(|c: char| c != '\n' && c != '\u{feff}').len()).end
}

/// What follows a byte order mark.
fn after_mark(text: &str) -> u32 {
    if text.starts_with(BYTE_ORDER_MARK) { Span::of_range(0..BYTE_ORDER_MARK.len()).end } else { 0 }
}

/// The first line below what must be at the top: directives, and what reads like one below `#!`, which BuildKit looks behind.
fn top(dockerfile: &Dockerfile<'_>) -> u32 {
    let text = dockerfile.text;
    let next_line = |at: u32| {
        let rest = text.get(at as usize..).unwrap_or_default();
        at + Span::of_range(0..rest.find('\n').map_or(rest.len(), |feed| feed + 1)).end
    };
    let mut at = match dockerfile.directives.last() {
        Some(last) => next_line(last.span.end),
        None => after_mark(text),
    };
    let line = |at: u32| text.get(at as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    if line(at).starts_with("#!") {
        at = next_line(at);
        while Directives::default().read(line(at).trim_start()).is_some() {
            at = next_line(at);
        }
    }
    at
}
