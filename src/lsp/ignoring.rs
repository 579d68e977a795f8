//! Comments that silence a finding.

use super::document::Language;
use crate::diagnostic::{Diagnostic, Edit};
use crate::dockerignore::IgnoreFile;
use crate::parse::{Parsed, parse};
use crate::source::Span;
use crate::suppress::{ignores_for, ignores_for_patterns};

/// A text into which comments are written.
pub(super) enum Ignoring<'t> {
    /// A Dockerfile.
    Dockerfile(Parsed<'t>),
    /// An ignore file.
    IgnoreFile(IgnoreFile),
}

impl<'t> Ignoring<'t> {
    pub(super) fn new(language: Language, text: &'t str) -> Self {
        match language {
            Language::Dockerfile => Self::Dockerfile(parse(text)),
            Language::IgnoreFile => Self::IgnoreFile(IgnoreFile::parse("", text)),
        }
    }

    /// Silences a finding for the instruction or the pattern that it is about; nothing where it is about none, or can't be
    /// silenced.
    pub(super) fn here(&self, diagnostic: &Diagnostic) -> Option<Vec<Edit>> {
        let edits = self.edits(diagnostic);
        (Some(&edits) != self.in_file(diagnostic).as_ref() && !edits.is_empty()).then_some(edits)
    }

    /// Silences what the rule of a finding finds in the whole file; nothing where it can't be silenced.
    pub(super) fn in_file(&self, diagnostic: &Diagnostic) -> Option<Vec<Edit>> {
        // What is about no part of a file is silenced in all of it.
        let edits = self.edits(&Diagnostic { span: Span::empty(u32::MAX), ..diagnostic.clone() });
        (!edits.is_empty()).then_some(edits)
    }

    fn edits(&self, diagnostic: &Diagnostic) -> Vec<Edit> {
        let diagnostics = std::slice::from_ref(diagnostic);
        match self {
            Self::Dockerfile(parsed) => ignores_for(parsed, diagnostics, None),
            Self::IgnoreFile(file) => ignores_for_patterns(file, diagnostics, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::error::{SyntaxError, SyntaxErrorKind};
    use crate::lint::{Linter, Options};
    use crate::rules::{IgnoreSubject, Preset};

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
                for diagnostic in &before {
                    let here = ignoring.here(diagnostic).map(|edits| (edits, false));
                    let in_file = ignoring.in_file(diagnostic).map(|edits| (edits, true));
                    for (edits, is_all) in here.into_iter().chain(in_file) {
                        tried += 1;
                        let mut silenced = text.clone();
                        for edit in edits.iter().rev() {
                            silenced.replace_range(edit.span.range(), &edit.text);
                        }
                        let mut after = said(&found(language, &silenced));
                        let left = after.remove(diagnostic.name).unwrap_or_default();
                        let mut others = said(&before);
                        let all = others.remove(diagnostic.name).unwrap_or_default();
                        if after != others || left >= all || is_all && left > 0 {
                            failures.push(format!(
                                "{} {} {:?}: {all} to {left}, {others:?} to {after:?}\n{silenced}",
                                path.display(),
                                diagnostic.code,
                                edits
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
