use super::prelude::*;
use crate::ast::{Command, Form, HealthcheckTest, Word};

rule! {
    /// Write JSON where you mean an array.
    ///
    /// ## What it does
    /// Finds an array that is no JSON: single quotes, a comma before `]`, text behind it, a quote or a comma that is missing.
    /// It looks at `RUN`, `CMD`, `ENTRYPOINT`, `HEALTHCHECK`, `COPY`, `ADD` and `VOLUME`. The command `[`, as in
    /// `RUN [ -f x ] && make`, is meant and left alone. The presets `hadolint` and `buildkit` have such a `CMD` or
    /// `ENTRYPOINT` under `exec-form-command`.
    ///
    /// ## Why
    /// BuildKit says nothing, and takes it for text: the shell looks for a program that is called `['serve',`; a volume
    /// `['/data']` is made.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// CMD ['serve', '--port', '80']
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// CMD ["serve", "--port", "80"]
    /// ```
    ///
    /// ## How to fix
    /// Put each word in double quotes, with commas between them, and nothing behind `]`.
    ///
    /// ## When to ignore
    /// Never.
    "PL1009" "broken-exec-form" {
        severity: Error,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [Near("tally/invalid-json-form")],
        keywords: [Add, Cmd, Copy, Entrypoint, Healthcheck, Run, Volume],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let keyword = &instruction.keyword;
    match &instruction.kind {
        Kind::Run(run) if run.heredocs.is_empty() => command(keyword, &run.command, false, findings),
        Kind::Cmd(cmd) => command(keyword, &cmd.command, true, findings),
        Kind::Entrypoint(entrypoint) => command(keyword, &entrypoint.command, true, findings),
        Kind::Healthcheck(healthcheck) => {
            if let HealthcheckTest::Command(test) = &healthcheck.test {
                command("HEALTHCHECK CMD", test, false, findings);
            }
        }
        Kind::Copy(copy) if copy.form == Form::Shell => {
            let first = copy.sources.first().map(|source| source.word());
            words(keyword, first, &copy.destination, findings);
        }
        Kind::Add(add) if add.form == Form::Shell => {
            let first = add.sources.first().map(|source| source.word());
            words(keyword, first, &add.destination, findings);
        }
        Kind::Volume(volume) if volume.form == Form::Shell => {
            if let Some(last) = volume.paths.last() {
                words(keyword, volume.paths.first(), last, findings);
            }
        }
        _ => {}
    }
}

/// A command that is text, though it begins with `[`.
fn command(keyword: &str, command: &Command<'_>, is_program: bool, findings: &mut Findings<'_, '_, '_>) {
    let Command::BrokenExec(text) = command else { return };
    let read = Read::of(text);
    // `[ "$a" = b ]` is a test. In an array, a comma follows the first string, or no blank follows `[`.
    let after_bracket = text.get(1..).and_then(|rest| rest.chars().next());
    let is_array = match after_bracket {
        None | Some('[') => false,
        Some(c) if c.is_ascii_whitespace() => read.strings > 0 && read.commas > 0,
        Some('"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}') => true,
        // `[serve, --port]`: no program is called so, but a pattern may be.
        Some(c) => is_program && c.is_ascii_alphabetic() && text.contains(',') && text.trim_end().ends_with(']'),
    };
    if is_array && !read.is_other_json {
        report(keyword, text, &read, findings);
    }
}

/// Words that are no array, though the first begins like one.
fn words(keyword: &str, first: Option<&Word<'_>>, last: &Word<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Some(first) = first.filter(|first| first.starts_with("['") || first.starts_with("[\"")) else { return };
    let span = first.span.cover(last.span);
    findings
        .report(span, format!("{} takes this for words, since it is no JSON array", keyword.to_uppercase()))
        .help("write each word in double quotes, with commas between them and nothing behind `]`");
}

fn report(keyword: &str, text: &Word<'_>, read: &Read, findings: &mut Findings<'_, '_, '_>) {
    let why = match read.trouble {
        Some(trouble) => format!(": {}", trouble.describe()),
        None => String::new(),
    };
    let finding = findings.report(text.span, format!("{} gives this array to the shell as text, since it is no JSON{why}", keyword.to_uppercase()));
    let finding = finding.help("write each word in double quotes, with commas between them and nothing behind `]`");
    if read.is_mendable && !read.edits.is_empty() {
        let edits = read.edits.iter().map(|(range, new)| Edit { span: text.span_of(range.clone()), text: new.clone() });
        finding.fix(Fix {
            title: "write a JSON array".into(),
            applicability: Applicability::Unsafe,
            edits: edits.collect(),
        });
    }
}

/// What is wrong with an array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Trouble {
    SingleQuotes,
    TypographicQuotes,
    CommaAtEnd,
    TextBehind,
    NoComma,
    NoBracket,
    NoQuotes,
    Backslash,
}

impl Trouble {
    const fn describe(self) -> &'static str {
        match self {
            Self::SingleQuotes => "strings stand in double quotes",
            Self::TypographicQuotes => "strings stand in straight double quotes",
            Self::CommaAtEnd => "no comma may stand before `]`",
            Self::TextBehind => "nothing may stand behind `]`",
            Self::NoComma => "a comma is missing between two strings",
            Self::NoBracket => "the `]` is missing",
            Self::NoQuotes => "a word is not in double quotes",
            Self::Backslash => "a `\\` in a string is written `\\\\`",
        }
    }
}

/// An array as it is meant, as far as that can be told.
#[derive(Debug, Default)]
struct Read {
    strings: usize,
    commas: usize,
    /// The first thing that is wrong.
    trouble: Option<Trouble>,
    /// What makes JSON of it.
    edits: Vec<(std::ops::Range<usize>, String)>,
    /// Whether the edits do.
    is_mendable: bool,
    /// Whether it has numbers or the like, which BuildKit rejects with a message of its own.
    is_other_json: bool,
}

impl Read {
    fn of(text: &str) -> Self {
        let mut read = Self::default();
        read.is_mendable = read.read(text).is_some() && read.strings > 0;
        read
    }

    fn note(&mut self, trouble: Trouble) {
        self.trouble.get_or_insert(trouble);
    }

    /// None where it can't be mended.
    fn read(&mut self, text: &str) -> Option<()> {
        let skip = |at: usize| {
            let rest = text.get(at..).unwrap_or_default();
            text.len() - rest.trim_start().len()
        };
        let mut at = skip(1);
        let mut last_comma = None;
        loop {
            let rest = text.get(at..)?;
            let quote = match rest.chars().next() {
                None => {
                    self.note(Trouble::NoBracket);
                    return None;
                }
                Some(']') => {
                    if let Some(comma) = last_comma {
                        self.note(Trouble::CommaAtEnd);
                        self.edits.push((comma..comma + 1, String::new()));
                    }
                    if !text.get(at + 1..)?.trim().is_empty() {
                        self.note(Trouble::TextBehind);
                        return None;
                    }
                    return Some(());
                }
                Some(quote @ ('"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}')) => quote,
                Some(c) => {
                    self.is_other_json = c.is_ascii_digit() || ["true", "false", "null", "{", "["].iter().any(|json| rest.starts_with(json));
                    self.note(Trouble::NoQuotes);
                    return None;
                }
            };
            at = self.string(text, at, quote)?;
            self.strings += 1;
            at = skip(at);
            last_comma = None;
            match text.get(at..)?.chars().next() {
                Some(',') => {
                    self.commas += 1;
                    last_comma = Some(at);
                    at = skip(at + 1);
                }
                Some(']') => {}
                None => {
                    self.note(Trouble::NoBracket);
                    return None;
                }
                Some(_) => {
                    self.note(Trouble::NoComma);
                    return None;
                }
            }
        }
    }

    /// Reads a string that begins at `at`, and says where it ends.
    fn string(&mut self, text: &str, at: usize, quote: char) -> Option<usize> {
        let closing: &[char] = match quote {
            '"' => &['"'],
            '\'' => &['\''],
            '\u{201c}' | '\u{201d}' => &['\u{201c}', '\u{201d}'],
            _ => &['\u{2018}', '\u{2019}'],
        };
        match quote {
            '"' => {}
            '\'' => self.note(Trouble::SingleQuotes),
            _ => self.note(Trouble::TypographicQuotes),
        }
        let start = at + quote.len_utf8();
        let mut characters = text.get(start..)?.char_indices();
        while let Some((offset, c)) = characters.next() {
            if closing.contains(&c) {
                if quote != '"' {
                    self.edits.push((at..start, "\"".to_owned()));
                    self.edits.push((start + offset..start + offset + c.len_utf8(), "\"".to_owned()));
                }
                return Some(start + offset + c.len_utf8());
            }
            match c {
                '\\' if quote == '"' => match characters.next() {
                    Some((_, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {}
                    _ => {
                        self.note(Trouble::Backslash);
                        return None;
                    }
                },
                // What these would mean in other quotes, nobody knows.
                '\\' | '"' => return None,
                _ => {}
            }
        }
        self.note(Trouble::NoBracket);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong() {
        let cases = [
            ("['a']", Some(Trouble::SingleQuotes), true),
            ("[\"a\",]", Some(Trouble::CommaAtEnd), true),
            ("[\"a\"] && b", Some(Trouble::TextBehind), false),
            ("[\"a\" \"b\"]", Some(Trouble::NoComma), false),
            ("[\"a\"", Some(Trouble::NoBracket), false),
            ("[\"a", Some(Trouble::NoBracket), false),
            ("[a, b]", Some(Trouble::NoQuotes), false),
            ("[\"a\\.b\"]", Some(Trouble::Backslash), false),
            ("['a\\', 'b']", Some(Trouble::SingleQuotes), false),
            ("['\"a\"']", Some(Trouble::SingleQuotes), false),
            ("[,]", Some(Trouble::NoQuotes), false),
        ];
        for (text, trouble, is_mendable) in cases {
            let read = Read::of(text);
            assert_eq!((read.trouble, read.is_mendable), (trouble, is_mendable), "{text}");
        }
    }
}
