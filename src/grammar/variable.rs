//! The variables in a word.

use std::ops::Range;

use serde::Serialize;

use crate::ast::{Escape, Word};
use crate::expand::Cursor;
use crate::source::Span;

/// A variable in a word.
///
/// ```text
/// COPY ${DIR:-src} /app/$NAME
///      ^^^^^^^^^^^ span
///        ^^^ name
///           ^^ operator `:-`
///             ^^^ operand
///                       ^^^^^ another one
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Variable<'w> {
    /// The name: letters, digits and `_`, or one special character like `@`.
    pub name: &'w str,
    /// From `$` to the end of the name or to the closing `}`.
    pub span: Span,
    /// Where the name stands.
    pub name_span: Span,
    /// How it is written.
    pub form: VariableForm,
    /// Whether it stands in double quotes.
    pub quoted: bool,
}

/// How a variable is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableForm {
    /// `$name`
    Plain,
    /// `${name}`
    Braced,
    /// `${name:-operand}` and the like; variables in the operand come next in the list.
    Modified {
        /// What is done with the value.
        operator: Operator,
        /// Where the operand stands; for a replacement, pattern and text with the `/` between them.
        operand: Span,
    },
    /// `${` that does not end, or holds what BuildKit does not know.
    Broken,
}

/// What stands between the name of a variable and the operand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// `-`, `:-`: the operand where the variable has no value.
    Default,
    /// `+`, `:+`: the operand where the variable has a value.
    Alternative,
    /// `?`, `:?`: an error where the variable has no value.
    Required,
    /// `#`, `##`: the value without a pattern at its start.
    WithoutPrefix,
    /// `%`, `%%`: the value without a pattern at its end.
    WithoutSuffix,
    /// `/`, `//`: the value with a pattern replaced.
    Replace,
}

impl Operator {
    const fn of(character: char) -> Option<Self> {
        Some(match character {
            '-' => Self::Default,
            '+' => Self::Alternative,
            '?' => Self::Required,
            '#' => Self::WithoutPrefix,
            '%' => Self::WithoutSuffix,
            '/' => Self::Replace,
            _ => return None,
        })
    }
}

impl Word<'_> {
    /// The variables in the word, in order of their `$`, those in operands of others too.
    ///
    /// Quotes and escapes are heeded as BuildKit heeds them in every word but a heredoc's lines.
    ///
    /// ```
    /// use plimsoll::ast::{Escape, Kind};
    ///
    /// let parsed = plimsoll::parse("FROM ${REGISTRY:-$DEFAULT}/app:'$1'\n");
    /// let Kind::From(from) = &parsed.dockerfile.instructions[0].kind else { panic!() };
    /// let variables = from.image.word.variables(Escape::Backslash);
    /// let names: Vec<&str> = variables.iter().map(|variable| variable.name).collect();
    /// assert_eq!(names, ["REGISTRY", "DEFAULT"]);
    /// assert_eq!(variables[1].span.of(parsed.dockerfile.text), "$DEFAULT");
    /// ```
    #[must_use]
    pub fn variables(&self, escape: Escape) -> Vec<Variable<'_>> {
        let mut scanner = Scanner::new(self, escape);
        while scanner.step() {}
        scanner.finish()
    }

    /// Whether there is a variable in the word.
    #[must_use]
    pub fn has_variable(&self, escape: Escape) -> bool {
        let mut scanner = Scanner::new(self, escape);
        while scanner.found.is_empty() && scanner.step() {}
        !scanner.found.is_empty()
    }
}

enum Open {
    /// `"…"`
    DoubleQuotes,
    /// The operand of a variable, up to `stop`.
    Operand { variable: usize, start: usize, stop: char },
}

struct Scanner<'w, 'a> {
    word: &'w Word<'a>,
    cursor: Cursor<'w>,
    escape: Escape,
    open: Vec<Open>,
    found: Vec<Variable<'w>>,
}

impl<'w, 'a> Scanner<'w, 'a> {
    fn new(word: &'w Word<'a>, escape: Escape) -> Self {
        // Most words hold none, and there is nothing to read in them.
        let read = if memchr::memchr(b'$', word.as_bytes()).is_some() { word.as_str() } else { "" };
        Scanner { word, cursor: Cursor::new(read), escape, open: Vec::new(), found: Vec::new() }
    }

    /// Reads the next character and what belongs to it; says whether there was one.
    fn step(&mut self) -> bool {
        let start = self.cursor.at;
        let Some(c) = self.cursor.next() else { return false };
        match self.open.last() {
            Some(&Open::Operand { variable, start: operand, stop }) if c == stop => {
                self.close(variable, operand, stop);
            }
            _ if c == '$' => self.variable(start),
            _ if c == self.escape.char() => {
                self.cursor.next();
            }
            Some(Open::DoubleQuotes) if c == '"' => {
                self.open.pop();
            }
            Some(Open::DoubleQuotes) => {}
            _ if c == '"' => self.open.push(Open::DoubleQuotes),
            _ if c == '\'' => {
                self.cursor.skip_while(|c| c != '\'');
                self.cursor.next();
            }
            _ => {}
        }
        true
    }

    /// After the `$` at `start`.
    fn variable(&mut self, start: usize) {
        let braced = self.cursor.peek() == Some('{');
        if braced {
            self.cursor.next();
        }
        let name_start = self.cursor.at;
        let name = name_start..name_start + self.cursor.name().len();
        if !braced {
            // A `$` before anything else is itself.
            if !name.is_empty() {
                self.found(start, name, VariableForm::Plain);
            }
            return;
        }
        let index = self.found.len();
        self.found(start, name.clone(), VariableForm::Broken);
        let Some(mut c) = self.cursor.peek().filter(|_| !name.is_empty()) else { return };
        self.cursor.next();
        if c == '}' {
            self.end(index, VariableForm::Braced);
            return;
        }
        if c == ':' {
            let Some(modifier @ ('-' | '+' | '?')) = self.cursor.peek() else { return };
            self.cursor.next();
            c = modifier;
        }
        let Some(operator) = Operator::of(c) else { return };
        if matches!(operator, Operator::WithoutPrefix | Operator::WithoutSuffix | Operator::Replace)
            && self.cursor.peek() == Some(c)
        {
            self.cursor.next();
        }
        if let Some(variable) = self.found.get_mut(index) {
            // Until the end is met, the operand is only announced.
            variable.form = VariableForm::Modified { operator, operand: Span::default() };
        }
        let stop = if operator == Operator::Replace { '/' } else { '}' };
        self.open.push(Open::Operand { variable: index, start: self.cursor.at, stop });
    }

    fn close(&mut self, variable: usize, start: usize, stop: char) {
        self.open.pop();
        if stop == '/' {
            self.open.push(Open::Operand { variable, start, stop: '}' });
            return;
        }
        let operand = self.word.span_of(start..self.cursor.at - 1);
        if let Some(VariableForm::Modified { operator, .. }) = self.found.get(variable).map(|found| found.form) {
            self.end(variable, VariableForm::Modified { operator, operand });
        }
    }

    fn end(&mut self, variable: usize, form: VariableForm) {
        let end = self.word.span_of(self.cursor.at - 1..self.cursor.at).end;
        if let Some(found) = self.found.get_mut(variable) {
            found.span.end = end;
            found.form = form;
        }
    }

    fn found(&mut self, start: usize, name: Range<usize>, form: VariableForm) {
        let quoted = matches!(self.open.last(), Some(Open::DoubleQuotes));
        self.found.push(Variable {
            name: self.cursor.text.get(name.clone()).unwrap_or_default(),
            span: self.word.span_of(start..name.end),
            name_span: self.word.span_of(name),
            form,
            quoted,
        });
    }

    /// What was found; an operand that is still open never ends, and its variable is broken.
    fn finish(mut self) -> Vec<Variable<'w>> {
        for open in &self.open {
            if let Open::Operand { variable, .. } = open
                && let Some(found) = self.found.get_mut(*variable)
            {
                found.form = VariableForm::Broken;
            }
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let word = Word::borrowed(text, Span::of_range(0..text.len()));
        let show = |variable: &Variable<'_>| {
            let form = match variable.form {
                VariableForm::Plain => "plain".to_owned(),
                VariableForm::Braced => "braced".to_owned(),
                VariableForm::Modified { operator, operand } => format!("{operator:?}({})", operand.of(text)),
                VariableForm::Broken => "broken".to_owned(),
            };
            let quoted = if variable.quoted { " quoted" } else { "" };
            format!("{} {} {form}{quoted}", variable.span.of(text), variable.name)
        };
        word.variables(Escape::Backslash).iter().map(show).collect()
    }

    #[test]
    fn variables_in_words() {
        let cases: [(&str, &[&str]); 19] = [
            ("$a", &["$a a plain"]),
            ("x${a}y$b_1.", &["${a} a braced", "$b_1 b_1 plain"]),
            ("${a:-b}", &["${a:-b} a Default(b)"]),
            ("${a-$b}c", &["${a-$b} a Default($b)", "$b b plain"]),
            ("${a:+${b:?c}}", &["${a:+${b:?c}} a Alternative(${b:?c})", "${b:?c} b Required(c)"]),
            ("${a##x*}", &["${a##x*} a WithoutPrefix(x*)"]),
            ("${a%y}", &["${a%y} a WithoutSuffix(y)"]),
            ("${a//b/$c}", &["${a//b/$c} a Replace(b/$c)", "$c c plain"]),
            ("'$a' \"$b\"", &["$b b plain quoted"]),
            ("\\$a \"\\$b\"", &[]),
            ("$", &[]),
            ("$.x", &[]),
            ("$1x $@", &["$1 1 plain", "$@ @ plain"]),
            ("${", &["${  broken"]),
            ("${}", &["${  broken"]),
            ("${a", &["${a a broken"]),
            ("${a:-b", &["${a a broken"]),
            ("${a~b}", &["${a a broken"]),
            ("${a:#b}", &["${a a broken"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn no_word_is_too_deep() {
        let deep = "${a:-".repeat(200_000) + &"}".repeat(200_000);
        assert_eq!(Word::borrowed(&deep, Span::of_range(0..deep.len())).variables(Escape::Backslash).len(), 200_000);
    }
}
