//! What was typed before a place, as the text of the line alone tells: where somebody types, the tree is mostly broken.

use crate::ast::{Dockerfile, Escape, Instruction, ItemKind, Keyword};
use crate::source::Span;

use super::cursor::{comment_at, directive_at, instruction_at};

/// Where a place is.
#[derive(Debug)]
pub(super) enum Typed<'d> {
    /// In a comment or a directive.
    Comment {
        /// What stands between `#` and the place.
        before: &'d str,
        /// Whether a directive may stand there.
        at_top: bool,
    },
    /// In the lines of a heredoc of an instruction.
    Heredoc(&'d Instruction<'d>),
    /// In an instruction, or where one may begin.
    Line(Line<'d>),
}

/// What was typed of an instruction.
#[derive(Debug)]
pub(super) struct Line<'d> {
    /// The instruction as it is read; none where none begins yet.
    pub(super) instruction: Option<&'d Instruction<'d>>,
    /// The keyword; of an `ONBUILD`, that of the inner instruction. None where it is still being typed.
    pub(super) keyword: Option<Keyword>,
    /// Whether the instruction is in an `ONBUILD`.
    pub(super) in_onbuild: bool,
    /// The flags before the word.
    pub(super) flags: Vec<String>,
    /// The arguments before the word, without flags.
    pub(super) arguments: Vec<String>,
    /// The word that the place is in, up to the place; empty after white space.
    pub(super) word: String,
    /// Where the word begins, or that part of it which stands on the line of the place.
    pub(super) start: u32,
    /// Whether the arguments are an array: the first one begins with `[`.
    pub(super) is_array: bool,
}

impl Line<'_> {
    /// Whether a flag may stand at the place.
    pub(super) fn may_be_flag(&self) -> bool {
        self.arguments.is_empty()
    }

    /// The value of a flag that was given before.
    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find_map(|flag| flag.strip_prefix("--")?.strip_prefix(name)?.strip_prefix('='))
    }
}

/// What was typed before a place.
pub(super) fn typed<'d>(dockerfile: &'d Dockerfile<'d>, offset: u32) -> Typed<'d> {
    let text = dockerfile.text;
    let comment = comment_at(dockerfile, offset).map(|comment| comment.span);
    let comment = comment.or_else(|| directive_at(dockerfile, offset).map(|directive| directive.span));
    if let Some(span) = comment.filter(|span| span.start < offset) {
        let before = Span::new(span.start + 1, offset).of(text);
        return Typed::Comment { before, at_top: is_at_top(dockerfile, span.start) };
    }
    let instruction = instruction_at(dockerfile, offset).or_else(|| continued_before(dockerfile, offset));
    match instruction {
        Some(instruction) if offset > instruction.header.end && !instruction.heredocs().is_empty() => {
            Typed::Heredoc(instruction)
        }
        _ => Typed::Line(line(dockerfile, instruction, offset)),
    }
}

/// Whether a directive may stand at a place: only directives come before it.
fn is_at_top(dockerfile: &Dockerfile<'_>, offset: u32) -> bool {
    let before = dockerfile.items.iter().take_while(|item| item.span.end <= offset);
    before.map(|item| item.kind).all(|kind| matches!(kind, ItemKind::Directive(_) | ItemKind::ByteOrderMark))
}

/// The last instruction of a file that ends in the midst of it, where the place is behind it.
fn continued_before<'d>(dockerfile: &'d Dockerfile<'d>, offset: u32) -> Option<&'d Instruction<'d>> {
    let last = dockerfile.instructions.last().filter(|last| last.span.end < offset)?;
    let between = Span::new(last.header.end, offset).of(dockerfile.text);
    let header = last.header.of(dockerfile.text).trim_end();
    let is_continued = header.ends_with(dockerfile.escape.char()) && between.trim().is_empty();
    (is_continued && last.heredocs().is_empty()).then_some(last)
}

fn line<'d>(dockerfile: &'d Dockerfile<'d>, instruction: Option<&'d Instruction<'d>>, offset: u32) -> Line<'d> {
    let text = dockerfile.text;
    let start = instruction.map_or_else(|| line_start(text, offset), |instruction| instruction.header.start);
    let mut words = Words::default();
    let mut at = start;
    for line in Span::new(start, offset).of(text).split_inclusive('\n') {
        let next = at + Span::of_range(0..line.len()).end;
        let is_comment = at > start && line.trim_start().starts_with('#');
        if !is_comment {
            let content = line.trim_end_matches(['\n', '\r']);
            let is_last = next >= offset && !line.ends_with('\n');
            let content = if is_last { content } else { cut(content, dockerfile.escape) };
            words.add(content, at);
        }
        at = next;
    }
    if words.start.is_none_or(|start| start < line_start(text, offset)) {
        // White space may come at the end, or a word goes on from the line before.
        words.start = Some(if words.word.is_empty() { offset } else { line_start(text, offset).max(start) });
    }
    let Words { words: mut before, word, start, .. } = words;
    let (mut keyword, mut in_onbuild) = (None, false);
    while !before.is_empty() && keyword.is_none_or(|keyword| keyword == Keyword::Onbuild) {
        in_onbuild |= keyword == Some(Keyword::Onbuild);
        keyword = Keyword::lookup(&before.remove(0));
        if keyword.is_none() {
            break;
        }
    }
    if keyword == Some(Keyword::Onbuild) {
        // The inner one is still being typed.
        (keyword, in_onbuild) = (None, true);
    }
    let flags = before.iter().take_while(|word| word.starts_with("--")).count();
    let arguments = before.split_off(flags);
    let first = arguments.first().unwrap_or(&word);
    let is_array = first.starts_with('[');
    Line { instruction, keyword, in_onbuild, flags: before, arguments, word, start: start.unwrap_or(offset), is_array }
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, offset: u32) -> u32 {
    let before = Span::new(0, offset).of(text);
    Span::of_range(0..before.rfind('\n').map_or(0, |feed| feed + 1)).end
}

/// A line without the mark that continues it.
fn cut(line: &str, escape: Escape) -> &str {
    line.trim_end_matches([' ', '\t']).strip_suffix(escape.char()).unwrap_or(line)
}

/// Splits at white space that is not quoted.
#[derive(Default)]
struct Words {
    words: Vec<String>,
    word: String,
    /// Where the last word begins, or its part on the last line.
    start: Option<u32>,
    quote: Option<char>,
}

impl Words {
    fn add(&mut self, text: &str, offset: u32) {
        if !self.word.is_empty() {
            self.start = Some(offset);
        }
        for (at, c) in text.char_indices() {
            match (self.quote, c) {
                (None, c) if c.is_whitespace() => {
                    if !self.word.is_empty() {
                        self.words.push(std::mem::take(&mut self.word));
                    }
                    self.start = None;
                    continue;
                }
                (None, '"' | '\'') => self.quote = Some(c),
                (Some(quote), c) if c == quote => self.quote = None,
                _ => {}
            }
            if self.word.is_empty() {
                self.start = Some(offset + Span::of_range(0..at).end);
            }
            self.word.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file};
    use super::*;

    fn answer(text: &str) -> String {
        in_file(text, |reading, offset| match typed(&reading.parsed.dockerfile, offset) {
            Typed::Comment { before, at_top } => format!("comment {before:?} {at_top}"),
            Typed::Heredoc(instruction) => format!("heredoc of {}", instruction.keyword.as_str()),
            Typed::Line(line) => format!(
                "{} {:?} {:?} {:?} {:?}{}{}",
                line.keyword.map_or("-", Keyword::as_str),
                line.flags,
                line.arguments,
                line.word,
                Span::new(line.start, offset).of(reading.text),
                if line.is_array { " array" } else { "" },
                if line.in_onbuild { " onbuild" } else { "" },
            ),
        })
    }

    #[test]
    fn what_was_typed() {
        check(
            &[
                ("FR‸", r#"- [] [] "FR" "FR""#),
                ("‸", r#"- [] [] "" """#),
                ("FROM a\n  ‸\nRUN b\n", r#"- [] [] "" """#),
                ("FROM a\nCOPY --from=‸", r#"COPY [] [] "--from=" "--from=""#),
                ("FROM a\nCOPY --link é \"b c\" d‸e\n", r#"COPY ["--link"] ["é", "\"b c\""] "d" "d""#),
                ("FROM a\nCOPY [\"a\", \"b‸", r#"COPY [] ["[\"a\","] "\"b" "\"b" array"#),
                ("FROM a\nRUN a \\\n# é\n\n  b c‸\n", r#"RUN [] ["a", "b"] "c" "c""#),
                ("FROM a\nRUN a \\\n  ‸", r#"RUN [] ["a"] "" """#),
                ("FROM a\nRUN a \\\n‸", r#"RUN [] ["a"] "" """#),
                ("FROM a\nRUN --mou\\\nnt‸=x\n", r#"RUN [] [] "--mount" "nt""#),
                ("FROM a\nONBUILD ‸", r#"- [] [] "" "" onbuild"#),
                ("FROM a\nONBUILD COPY a ‸", r#"COPY [] ["a"] "" "" onbuild"#),
                ("FROM a\nNOPE é ‸\nRUN b\n", r#"- [] ["é"] "" """#),
                ("FROM a\nRUN <<E\né ‸\nE\n", "heredoc of RUN"),
                ("FROM a\n  # é‸\n", "comment \" é\" false"),
                ("# check=‸", "comment \" check=\" true"),
                ("# syntax=a\n# ‸", "comment \" \" true"),
            ],
            answer,
        );
    }
}
