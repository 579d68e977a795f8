//! The lines of heredocs, and where they end.

use std::collections::HashMap;

use crate::ast::Keyword;
use crate::source::Span;

use super::Lines;

/// Reads the lines of heredocs.
#[derive(Default)]
pub(crate) struct Bodies<'a> {
    /// Where each line stands for the last time, by its text and by its text without tabs before it. Made when the second
    /// heredoc turns out to have no end, so that a thousand of them do not read the file a thousand times.
    last_lines: Option<HashMap<&'a str, usize>>,
    /// Whether a heredoc turned out to have no end.
    endless: bool,
}

/// The lines of a heredoc.
pub(crate) struct Body {
    /// Its lines, each with its line feed.
    pub(crate) span: Span,
    /// The line that ends it, without its line feed.
    pub(crate) terminator: Option<Span>,
}

impl<'a> Bodies<'a> {
    /// Reads the body of the heredoc `name` from `lines`, whose next line is its first.
    ///
    /// BuildKit rejects a file in which a heredoc has no end. So that the rest of it can be read, such a body ends before
    /// the next line that begins with a keyword in capitals.
    pub(crate) fn read(&mut self, lines: &mut Lines<'a>, name: &str, chomp: bool) -> Body {
        let start = lines.at();
        if !self.surely_endless(lines, name) {
            for line in lines.by_ref() {
                if terminates(line.content, name, chomp) {
                    return Body { span: Span::of_range(start..line.start), terminator: Some(line.content_span()) };
                }
            }
            if self.endless {
                self.last_lines.get_or_insert_with(|| last_lines(lines.text()));
            }
            self.endless = true;
        }
        lines.go_on_at(start);
        let mut end = start;
        for line in *lines {
            if begins_instruction(line.content) {
                break;
            }
            end = line.next;
        }
        lines.go_on_at(end);
        Body { span: Span::of_range(start..end), terminator: None }
    }

    fn surely_endless(&self, lines: &Lines<'a>, name: &str) -> bool {
        self.last_lines.as_ref().is_some_and(|last| last.get(name).is_none_or(|at| *at < lines.at()))
    }
}

fn terminates(line: &str, name: &str, chomp: bool) -> bool {
    let line = if chomp { line.trim_start_matches('\t') } else { line };
    line == name
}

fn last_lines(text: &str) -> HashMap<&str, usize> {
    let mut last = HashMap::new();
    for line in Lines::new(text) {
        last.insert(line.content, line.start);
        last.insert(line.content.trim_start_matches('\t'), line.start);
    }
    last
}

fn begins_instruction(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    word.len() < line.len() && Keyword::ALL.into_iter().any(|keyword| keyword.as_str() == word)
}
