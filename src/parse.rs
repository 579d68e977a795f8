//! From text to tree: the lines of [`crate::syntax`] and what [`crate::grammar`] reads in them, put together.

use crate::ast::{
    Comment, Directive, DirectiveKind, Dockerfile, Escape, Heredoc, Instruction, Item, ItemKind, Keyword, Kind,
    Onbuild, Word,
};
use crate::error::{Rejection, SyntaxError, SyntaxErrorKind};
use crate::grammar::{self, Context, Marker, trim};
use crate::source::{Span, offset};
use crate::syntax::{
    Bodies, Body, DirectiveLine, Directives, Joiner, LONGEST_LINE, LineKind, Lines, LogicalLine, PhysicalLine,
    continued, indented,
};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// What [`parse`] finds.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed<'a> {
    /// The tree, of all lines, the wrong ones too.
    pub dockerfile: Dockerfile<'a>,
    /// What BuildKit does not accept, in order of place.
    pub errors: Vec<SyntaxError>,
}

/// Reads a Dockerfile. Never fails and never stops: what can't be read is in [`Parsed::errors`], and all else in the tree.
///
/// Takes time and memory in proportion to the length of `text`, which must be shorter than 4 GiB.
///
/// ```
/// use plimsoll::ast::Kind;
///
/// let parsed = plimsoll::parse("FROM alpine:3.22\nRNU echo hello\nCMD [\"sh\"]\n");
/// assert_eq!(parsed.dockerfile.instructions.len(), 3);
/// assert!(matches!(parsed.dockerfile.instructions[2].kind, Kind::Cmd(_)));
///
/// let [error] = &parsed.errors[..] else { panic!() };
/// assert_eq!(error.to_string(), "`RNU` is not an instruction");
/// assert_eq!(error.kind.help().unwrap(), "did you mean `RUN`?");
/// assert_eq!(error.span.of(parsed.dockerfile.text), "RNU");
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<'_> {
    let mut parser = Parser::new(text);
    parser.run();
    parser.finish()
}

struct Parser<'a> {
    lines: Lines<'a>,
    directives: Directives,
    bodies: Bodies<'a>,
    dockerfile: Dockerfile<'a>,
    errors: Vec<SyntaxError>,
    /// The first comment that belongs to the next instruction.
    attached: usize,
    /// Whether a `FROM` was met, or meant.
    in_stage: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        // Files have about one line in thirty-two bytes, and an instruction in every third line.
        let lines = text.len() / 32 + 4;
        Self {
            lines: Lines::new(text),
            directives: Directives::default(),
            bodies: Bodies::default(),
            dockerfile: Dockerfile {
                text,
                escape: Escape::default(),
                directives: Vec::new(),
                comments: Vec::with_capacity(lines / 8),
                instructions: Vec::with_capacity(lines / 3),
                items: Vec::with_capacity(lines),
            },
            errors: Vec::new(),
            attached: 0,
            in_stage: false,
        }
    }

    fn run(&mut self) {
        if self.dockerfile.text.starts_with(BYTE_ORDER_MARK) {
            self.lines.go_on_at(BYTE_ORDER_MARK.len());
            self.item(0, ItemKind::ByteOrderMark);
        }
        let mut joiner = Joiner::default();
        while let Some(line) = self.lines.next() {
            self.line(&line, &mut joiner);
        }
    }

    fn finish(mut self) -> Parsed<'a> {
        if self.dockerfile.instructions.is_empty() {
            let end = Span::empty(offset(self.dockerfile.text.len()));
            self.error(SyntaxErrorKind::NoInstructions, end, Rejection::Parsing);
        }
        // Only what is wrong with lines as such is noted out of order.
        self.errors.sort_by_key(|error| error.span.start);
        Parsed { dockerfile: self.dockerfile, errors: self.errors }
    }

    /// A line that begins something new.
    fn line(&mut self, line: &PhysicalLine<'a>, joiner: &mut Joiner) {
        self.check_length(line);
        let (indent, kind) = indented(line.content);
        let text = line.content.get(indent..).unwrap_or_default();
        let start = line.start + indent;
        if let Some(directive) = self.directives.read(text) {
            self.directive(line, text, start, &directive);
            return;
        }
        match kind {
            LineKind::Blank => self.item(line.start, ItemKind::Blank),
            LineKind::Comment => {
                self.comment(line, indent);
                let index = last_index(&self.dockerfile.comments);
                self.item(line.start, ItemKind::Comment(index));
                // An indented one keeps its `#`, and so is never empty.
                if indent == 0 && self.dockerfile.comments.last().is_some_and(|comment| comment.text.is_empty()) {
                    self.attached = self.dockerfile.comments.len();
                }
            }
            LineKind::Text => self.instruction(line, text, start, joiner),
        }
    }

    fn item(&mut self, start: usize, kind: ItemKind) {
        self.dockerfile.items.push(Item { span: Span::of_range(start..self.lines.at()), kind });
    }

    #[cold]
    #[inline(never)]
    fn error(&mut self, kind: SyntaxErrorKind, span: Span, rejection: Rejection) {
        self.errors.push(SyntaxError { kind, span, rejection });
    }

    fn check_length(&mut self, line: &PhysicalLine<'_>) {
        if let Some(length) = line.excess() {
            self.error(SyntaxErrorKind::LineTooLong(length), line.content_span(), Rejection::Parsing);
        }
    }

    fn check_lengths(&mut self, body: Span) {
        if body.len() <= LONGEST_LINE {
            return;
        }
        for line in Lines::new(body.of(self.dockerfile.text)) {
            if let Some(length) = line.excess() {
                let span = line.content_span();
                let span = Span::new(body.start + span.start, body.start + span.end);
                self.error(SyntaxErrorKind::LineTooLong(length), span, Rejection::Parsing);
            }
        }
    }

    fn comment(&mut self, line: &PhysicalLine<'a>, indent: usize) {
        let text = line.content.get(indent + 1..).unwrap_or_default();
        self.dockerfile.comments.push(Comment {
            span: Span::of_range(line.start + indent..line.start + line.content.len()),
            text: trim(text),
            indent: offset(indent),
            line: line.content,
        });
    }

    #[cold]
    fn directive(&mut self, line: &PhysicalLine<'a>, text: &'a str, start: usize, found: &DirectiveLine<'a>) {
        let word = |part: &'a str| {
            let at = start + (part.as_ptr() as usize - text.as_ptr() as usize);
            Word::borrowed(part, Span::of_range(at..at + part.len()))
        };
        let (name, value) = (word(found.name), word(found.value));
        if found.repeated {
            let name = match found.kind {
                DirectiveKind::Syntax => "syntax",
                DirectiveKind::Escape => "escape",
                DirectiveKind::Check => "check",
            };
            let span = Span::of_range(start..start + text.len());
            self.error(SyntaxErrorKind::DuplicateDirective(name), span, Rejection::Parsing);
        } else if found.kind == DirectiveKind::Escape {
            match found.value {
                "\\" => self.dockerfile.escape = Escape::Backslash,
                "`" => self.dockerfile.escape = Escape::Backtick,
                _ => self.error(SyntaxErrorKind::InvalidEscape(found.value.into()), value.span, Rejection::Parsing),
            }
        }
        let span = Span::of_range(start..line.start + line.content.len());
        self.dockerfile.directives.push(Directive { span, kind: found.kind, name, value });
        let index = last_index(&self.dockerfile.directives);
        self.item(line.start, ItemKind::Directive(index));
    }

    fn instruction(&mut self, line: &PhysicalLine<'a>, text: &'a str, start: usize, joiner: &mut Joiner) {
        let escape = self.dockerfile.escape;
        let comments = Span::of_range(self.attached..self.dockerfile.comments.len());
        let mut last = *line;
        let mut empty_continuation = false;
        let first = continued(text, escape);
        let logical = if first.continues {
            joiner.begin(first.text, start);
            while let Some(line) = self.lines.next() {
                self.check_length(&line);
                last = line;
                let (indent, kind) = indented(line.content);
                match kind {
                    LineKind::Comment => self.comment(&line, indent),
                    LineKind::Blank => empty_continuation = true,
                    LineKind::Text if joiner.add(&line, escape) => {}
                    LineKind::Text => break,
                }
            }
            joiner.line(self.dockerfile.text, start)
        } else {
            LogicalLine::single(self.dockerfile.text, text, start)
        };
        let header = Span::of_range(start..last.start + last.content.len());
        let read = self.read(logical, escape);
        let mut instruction = Instruction {
            span: header,
            header,
            keyword: read.keyword,
            comments: comments.start..comments.end,
            empty_continuation,
            kind: read.kind,
        };
        if !read.markers.is_empty() {
            let (heredocs, end) = self.heredocs(read.markers, header.end);
            instruction.span.end = end;
            set_heredocs(&mut instruction, heredocs);
        }
        self.check_stage(&instruction);
        self.dockerfile.instructions.push(instruction);
        self.attached = self.dockerfile.comments.len();
        let index = last_index(&self.dockerfile.instructions);
        self.item(line.start, ItemKind::Instruction(index));
    }

    fn read(&mut self, line: LogicalLine<'_, 'a>, escape: Escape) -> grammar::Instruction<'a> {
        grammar::read(&mut Context { line, escape, errors: &mut self.errors, trigger: false })
    }

    /// Reads the bodies of heredocs; also gives the end of the last one.
    #[cold]
    fn heredocs(&mut self, markers: Vec<Marker>, header_end: u32) -> (Vec<Heredoc<'a>>, u32) {
        let mut heredocs = Vec::with_capacity(markers.len());
        let mut end = header_end;
        let mut endless = false;
        for Marker { span, name } in markers {
            let body = if endless {
                // What follows a body without an end is read as instructions, and holds no further bodies.
                Body { span: Span::empty(offset(self.lines.at())), terminator: None }
            } else {
                self.bodies.read(&mut self.lines, &name.name, name.chomp)
            };
            self.check_lengths(body.span);
            match body.terminator {
                Some(terminator) => end = terminator.end,
                // The bodies after one without an end were never looked for.
                None if endless => {}
                None => {
                    endless = true;
                    let content = body.span.of(self.dockerfile.text).trim_end_matches(['\n', '\r']);
                    end = end.max(body.span.start + offset(content.len()));
                    let kind = SyntaxErrorKind::UnterminatedHeredoc(name.name.clone());
                    self.error(kind, span, Rejection::Parsing);
                }
            }
            heredocs.push(Heredoc {
                marker: span,
                name: name.name,
                file_descriptor: name.file_descriptor,
                expand: name.expand,
                chomp: name.chomp,
                body: body.span,
                content: self.dockerfile.text.get(body.span.range()).unwrap_or_default(),
                terminator: body.terminator,
            });
        }
        (heredocs, end)
    }

    /// Notes an instruction that belongs to no stage: before the first `FROM` only `ARG` may stand.
    fn check_stage(&mut self, instruction: &Instruction<'_>) {
        match instruction.kind.keyword() {
            Some(Keyword::From) => self.in_stage = true,
            Some(Keyword::Arg) | None => {}
            Some(keyword) if !self.in_stage => {
                self.error(SyntaxErrorKind::NoStage(keyword), instruction.keyword.span, Rejection::Typing);
            }
            Some(_) => {}
        }
    }
}

fn last_index<T>(list: &[T]) -> u32 {
    offset(list.len().saturating_sub(1))
}

fn set_heredocs<'a>(instruction: &mut Instruction<'a>, heredocs: Vec<Heredoc<'a>>) {
    let kind = match &mut instruction.kind {
        Kind::Onbuild(Onbuild { instruction: Some(inner), .. }) => {
            inner.span.end = instruction.span.end;
            &mut inner.kind
        }
        kind => kind,
    };
    match kind {
        Kind::Run(run) => run.heredocs = heredocs,
        Kind::Copy(copy) => copy.heredocs = heredocs,
        Kind::Add(add) => add.heredocs = heredocs,
        Kind::Malformed(malformed) => malformed.heredocs = heredocs,
        _ => {}
    }
}
