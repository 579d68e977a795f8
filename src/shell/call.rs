//! Commands, their arguments and their options.

use std::fmt;

use super::command::{Flag, Given, Takes};
use super::facts::{ArgumentData, CallData};
use super::switches::Switches;
use super::tree::{NodeKind, NodeRef, Operator};
use super::value::{HOLE, Stored};
use super::{Script, Table};
use crate::source::Span;

/// A command that is executed by name: a simple command of a script, or what another command runs, like `sudo`.
#[derive(Clone, Copy)]
pub struct Call<'s> {
    pub(super) script: &'s Script<'s>,
    pub(super) index: u32,
}

impl<'s> Call<'s> {
    fn data(self) -> Option<&'s CallData> {
        self.script.facts.calls.get(self.index as usize)
    }

    /// Its number among the [`Script::calls`].
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// The script that it stands in.
    #[must_use]
    pub const fn script(self) -> &'s Script<'s> {
        self.script
    }

    /// The argument that names it.
    #[must_use]
    pub fn name_argument(self) -> Argument<'s> {
        Argument { script: self.script, index: self.data().map_or(0, |data| data.name) }
    }

    /// Its name without the folder, in which [`HOLE`] stands for what is not known.
    #[must_use]
    pub fn name(self) -> &'s str {
        let text = self.script.text.as_str();
        self.data().map(|data| self.script.facts.text(text, data.program)).unwrap_or_default()
    }

    /// What is known of such commands.
    #[must_use]
    pub fn table(self) -> Option<&'static Table> {
        self.data()?.table
    }

    /// The name to ask for: `pip` where it is `pip3.12`, and [`Call::name`] where nothing is known of it.
    #[must_use]
    pub fn program(self) -> &'s str {
        self.table().and_then(|table| table.names.first().copied()).unwrap_or(self.name())
    }

    /// Whether it is this program.
    #[must_use]
    pub fn is(self, program: &str) -> bool {
        let Some(data) = self.data() else { return false };
        match data.table {
            Some(table) if table.names.first() == Some(&program) => true,
            // Nearly always another length tells.
            _ => data.program.len() == program.len() && self.name() == program,
        }
    }

    /// The simple command that it stands in.
    #[must_use]
    pub fn node(self) -> NodeRef<'s> {
        self.script.node(self.data().map_or(0, |data| data.node))
    }

    /// From its name to the end of its last argument.
    #[must_use]
    pub fn span(self) -> Span {
        let name = self.name_argument().span();
        self.arguments().last().map_or(name, |last| name.cover(last.span()))
    }

    /// The arguments after the name.
    pub fn arguments(self) -> impl Iterator<Item = Argument<'s>> {
        let range = self.data().map_or(0..0, |data| data.name + 1..data.end);
        range.map(move |index| Argument { script: self.script, index })
    }

    /// The arguments that are no options, no values of options, and not the subcommand.
    pub fn operands(self) -> impl Iterator<Item = Argument<'s>> {
        let (start, end) = self.data().map_or((0, 0), |data| data.operands);
        let operands = self.script.facts.operands.get(start as usize..end as usize).unwrap_or_default();
        operands.iter().map(move |index| Argument { script: self.script, index: *index })
    }

    /// The subcommand, as it is to be asked for: `install` where it is `i`. None where there is none, or one that is not known.
    #[must_use]
    pub fn subcommand(self) -> Option<&'static str> {
        self.data()?.subcommand.and_then(|(subcommand, _)| subcommand.names.first().copied())
    }

    /// The argument that is the subcommand.
    #[must_use]
    pub fn subcommand_argument(self) -> Option<Argument<'s>> {
        let (_, index) = self.data()?.subcommand?;
        Some(Argument { script: self.script, index })
    }

    /// The options that are given, in order.
    pub fn options(self) -> impl Iterator<Item = GivenOption<'s>> {
        let (start, end) = self.data().map_or((0, 0), |data| data.options);
        let options = self.script.facts.options.get(start as usize..end as usize).unwrap_or_default();
        options.iter().map(move |given| GivenOption { script: self.script, given })
    }

    /// Whether an option is given, in any of its spellings.
    ///
    /// ```
    /// use plimsoll::shell::{Interpreter, Script, Text};
    ///
    /// let script = Script::read(Text::plain("curl -fsSLo x.tgz https://a.b", 0), Interpreter::default(), &|_| None);
    /// let curl = script.calls().next().unwrap();
    /// assert!(curl.has("--location"));
    /// assert!(!curl.has("--insecure"));
    /// assert_eq!(curl.value("--output"), Some("x.tgz"));
    /// ```
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.option(name).is_some()
    }

    /// The last occurrence of an option, in any of its spellings.
    #[must_use]
    pub fn option(self, name: &str) -> Option<GivenOption<'s>> {
        debug_assert!(self.table().is_none_or(|table| table.has_flag(name)), "{} has no {name}", self.program());
        self.options().filter(|option| option.is(name)).last()
    }

    /// How often an option is given, in any of its spellings.
    #[must_use]
    pub fn count(self, name: &str) -> usize {
        self.options().filter(|option| option.is(name)).count()
    }

    /// The value of the last occurrence of an option, in which [`HOLE`] stands for what is not known.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'s str> {
        self.option(name)?.value()
    }

    /// The values of all occurrences of an option.
    pub fn values<'n>(self, name: &'n str) -> impl Iterator<Item = &'s str> + use<'s, 'n> {
        self.options().filter(move |option| option.is(name)).filter_map(|option| option.value())
    }

    /// Whether arguments are given that are not known, so that an option may be given that is not seen.
    #[must_use]
    pub fn has_unknown_arguments(self) -> bool {
        self.arguments().any(|argument| argument.may_be_several())
    }

    /// The command that runs it: `sudo` or its like.
    #[must_use]
    pub fn wrapped_in(self) -> Option<Self> {
        let index = self.data()?.wrapped_in?;
        Some(Self { script: self.script, index })
    }

    /// The argument of a shell, `eval` or `su` that is a script.
    #[must_use]
    pub fn script_argument(self) -> Option<Argument<'s>> {
        let data = self.data()?;
        Some(Argument { script: self.script, index: data.script? })
    }

    /// The options of the shell that hold where it is executed.
    #[must_use]
    pub fn switches(self) -> Switches {
        self.data().map(|data| data.switches).unwrap_or_default()
    }

    /// The commands after it in the script.
    pub fn later(self) -> impl Iterator<Item = Self> {
        let end = Span::of_range(0..self.script.facts.calls.len()).end;
        (self.index + 1..end).map(move |index| Self { script: self.script, index })
    }

    /// The pipeline that it is a command of.
    #[must_use]
    pub fn pipeline(self) -> Option<NodeRef<'s>> {
        self.node().parent().filter(|parent| parent.kind() == NodeKind::Pipeline)
    }

    /// The command that its output goes to, through `|`.
    #[must_use]
    pub fn piped_into(self) -> Option<NodeRef<'s>> {
        let node = self.node();
        let mut after = self.pipeline()?.children().skip_while(|child| *child != node).skip(1);
        let pipe = after.next()?;
        matches!(pipe.kind(), NodeKind::Operator(Operator::Pipe | Operator::PipeBoth)).then(|| after.next())?
    }

    /// The redirections of the simple command.
    pub fn redirections(self) -> impl Iterator<Item = NodeRef<'s>> {
        self.node().children().filter(|child| matches!(child.kind(), NodeKind::Redirection(_)))
    }

    /// The assignments before its name.
    pub fn assignments(self) -> impl Iterator<Item = NodeRef<'s>> {
        self.node()
            .children()
            .take_while(|child| child.kind() != NodeKind::Word)
            .filter(|child| child.kind() == NodeKind::Assignment)
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entry(&self.name()).entries(self.arguments().map(Argument::text)).finish()
    }
}

/// An argument of a command: what the shell makes of a word.
#[derive(Clone, Copy)]
pub struct Argument<'s> {
    script: &'s Script<'s>,
    index: u32,
}

impl<'s> Argument<'s> {
    fn data(self) -> Option<&'s ArgumentData> {
        self.script.facts.arguments.get(self.index as usize)
    }

    /// What it is, quotes undone and variables replaced; [`HOLE`] stands for what is not known.
    #[must_use]
    pub fn text(self) -> &'s str {
        self.script.facts.text_of(self.script.text.as_str(), self.index).unwrap_or_default()
    }

    /// What it is, where that is known whole.
    #[must_use]
    pub fn known(self) -> Option<&'s str> {
        Some(self.text()).filter(|text| !text.contains(HOLE))
    }

    /// Whether it may be none or several arguments: something in it is not known, and not quoted.
    #[must_use]
    pub fn may_be_several(self) -> bool {
        self.data().is_some_and(|data| data.may_be_several)
    }

    /// Whether `*`, `?` or `[…]` in it stand for something else.
    #[must_use]
    pub fn globs(self) -> bool {
        self.data().is_some_and(|data| data.globs || self.word().children().any(|part| part.kind() == NodeKind::Glob))
    }

    /// The word that it comes from; several arguments may come from one.
    #[must_use]
    pub fn word(self) -> NodeRef<'s> {
        self.script.node(self.data().map_or(0, |data| data.word))
    }

    /// Where the word stands.
    #[must_use]
    pub fn span(self) -> Span {
        self.word().span()
    }

    /// Where a part of the text stands; the whole word, where the text is not as it is written.
    #[must_use]
    pub fn span_of(self, part: std::ops::Range<usize>) -> Span {
        match self.data().map(|data| data.text) {
            Some(Stored::Script(range)) => {
                let part = Span::of_range(part);
                let part = Span::new(range.start + part.start, range.start + part.end);
                self.script.text.span_of(Span::new(part.start.min(range.end), part.end.min(range.end)))
            }
            _ => self.span(),
        }
    }
}

impl fmt::Debug for Argument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{:?}", self.text(), self.span())
    }
}

/// An option that is given to a command.
#[derive(Clone, Copy)]
pub struct GivenOption<'s> {
    script: &'s Script<'s>,
    given: &'s Given,
}

impl<'s> GivenOption<'s> {
    /// What is known of it.
    #[must_use]
    pub fn flag(self) -> Option<&'static Flag> {
        self.given.flag
    }

    /// As it is written: `--yes`, or `y` where it is one of several letters.
    #[must_use]
    pub fn written(self) -> &'s str {
        let (start, end) = self.given.letters;
        self.argument().text().get(start as usize..end as usize).unwrap_or_default()
    }

    /// Whether it is this one, in any of its spellings.
    #[must_use]
    pub fn is(self, name: &str) -> bool {
        match self.given.flag {
            Some(flag) => flag.names.contains(&name),
            None => self.written() == name || self.written() == name.trim_start_matches('-'),
        }
    }

    /// The argument that it stands in.
    #[must_use]
    pub fn argument(self) -> Argument<'s> {
        Argument { script: self.script, index: self.given.argument }
    }

    /// Where it stands, without its value.
    #[must_use]
    pub fn span(self) -> Span {
        let (start, end) = self.given.letters;
        self.argument().span_of(start as usize..end as usize)
    }

    /// The argument that its value stands in: its own, or the next.
    #[must_use]
    pub fn value_argument(self) -> Option<Argument<'s>> {
        let (index, _) = self.given.value?;
        Some(Argument { script: self.script, index })
    }

    /// Its value, in which [`HOLE`] stands for what is not known.
    #[must_use]
    pub fn value(self) -> Option<&'s str> {
        let (_, from) = self.given.value?;
        self.value_argument()?.text().get(from as usize..)
    }

    /// Where its value stands.
    #[must_use]
    pub fn value_span(self) -> Option<Span> {
        let (_, from) = self.given.value?;
        let argument = self.value_argument()?;
        if from == 0 {
            return Some(argument.span());
        }
        Some(argument.span_of(from as usize..argument.text().len()))
    }

    /// Whether a value should be there and is not.
    #[must_use]
    pub fn lacks_value(self) -> bool {
        self.given.value.is_none() && self.given.flag.is_some_and(|flag| flag.takes == Takes::Value)
    }
}

impl fmt::Debug for GivenOption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => write!(f, "{}={value:?}", self.written()),
            None => f.write_str(self.written()),
        }
    }
}
