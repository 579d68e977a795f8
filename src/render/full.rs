use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic as Report, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    Severity, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::FileFindings;
use super::excerpt::{Excerpt, excerpt};
use super::places::{Places, Unit};
use super::text::one_line;
use crate::diagnostic::{self, Diagnostic};

/// How a terminal looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Look {
    /// Whether it shows colours.
    pub(crate) colours: bool,
    /// Whether it shows lines and signs that are not ASCII.
    pub(crate) unicode: bool,
    /// How many characters fit into a line.
    pub(crate) width: usize,
}

/// Each finding with the lines that it is about.
pub(super) fn render(file: &FileFindings<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let theme = GraphicalTheme {
        characters: if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if look.colours { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(look.width)
        .with_context_lines(1)
        .without_syntax_highlighting()
        .with_wrap_lines(true);
    let places = Places::new(file, Unit::Characters);
    for diagnostic in file.diagnostics {
        let shown = Shown {
            path: file.path,
            diagnostic,
            column: places.of(diagnostic.span).start.column,
            excerpt: excerpt(file.text, &file.lines, diagnostic.span),
        };
        let mut text = String::new();
        handler.render_report(&mut text, &shown).map_err(io::Error::other)?;
        let text: Vec<&str> = text.lines().map(str::trim_end).collect();
        writeln!(out, "{}\n", text.join("\n").trim_matches('\n'))?;
    }
    Ok(())
}

/// A finding as miette shows it.
#[derive(Debug)]
struct Shown<'f> {
    path: &'f str,
    diagnostic: &'f Diagnostic,
    /// Where in its line the finding is, in characters from 1: the excerpt may have only a part of the line.
    column: u32,
    excerpt: Excerpt,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.diagnostic.message))
    }
}

impl std::error::Error for Shown<'_> {}

impl Report for Shown<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        // What is wrong with the run is of no rule.
        let code = self.diagnostic.code;
        (!code.is_empty()).then(|| Box::new(format!("{code} {}", self.diagnostic.name)) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.diagnostic.severity {
            diagnostic::Severity::Error => Severity::Error,
            diagnostic::Severity::Warning => Severity::Warning,
            diagnostic::Severity::Info | diagnostic::Severity::Style => Severity::Advice,
        })
    }

    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        let help = one_line(self.diagnostic.help.as_deref()?);
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.excerpt.place.clone();
        Some(Box::new(std::iter::once(LabeledSpan::new(None, place.start, place.len()))))
    }
}

impl SourceCode for Shown<'_> {
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let contents = self.excerpt.text.read_span(span, before, after)?;
        // With nothing around it, what is asked for is the place to show.
        let column = if (before, after) == (0, 0) { self.column as usize - 1 } else { contents.column() };
        // The excerpt begins somewhere in the file; its lines are counted from there.
        Ok(Box::new(MietteSpanContents::new_named(
            one_line(self.path),
            contents.data(),
            *contents.span(),
            contents.line() + self.excerpt.first_line as usize - 1,
            column,
            contents.line_count(),
        )))
    }
}
