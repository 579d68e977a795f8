//! Tells the arguments of a command apart by its table.

use super::{Flag, Runs, Style, Subcommand, Table, Takes};

/// An option that is given.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) struct Given {
    /// What is known of it.
    pub(in crate::shell) flag: Option<&'static Flag>,
    /// The argument that it stands in.
    pub(in crate::shell) argument: u32,
    /// Where in the argument it stands: several one-letter options may share one.
    pub(in crate::shell) letters: (u32, u32),
    /// The argument that its value stands in, and from where on.
    pub(in crate::shell) value: Option<(u32, u32)>,
}

/// What the arguments of a command say besides options and operands.
#[derive(Clone, Debug, Default)]
pub(in crate::shell) struct Outcome {
    pub(in crate::shell) subcommand: Option<(&'static Subcommand, u32)>,
    /// The arguments that are commands: the first and the end of each.
    pub(in crate::shell) commands: Vec<(u32, u32)>,
    /// The argument that is a script.
    pub(in crate::shell) script: Option<u32>,
}

/// Tells the arguments from `start` to `end` apart, whose texts `text` gives.
pub(in crate::shell) fn parse<'x>(
    table: Option<&'static Table>,
    (start, end): (u32, u32),
    text: &dyn Fn(u32) -> &'x str,
    options: &mut Vec<Given>,
    operands: &mut Vec<u32>,
) -> Outcome {
    let first_option = options.len();
    let outcome = Outcome::default();
    let reader =
        Reader { table, end, text, options, first_option, operands, outcome, at: start, before: 0, ended: false };
    reader.read(start)
}

struct Reader<'r, 'x> {
    table: Option<&'static Table>,
    end: u32,
    text: &'r dyn Fn(u32) -> &'x str,
    options: &'r mut Vec<Given>,
    first_option: usize,
    operands: &'r mut Vec<u32>,
    outcome: Outcome,
    at: u32,
    /// How many operands were read.
    before: u8,
    /// Whether an option says that no other command is run.
    ended: bool,
}

impl<'x> Reader<'_, 'x> {
    fn read(mut self, start: u32) -> Outcome {
        let style = self.table.map_or(Style::Any, |table| table.style);
        let runs = self.table.map_or(Runs::Nothing, |table| table.runs);
        let mut options_ended = false;
        while self.at < self.end {
            let argument = self.at;
            let text = (self.text)(argument);
            if !options_ended && text == "--" {
                options_ended = true;
                self.at += 1;
            } else if style == Style::Bundle && argument == start && !text.starts_with('-') {
                self.bundle(argument, text);
            } else if !options_ended && text.len() > 1 && text.starts_with('-') {
                self.option(argument, text, style);
                if runs == Runs::Module && self.module() {
                    return self.outcome;
                }
            } else if self.operand(argument, text, runs) {
                return self.outcome;
            } else {
                let first = style == Style::OptionsFirst || style == Style::SingleDash && self.has_subcommands();
                options_ended |= first && self.before > 0;
            }
        }
        self.outcome
    }

    fn has_subcommands(&self) -> bool {
        self.table.is_some_and(|table| !table.subcommands.is_empty())
    }

    /// An operand; says whether a command begins with it, so that nothing else is to be told apart.
    fn operand(&mut self, argument: u32, text: &str, runs: Runs) -> bool {
        match runs {
            Runs::Command { assigns: true, .. } if is_assignment(text) => {}
            Runs::Command { operands, .. } if !self.ended && self.before >= operands => {
                self.outcome.commands.push((argument, self.end));
                return true;
            }
            Runs::Script if self.before == 0 && self.has_switch("-c") => self.outcome.script = Some(argument),
            _ => {}
        }
        self.at += 1;
        if self.before == 0
            && self.outcome.subcommand.is_none()
            && let Some(table) = self.table
            && let Some(subcommand) = table.subcommand(text)
        {
            self.outcome.subcommand = Some((subcommand, argument));
            return false;
        }
        let assignment = matches!(runs, Runs::Command { assigns: true, .. }) && is_assignment(text);
        if !assignment {
            self.before = self.before.saturating_add(1);
        }
        self.operands.push(argument);
        false
    }

    fn has_switch(&self, name: &str) -> bool {
        let own = self.options.get(self.first_option..).unwrap_or_default();
        own.iter().any(|given| given.flag.is_some_and(|flag| flag.names.contains(&name)))
    }

    /// Whether the option before was `-m`, so that its value is a command.
    fn module(&mut self) -> bool {
        let Some(Given { flag: Some(flag), value: Some((value, 0)), .. }) = self.options.last() else { return false };
        if flag.names != ["-m"] {
            return false;
        }
        self.outcome.commands.push((*value, self.end));
        true
    }

    fn find(&self, name: &str) -> Option<&'static Flag> {
        let table = self.table?;
        let own = self.outcome.subcommand.map_or(&[][..], |(subcommand, _)| subcommand.flags);
        own.iter().chain(table.flags).find(|flag| flag.names.contains(&name))
    }

    fn option(&mut self, argument: u32, text: &'x str, style: Style) {
        let (name, value) = match text.split_once('=') {
            Some((name, _)) => (name, Some(offset(name.len() + 1))),
            None => (text, None),
        };
        let long = text.starts_with("--");
        let known = self.find(name).or_else(|| {
            let single = name.strip_prefix('-').filter(|_| long && style == Style::SingleDash)?;
            self.find(single)
        });
        if known.is_some() || long || style == Style::SingleDash {
            self.at += 1;
            return self.give(known, argument, (0, offset(name.len())), value);
        }
        self.at += 1;
        self.letters(argument, text, 1);
    }

    /// One-letter options that share one argument.
    fn letters(&mut self, argument: u32, text: &'x str, from: usize) {
        let mut at = from;
        while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let end = at + letter.len_utf8();
            let letters = (offset(at), offset(end));
            let Some(flag) = self.find_letter(letter) else {
                return self.give(None, argument, (offset(at), offset(text.len())), None);
            };
            let rest = text.get(end..).unwrap_or_default();
            let takes_rest = match flag.takes {
                Takes::Value | Takes::Attached => !rest.is_empty(),
                Takes::AfterEquals => rest.starts_with('='),
                Takes::Nothing | Takes::Command | Takes::Ends => false,
            };
            if takes_rest {
                let value = end + usize::from(rest.starts_with('='));
                return self.give(Some(flag), argument, letters, Some(offset(value)));
            }
            self.give(Some(flag), argument, letters, None);
            at = end;
        }
    }

    fn find_letter(&self, letter: char) -> Option<&'static Flag> {
        let mut name = [0; 5];
        let (first, rest) = name.split_first_mut()?;
        *first = b'-';
        let length = 1 + letter.encode_utf8(rest).len();
        self.find(std::str::from_utf8(name.get(..length)?).ok()?)
    }

    /// Notes an option, with its value, which may be the next argument.
    fn give(&mut self, flag: Option<&'static Flag>, argument: u32, letters: (u32, u32), attached: Option<u32>) {
        let takes = flag.map_or(Takes::Attached, |flag| flag.takes);
        let value = match takes {
            _ if attached.is_some() => attached.map(|from| (argument, from)),
            Takes::Value if self.at < self.end => {
                self.at += 1;
                Some((self.at - 1, 0))
            }
            _ => None,
        };
        self.ended |= takes == Takes::Ends;
        self.options.push(Given { flag, argument, letters, value });
        if takes == Takes::Command {
            let first = self.at;
            while self.at < self.end && !matches!((self.text)(self.at), ";" | "+") {
                self.at += 1;
            }
            // Without its end it is none, so that what is in it is not looked through again.
            if first < self.at && self.at < self.end {
                self.outcome.commands.push((first, self.at));
            }
            self.at = (self.at + 1).min(self.end);
        }
    }

    /// The options of a `tar xzf`, whose values follow one after the other.
    fn bundle(&mut self, argument: u32, text: &'x str) {
        self.at += 1;
        for (at, letter) in text.char_indices() {
            let letters = (offset(at), offset(at + letter.len_utf8()));
            self.give(self.find_letter(letter), argument, letters, None);
        }
    }
}

fn offset(of: usize) -> u32 {
    crate::source::Span::of_range(of..of).start
}

/// Whether the text is `name=…`.
fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let mut bytes = name.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
