//! The matcher that answers for every pattern, as the reference does.
//!
//! The reference turns a pattern into a regular expression, character by character, except where a comparison of strings
//! will do. Only `.`, `+`, `(`, `)` and `$` are escaped on the way, so `{`, `}`, `|` and `^` keep the meaning that they have in
//! a regular expression, as does a letter or digit after `\`; and in a class, `*` and `?` become what they become elsewhere.

use memchr::memmem::Finder;

use super::clean::chars;
use super::error::PatternErrorKind;
use super::expression::Expression;
use super::glob::Glob;
use super::prune::Beginning;

/// A pattern, ready to be asked, in the quickest way that there is.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pub(super) general: General,
    /// Where the general matcher would be slow and the pattern is a usual one.
    pub(super) glob: Option<Glob>,
    /// What is somewhere in every path that the glob matches.
    part: Option<Finder<'static>>,
}

impl Matcher {
    /// Understands a pattern that was cleaned and is not empty.
    pub(super) fn new(pattern: &[u8]) -> Result<Self, PatternErrorKind> {
        let general = General::new(pattern)?;
        let glob = matches!(general, General::Expression(_)).then(|| Glob::new(pattern)).flatten();
        let part = glob.as_ref().map(Glob::longest_literal).filter(|part| !part.is_empty());
        let part = part.map(|part| Finder::new(part).into_owned());
        Ok(Self { general, glob, part })
    }

    /// Whether a path matches.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        if self.part.as_ref().is_some_and(|part| part.find(path).is_none()) {
            return false;
        }
        match &self.glob {
            Some(glob) if !glob.skips_names() || !path.contains(&b'\n') => glob.matches(path),
            _ => self.general.matches(path),
        }
    }
}

/// A pattern as the reference asks it.
#[derive(Clone, Debug)]
pub(super) enum General {
    /// The path is this one.
    Exact(Vec<u8>),
    /// The path begins so.
    Prefix(Vec<u8>),
    /// The path ends so, or is this without its `/`.
    Suffix(Vec<u8>),
    /// The path matches.
    Expression(Expression),
}

impl General {
    /// Understands a pattern that was cleaned and is not empty.
    pub(super) fn new(pattern: &[u8]) -> Result<Self, PatternErrorKind> {
        let (form, expression) = translate(pattern);
        Ok(match form {
            Form::Exact => Self::Exact(pattern.to_vec()),
            // The two bytes are `**`, except after a byte order mark, which the reference cuts like this too.
            Form::Prefix => Self::Prefix(pattern.get(..pattern.len().saturating_sub(2)).unwrap_or_default().to_vec()),
            Form::Suffix => Self::Suffix(pattern.get(2..).unwrap_or_default().to_vec()),
            Form::Expression => Self::Expression(Expression::parse(&expression)?),
        })
    }

    /// The literal with which every path that matches begins.
    pub(super) fn literal_start(&self) -> Vec<u8> {
        match self {
            Self::Exact(text) | Self::Prefix(text) => text.clone(),
            Self::Suffix(_) => Vec::new(),
            Self::Expression(expression) => expression.literal_start(),
        }
    }

    /// The literal with which every path that matches ends.
    pub(super) fn literal_end(&self) -> Vec<u8> {
        match self {
            Self::Exact(text) => text.clone(),
            Self::Suffix(text) => text.strip_prefix(b"/").unwrap_or(text).to_vec(),
            Self::Prefix(_) => Vec::new(),
            Self::Expression(expression) => expression.literal_end(),
        }
    }

    /// How the paths that match begin.
    pub(super) fn beginning(&self) -> Beginning {
        match self {
            Self::Exact(path) => Beginning::Exact(path.clone()),
            other => Beginning::Prefix(other.literal_start()),
        }
    }

    /// Whether a path matches.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        match self {
            Self::Exact(text) => path == text,
            Self::Prefix(text) => path.starts_with(text),
            Self::Suffix(text) => path.ends_with(text) || text.strip_prefix(b"/") == Some(path),
            Self::Expression(expression) => expression.matches(path),
        }
    }
}

/// How a path is held against a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Exact,
    Prefix,
    Suffix,
    Expression,
}

/// The regular expression of a pattern, and whether it is needed.
fn translate(pattern: &[u8]) -> (Form, String) {
    let mut form = Form::Exact;
    let mut expression = "^".to_owned();
    let mut characters = chars(pattern).peekable();
    // Go's scanner passes over a byte order mark.
    characters.next_if_eq(&'\u{feff}');
    let mut is_first = true;
    while let Some(c) = characters.next() {
        match c {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                if characters.peek().is_some() {
                    expression.push_str("(.*/)?");
                    form = Form::Expression;
                } else if form == Form::Exact {
                    form = Form::Prefix;
                } else {
                    expression.push_str(".*");
                    form = Form::Expression;
                }
                if is_first {
                    form = Form::Suffix;
                }
            }
            '*' => {
                expression.push_str("[^/]*");
                form = Form::Expression;
            }
            '?' => {
                expression.push_str("[^/]");
                form = Form::Expression;
            }
            '.' | '+' | '(' | ')' | '$' => {
                expression.push('\\');
                expression.push(c);
            }
            '\\' => {
                expression.push('\\');
                if let Some(escaped) = characters.next() {
                    expression.push(escaped);
                    form = Form::Expression;
                }
            }
            '[' | ']' => {
                expression.push(c);
                form = Form::Expression;
            }
            c => expression.push(c),
        }
        is_first = false;
    }
    expression.push('$');
    (form, expression)
}
