//! The tree of a script: one flat list of nodes in the order of the text, so that nothing nests however deep a script does.

use std::fmt;

use crate::source::Span;

use super::Script;

/// What a node is. [`NodeKind::is_token`] tells which kinds hold text of their own; the others only hold nodes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NodeKind {
    /// A list of statements: the whole script, or what stands between `(` and `)`, `then` and `fi`, …
    List,
    /// Pipelines joined by `&&` and `||`, with the `;` or `&` that ends them.
    Statement,
    /// Commands joined by `|`; mostly just one.
    Pipeline,
    /// A simple command: assignments, words and redirections.
    Simple,
    /// `( … )`
    Subshell,
    /// `{ …; }`
    Group,
    /// `if …; then …; fi`
    If,
    /// `while …; do …; done`
    While,
    /// `until …; do …; done`
    Until,
    /// `for … in …; do …; done`, and `for ((…; …; …))`
    For,
    /// `select … in …; do …; done`
    Select,
    /// `case … in … esac`
    Case,
    /// One branch of a `case`: its patterns, and the list that they lead to.
    CaseItem,
    /// `name() …` or `function name …`
    Function,
    /// `[[ … ]]`
    Test,
    /// `(( … ))`
    Arithmetic,
    /// `name=value`, with the value as a [`NodeKind::Word`] or [`NodeKind::Array`]; without one where nothing follows `=`.
    Assignment,
    /// `( … )` after `name=`
    Array,
    /// A redirection with its target.
    Redirection(Redirection),
    /// A word. One without children is plain: what is written is what it means.
    Word,
    /// Characters that stand for themselves.
    Literal,
    /// `\x`
    Escape,
    /// `'…'`
    SingleQuoted,
    /// `$'…'`
    AnsiQuoted,
    /// `"…"` or `$"…"`. One without children holds no `$`, `` ` `` and `\`.
    DoubleQuoted,
    /// `~` or `~user`
    Tilde,
    /// `*`, `?` or `[…]`
    Glob,
    /// The `(…|…)` of `@(…)` and its like
    ExtendedGlob,
    /// The `{` of `{a,b}` or `{1..9}`
    BraceOpen,
    /// The `,` of `{a,b}`
    BraceComma,
    /// The `}` of `{a,b}` or `{1..9}`
    BraceClose,
    /// `$name` or `${name…}`
    Parameter(Parameter),
    /// `$( … )`
    CommandSubstitution,
    /// `` `…` ``. Without children where characters in it are escaped: then it is a [script of its own](super::Script::nested).
    Backquoted,
    /// `<( … )` or `>( … )`
    ProcessSubstitution,
    /// `$(( … ))`
    ArithmeticExpansion,
    /// The lines of a heredoc.
    HeredocBody {
        /// Whether `$`, `` ` `` and `\` mean something in it.
        expands: bool,
    },
    /// The line that ends a heredoc.
    HeredocEnd,
    /// A reserved word.
    Keyword(Keyword),
    /// An operator.
    Operator(Operator),
    /// `#` and what follows it on the line.
    Comment,
    /// What could not be read.
    Error(Unreadable),
}

impl NodeKind {
    /// Whether the node holds text of its own, and not only nodes and what separates them.
    #[must_use]
    pub const fn is_token(self) -> bool {
        !matches!(
            self,
            Self::List
                | Self::Statement
                | Self::Pipeline
                | Self::Simple
                | Self::Subshell
                | Self::Group
                | Self::If
                | Self::While
                | Self::Until
                | Self::For
                | Self::Select
                | Self::Case
                | Self::CaseItem
                | Self::Function
                | Self::Test
                | Self::Array
        )
    }

    /// Whether it is a command.
    #[must_use]
    pub const fn is_command(self) -> bool {
        matches!(self, Self::Simple | Self::Arithmetic) || self.is_compound()
    }

    /// Whether it is a command that holds commands, or a test.
    #[must_use]
    pub const fn is_compound(self) -> bool {
        matches!(
            self,
            Self::Subshell
                | Self::Group
                | Self::If
                | Self::While
                | Self::Until
                | Self::For
                | Self::Select
                | Self::Case
                | Self::Function
                | Self::Test
        )
    }
}

/// What a redirection does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Redirection {
    /// `<`
    Input,
    /// `>`
    Output,
    /// `>>`
    Append,
    /// `>|`
    Clobber,
    /// `<>`
    ReadWrite,
    /// `<&`
    DuplicateInput,
    /// `>&`
    DuplicateOutput,
    /// `&>`
    OutputAndError,
    /// `&>>`
    AppendOutputAndError,
    /// `<<`
    Heredoc,
    /// `<<-`
    HeredocStripped,
    /// `<<<`
    HereString,
}

/// What an expansion of a parameter makes of its value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Parameter {
    /// `$a`, `${a}`: the value.
    Value,
    /// `${#a}`: its length.
    Length,
    /// `${!a}`: the value of what it names, or names by a prefix.
    Indirect,
    /// `${a:-b}`, `${a-b}`: something else where it is missing.
    Default,
    /// `${a:=b}`, `${a=b}`: the same, and assigned.
    Assign,
    /// `${a:?b}`, `${a?b}`: an error where it is missing.
    Require,
    /// `${a:+b}`, `${a+b}`: something else where it is there.
    Alternative,
    /// `${a#b}`, `${a##b}`
    RemovePrefix,
    /// `${a%b}`, `${a%%b}`
    RemoveSuffix,
    /// `${a/b/c}` and its like
    Replace,
    /// `${a^}`, `${a,,}` and their like
    Case,
    /// `${a:1}`, `${a:1:2}`
    Substring,
    /// `${a@Q}` and its like
    Transform,
}

/// A reserved word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum Keyword {
    Not,
    Time,
    Coproc,
    If,
    Then,
    Elif,
    Else,
    Fi,
    While,
    Until,
    For,
    Select,
    In,
    Do,
    Done,
    Case,
    Esac,
    Function,
    OpenBrace,
    CloseBrace,
    OpenTest,
    CloseTest,
}

impl Keyword {
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "!" => Self::Not,
            "{" => Self::OpenBrace,
            "}" => Self::CloseBrace,
            "[[" => Self::OpenTest,
            "]]" => Self::CloseTest,
            "if" => Self::If,
            "then" => Self::Then,
            "elif" => Self::Elif,
            "else" => Self::Else,
            "fi" => Self::Fi,
            "while" => Self::While,
            "until" => Self::Until,
            "for" => Self::For,
            "select" => Self::Select,
            "in" => Self::In,
            "do" => Self::Do,
            "done" => Self::Done,
            "case" => Self::Case,
            "esac" => Self::Esac,
            "function" => Self::Function,
            "time" => Self::Time,
            "coproc" => Self::Coproc,
            _ => return None,
        })
    }
}

/// An operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operator {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
    /// `|&`
    PipeBoth,
    /// `;`
    Semicolon,
    /// `&`
    Background,
    /// `;;`, `;&` or `;;&`
    CaseEnd,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `<` or `>` in a `[[ … ]]`
    Compare,
}

/// Why something could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unreadable {
    /// A quote, bracket or keyword is never closed; the node's parent is what it opens.
    Unclosed,
    /// Something has to be closed before what follows; the node's parent is what is still open.
    CloseFirst,
    /// It can't stand here.
    Unexpected,
    /// A command is missing.
    MissingCommand,
    /// A list has no command in it.
    EmptyList,
    /// A redirection has no target.
    MissingTarget,
    /// What stands in `${…}` is no expansion.
    BadSubstitution,
    /// A `for`, `case`, `select` or function is not as it should be.
    Malformed,
}

/// A node as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// Its place in the script's text.
    pub(super) range: Span,
    /// The index after its last descendant; the first child has the index after its own.
    pub(super) end: u32,
    /// The index of its parent; the root's is its own.
    pub(super) parent: u32,
}

/// A node of a script.
#[derive(Clone, Copy)]
pub struct NodeRef<'s> {
    pub(super) script: &'s Script<'s>,
    pub(super) index: u32,
}

impl<'s> NodeRef<'s> {
    pub(super) fn data(self) -> Node {
        const NOTHING: Node = Node { kind: NodeKind::List, range: Span { start: 0, end: 0 }, end: 0, parent: 0 };
        self.script.nodes.get(self.index as usize).copied().unwrap_or(NOTHING)
    }

    /// Its number: nodes are numbered in the order in which they begin.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        self.data().kind
    }

    /// Its place in the text that the shell sees.
    #[must_use]
    pub fn range(self) -> Span {
        self.data().range
    }

    /// Its place in the Dockerfile.
    #[must_use]
    pub fn span(self) -> Span {
        self.script.text.span_of(self.data().range)
    }

    /// The place in the Dockerfile of a part of its text.
    #[must_use]
    pub fn span_of(self, part: std::ops::Range<usize>) -> Span {
        let (start, part) = (self.data().range.start, Span::of_range(part));
        self.script.text.span_of(Span::new(start + part.start, start + part.end))
    }

    /// What is written there, as the shell sees it.
    #[must_use]
    pub fn text(self) -> &'s str {
        self.data().range.of(self.script.text.as_str())
    }

    /// What holds it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let parent = self.data().parent;
        (parent != self.index).then_some(Self { script: self.script, index: parent })
    }

    /// What holds it, what holds that, and so on.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// What it is made of, in order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let end = self.data().end;
        let script = self.script;
        let within = move |index: u32| (index < end).then_some(Self { script, index });
        // A node that is not there ends where it begins, and has no siblings.
        std::iter::successors(within(self.index + 1), move |node| {
            let next = node.data().end;
            if next > node.index { within(next) } else { None }
        })
    }

    /// All that is in it, in order, at any depth.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        (self.index + 1..self.data().end).map(move |index| Self { script: self.script, index })
    }

    /// Whether it has no children.
    #[must_use]
    pub fn is_leaf(self) -> bool {
        self.data().end == self.index + 1
    }

    /// What follows it in its parent.
    #[must_use]
    pub fn next_sibling(self) -> Option<Self> {
        let (end, parent) = (self.data().end, self.parent()?);
        (end < parent.data().end).then_some(Self { script: self.script, index: end })
    }

    /// Whether it is asked how a pipeline ends: with `!` before it, `&&` or `||` after it, or as a condition.
    #[must_use]
    pub fn is_tested(self) -> bool {
        let follows =
            |node: Self, kinds: [NodeKind; 2]| node.next_sibling().is_some_and(|next| kinds.contains(&next.kind()));
        let joined = follows(self, [NodeKind::Operator(Operator::And), NodeKind::Operator(Operator::Or)]);
        let list = self.parent().and_then(Self::parent);
        let condition =
            list.is_some_and(|list| follows(list, [NodeKind::Keyword(Keyword::Then), NodeKind::Keyword(Keyword::Do)]));
        joined || condition || self.child(NodeKind::Keyword(Keyword::Not)).is_some()
    }

    /// The first child of a kind.
    #[must_use]
    pub fn child(self, kind: NodeKind) -> Option<Self> {
        self.children().find(|child| child.kind() == kind)
    }
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.script, other.script) && self.index == other.index
    }
}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{:?} {:?}", self.kind(), self.range(), self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_small() {
        assert_eq!(size_of::<NodeKind>(), 2);
        assert_eq!(size_of::<Node>(), 20);
    }
}
