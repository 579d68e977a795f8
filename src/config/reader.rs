//! Values of TOML, and what is wrong with them.

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::problem;
use super::keys::Key;
use super::origin::{Given, Origin};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::selection::Selector;
use crate::source::{LineIndex, Span};

pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A file that is read, and what is wrong with it so far.
pub(super) struct Reader {
    path: Arc<Path>,
    lines: LineIndex,
    pub(super) problems: Vec<Diagnostic>,
}

impl Reader {
    pub(super) fn new(path: &Path, text: &str) -> Self {
        Self { path: Arc::from(path), lines: LineIndex::new(text), problems: Vec::new() }
    }

    /// A value together with its place.
    pub(super) fn given<T>(&self, value: T, span: Span) -> Given<T> {
        Given::new(value, Origin::File(Arc::clone(&self.path), self.lines.line(span.start)))
    }

    pub(super) fn report(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let help = help.into();
        self.problems.push(problem(span, message.into(), (!help.is_empty()).then_some(help)));
    }

    /// Says that there is no such key, and which one was most likely meant.
    pub(super) fn unknown<'k>(&mut self, key: &Spanned<Cow<'_, str>>, known: impl Iterator<Item = &'k Key> + Clone) {
        let names = known.map(|key| key.name);
        let help = match nearest(key.get_ref(), names.clone()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.clone().next().is_none() => "there are no keys here".to_owned(),
            None => format!("there {}", list(names)),
        };
        self.report(span(key), format!("there is no key `{}`", short(key.get_ref())), help);
    }

    fn wrong_type(&mut self, value: &Value<'_>, expected: &str, example: &str) {
        let found = kind(value.get_ref());
        let help = if example.is_empty() { String::new() } else { format!("write it like `{example}`") };
        self.report(place(value), format!("{expected} belongs here, and this is {found}"), help);
    }

    pub(super) fn text<'v>(&mut self, value: &'v Value<'_>, example: &str) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(value, "a text", example);
        }
        text
    }

    pub(super) fn boolean(&mut self, value: &Value<'_>) -> Option<Given<bool>> {
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            self.wrong_type(value, "`true` or `false`", "true");
        }
        boolean.map(|boolean| self.given(boolean, place(value)))
    }

    pub(super) fn table<'v, 't>(&mut self, value: &'v Value<'t>, example: &str) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, "a table", example);
        }
        table
    }

    pub(super) fn list<'v, 't>(&mut self, value: &'v Value<'t>, example: &str) -> Vec<&'v Value<'t>> {
        match value.get_ref().as_array() {
            Some(list) => list.iter().collect(),
            None => {
                self.wrong_type(value, "a list", example);
                Vec::new()
            }
        }
    }

    pub(super) fn texts(&mut self, value: &Value<'_>, example: &str) -> Vec<Given<String>> {
        let read = |reader: &mut Self, item: &Value<'_>| {
            let text = reader.text(item, "")?.to_owned();
            Some(reader.given(text, place(item)))
        };
        self.list(value, example).into_iter().filter_map(|item| read(self, item)).collect()
    }

    /// A text that is one of a few.
    pub(super) fn one_of<T: FromStr<Err: std::fmt::Display>>(
        &mut self,
        value: &Value<'_>,
        example: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> Option<Given<T>> {
        let text = short(self.text(value, example)?);
        match text.parse() {
            Ok(parsed) => Some(self.given(parsed, place(value))),
            Err(error) => {
                let meant = nearest(&text, known).map(|meant| format!("did you mean `{meant}`?"));
                self.report(place(value), error.to_string(), meant.unwrap_or_default());
                None
            }
        }
    }

    pub(super) fn selector(&mut self, text: &str, span: Span) -> Option<Given<Selector>> {
        match text.parse() {
            Ok(selector) => Some(self.given(selector, span)),
            Err(error) => {
                let help = match error.meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`plimsoll rule` lists them all".to_owned(),
                };
                self.report(span, format!("there is no rule `{}`", short(text)), help);
                None
            }
        }
    }

    pub(super) fn selectors(&mut self, value: &Value<'_>, example: &str) -> Vec<Given<Selector>> {
        let read = |reader: &mut Self, item: &Value<'_>| {
            let text = reader.text(item, "")?;
            reader.selector(text, place(item))
        };
        self.list(value, example).into_iter().filter_map(|item| read(self, item)).collect()
    }
}

/// A text as a message can hold it. What is longer than this is no name of anything.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// Where a key or a value stands.
pub(super) fn span<T>(spanned: &Spanned<T>) -> Span {
    Span::of_range(spanned.span())
}

/// Where a value stands, of a table only the start.
pub(super) fn place(value: &Value<'_>) -> Span {
    let whole = span(value);
    if value.get_ref().is_table() && whole.len() > 80 { Span::empty(whole.start) } else { whole }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// `is a`, `are a and b`, `are a, b and c`, each in backticks.
fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => format!("is only {last}"),
        Some((last, rest)) => format!("are {} and {last}", rest.join(", ")),
    }
}
