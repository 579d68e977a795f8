//! A document that is open in an editor, and what is read in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::positions::{Lines, PositionEncoding, Positions};
use super::uri;
use crate::cli::files;
use crate::context::Context;
use crate::dockerignore::IgnoreFile;
use crate::parse::{Parsed, parse};
use crate::semantic::{Inputs, Model, Scripts, Surroundings};
use crate::source::Span;

/// What a document is read as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Language {
    /// A Dockerfile.
    Dockerfile,
    /// An ignore file.
    IgnoreFile,
}

impl Language {
    /// By the name of the file, else by what the editor calls the language; nothing where it is neither.
    pub(crate) fn of(path: &Path, editors: &str) -> Option<Self> {
        if files::is_ignore_file(path) {
            return Some(Self::IgnoreFile);
        }
        // `ignore` is what editors call all files of the kind, that of git first of all.
        match editors.to_ascii_lowercase().as_str() {
            "dockerfile" | "docker" | "containerfile" => Some(Self::Dockerfile),
            "dockerignore" | "containerignore" => Some(Self::IgnoreFile),
            _ => files::is_dockerfile(path).then_some(Self::Dockerfile),
        }
    }
}

/// A document that is open in an editor.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its name.
    pub(crate) uri: Uri,
    /// Where it is on disk; nothing for one that was never saved.
    pub(crate) path: Option<PathBuf>,
    /// What it is read as.
    pub(crate) language: Language,
    /// The number that the editor gave to this state of it.
    pub(crate) version: i32,
    /// Its text. It may be looked at elsewhere, too, and is then copied when it changes.
    text: Arc<String>,
    lines: Lines,
}

impl Document {
    /// A document as it was opened; nothing for one that is neither a Dockerfile nor an ignore file.
    pub(crate) fn open(
        uri: Uri,
        language: &str,
        version: i32,
        text: String,
        encoding: PositionEncoding,
    ) -> Option<Self> {
        let path = uri::path(&uri);
        let name = path.clone().unwrap_or_else(|| PathBuf::from(uri.path().as_str()));
        let language = Language::of(&name, language)?;
        let lines = Lines::new(&text, encoding);
        Some(Self { uri, path, language, version, text: Arc::new(text), lines })
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Turns offsets into the client's places, and back.
    pub(crate) fn positions(&self) -> Positions<'_> {
        Positions::new(&self.text, &self.lines)
    }

    /// Follows the client's changes, each of the text that the one before left.
    pub(crate) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        self.version = version;
        // What stands before the last change of everything doesn't matter.
        let first = changes.iter().rposition(|change| change.range.is_none()).unwrap_or(0);
        for change in changes.into_iter().skip(first) {
            match change.range {
                Some(range) => {
                    let span = self.positions().span(range);
                    self.replace(span, &change.text);
                }
                None => {
                    self.lines = self.lines.of(&change.text);
                    self.text = Arc::new(change.text);
                }
            }
        }
    }

    fn replace(&mut self, span: Span, with: &str) {
        let text = Arc::make_mut(&mut self.text);
        text.replace_range(span.range(), with);
        self.lines.update(text, span, with.len());
    }
}

/// A Dockerfile, read.
#[derive(Debug)]
pub(crate) struct Reading<'r, 'd> {
    /// The text that all spans are of.
    pub(crate) text: &'d str,
    /// The tree.
    pub(crate) parsed: &'d Parsed<'d>,
    /// What it means.
    pub(crate) model: &'r Model<'d, 'd>,
    /// The scripts in it, each read when somebody asks for it.
    pub(crate) scripts: &'r Scripts<'r, 'd, 'd>,
    /// The context of the build after its ignore file, with what each instruction takes of it; nothing while it is not known.
    pub(crate) surroundings: Option<&'r Surroundings<'r, 'd, 'd>>,
}

/// An ignore file, read.
#[derive(Debug)]
pub(crate) struct IgnoreReading<'r> {
    /// The text that all spans are of.
    pub(crate) text: &'r str,
    /// Its patterns.
    pub(crate) file: &'r IgnoreFile,
    /// All that is in the directory that is given to the build, ignored or not, with sizes; nothing while it is not known.
    pub(crate) tree: Option<&'r Context>,
}

/// Reads a Dockerfile.
///
/// All of it is read each time that somebody asks: that takes about a millisecond for 5,000 lines, and nothing that was read has
/// to be kept beside the text.
pub(crate) fn with_reading<T>(
    text: &str,
    inputs: &Inputs,
    context: Option<&Context>,
    answer: impl FnOnce(&Reading<'_, '_>) -> T,
) -> T {
    let parsed = parse(text);
    let model = Model::with_inputs(&parsed.dockerfile, inputs);
    let scripts = Scripts::new(&model);
    let surroundings = context.map(|context| Surroundings::new(&model, context));
    answer(&Reading { text, parsed: &parsed, model: &model, scripts: &scripts, surroundings: surroundings.as_ref() })
}

/// Reads an ignore file.
pub(crate) fn with_ignore_reading<T>(
    text: &str,
    tree: Option<&Context>,
    answer: impl FnOnce(&IgnoreReading<'_>) -> T,
) -> T {
    let file = IgnoreFile::parse(".dockerignore", text);
    answer(&IgnoreReading { text, file: &file, tree })
}
