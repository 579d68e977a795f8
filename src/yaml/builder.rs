//! Makes the tree of what the parser finds.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::slice;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marked, Tag};

use super::kind::Kind;
use super::{Data, Stored, Table, Yaml, YamlError};
use crate::source::Span;

/// No file that anybody wrote nests deeper, by its aliases either.
const DEEPEST: usize = 64;
/// `<<` brings no more entries than this into all tables of a text.
const MOST_MERGED: usize = 1 << 18;

/// What a text may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// One document, in whose tables each key is there once, and `<<` is a key as any other.
    One,
    /// Any number of documents, in whose tables the last value of a key holds, and `<<` brings the entries of others.
    Any,
}

/// A list or table that is still being read.
struct Open {
    anchor: usize,
    tag: Option<String>,
    start: u32,
    is_mapping: bool,
    children: Vec<usize>,
    height: usize,
}

pub(super) struct Builder<'t> {
    text: &'t str,
    expected: Expected,
    /// The byte at which each character starts; empty where all are one byte long.
    offsets: Vec<u32>,
    nodes: Vec<Stored<'t>>,
    /// The nodes that aliases stand for, and how deep each of them nests.
    anchors: HashMap<usize, (usize, usize)>,
    open: Vec<Open>,
    roots: Vec<usize>,
    /// How many entries `<<` may still bring.
    left: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str, expected: Expected) -> Self {
        let offsets = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect(),
        };
        Self {
            text,
            expected,
            offsets,
            nodes: Vec::new(),
            anchors: HashMap::new(),
            open: Vec::new(),
            roots: Vec::new(),
            left: MOST_MERGED,
        }
    }

    pub(super) fn build(mut self) -> Result<Yaml<'t>, YamlError> {
        // The parser counts characters, and a byte order mark is none of them.
        let mut parser = Parser::new_from_str(self.text.strip_prefix('\u{feff}').unwrap_or(self.text));
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, marked) = event.map_err(|error| {
                let at = self.offset(error.marker().index());
                YamlError::new(Span::empty(at), error.info())
            })?;
            let span = self.span(marked);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 && self.expected == Expected::One {
                        return Err(YamlError::new(span, "there is a second document"));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let is_plain = style == ScalarStyle::Plain;
                    let kind = Kind::of_scalar(&text, is_plain, tag.as_deref());
                    let data = Data::Scalar { text, kind, is_plain };
                    self.add(Stored { data, tag: suffix(tag.as_deref()), span }, anchor, 1, span)?;
                }
                Event::SequenceStart(anchor, tag) => self.start(anchor, suffix(tag.as_deref()), span, false),
                Event::MappingStart(anchor, tag) => self.start(anchor, suffix(tag.as_deref()), span, true),
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
                Event::Alias(anchor) => match self.anchors.get(&anchor).copied() {
                    Some((node, height)) => self.put(node, height, span)?,
                    None => return Err(YamlError::new(span, "an alias stands in what it stands for")),
                },
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(Yaml { nodes: self.nodes, roots: self.roots })
    }

    fn start(&mut self, anchor: usize, tag: Option<String>, span: Span, is_mapping: bool) {
        self.open.push(Open { anchor, tag, start: span.start, is_mapping, children: Vec::new(), height: 1 });
    }

    fn end(&mut self, span: Span) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let last = open.children.last().and_then(|last| self.nodes.get(*last)).map_or(span.end, |last| last.span.end);
        // The end of what is indented is the next line that is not.
        let end = if span.start == span.end { last.max(open.start) } else { span.end };
        let whole = Span::new(open.start, end);
        let data = match open.is_mapping {
            true => Data::Mapping(self.table(&open.children, whole)?),
            false => Data::Sequence(open.children),
        };
        self.add(Stored { data, tag: open.tag, span: whole }, open.anchor, open.height, span)
    }

    /// The table of keys and values that follow each other.
    fn table(&mut self, children: &[usize], whole: Span) -> Result<Table<'t>, YamlError> {
        let mut table = Table::default();
        let mut merged = Vec::new();
        for pair in children.chunks_exact(2) {
            let &[key, value] = pair else { continue };
            let Some(Stored { data: Data::Scalar { text, .. }, span, .. }) = self.nodes.get(key) else {
                table.entries.push((key, value));
                continue;
            };
            if text == "<<" {
                match self.expected {
                    Expected::One => table.entries.push((key, value)),
                    Expected::Any => merged.push(value),
                }
                continue;
            }
            match (table.places.entry(text.clone()), self.expected) {
                (Entry::Vacant(place), _) => {
                    place.insert(table.entries.len());
                    table.entries.push((key, value));
                }
                (Entry::Occupied(_), Expected::One) => {
                    return Err(YamlError::new(*span, format!("the key `{text}` is here for the second time")));
                }
                (Entry::Occupied(place), Expected::Any) => {
                    if let Some(entry) = table.entries.get_mut(*place.get()) {
                        *entry = (key, value);
                    }
                }
            }
        }
        for source in merged {
            self.merge(source, &mut table, whole)?;
        }
        Ok(table)
    }

    /// Adds what a table, or a list of them, has besides.
    fn merge(&mut self, source: usize, table: &mut Table<'t>, whole: Span) -> Result<(), YamlError> {
        let sources = match self.nodes.get(source) {
            Some(Stored { data: Data::Sequence(items), .. }) => items.as_slice(),
            _ => slice::from_ref(&source),
        };
        for source in sources {
            let entries = match self.nodes.get(*source) {
                Some(Stored { data: Data::Mapping(source), .. }) => source.entries.as_slice(),
                _ => &[],
            };
            let Some(left) = self.left.checked_sub(1 + entries.len()) else {
                return Err(YamlError::new(whole, "`<<` brings more than can be followed"));
            };
            self.left = left;
            for (key, value) in entries {
                let Some(Stored { data: Data::Scalar { text, .. }, .. }) = self.nodes.get(*key) else { continue };
                if let Entry::Vacant(place) = table.places.entry(text.clone()) {
                    place.insert(table.entries.len());
                    table.entries.push((*key, *value));
                }
            }
        }
        Ok(())
    }

    /// Adds a node; `at` is where it was complete.
    fn add(&mut self, stored: Stored<'t>, anchor: usize, height: usize, at: Span) -> Result<(), YamlError> {
        let node = self.nodes.len();
        self.nodes.push(stored);
        if anchor > 0 {
            self.anchors.insert(anchor, (node, height));
        }
        self.put(node, height, at)
    }

    fn put(&mut self, node: usize, height: usize, at: Span) -> Result<(), YamlError> {
        let depth = self.open.len();
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return Ok(());
        };
        open.children.push(node);
        open.height = open.height.max(height + 1);
        if open.height > DEEPEST || depth > DEEPEST {
            return Err(YamlError::new(at, "it nests too deep"));
        }
        Ok(())
    }

    fn span(&self, marked: Marked) -> Span {
        let start = self.offset(marked.start.index());
        Span::new(start, self.offset(marked.end.index()))
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

/// A tag without its handle: `reset` of `!reset`.
fn suffix(tag: Option<&Tag>) -> Option<String> {
    tag.map(|tag| tag.suffix.clone())
}
