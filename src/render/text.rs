//! Texts, made fit for where they are shown.

use std::fmt;

use crate::diagnostic::Diagnostic;

/// The text without what would break the line, or speak to the terminal.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Message and help, for formats that have one text for both.
pub(super) fn message_and_help(diagnostic: &Diagnostic) -> String {
    let message = one_line(&diagnostic.message);
    match &diagnostic.help {
        Some(help) => format!("{message}; {}", one_line(help)),
        None => message,
    }
}

/// Text as XML holds it, in an attribute or between tags.
pub(super) struct Xml<'t>(pub(super) &'t str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            // Between tags `]]>` may not stand.
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            // A reader makes a blank of them in an attribute.
            '\t' | '\n' | '\r' => write!(f, "&#{};", c as u32),
            // XML 1.0 can't hold them, not even as references.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => write!(f, "{}", char::REPLACEMENT_CHARACTER),
            c => write!(f, "{c}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml() {
        let text = "a&b<c>\"d\" ]]>\t\r\n\0\u{1b}\u{ffff}é\u{85}";
        let escaped = "a&amp;b&lt;c&gt;&quot;d&quot; ]]&gt;&#9;&#13;&#10;\u{fffd}\u{fffd}\u{fffd}é\u{85}";
        assert_eq!(Xml(text).to_string(), escaped);
    }
}
