//! What the parts of a file are, for an editor to colour them.

use crate::ast::{Command, CopySource, FlagKind, HealthcheckTest, Instruction, Kind, Word};
use crate::lsp::document::Reading;
use crate::semantic::{Expanded, Syntax};
use crate::shell::{NodeKind, NodeRef, Script};
use crate::source::Span;

use super::occurrences::{parameter, variables_in};

/// A part of a file, on one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    /// Where it stands.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Whether a name is declared there.
    pub(crate) declares: bool,
}

/// What a part of a file is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "each says what it is")]
pub(crate) enum TokenKind {
    Keyword,
    Comment,
    String,
    Number,
    Operator,
    Variable,
    /// A flag of an instruction, a key of a mount or a label.
    Property,
    /// The name of a stage.
    Class,
    /// An image.
    Type,
    /// The name of a command.
    Function,
    /// What a command is told to do: its subcommand.
    Method,
    /// An option of a command.
    Parameter,
    /// A directive.
    Macro,
}

impl TokenKind {
    /// All of them, in the order in which they are numbered.
    pub(crate) const ALL: [Self; 13] = [
        Self::Keyword,
        Self::Comment,
        Self::String,
        Self::Number,
        Self::Operator,
        Self::Variable,
        Self::Property,
        Self::Class,
        Self::Type,
        Self::Function,
        Self::Method,
        Self::Parameter,
        Self::Macro,
    ];

    /// Its name in the protocol.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Comment => "comment",
            Self::String => "string",
            Self::Number => "number",
            Self::Operator => "operator",
            Self::Variable => "variable",
            Self::Property => "property",
            Self::Class => "class",
            Self::Type => "type",
            Self::Function => "function",
            Self::Method => "method",
            Self::Parameter => "parameter",
            Self::Macro => "macro",
        }
    }
}

/// The parts of a file that touch `range`, in order, none of them over another.
pub(crate) fn tokens(reading: &Reading<'_, '_>, range: Span) -> Vec<Token> {
    let dockerfile = &reading.parsed.dockerfile;
    let is_near = |span: Span| span.start <= range.end && range.start <= span.end;
    let mut painter = Painter { reading, found: Vec::new() };
    for directive in dockerfile.directives.iter().filter(|directive| is_near(directive.span)) {
        painter.paint(directive.span, TokenKind::Comment);
        painter.paint(directive.name.span, TokenKind::Macro);
        painter.paint(directive.value.span, TokenKind::String);
    }
    for comment in dockerfile.comments.iter().filter(|comment| is_near(comment.span)) {
        painter.paint(comment.span, TokenKind::Comment);
    }
    for instruction in dockerfile.instructions.iter().filter(|instruction| is_near(instruction.span)) {
        painter.instruction(instruction);
    }
    let mut tokens = flat(reading.text, painter.found);
    tokens.retain(|token| is_near(token.span));
    tokens
}

/// All parts of an instruction that mean something, one in the other.
pub(super) fn spans_of<'d>(reading: &Reading<'_, 'd>, instruction: &'d Instruction<'d>) -> Vec<Span> {
    let mut painter = Painter { reading, found: Vec::new() };
    painter.instruction(instruction);
    let flags = instruction.flags().iter().map(|flag| flag.span);
    flags.chain(painter.found.iter().map(|token| token.span)).collect()
}

/// Takes out of each part those that are in it, and splits at the ends of lines.
fn flat(text: &str, mut nested: Vec<Token>) -> Vec<Token> {
    nested.retain(|token| !token.span.is_empty());
    nested.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end)));
    let mut tokens = Vec::with_capacity(nested.len());
    let mut open: Vec<Token> = Vec::new();
    let mut at = 0;
    for token in nested {
        while let Some(last) = open.pop_if(|last| last.span.end <= token.span.start) {
            add(text, last, &mut at, last.span.end, &mut tokens);
        }
        let mut token = token;
        if let Some(around) = open.last() {
            add(text, *around, &mut at, token.span.start, &mut tokens);
            token.span.end = token.span.end.min(around.span.end);
        }
        at = at.max(token.span.start);
        open.push(token);
    }
    while let Some(last) = open.pop() {
        add(text, last, &mut at, last.span.end, &mut tokens);
    }
    tokens
}

/// Adds what there is of a part from `at` to `end`.
fn add(text: &str, token: Token, at: &mut u32, end: u32, tokens: &mut Vec<Token>) {
    let mut start = *at;
    for line in Span::new(*at, end).of(text).split_inclusive(['\n', '\r']) {
        let blanks = line.len() - line.trim_start().len();
        let span = Span::of_range(start as usize + blanks..start as usize + line.trim_end().len());
        if !line.trim().is_empty() {
            tokens.push(Token { span, ..token });
        }
        start += Span::of_range(0..line.len()).end;
    }
    *at = end.max(*at);
}

/// Notes what parts are, the larger ones before those in them.
struct Painter<'p, 'r, 'd> {
    reading: &'p Reading<'r, 'd>,
    found: Vec<Token>,
}

impl<'d> Painter<'_, '_, 'd> {
    fn paint(&mut self, span: Span, kind: TokenKind) {
        self.found.push(Token { span, kind, declares: false });
    }

    fn declare(&mut self, span: Span, kind: TokenKind) {
        self.found.push(Token { span, kind, declares: true });
    }

    /// A word in which variables are expanded.
    fn word(&mut self, word: &Word<'_>, kind: TokenKind) {
        self.paint(word.span, kind);
        if word.contains('$') {
            let syntax = Syntax::words(self.reading.parsed.dockerfile.escape);
            for (_, span) in variables_in(Expanded::Word(word), syntax) {
                self.paint(span, TokenKind::Variable);
            }
        }
    }

    fn instruction(&mut self, instruction: &'d Instruction<'d>) {
        let (mut instruction, mut outer) = (instruction, None);
        if let Kind::Onbuild(onbuild) = &instruction.kind
            && let Some(inner) = onbuild.instruction.as_deref()
        {
            self.paint(instruction.keyword.span, TokenKind::Keyword);
            onbuild.chain.iter().for_each(|prefix| self.paint(prefix.keyword.span, TokenKind::Keyword));
            (instruction, outer) = (inner, Some(instruction));
        }
        if instruction.kind.keyword().is_some() {
            self.paint(instruction.keyword.span, TokenKind::Keyword);
        }
        self.flags(instruction);
        self.heredocs(instruction);
        let owner = outer.unwrap_or(instruction);
        match &instruction.kind {
            Kind::From(from) => {
                self.word(&from.image.word, TokenKind::Type);
                from.as_keyword.iter().for_each(|word| self.paint(word.span, TokenKind::Keyword));
                from.name.iter().for_each(|name| self.declare(name.span, TokenKind::Class));
            }
            Kind::Arg(arg) => {
                for item in &arg.items {
                    self.declare(item.name.span, TokenKind::Variable);
                    item.default.iter().for_each(|default| self.word(default, TokenKind::String));
                }
            }
            Kind::Env(env) => {
                for pair in &env.pairs {
                    self.declare(pair.key.span, TokenKind::Variable);
                    self.word(&pair.value, TokenKind::String);
                }
            }
            Kind::Label(label) => {
                for pair in &label.pairs {
                    self.word(&pair.key, TokenKind::Property);
                    self.word(&pair.value, TokenKind::String);
                }
            }
            Kind::Copy(copy) => self.copied(&copy.sources, &copy.destination),
            Kind::Add(add) => self.copied(&add.sources, &add.destination),
            Kind::Expose(expose) => expose.ports.iter().for_each(|port| self.word(&port.word, TokenKind::Number)),
            Kind::User(user) => self.word(&user.user, TokenKind::String),
            Kind::Workdir(workdir) => self.word(&workdir.path, TokenKind::String),
            Kind::Volume(volume) => volume.paths.iter().for_each(|path| self.word(path, TokenKind::String)),
            Kind::Stopsignal(stopsignal) => self.word(&stopsignal.signal, TokenKind::Number),
            Kind::Maintainer(maintainer) => self.paint(maintainer.name.span, TokenKind::String),
            Kind::Shell(shell) => self.strings(&shell.words),
            Kind::Run(run) => self.command(owner, &run.command),
            Kind::Cmd(cmd) => self.command(owner, &cmd.command),
            Kind::Entrypoint(entrypoint) => self.command(owner, &entrypoint.command),
            Kind::Healthcheck(healthcheck) => {
                self.paint(healthcheck.kind.span, TokenKind::Keyword);
                if let HealthcheckTest::Command(command) = &healthcheck.test {
                    self.command(owner, command);
                }
            }
            Kind::Onbuild(_) | Kind::Malformed(_) => {}
        }
    }

    fn copied(&mut self, sources: &[CopySource<'_>], destination: &Word<'_>) {
        for source in sources {
            if let CopySource::Path(word) = source {
                self.word(word, TokenKind::String);
            }
        }
        self.word(destination, TokenKind::String);
    }

    /// Strings of JSON, with their quotes.
    fn strings(&mut self, words: &[Word<'_>]) {
        for word in words {
            let quoted = Span::new(word.span.start.saturating_sub(1), word.span.end + 1);
            let is_quoted = quoted.of(self.reading.text).starts_with('"');
            self.paint(if is_quoted { quoted } else { word.span }, TokenKind::String);
        }
    }

    fn flags(&mut self, instruction: &Instruction<'_>) {
        for flag in instruction.flags() {
            self.paint(Span::new(flag.span.start, flag.name.span.end), TokenKind::Property);
            match (&flag.kind, &flag.value) {
                (FlagKind::Mount(mount), _) => {
                    for option in &mount.options {
                        self.paint(option.key.span, TokenKind::Property);
                        let is_from = option.key.eq_ignore_ascii_case("from");
                        let kind = if is_from { TokenKind::Class } else { TokenKind::String };
                        option.value.iter().for_each(|value| self.word(value, kind));
                    }
                }
                (FlagKind::From, Some(value)) => self.word(value, TokenKind::Class),
                (_, Some(value)) => self.word(value, TokenKind::String),
                (_, None) => {}
            }
        }
    }

    fn heredocs(&mut self, instruction: &Instruction<'_>) {
        let is_run = matches!(instruction.kind, Kind::Run(_));
        for heredoc in instruction.heredocs() {
            self.paint(heredoc.marker, TokenKind::Operator);
            heredoc.terminator.iter().for_each(|terminator| self.paint(*terminator, TokenKind::Operator));
            if !is_run {
                self.paint(heredoc.body, TokenKind::String);
                if heredoc.expand {
                    let body = Expanded::Heredoc(heredoc.content, heredoc.body);
                    variables_in(body, Syntax::heredoc())
                        .iter()
                        .for_each(|(_, span)| self.paint(*span, TokenKind::Variable));
                }
            }
        }
    }

    fn command(&mut self, owner: &'d Instruction<'d>, command: &Command<'_>) {
        if let Command::Exec(words) = command {
            self.strings(words);
            return;
        }
        // Scripts in this one are strings here.
        if let Some(script) = self.reading.scripts.of(owner).first() {
            self.script(script);
        }
    }

    fn script(&mut self, script: &Script<'_>) {
        for node in script.nodes() {
            self.node(node);
        }
        for call in script.calls().filter(|call| call.name_argument().word().is_leaf()) {
            self.paint(call.name_argument().span(), TokenKind::Function);
            call.subcommand_argument().iter().for_each(|argument| self.paint(argument.span(), TokenKind::Method));
        }
    }

    fn node(&mut self, node: NodeRef<'_>) {
        let kind = match node.kind() {
            NodeKind::Keyword(_) => TokenKind::Keyword,
            NodeKind::Operator(_) => TokenKind::Operator,
            NodeKind::Comment => TokenKind::Comment,
            NodeKind::SingleQuoted | NodeKind::AnsiQuoted | NodeKind::DoubleQuoted | NodeKind::HeredocBody { .. } => {
                TokenKind::String
            }
            NodeKind::HeredocEnd => TokenKind::Operator,
            NodeKind::Parameter(_) => {
                if let Some((_, span)) = parameter(node) {
                    self.paint(span, TokenKind::Variable);
                }
                return;
            }
            NodeKind::Redirection(_) => {
                let end = node.children().next().map_or(node.range().end, |target| target.range().start);
                let length = node.range().start..end;
                let written = node.text().get(..length.len()).unwrap_or_default().trim_end().len();
                self.paint(node.span_of(0..written), TokenKind::Operator);
                return;
            }
            NodeKind::Assignment => {
                let name = node.text().find(['=', '+', '[']).unwrap_or(node.text().len());
                self.declare(node.span_of(0..name), TokenKind::Variable);
                return;
            }
            NodeKind::For | NodeKind::Select => {
                node.child(NodeKind::Word).iter().for_each(|name| self.declare(name.span(), TokenKind::Variable));
                return;
            }
            NodeKind::Word if node.text().starts_with('-') && node.text().len() > 1 => TokenKind::Parameter,
            _ => return,
        };
        self.paint(node.span(), kind);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file};
    use super::*;

    fn answer(reading: &Reading<'_, '_>, _: u32) -> String {
        let found = tokens(reading, Span::of_range(0..reading.text.len()));
        let mut at = 0;
        let mut shown = Vec::new();
        for token in found {
            assert!(token.span.start >= at, "{token:?} is over another one");
            at = token.span.end;
            let text = token.span.of(reading.text);
            assert!(!text.is_empty() && !text.contains('\n'), "{token:?} {text:?}");
            if text != "# é😀漢" {
                let mark = if token.declares { "!" } else { "" };
                shown.push(format!("{text}:{}{mark}", &token.kind.as_str()[..2]));
            }
        }
        shown.join(" ")
    }

    #[test]
    fn parts() {
        check(
            &[
                ("FROM --platform=$P a:$T AS é\n", "FROM:ke --platform:pr $:st P:va a:$:ty T:va AS:ke é:cl!"),
                ("# syntax=a\n# é\nARG A=1 B\n", "#:co syntax:ma =:co a:st # é:co ARG:ke A:va! 1:st B:va!"),
                (
                    "FROM a\nENV A=b$C D=\"e ${F:-g}\"\nLABEL a=\"b\"\n",
                    r#"FROM:ke a:ty ENV:ke A:va! b$:st C:va D:va! "e ${:st F:va :-g}":st LABEL:ke a:pr "b":st"#,
                ),
                (
                    "FROM a\nCOPY --from=b --link c d$E /f\nEXPOSE 80 $P\nSHELL [\"a\", \"b\"]\n",
                    r#"FROM:ke a:ty COPY:ke --from:pr b:cl --link:pr c:st d$:st E:va /f:st EXPOSE:ke 80:nu $:nu P:va SHELL:ke "a":st "b":st"#,
                ),
                (
                    "FROM a\nRUN --mount=type=cache,target=/a,from=b \\\n  # é\n  apt-get install -y \"$X y\" > /dev/null \\\n  && A='b' c | d; if e; then f; fi\n",
                    r#"FROM:ke a:ty RUN:ke --mount:pr type:pr cache:st target:pr /a:st from:pr b:cl # é:co apt-get:fu install:me -y:pa "$:st X:va y":st >:op &&:op A:va! 'b':st c:fu |:op d:fu ;:op if:ke e:fu ;:op then:ke f:fu ;:op fi:ke"#,
                ),
                (
                    "FROM a\nRUN <<E\n# é\nfor x in \"a\"; do $x; done\nE\nCOPY <<F /g\nh $I\nF\n",
                    r#"FROM:ke a:ty RUN:ke <<E:op # é:co for:ke x:va! in:ke "a":st ;:op do:ke x:va ;:op done:ke E:op COPY:ke <<F:op /g:st h $:st I:va F:op"#,
                ),
                (
                    "FROM a\nHEALTHCHECK --interval=1s CMD a -b\nONBUILD RUN a é\nCMD [\"a\"]\n",
                    r#"FROM:ke a:ty HEALTHCHECK:ke --interval:pr 1s:st CMD:ke a:fu -b:pa ONBUILD:ke RUN:ke a:fu CMD:ke "a":st"#,
                ),
                ("FROM a\nNOPE a b\nRUN sh -c 'a b'\n", "FROM:ke a:ty RUN:ke sh:fu -c:pa 'a b':st"),
            ],
            |text| in_file(text, answer),
        );
    }
}
