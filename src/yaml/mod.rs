//! YAML as a tree whose nodes know their places.

mod builder;
mod kind;

use std::borrow::Cow;
use std::collections::HashMap;

use thiserror::Error;

use crate::source::Span;

use builder::{Builder, Expected};
pub(crate) use kind::Kind;

/// Why a text is no YAML that can be read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{message}")]
pub(crate) struct YamlError {
    /// Where it stops.
    pub(crate) span: Span,
    /// What is wrong.
    pub(crate) message: String,
}

impl YamlError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// What a text holds. All nodes lie in one list, so that nothing about it goes as deep as the text is nested, and an alias is the
/// node that it stands for: who follows aliases may come to the same node as often as there are ways to it.
#[derive(Debug, Default)]
pub(crate) struct Yaml<'t> {
    nodes: Vec<Stored<'t>>,
    roots: Vec<usize>,
}

#[derive(Debug)]
struct Stored<'t> {
    data: Data<'t>,
    /// The tag without its handle.
    tag: Option<String>,
    span: Span,
}

#[derive(Debug)]
enum Data<'t> {
    Scalar { text: Cow<'t, str>, kind: Kind, is_plain: bool },
    Sequence(Vec<usize>),
    Mapping(Table<'t>),
}

#[derive(Debug, Default)]
struct Table<'t> {
    /// Keys and values.
    entries: Vec<(usize, usize)>,
    /// Which of the entries has a key.
    places: HashMap<Cow<'t, str>, usize>,
}

/// A node of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'y, 't> {
    yaml: &'y Yaml<'t>,
    at: usize,
}

impl<'t> Yaml<'t> {
    /// Reads a text that holds one document, or none, in whose tables each key is there once.
    pub(crate) fn document(text: &'t str) -> Result<Self, YamlError> {
        Builder::new(text, Expected::One).build()
    }

    /// Reads a text that holds any number of documents. A table has the last value of a key that is there twice, and after its own
    /// entries those of the tables that `<<` names.
    pub(crate) fn documents(text: &'t str) -> Result<Self, YamlError> {
        Builder::new(text, Expected::Any).build()
    }

    /// The same without the text that it was read from.
    pub(crate) fn into_owned(self) -> Yaml<'static> {
        let owned = |text: Cow<'t, str>| Cow::Owned(text.into_owned());
        let table = |Table { entries, places }: Table<'t>| Table {
            entries,
            places: places.into_iter().map(|(key, place)| (owned(key), place)).collect(),
        };
        let data = |data| match data {
            Data::Scalar { text, kind, is_plain } => Data::Scalar { text: owned(text), kind, is_plain },
            Data::Sequence(items) => Data::Sequence(items),
            Data::Mapping(own) => Data::Mapping(table(own)),
        };
        let stored = |stored: Stored<'t>| Stored { data: data(stored.data), tag: stored.tag, span: stored.span };
        Yaml { nodes: self.nodes.into_iter().map(stored).collect(), roots: self.roots }
    }

    /// The nodes that hold all others, one for each document.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Node<'_, 't>> {
        self.roots.iter().map(|at| Node { yaml: self, at: *at })
    }
}

impl<'y, 't> Node<'y, 't> {
    fn stored(&self) -> Option<&'y Stored<'t>> {
        self.yaml.nodes.get(self.at)
    }

    fn data(&self) -> Option<&'y Data<'t>> {
        self.stored().map(|stored| &stored.data)
    }

    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        self.stored().map(|stored| stored.span).unwrap_or_default()
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

    /// What its tag calls it, without the handle: `reset` of `!reset`.
    pub(crate) fn tag(&self) -> Option<&'y str> {
        self.stored()?.tag.as_deref()
    }

    /// The text of what is no list and no table, without quotes.
    pub(crate) fn text(&self) -> Option<&'y str> {
        match self.data() {
            Some(Data::Scalar { text, .. }) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a text without quotes, which may stand for something else.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.data(), Some(Data::Scalar { is_plain: true, .. }))
    }

    /// How many items or entries it has.
    pub(crate) fn len(&self) -> usize {
        match self.data() {
            Some(Data::Sequence(items)) => items.len(),
            Some(Data::Mapping(table)) => table.entries.len(),
            _ => 0,
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

    /// The keys and values of a table; nothing, where it is none.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Node<'y, 't>, Node<'y, 't>)> + use<'y, 't> {
        let yaml = self.yaml;
        let entries = match self.data() {
            Some(Data::Mapping(table)) => table.entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(move |(key, value)| (Node { yaml, at: *key }, Node { yaml, at: *value }))
    }

    /// The value of a key of a table.
    pub(crate) fn get(&self, key: &str) -> Option<Node<'y, 't>> {
        let Some(Data::Mapping(Table { entries, places })) = self.data() else { return None };
        let (_, value) = entries.get(*places.get(key)?)?;
        Some(Node { yaml: self.yaml, at: *value })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_kinds_and_places() {
        let text = "é: &list\n  - a\n  - \"b\"\nother: *list\nyes: true\nn: 1.5\nnull: ~\nempty:\nflow: {x: [1]}\n";
        let yaml = Yaml::document(text).unwrap();
        let root = yaml.roots().next().unwrap();
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
            let error = Yaml::document(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error}");
            assert_eq!(error.span.start, place, "{text}: {error}");
        }
        assert!(Yaml::document("").unwrap().roots().next().is_none());
        assert!(Yaml::document("# nothing\n").unwrap().roots().next().is_none());
    }

    #[test]
    fn documents_with_tags_and_merged_tables() {
        let text = "x: &a {b: 1, c: 2}\ny:\n  <<: *a\n  c: 3\n  c: 4\nz: [*a, !reset null, \"~\"]\n--- [!!str ~]\n";
        let yaml = Yaml::documents(text).unwrap();
        let [first, second] = yaml.roots().collect::<Vec<_>>()[..] else { panic!("{yaml:?}") };
        let y = first.get("y").unwrap();
        let entries: Vec<_> = y.entries().map(|(key, value)| (key.span().of(text), value.text().unwrap())).collect();
        assert_eq!(entries, [("c", "4"), ("b", "1")]);
        assert_eq!((y.len(), y.get("b").unwrap().span().of(text), y.get("<<").is_none()), (2, "1", true));
        let items: Vec<_> = [first.get("z").unwrap(), second].iter().flat_map(Node::items).collect();
        let items: Vec<_> = items.iter().map(|item| (item.kind(), item.tag(), item.is_plain())).collect();
        let expected = [
            (Kind::Mapping, None, false),
            (Kind::Null, Some("reset"), true),
            (Kind::String, None, false),
            (Kind::String, Some("str"), true),
        ];
        assert_eq!(items, expected);
        let lists = Yaml::documents("a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b], <<: {z: 4}}\n").unwrap();
        let merged = lists.roots().next().unwrap().get("c").unwrap();
        let texts: Vec<_> = merged.entries().filter_map(|(key, value)| Some((key.text()?, value.text()?))).collect();
        assert_eq!(texts, [("x", "1"), ("y", "3"), ("z", "4")]);
        assert_eq!(Yaml::documents("a: b: c\n").unwrap_err().span.start, 4);
        assert!(Yaml::documents("").unwrap().roots().next().is_none());
    }

    #[test]
    fn little_text_is_never_much() {
        let lines = |line: &dyn Fn(usize) -> String, count| (1..count).map(line).collect::<String>();
        let chained = lines(&|n| format!("a{n}: &a{n} [*a{}]\n", n - 1), 10_000);
        let doubled = lines(&|n| format!("a{n}: &a{n} {{b{n}: 1, <<: [*a{0}, *a{0}]}}\n", n - 1), 30);
        let wide = lines(&|n| format!("b{n}: 1, "), 2000);
        let repeated = lines(&|n| format!("- {{<<: *a, c{n}: 1}}\n"), 2000);
        let cases = [
            (format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)), Err("recursion limit exceeded")),
            ("- ".repeat(10_000), Err("it nests too deep")),
            (format!("a0: &a0 [x]\n{chained}"), Err("it nests too deep")),
            (format!("a0: &a0 {{x: 1}}\n{doubled}"), Ok(30)),
            (format!("- &a {{{wide}}}\n{repeated}"), Err("`<<` brings more than can be followed")),
        ];
        for (text, expected) in cases {
            let found = Yaml::documents(&text).map(|yaml| yaml.roots().next().unwrap().len());
            assert_eq!(
                found.as_ref().map_err(|error| error.message.as_str()),
                expected.as_ref().map_err(|error| *error)
            );
        }
    }

    #[test]
    fn nesting_costs_no_stack() {
        let text = "[".repeat(200_000);
        assert!(Yaml::document(&text).is_err());
        let text = format!("{}{}", "[".repeat(60), "]".repeat(60));
        assert!(Yaml::document(&text).is_ok());
        // Each line names the one before twice.
        let lines: String = (1..60).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
        let text = format!("a0: &a0 x\n{lines}");
        assert_eq!(Yaml::document(&text).unwrap().roots().next().unwrap().entries().count(), 60);
    }

    proptest::proptest! {
        /// Whatever is written, it is read or refused, and each place is in the text.
        #[test]
        fn any_text(text in "([-:?,#&*!|>'\"%@ \\t\\n\\r{}\\[\\]a-cé~<.0]|---\\n|\\.\\.\\.|: |- |\\? |\u{feff}|&a |\\*a ){0,40}") {
            let (one, any) = (Yaml::document(&text), Yaml::documents(&text));
            proptest::prop_assert!(one.is_err() || any.is_ok());
            for read in [one, any] {
                match read {
                    Ok(yaml) => {
                        for at in 0..yaml.nodes.len() {
                            let node = Node { yaml: &yaml, at };
                            let span = node.span();
                            proptest::prop_assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
                            proptest::prop_assert!(node.items().count() + node.entries().count() == node.len());
                            proptest::prop_assert!(node.len() <= text.len());
                            for (key, value) in node.entries().filter(|(key, _)| key.text().is_some_and(|key| key != "<<")) {
                                proptest::prop_assert_eq!(node.get(key.text().unwrap()).map(|found| found.at), Some(value.at));
                            }
                        }
                    }
                    Err(error) => proptest::prop_assert!(text.is_char_boundary(error.span.start as usize)),
                }
            }
        }
    }
}
