//! Scripts in scripts, and all that an instruction has.

use std::collections::HashSet;

use super::analysis::assigned_name;
use super::command::Runs;
use super::text::Builder;
use super::tree::{NodeKind, NodeRef, Redirection};
use super::value::{ansi_characters, unquoted};
use super::{Call, Interpreter, Lookup, Script, Text};
use crate::ast::{Command, Heredoc};

/// How deep scripts in scripts are read. Each level doubles the backslashes of the one in it, so that nobody writes more.
const DEEPEST: usize = 8;

/// All scripts of an instruction: its own, and those in it, like that of a `bash -c '…'`, each after the one that it stands in.
///
/// `interpreter` is the shell that the instruction has; a heredoc may name another one. `lookup` gives the values of variables
/// that come from outside.
///
/// ```
/// use plimsoll::ast::Kind;
/// use plimsoll::shell::{Dialect, Interpreter, scripts};
///
/// let text = "FROM debian\nRUN <<EOF bash\nset -o pipefail\nsh -c 'curl \"$1\" | tar x'\nEOF\n";
/// let parsed = plimsoll::parse(text);
/// let Kind::Run(run) = &parsed.dockerfile.instructions[1].kind else { panic!() };
///
/// let scripts = scripts(&run.command, &run.heredocs, Interpreter::default(), &|_| None);
/// let dialects: Vec<Dialect> = scripts.iter().map(|script| script.dialect()).collect();
/// assert_eq!(dialects, [Dialect::Sh, Dialect::Bash, Dialect::Sh]);
/// let tar = scripts[2].calls().last().unwrap();
/// assert_eq!(tar.span().of(text), "tar x");
/// ```
#[must_use]
pub fn scripts<'t>(
    command: &'t Command<'t>,
    heredocs: &'t [Heredoc<'t>],
    interpreter: Interpreter,
    lookup: Lookup<'_>,
) -> Vec<Script<'t>> {
    let first = match command {
        Command::Empty => return Vec::new(),
        Command::Exec(words) if words.is_empty() => return Vec::new(),
        Command::Exec(words) => Script::of_exec(words),
        Command::Shell(word) | Command::BrokenExec(word) => match heredocs {
            [] => Script::read(Text::of_word(word), interpreter, lookup),
            [only] if word.span == only.marker => {
                let text = Text::of_heredoc(only);
                let named = Interpreter::of_shebang(text.as_str());
                Script::read(text, named.unwrap_or(interpreter), lookup)
            }
            several => Script::read(Text::of_word_and_heredocs(word, several), interpreter, lookup),
        },
    };
    let mut scripts = vec![first];
    let mut level = 0..1;
    for _ in 0..DEEPEST {
        let found: Vec<Script<'static>> =
            scripts.get(level.clone()).unwrap_or_default().iter().flat_map(|script| script.nested(lookup)).collect();
        if found.is_empty() {
            break;
        }
        level = scripts.len()..scripts.len() + found.len();
        scripts.extend(found);
    }
    scripts
}

impl Script<'_> {
    /// The scripts in it: of `bash -c '…'`, of `bash <<EOF`, of `eval '…'`, and of `` `…` `` in which characters are escaped.
    #[must_use]
    pub fn nested(&self, lookup: Lookup<'_>) -> Vec<Script<'static>> {
        let mut nested: Vec<(Text<'static>, Interpreter)> = Vec::new();
        for call in self.calls() {
            nested.extend(self.script_of(call));
        }
        for node in self.nodes().filter(|node| node.kind() == NodeKind::Backquoted && node.is_leaf()) {
            let interpreter = Interpreter { switches: self.switches_at(node), ..self.interpreter };
            nested.push((self.backquoted(node), interpreter));
        }
        if nested.is_empty() {
            return Vec::new();
        }
        // What the script sets itself is known outside no more.
        let set: HashSet<&str> = self
            .nodes()
            .filter(|node| node.kind() == NodeKind::Assignment)
            .map(|node| assigned_name(node.text()))
            .collect();
        let lookup = |name: &str| if set.contains(name) { None } else { lookup(name) };
        nested.into_iter().map(|(text, interpreter)| Script::read(text, interpreter, &lookup)).collect()
    }

    fn script_of(&self, call: Call<'_>) -> Option<(Text<'static>, Interpreter)> {
        match call.table()?.runs {
            Runs::Script => {
                let argument = call.script_argument();
                let before = call.arguments().take_while(|before| {
                    argument.is_none_or(|argument| before.word().index() < argument.word().index())
                });
                let words = std::iter::once(call.name()).chain(before.filter_map(|before| before.known()));
                let interpreter = Interpreter::of_words(words);
                if let Some(argument) = argument {
                    return Some((self.unquoted(argument.word()), interpreter));
                }
                // A script that is a file is not known, and what is read then is not a script.
                if call.operands().next().is_some() && !call.has("-s") {
                    return None;
                }
                let redirection = call.redirections().last()?;
                self.heredoc(redirection).map(|text| (text, interpreter))
            }
            Runs::ScriptValue => {
                let option = call.option("-c")?;
                let (argument, value) = (option.value_argument()?, option.value_span()?);
                // A value after `=` is not looked into.
                (argument.span() == value).then(|| (self.unquoted(argument.word()), Interpreter::default()))
            }
            Runs::Evaluated => {
                let mut operands = call.operands();
                let (only, None) = (operands.next()?, operands.next()) else { return None };
                let interpreter = Interpreter { switches: call.switches(), ..self.interpreter };
                // One without quotes is read where it stands, or is not known.
                (!only.word().is_leaf()).then(|| (self.unquoted(only.word()), interpreter))
            }
            _ => None,
        }
    }

    /// The place in the file of an offset in the text.
    fn place(&self, at: u32) -> u32 {
        self.text.span_of(crate::source::Span::new(at, at + 1)).start
    }

    fn push(&self, builder: &mut Builder, text: &str, from: u32) {
        for (at, c) in text.char_indices() {
            let at = from + crate::source::Span::of_range(0..at).end;
            builder.push(c, self.place(at), c.len_utf8());
        }
    }

    /// What a word is once its quotes are undone; expansions are kept as they are written.
    fn unquoted(&self, word: NodeRef<'_>) -> Text<'static> {
        let mut builder = Builder::with_capacity(word.range().len() as usize);
        if word.is_leaf() {
            self.push(&mut builder, word.text(), word.range().start);
            return builder.finish();
        }
        let mut skip = word.index();
        for part in word.descendants().filter(|part| part.index() > word.index()) {
            if part.index() < skip {
                continue;
            }
            let range = part.range();
            match part.kind() {
                // What is in it comes next.
                NodeKind::DoubleQuoted if !part.is_leaf() => continue,
                NodeKind::AnsiQuoted => {
                    let written = part.text().get(2..).unwrap_or_default();
                    let written = written.strip_suffix('\'').unwrap_or(written);
                    for (at, c, width) in ansi_characters(written) {
                        let at = range.start + 2 + crate::source::Span::of_range(0..at).end;
                        builder.push(c, self.place(at), width);
                    }
                }
                NodeKind::SingleQuoted | NodeKind::DoubleQuoted | NodeKind::Escape => {
                    let meant = unquoted(part.data(), self.text.as_str());
                    let opening = part.text().find(&*meant).unwrap_or_default();
                    self.push(&mut builder, &meant, range.start + crate::source::Span::of_range(0..opening).end);
                }
                _ => self.push(&mut builder, part.text(), range.start),
            }
            skip = part.data().end;
        }
        builder.finish()
    }

    /// What is between `` ` `` and `` ` ``, escapes undone.
    fn backquoted(&self, node: NodeRef<'_>) -> Text<'static> {
        let quoted = node.ancestors().any(|holder| holder.kind() == NodeKind::DoubleQuoted);
        let inside = node.text().get(1..node.text().len().saturating_sub(1)).unwrap_or_default();
        let escaped = |c: char| matches!(c, '$' | '`' | '\\') || quoted && c == '"';
        self.unescaped(inside, node.range().start + 1, &escaped)
    }

    fn unescaped(&self, text: &str, from: u32, escaped: &dyn Fn(char) -> bool) -> Text<'static> {
        let mut builder = Builder::with_capacity(text.len());
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let (at, c) = match characters.peek().copied() {
                Some((after, next)) if c == '\\' && escaped(next) => {
                    characters.next();
                    (after, next)
                }
                _ => (at, c),
            };
            builder.push(c, self.place(from + crate::source::Span::of_range(0..at).end), c.len_utf8());
        }
        builder.finish()
    }

    /// The script that the heredoc of a redirection is.
    fn heredoc(&self, redirection: NodeRef<'_>) -> Option<Text<'static>> {
        let strips = match redirection.kind() {
            NodeKind::Redirection(Redirection::Heredoc) => false,
            NodeKind::Redirection(Redirection::HeredocStripped) => true,
            _ => return None,
        };
        let body = self.heredoc_body(self.node(redirection.index()))?;
        if !strips && body.kind() == (NodeKind::HeredocBody { expands: true }) {
            let escaped = |c: char| matches!(c, '$' | '`' | '\\');
            return Some(self.unescaped(body.text(), body.range().start, &escaped));
        }
        let mut builder = Builder::with_capacity(body.text().len());
        let mut at = body.range().start;
        for line in body.text().split_inclusive('\n') {
            let kept = if strips { line.trim_start_matches('\t') } else { line };
            let dropped = crate::source::Span::of_range(0..line.len() - kept.len()).end;
            self.push(&mut builder, kept, at + dropped);
            at += crate::source::Span::of_range(0..line.len()).end;
        }
        Some(builder.finish())
    }
}
