//! YAML with the place of each node.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marked, Tag};
use thiserror::Error;

use crate::source::Span;

/// Why a text is no YAML that can be read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{message}")]
pub(crate) struct YamlError {
    /// Where it stops.
    pub(crate) span: Span,
    /// What is wrong.
    pub(crate) message: String,
}

/// One document. All nodes lie in one list, so that nothing about it goes as deep as the text is nested, and an alias is the
/// node that it stands for.
#[derive(Debug)]
pub(crate) struct Yaml<'t> {
    nodes: Vec<(Data<'t>, Span)>,
    root: Option<usize>,
}

#[derive(Debug)]
enum Data<'t> {
    Scalar { text: Cow<'t, str>, kind: Kind },
    Sequence(Vec<usize>),
    Mapping(Vec<(usize, usize)>),
}

/// What a node is, as the core schema of YAML 1.2 has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number,
    /// A text.
    String,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

impl Kind {
    /// The kind as people call it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean(_) => "true or false",
            Self::Number => "a number",
            Self::String => "a text",
            Self::Sequence => "a list",
            Self::Mapping => "a table",
        }
    }
}

/// A node of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'y, 't> {
    yaml: &'y Yaml<'t>,
    at: usize,
}

impl<'t> Yaml<'t> {
    /// Reads a text that holds one document, or none.
    pub(crate) fn parse(text: &'t str) -> Result<Self, YamlError> {
        Builder::new(text).build()
    }

    /// The node that holds all others.
    pub(crate) fn root(&self) -> Option<Node<'_, 't>> {
        self.root.map(|at| Node { yaml: self, at })
    }
}

impl<'y, 't> Node<'y, 't> {
    fn data(&self) -> Option<&'y Data<'t>> {
        self.yaml.nodes.get(self.at).map(|(data, _)| data)
    }

    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        self.yaml.nodes.get(self.at).map(|(_, span)| *span).unwrap_or_default()
    }

    /// What it is.
    pub(crate) fn kind(&self) -> Kind {
        match self.data() {
            None => Kind::Null,
            Some(Data::Scalar { kind, .. }) => *kind,
            Some(Data::Sequence(_)) => Kind::Sequence,
            Some(Data::Mapping(_)) => Kind::Mapping,
        }
    }

    /// The text of what is no list and no table, without quotes.
    pub(crate) fn text(&self) -> Option<&'y str> {
        match self.data() {
            Some(Data::Scalar { text, .. }) => Some(text),
            _ => None,
        }
    }

    /// What is in a list; nothing, where it is none.
    pub(crate) fn items(&self) -> impl Iterator<Item = Node<'y, 't>> + use<'y, 't> {
        let yaml = self.yaml;
        let items = match self.data() {
            Some(Data::Sequence(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |at| Node { yaml, at: *at })
    }

    /// The keys and values of a table, as they are written; nothing, where it is none.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Node<'y, 't>, Node<'y, 't>)> + use<'y, 't> {
        let yaml = self.yaml;
        let entries = match self.data() {
            Some(Data::Mapping(entries)) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(move |(key, value)| (Node { yaml, at: *key }, Node { yaml, at: *value }))
    }

    /// The value of a key of a table.
    #[cfg(test)]
    pub(crate) fn get(&self, key: &str) -> Option<Node<'y, 't>> {
        self.entries().find(|(own, _)| own.text() == Some(key)).map(|(_, value)| value)
    }
}

/// A list or table that is still being read.
struct Open {
    anchor: usize,
    start: u32,
    is_mapping: bool,
    children: Vec<usize>,
}

struct Builder<'t> {
    text: &'t str,
    /// The byte at which each character starts; empty where all are one byte long.
    offsets: Vec<u32>,
    nodes: Vec<(Data<'t>, Span)>,
    anchors: HashMap<usize, usize>,
    open: Vec<Open>,
    root: Option<usize>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        let offsets = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect(),
        };
        Self { text, offsets, nodes: Vec::new(), anchors: HashMap::new(), open: Vec::new(), root: None }
    }

    fn build(mut self) -> Result<Yaml<'t>, YamlError> {
        // The parser counts characters, and a byte order mark is none of them.
        let mut parser = Parser::new_from_str(self.text.strip_prefix('\u{feff}').unwrap_or(self.text));
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, marked) = event.map_err(|error| {
                let at = self.offset(error.marker().index());
                YamlError { span: Span::new(at, at), message: error.info().to_owned() }
            })?;
            let span = self.span(marked);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(YamlError { span, message: "there is a second document".to_owned() });
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let kind = kind(&text, style, tag.as_deref());
                    let node = self.add(Data::Scalar { text, kind }, span, anchor);
                    self.put(node);
                }
                Event::SequenceStart(anchor, _) => self.start(anchor, span, false),
                Event::MappingStart(anchor, _) => self.start(anchor, span, true),
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
                Event::Alias(anchor) => match self.anchors.get(&anchor).copied() {
                    Some(node) => self.put(node),
                    None => {
                        return Err(YamlError { span, message: "an alias stands in what it stands for".to_owned() });
                    }
                },
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(Yaml { nodes: self.nodes, root: self.root })
    }

    fn start(&mut self, anchor: usize, span: Span, is_mapping: bool) {
        self.open.push(Open { anchor, start: span.start, is_mapping, children: Vec::new() });
    }

    fn end(&mut self, span: Span) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let last = open.children.last().and_then(|last| self.nodes.get(*last)).map_or(span.end, |(_, span)| span.end);
        // The end of what is indented is the next line that is not.
        let end = if span.start == span.end { last.max(open.start) } else { span.end };
        let data = if open.is_mapping {
            let entries: Vec<(usize, usize)> =
                open.children.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
            let mut keys = HashSet::new();
            for (key, _) in &entries {
                if let Some((Data::Scalar { text, .. }, span)) = self.nodes.get(*key)
                    && text != "<<"
                    && !keys.insert(text.as_ref())
                {
                    return Err(YamlError {
                        span: *span,
                        message: format!("the key `{text}` is here for the second time"),
                    });
                }
            }
            Data::Mapping(entries)
        } else {
            Data::Sequence(open.children)
        };
        let node = self.add(data, Span::new(open.start, end), open.anchor);
        self.put(node);
        Ok(())
    }

    fn add(&mut self, data: Data<'t>, span: Span, anchor: usize) -> usize {
        let node = self.nodes.len();
        self.nodes.push((data, span));
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        node
    }

    fn put(&mut self, node: usize) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn span(&self, marked: Marked) -> Span {
        let start = self.offset(marked.start.index());
        Span::new(start, self.offset(marked.end.index()).max(start))
    }

    fn offset(&self, characters: usize) -> u32 {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        if self.offsets.is_empty() {
            return u32::try_from(characters).unwrap_or(u32::MAX).min(end);
        }
        let mark = usize::from(self.text.starts_with('\u{feff}'));
        self.offsets.get(characters + mark).copied().unwrap_or(end)
    }
}

fn kind(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Kind {
    if let Some(tag) = tag.filter(|tag| tag.is_yaml_core_schema())
        && tag.suffix == "str"
    {
        return Kind::String;
    }
    if style != ScalarStyle::Plain {
        return Kind::String;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Boolean(true),
        "false" | "False" | "FALSE" => Kind::Boolean(false),
        _ if is_number(text) => Kind::Number,
        _ => Kind::String,
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
        || unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && unsigned.chars().any(|c| c.is_ascii_digit())
            && unsigned.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))
            && unsigned.parse::<f64>().is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_kinds_and_places() {
        let text = "é: &list\n  - a\n  - \"b\"\nother: *list\nyes: true\nn: 1.5\nnull: ~\nempty:\nflow: {x: [1]}\n";
        let yaml = Yaml::parse(text).unwrap();
        let root = yaml.root().unwrap();
        assert_eq!(root.kind(), Kind::Mapping);
        let kinds: Vec<(&str, Kind)> = root.entries().map(|(key, value)| (key.span().of(text), value.kind())).collect();
        let expected = [
            ("é", Kind::Sequence),
            ("other", Kind::Sequence),
            ("yes", Kind::Boolean(true)),
            ("n", Kind::Number),
            ("null", Kind::Null),
            ("empty", Kind::Null),
            ("flow", Kind::Mapping),
        ];
        assert_eq!(kinds, expected);
        let list = root.get("é").unwrap();
        let items: Vec<(&str, &str)> = list.items().map(|item| (item.text().unwrap(), item.span().of(text))).collect();
        assert_eq!(items, [("a", "a"), ("b", "\"b\"")]);
        assert_eq!(list.span().of(text), "&list\n  - a\n  - \"b\"");
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let cases = [
            ("a: [1\n", 6, ""),
            ("a: 1\na: 2\n", 5, "second time"),
            ("a: 1\n---\nb: 2\n", 5, "second document"),
            ("a: &x [*x]\n", 7, "alias"),
            ("é: *nothing\n", 4, ""),
        ];
        for (text, place, message) in cases {
            let error = Yaml::parse(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error}");
            assert_eq!(error.span.start, place, "{text}: {error}");
        }
        assert!(Yaml::parse("").unwrap().root().is_none());
        assert!(Yaml::parse("# nothing\n").unwrap().root().is_none());
    }

    #[test]
    fn nesting_costs_no_stack() {
        let text = "[".repeat(200_000);
        assert!(Yaml::parse(&text).is_err());
        let text = format!("{}{}", "[".repeat(60), "]".repeat(60));
        assert!(Yaml::parse(&text).is_ok());
        // Each line names the one before twice.
        let lines: String = (1..60).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
        let text = format!("a0: &a0 x\n{lines}");
        assert_eq!(Yaml::parse(&text).unwrap().root().unwrap().entries().count(), 60);
    }

    proptest::proptest! {
        /// Whatever is written, it is read or refused, and each place is in the text.
        #[test]
        fn any_text(text in "([-:?,#&*!|>'\"%@ \\t\\n\\r{}\\[\\]a-cé~<.0]|---\\n|\\.\\.\\.|: |- |\\? |\u{feff}|&a |\\*a ){0,40}") {
            match Yaml::parse(&text) {
                Ok(yaml) => {
                    for at in 0..yaml.nodes.len() {
                        let node = Node { yaml: &yaml, at };
                        let span = node.span();
                        proptest::prop_assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
                        proptest::prop_assert!(node.items().count() + node.entries().count() <= text.len());
                    }
                }
                Err(error) => proptest::prop_assert!(text.is_char_boundary(error.span.start as usize)),
            }
        }
    }
}
