//! Markdown as a terminal shows it: as much of it as the pages of the rules have.

use unicode_width::UnicodeWidthChar;

const BOLD: &str = "\u{1b}[1m";
const CODE: &str = "\u{1b}[36m";
const PLAIN: &str = "\u{1b}[0m";

/// The text in lines of `width` columns.
pub(super) fn for_terminal(markdown: &str, width: usize, colours: bool) -> String {
    let mut shown = Vec::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            shown.extend(lines.by_ref().take_while(|line| !line.starts_with("```")).map(|line| format!("    {line}")));
        } else if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim();
            shown.extend(wrapped(&format!("**{heading}**"), width, 0, colours));
        } else {
            let mut text = line.to_owned();
            while let Some(next) = lines.next_if(|next| !line.is_empty() && is_continuation(next)) {
                text.push(' ');
                text.push_str(next.trim());
            }
            let indent = if text.starts_with("- ") { 2 } else { 0 };
            shown.extend(wrapped(&text, width, indent, colours));
        }
    }
    shown.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Whether a line goes on with the text of the line before.
fn is_continuation(line: &str) -> bool {
    !line.is_empty() && !["#", "```", "- "].iter().any(|begin| line.starts_with(begin))
}

/// A paragraph in lines of `width` columns, all but the first indented.
pub(super) fn wrapped(text: &str, width: usize, indent: usize, colours: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut columns) = (String::new(), 0);
    for word in words(text, colours) {
        if columns > indent && columns + 1 + word.columns > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            columns = indent;
        } else if columns > 0 {
            line.push(' ');
            columns += 1;
        }
        line.push_str(&word.shown);
        columns += word.columns;
    }
    lines.push(line);
    lines
}

/// A word as it is shown, and how wide that is.
#[derive(Default)]
struct Word {
    shown: String,
    columns: usize,
}

impl Word {
    fn push(&mut self, c: char) {
        self.shown.push(c);
        self.columns += c.width().unwrap_or(0);
    }
}

/// The words of a text; a piece of code is one word with what is written right before and after it, unless it is long.
fn words(text: &str, colours: bool) -> Vec<Word> {
    const LONG: usize = 30;
    let mut words = Vec::new();
    let mut word = Word::default();
    let (mut bold, mut code, mut keep_together) = (false, false, false);
    let style = |bold: bool, code: bool| {
        if code {
            CODE
        } else if bold {
            BOLD
        } else {
            PLAIN
        }
    };
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let was_styled = bold || code;
        match c {
            '`' => {
                code = !code;
                let rest = text.get(at + 1..).unwrap_or_default();
                keep_together = code && rest.find('`').is_some_and(|end| end <= LONG);
                if colours {
                    word.shown.push_str(style(bold, code));
                } else {
                    word.push('`');
                }
            }
            '*' if !code && characters.next_if(|(_, next)| *next == '*').is_some() => {
                bold = !bold;
                if colours {
                    word.shown.push_str(style(bold, code));
                }
            }
            ' ' if !keep_together => {
                // A style ends with the line, and may go on in the next one.
                if colours && was_styled {
                    word.shown.push_str(PLAIN);
                }
                words.push(std::mem::take(&mut word));
                if colours && was_styled {
                    word.shown.push_str(style(bold, code));
                }
            }
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| word.columns > 0);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# DL1 a\n\nOne line of text that goes on\nand on, with `RUN a b`, here.\n\n- **Severity:** error and \
                        more that is long\n- **Fix:** none\n\n```dockerfile\nFROM  a very long line that is not wrapped\n```\n";

    #[test]
    fn in_lines_of_thirty_columns() {
        let shown = "DL1 a\n\nOne line of text that goes on\nand on, with `RUN a b`, here.\n\n- Severity: error and more that\n  is \
                     long\n- Fix: none\n\n    FROM  a very long line that is not wrapped\n";
        assert_eq!(for_terminal(PAGE, 31, false), shown);
    }

    #[test]
    fn in_colours() {
        let shown = for_terminal("# A\n\n**b c:** `d e`, e `**/*.md`\n", 80, true);
        let bold = "\u{1b}[1mb\u{1b}[0m \u{1b}[1mc:\u{1b}[0m";
        assert_eq!(
            shown,
            format!("\u{1b}[1mA\u{1b}[0m\n\n{bold} \u{1b}[36md e\u{1b}[0m, e \u{1b}[36m**/*.md\u{1b}[0m\n")
        );
    }

    #[test]
    fn words_that_are_longer_than_a_line() {
        assert_eq!(wrapped("a bbbbbbbb cc", 4, 0, false), ["a", "bbbbbbbb", "cc"]);
        assert_eq!(wrapped("漢字 漢字", 8, 2, false), ["漢字", "  漢字"]);
        assert_eq!(wrapped("", 8, 2, false), [""]);
        let long = "`a very long piece of code that has no end in sight`";
        assert_eq!(wrapped(long, 30, 0, false), ["`a very long piece of code", "that has no end in sight`"]);
    }
}
