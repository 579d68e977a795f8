//! Comments that silence a finding, written where they count.

use super::document::Language;
use crate::ast::{Comment, Dockerfile, Instruction};
use crate::diagnostic::{Diagnostic, Edit};
use crate::dockerignore::IgnoreFile;
use crate::parse::parse;
use crate::rules;
use crate::source::Span;

/// What silences the findings of a rule at one place.
const HERE: &str = "ignore";
/// What silences the findings of a rule in the whole file.
const IN_FILE: &str = "file-ignore";

/// Whether a comment can silence a finding: not one that is about such comments.
pub(super) fn can_be_silenced(diagnostic: &Diagnostic) -> bool {
    diagnostic.name != rules::unused_ignore::RULE.name
}

/// Writes comments into a text.
pub(super) enum Ignoring<'t> {
    /// A Dockerfile.
    Dockerfile(Dockerfile<'t>),
    /// An ignore file.
    IgnoreFile(IgnoreFile),
}

impl<'t> Ignoring<'t> {
    pub(super) fn new(language: Language, text: &'t str) -> Self {
        match language {
            Language::Dockerfile => Self::Dockerfile(parse(text).dockerfile),
            Language::IgnoreFile => Self::IgnoreFile(IgnoreFile::parse("", text)),
        }
    }

    /// Silences a rule for the instruction or the pattern at `span`; nothing where there is none.
    pub(super) fn here(&self, span: Span, code: &str) -> Option<Edit> {
        match self {
            Self::Dockerfile(dockerfile) => {
                let instruction = instruction_at(dockerfile, span)?;
                let comments = dockerfile.comments_of(instruction);
                let own = comments.iter().rev().find_map(|comment| add(dockerfile.text, comment.text, HERE, code));
                own.or_else(|| {
                    let line = line_start(dockerfile.text, above(dockerfile.text, comments, instruction));
                    let indent = Span::new(line_start(dockerfile.text, instruction.span.start), instruction.span.start);
                    Some(new_line(dockerfile.text, line, indent.of(dockerfile.text), HERE, code))
                })
            }
            Self::IgnoreFile(file) => {
                let text = file.text.as_str();
                let pattern = file.patterns.iter().find(|pattern| touches(pattern.span, span))?;
                let line = line_start(text, pattern.span.start);
                let own = comments_above(text, line).find_map(|comment| add(text, comment, HERE, code));
                // A comment with blanks before it is a pattern.
                own.or_else(|| Some(new_line(text, line, "", HERE, code)))
            }
        }
    }

    /// Silences a rule in the whole file.
    pub(super) fn in_file(&self, code: &str) -> Edit {
        let (text, own, line) = match self {
            Self::Dockerfile(dockerfile) => {
                let text = dockerfile.text;
                let own = dockerfile.comments.iter().find_map(|comment| add(text, comment.text, IN_FILE, code));
                (text, own, after_directives(dockerfile))
            }
            Self::IgnoreFile(file) => {
                let text = file.text.as_str();
                let mut comments = text.lines().filter_map(|line| line.strip_prefix('#'));
                (text, comments.find_map(|comment| add(text, comment, IN_FILE, code)), line_start(text, 0))
            }
        };
        own.unwrap_or_else(|| new_line(text, line, "", IN_FILE, code))
    }
}

/// The instruction that a finding is about.
fn instruction_at<'d, 'a>(dockerfile: &'d Dockerfile<'a>, span: Span) -> Option<&'d Instruction<'a>> {
    let next = dockerfile.instructions.partition_point(|instruction| instruction.span.start <= span.start);
    let instruction = dockerfile.instructions.get(next.checked_sub(1)?)?;
    (span.start <= instruction.span.end).then_some(instruction)
}

/// Where a comment above an instruction belongs: right above it, but not between it and one of hadolint's, which counts only on
/// the line above.
fn above(text: &str, comments: &[Comment<'_>], instruction: &Instruction<'_>) -> u32 {
    let mut at = instruction.span.start;
    for comment in comments.iter().rev() {
        let between = Span::new(comment.span.end, line_start(text, at)).of(text);
        if !comment.text.starts_with("hadolint") || !matches!(between, "\n" | "\r\n") {
            break;
        }
        at = comment.span.start;
    }
    at
}

/// Where the first line begins that is no directive.
fn after_directives(dockerfile: &Dockerfile<'_>) -> u32 {
    let text = dockerfile.text;
    let last = match dockerfile.directives.last() {
        Some(directive) => directive.span.end,
        // What runs the file comes first, too.
        None if text.starts_with("#!") => 0,
        None => return line_start(text, 0),
    };
    let rest = text.get(last as usize..).unwrap_or_default();
    let end = rest.find('\n').map_or(text.len(), |end| last as usize + end + 1);
    Span::of_range(0..end).end
}

/// Where the line that holds `at` begins, after a byte order mark.
fn line_start(text: &str, at: u32) -> u32 {
    let before = text.get(..at as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let mark = if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Span::of_range(0..start + mark).end
}

/// The texts of the comments on the lines above the one that begins at `line`, the nearest first.
fn comments_above(text: &str, line: u32) -> impl Iterator<Item = &str> {
    let before = text.get(..line as usize).unwrap_or_default();
    before.lines().rev().map_while(|line| line.trim_start_matches('\u{feff}').strip_prefix('#'))
}

/// Whether two spans have a byte in common, or are at the same place.
fn touches(one: Span, other: Span) -> bool {
    one.start <= other.start && other.start <= one.end || other.start <= one.start && one.start < other.end
}

/// Adds a rule to the comment whose text, a part of `text`, is `comment`, if that is one of the kind that `key` says.
fn add(text: &str, comment: &str, key: &str, code: &str) -> Option<Edit> {
    let (name, rest) = comment.trim_start().strip_prefix("plimsoll")?.split_once('=')?;
    if !name.starts_with(char::is_whitespace) || name.trim() != key {
        return None;
    }
    let ids = rest.split(';').next().unwrap_or_default().trim_end();
    let at = crate::suppress::place(text, ids).end;
    let text = if ids.trim().is_empty() { code.to_owned() } else { format!(",{code}") };
    Some(Edit { span: Span::empty(at), text })
}

/// A line of its own before the one that begins at `line`.
fn new_line(text: &str, line: u32, indent: &str, key: &str, code: &str) -> Edit {
    let end = match text.find('\n') {
        Some(newline) if text.get(..newline).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    };
    // A line that nothing ends is the last one.
    let before = text.get(..line as usize).unwrap_or_default();
    let start = if before.is_empty() || before.ends_with(['\n', '\u{feff}']) { "" } else { end };
    Edit { span: Span::empty(line), text: format!("{start}{indent}# plimsoll {key}={code}{end}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::error::{SyntaxError, SyntaxErrorKind};
    use crate::lint::{Linter, Options};
    use crate::rules::{IgnoreSubject, Preset};

    #[track_caller]
    fn check(language: Language, text: &str, expected_here: &str, expected_in_file: &str) {
        let at = Span::empty(Span::of_range(0..text.find('|').unwrap()).end);
        let text = text.replace('|', "");
        let apply = |edit: Edit| {
            let mut text = text.clone();
            text.replace_range(edit.span.range(), &edit.text);
            text
        };
        let ignoring = Ignoring::new(language, &text);
        assert_eq!(ignoring.here(at, "X1").map(apply).unwrap_or_default(), expected_here, "{text}");
        assert_eq!(apply(ignoring.in_file("X1")), expected_in_file, "{text}");
    }

    #[test]
    fn dockerfiles() {
        let cases = [
            ("FR|OM a\n", "# plimsoll ignore=X1\nFROM a\n", "# plimsoll file-ignore=X1\nFROM a\n"),
            (
                "FROM a\r\n  RUN b \\\r\n    |c\r\n",
                "FROM a\r\n  # plimsoll ignore=X1\r\n  RUN b \\\r\n    c\r\n",
                "# plimsoll file-ignore=X1\r\nFROM a\r\n  RUN b \\\r\n    c\r\n",
            ),
            (
                "# syntax=a\n# escape=`\n\nFROM a|",
                "# syntax=a\n# escape=`\n\n# plimsoll ignore=X1\nFROM a",
                "# syntax=a\n# escape=`\n# plimsoll file-ignore=X1\n\nFROM a",
            ),
            ("# syntax=a|", "", "# syntax=a\n# plimsoll file-ignore=X1\n"),
            (
                "\u{feff}FROM a|\n",
                "\u{feff}# plimsoll ignore=X1\nFROM a\n",
                "\u{feff}# plimsoll file-ignore=X1\nFROM a\n",
            ),
            (
                "#!/usr/bin/x\nFROM a|\n",
                "#!/usr/bin/x\n# plimsoll ignore=X1\nFROM a\n",
                "#!/usr/bin/x\n# plimsoll file-ignore=X1\nFROM a\n",
            ),
            (
                "# plimsoll file-ignore=A\n# plimsoll  ignore = B, C ; so\nFROM a|\n",
                "# plimsoll file-ignore=A\n# plimsoll  ignore = B, C,X1 ; so\nFROM a\n",
                "# plimsoll file-ignore=A,X1\n# plimsoll  ignore = B, C ; so\nFROM a\n",
            ),
            (
                "# plimsoll ignore=\n# words\n# hadolint ignore=A\nFROM a|\n",
                "# plimsoll ignore=X1\n# words\n# hadolint ignore=A\nFROM a\n",
                "# plimsoll file-ignore=X1\n# plimsoll ignore=\n# words\n# hadolint ignore=A\nFROM a\n",
            ),
            (
                "# words\n# hadolint ignore=A\nFROM a|\n",
                "# words\n# plimsoll ignore=X1\n# hadolint ignore=A\nFROM a\n",
                "# plimsoll file-ignore=X1\n# words\n# hadolint ignore=A\nFROM a\n",
            ),
            (
                "FROM a\nRUN <<E\n|x\nE\n",
                "FROM a\n# plimsoll ignore=X1\nRUN <<E\nx\nE\n",
                "# plimsoll file-ignore=X1\nFROM a\nRUN <<E\nx\nE\n",
            ),
        ];
        for (text, here, in_file) in cases {
            check(Language::Dockerfile, text, here, in_file);
        }
    }

    #[test]
    fn ignore_files() {
        let cases = [
            ("a\nb|\n", "a\n# plimsoll ignore=X1\nb\n", "# plimsoll file-ignore=X1\na\nb\n"),
            (
                "# plimsoll file-ignore=A\n# plimsoll ignore=B\n# words\nb|",
                "# plimsoll file-ignore=A\n# plimsoll ignore=B,X1\n# words\nb",
                "# plimsoll file-ignore=A,X1\n# plimsoll ignore=B\n# words\nb",
            ),
            ("\n|\n", "", "# plimsoll file-ignore=X1\n\n\n"),
        ];
        for (text, here, in_file) in cases {
            check(Language::IgnoreFile, text, here, in_file);
        }
    }

    /// All that is said, but for what is said of each comment that silences something, and by the experimental check that takes
    /// each comment for a description.
    fn found(language: Language, text: &str) -> Vec<Diagnostic> {
        let ignore = ["ignored-inline", "invalid-definition-description"].map(str::to_owned).to_vec();
        let linter = Linter::new(Options { preset: Preset::All, ignore, ..Options::default() }).unwrap();
        match language {
            Language::Dockerfile => linter.lint(text),
            Language::IgnoreFile => linter.lint_ignore_file(&IgnoreSubject::new(&IgnoreFile::parse("", text))),
        }
    }

    /// The names of the rules that speak up, and how often each does.
    fn said(found: &[Diagnostic]) -> BTreeMap<&'static str, usize> {
        found.iter().fold(BTreeMap::new(), |mut said, diagnostic| {
            *said.entry(diagnostic.name).or_default() += 1;
            said
        })
    }

    /// In all files of the rules: a comment silences what it is for, and nothing else changes.
    #[test]
    fn what_is_silenced_in_files_of_rules() {
        let mut failures = Vec::new();
        let mut tried = 0;
        for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules")).unwrap() {
            for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                let Some(language) = Language::of(&path, "") else { continue };
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                let is_endless = |error: &SyntaxError| matches!(error.kind, SyntaxErrorKind::UnterminatedHeredoc(_));
                if parse(&text).errors.iter().any(is_endless) {
                    // What follows a heredoc without an end is no comment.
                    continue;
                }
                let before = found(language, &text);
                let ignoring = Ignoring::new(language, &text);
                for diagnostic in before.iter().filter(|diagnostic| can_be_silenced(diagnostic)) {
                    let here = ignoring.here(diagnostic.span, diagnostic.code).map(|edit| (edit, false));
                    for (edit, is_all) in here.into_iter().chain([(ignoring.in_file(diagnostic.code), true)]) {
                        tried += 1;
                        let mut silenced = text.clone();
                        silenced.replace_range(edit.span.range(), &edit.text);
                        let mut after = said(&found(language, &silenced));
                        let left = after.remove(diagnostic.name).unwrap_or_default();
                        let mut others = said(&before);
                        let all = others.remove(diagnostic.name).unwrap_or_default();
                        if after != others || left >= all || is_all && left > 0 {
                            failures.push(format!(
                                "{} {} {:?}: {all} to {left}, {others:?} to {after:?}\n{silenced}",
                                path.display(),
                                diagnostic.code,
                                edit.text
                            ));
                        }
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{} of {tried}:\n{}", failures.len(), failures.join("\n"));
        assert!(tried > 1_000);
    }
}
