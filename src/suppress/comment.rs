//! What a comment says, where it is for a linter.

use nom::bytes::complete::{tag_no_case, take_while, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{opt, peek};
use nom::{IResult, Parser};

use super::{CheckDirective, Reach, place};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::nearest::nearest;
use crate::rules::unused_ignore::Useless;
use crate::rules::{self, Preset};
use crate::source::Span;

/// Whose comment it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tool {
    Own,
    Hadolint,
    Buildkit,
}

/// What a comment silences.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said<'t> {
    pub(super) tool: Tool,
    pub(super) reach: Reach,
    /// The list of ids as it is written.
    list: &'t str,
    pub(super) ids: Vec<&'t str>,
}

impl Said<'_> {
    /// Whether it silences what is found: not where the answers of one tool are asked for, and the comment is another's.
    pub(super) fn counts_in(&self, preset: Preset) -> bool {
        match (preset, self.tool) {
            (_, Tool::Own) => true,
            (Preset::Buildkit, tool) => tool == Tool::Buildkit,
            // hadolint reads nothing else in a list of ids, and knows no other ids.
            (Preset::Hadolint, tool) => {
                let is_read = |c: char| matches!(c, 'D' | 'L' | 'S' | 'C' | '0'..='9' | ',') || c.is_whitespace();
                tool == Tool::Hadolint && self.list.chars().all(is_read)
            }
            _ => true,
        }
    }
}

/// What is wrong with a comment that is meant for this tool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mistake<'t> {
    /// The part of the comment that is wrong.
    pub(super) at: &'t str,
    pub(super) problem: Useless<'t>,
    /// What to write instead.
    instead: Option<Instead<'t>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Instead<'t> {
    title: String,
    applicability: Applicability,
    replaced: &'t str,
    text: String,
}

impl Mistake<'_> {
    /// The same where nothing may be written.
    pub(super) fn without_fix(self) -> Self {
        Self { instead: None, ..self }
    }

    /// The fix of it, in the text that the comment is of.
    pub(super) fn fix(&self, text: &str) -> Option<Fix> {
        let Instead { title, applicability, replaced, text: replacement } = self.instead.as_ref()?;
        let edit = Edit { span: place(text, replaced), text: replacement.clone() };
        Some(Fix { title: title.clone().into(), applicability: *applicability, edits: vec![edit] })
    }
}

/// A comment that is for a linter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Pragma<'t> {
    pub(super) said: Option<Said<'t>>,
    pub(super) mistake: Option<Mistake<'t>>,
}

impl<'t> Pragma<'t> {
    /// Reads the text of a comment, what follows `#` without the blanks around it.
    pub(super) fn read(text: &'t str) -> Self {
        // Nearly all comments are for people.
        match text.as_bytes().first() {
            Some(b'p' | b'P') => own(text),
            Some(b'h') => Self { said: hadolint(text), mistake: None },
            Some(b'c' | b'C') => Self { said: buildkit(text), mistake: None },
            _ => Self::default(),
        }
    }

    /// Whether some linter reads the comment.
    pub(super) fn is_for_a_linter(text: &str) -> bool {
        let pragma = Pragma::read(text);
        pragma.said.is_some() || pragma.mistake.is_some() || text.starts_with("hadolint ")
    }
}

/// What a comment of this tool's own can say.
const KEYS: [&str; 2] = ["ignore", "file-ignore"];

/// What other tools call it.
const OTHER_KEYS: [(&str, &str); 10] = [
    ("ignore-file", "file-ignore"),
    ("global-ignore", "file-ignore"),
    ("disable-file", "file-ignore"),
    ("stage-ignore", "ignore"),
    ("ignore-line", "ignore"),
    ("ignore-next-line", "ignore"),
    ("disable", "ignore"),
    ("disable-next-line", "ignore"),
    ("skip", "ignore"),
    ("noqa", "ignore"),
];

/// The parts of a comment that begins with the name of this tool.
struct Parts<'t> {
    /// `:` after the name.
    colon: Option<&'t str>,
    key: &'t str,
    /// What stands between the key and the ids.
    mark: &'t str,
    rest: &'t str,
}

fn parts(text: &str) -> IResult<&str, Parts<'_>> {
    let blank = || take_while(char::is_whitespace);
    let word = || take_while1(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let (after_name, _) = tag_no_case("plimsoll").parse_complete(text)?;
    let (after_colon, colon) = opt(char(':')).parse_complete(after_name)?;
    let (at_key, _) = match colon {
        Some(_) => blank().parse_complete(after_colon)?,
        None => take_while1(char::is_whitespace).parse_complete(after_colon)?,
    };
    let (after_word, _) = word().parse_complete(at_key)?;
    // `global ignore=`, as hadolint has it.
    let second: IResult<&str, _> = (blank(), word(), blank(), peek(char('='))).parse_complete(after_word);
    let after_key = match second {
        Ok((_, (_, second, _, _))) => at_key.get(place(at_key, second).end as usize..).unwrap_or(after_word),
        Err(_) => after_word,
    };
    let key = cut(at_key, after_key);
    let (rest, _) = (blank(), opt(one_of("=:")), blank()).parse_complete(after_key)?;
    let colon = colon.map(|_| cut(after_name, after_colon));
    Ok((rest, Parts { colon, key, mark: cut(after_key, rest), rest }))
}

/// What stands before `rest`, which is the end of `whole`.
fn cut<'t>(whole: &'t str, rest: &str) -> &'t str {
    whole.get(..whole.len() - rest.len()).unwrap_or_default()
}

/// Reads `plimsoll ignore=ID,ID; reason`, and what was meant to be that.
fn own(text: &str) -> Pragma<'_> {
    let Ok((_, Parts { colon, key, mark, rest })) = parts(text) else { return Pragma::default() };
    let known = key_of(key);
    let has_mark = mark.contains('=');
    let names_rule = rest.split([',', ' ', '\t', ';']).next().is_some_and(names_something);
    let mistake = |at, problem, instead| Pragma { said: None, mistake: Some(Mistake { at, problem, instead }) };
    match known {
        // People write about the tool as well.
        None if has_mark && !key.contains(char::is_whitespace) => mistake(key, Useless::UnknownKey(key, None), None),
        None => Pragma::default(),
        Some(_) if !has_mark && !names_rule && (!rest.is_empty() || !KEYS.contains(&key)) => Pragma::default(),
        Some(known) if !known.eq_ignore_ascii_case(key) => {
            mistake(key, Useless::UnknownKey(key, Some(known)), Some(meant(known, key)))
        }
        Some(known) if !has_mark => {
            let instead = Instead {
                title: format!("write `{known}=`"),
                applicability: Applicability::Unsafe,
                replaced: mark,
                text: "=".to_owned(),
            };
            mistake(key, Useless::MissingMark(known), (!rest.is_empty()).then_some(instead))
        }
        Some(_) if colon.is_some() => {
            let instead = colon.map(|colon| Instead {
                title: "take the `:` out".to_owned(),
                applicability: Applicability::Unsafe,
                replaced: colon,
                text: if mark_follows_blank(text) { String::new() } else { " ".to_owned() },
            });
            mistake(colon.unwrap_or(text), Useless::Colon, instead)
        }
        Some(known) => {
            let reach = if known == "ignore" { Reach::Instruction } else { Reach::File };
            list(text, rest, reach)
        }
    }
}

/// Whether a blank follows the `:` after the name.
fn mark_follows_blank(text: &str) -> bool {
    text.split_once(':').is_some_and(|(_, rest)| rest.starts_with(char::is_whitespace))
}

fn meant<'t>(known: &str, replaced: &'t str) -> Instead<'t> {
    Instead {
        title: format!("write `{known}`"),
        // What nobody saw silenced so far is silenced then.
        applicability: Applicability::Unsafe,
        replaced,
        text: known.to_owned(),
    }
}

/// The key that is written, or meant.
fn key_of(written: &str) -> Option<&'static str> {
    let plain = written.split_whitespace().collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let other = OTHER_KEYS.iter().find(|(other, _)| *other == plain).map(|(_, key)| *key);
    other.or_else(|| nearest(&plain, KEYS))
}

fn names_something(id: &str) -> bool {
    id.eq_ignore_ascii_case("all") || rules::find(id).is_some()
}

/// Reads a list of ids and the reason after it.
fn list<'t>(text: &'t str, rest: &'t str, reach: Reach) -> Pragma<'t> {
    let list = rest.split(';').next().unwrap_or_default();
    let mut ids = Vec::new();
    let mut mistake = None;
    'items: for item in list.split(',') {
        let mut words = item.split_whitespace();
        ids.extend(words.next());
        for word in words {
            if names_something(word) {
                ids.push(word);
                continue;
            }
            // A reason after all; what follows it is none of the list.
            let end = ids.last().map_or(0, |id| place(text, id).end as usize);
            let after_id = text.get(end..).unwrap_or_default();
            let is_mark = |c: char| c.is_whitespace() || matches!(c, '#' | ':' | '-' | '–' | '—' | '/');
            let instead = Instead {
                title: "write `;` before the reason".to_owned(),
                applicability: Applicability::Safe,
                replaced: cut(after_id, after_id.trim_start_matches(is_mark)),
                text: "; ".to_owned(),
            };
            mistake = Some(Mistake { at: word, problem: Useless::ReasonWithoutMark, instead: Some(instead) });
            break 'items;
        }
    }
    if ids.is_empty() && mistake.is_none() {
        mistake = Some(Mistake { at: text, problem: Useless::NoId, instead: None });
    }
    let said = (!ids.is_empty()).then_some(Said { tool: Tool::Own, reach, list, ids });
    Pragma { said, mistake }
}

/// Reads `hadolint ignore=ID,ID # reason`.
fn hadolint(text: &str) -> Option<Said<'_>> {
    let rest = text.strip_prefix("hadolint").filter(|rest| rest.starts_with(char::is_whitespace))?;
    let (key, ids) = rest.trim_start().split_once('=')?;
    let mut words = key.split_whitespace();
    let reach = match (words.next(), words.next(), words.next()) {
        (Some("ignore"), None, _) => Reach::Instruction,
        (Some("stage"), Some("ignore"), None) => Reach::Stage,
        (Some("global"), Some("ignore"), None) => Reach::File,
        _ => return None,
    };
    Some(Said::new(Tool::Hadolint, reach, ids.split('#').next().unwrap_or_default()))
}

/// Reads `check=skip=ID,ID`, whose value ends at the first space.
fn buildkit(text: &str) -> Option<Said<'_>> {
    let (_, rest) = text.split_at_checked("check".len()).filter(|(key, _)| key.eq_ignore_ascii_case("check"))?;
    let value = rest.trim_start().strip_prefix('=')?;
    let ids = CheckDirective::parse(value.trim_start()).skip?;
    Some(Said::new(Tool::Buildkit, Reach::Instruction, ids))
}

impl<'t> Said<'t> {
    pub(super) fn new(tool: Tool, reach: Reach, list: &'t str) -> Self {
        let ids = list.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
        Self { tool, reach, list, ids }
    }

    /// Whether BuildKit takes the list for all of its checks.
    pub(super) fn is_all_of_buildkit(&self) -> bool {
        self.list == "all"
    }

    /// Where the last id ends in the text.
    pub(super) fn end(&self, text: &str) -> Option<Span> {
        self.ids.last().map(|last| Span::empty(place(text, last).end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a comment, as the ids and what is wrong.
    fn read(text: &str) -> String {
        let Pragma { said, mistake } = Pragma::read(text);
        let said = said.map(|said| format!("{:?} {}", said.reach, said.ids.join(" "))).unwrap_or_default();
        let wrong = mistake.map(|mistake| match mistake.fix(text) {
            Some(fix) => {
                let edit = fix.edits.first().unwrap();
                let mut fixed = text.to_owned();
                fixed.replace_range(edit.span.range(), &edit.text);
                format!(" [{}] -> {fixed}", mistake.at)
            }
            None => format!(" [{}]", mistake.at),
        });
        said + &wrong.unwrap_or_default()
    }

    #[test]
    fn comments_of_our_own() {
        let cases = [
            ("plimsoll ignore=DL3006", "Instruction DL3006"),
            ("plimsoll  ignore = DL3006 ,dl3007,; why, how", "Instruction DL3006 dl3007"),
            ("Plimsoll IGNORE=all", "Instruction all"),
            ("plimsoll file-ignore=DL3006", "File DL3006"),
            ("plimsoll ignore=DL3006 DL3007", "Instruction DL3006 DL3007"),
            ("plimsoll ignore=nothing", "Instruction nothing"),
            // What is written for people.
            ("plimsoll is a linter", ""),
            ("plimsoll", ""),
            ("plimsolls ignore=DL3006", ""),
            ("plimsoll ignores this", ""),
            ("plimsoll ignore this", ""),
            ("plimsoll: see a=b", ""),
            ("plimsoll says that a=b", ""),
            // Slips.
            ("plimsoll ignroe=DL3006", " [ignroe] -> plimsoll ignore=DL3006"),
            ("plimsoll ignore-file=DL3006", " [ignore-file] -> plimsoll file-ignore=DL3006"),
            ("plimsoll global ignore=DL3006", " [global ignore] -> plimsoll file-ignore=DL3006"),
            ("plimsoll fileignore DL3006", " [fileignore] -> plimsoll file-ignore DL3006"),
            ("plimsoll select=DL3006", " [select]"),
            ("plimsoll ignore DL3006", " [ignore] -> plimsoll ignore=DL3006"),
            ("plimsoll ignore: DL3006", " [ignore] -> plimsoll ignore=DL3006"),
            ("plimsoll ignore", " [ignore]"),
            ("plimsoll ignore=", " [plimsoll ignore=]"),
            ("plimsoll ignore=; why", " [plimsoll ignore=; why]"),
            ("plimsoll: ignore=DL3006", " [:] -> plimsoll ignore=DL3006"),
            ("plimsoll:ignore=DL3006", " [:] -> plimsoll ignore=DL3006"),
            ("plimsoll ignore=DL3006 why, how", "Instruction DL3006 [why] -> plimsoll ignore=DL3006; why, how"),
            ("plimsoll ignore=DL3006 # why", "Instruction DL3006 [#] -> plimsoll ignore=DL3006; why"),
            ("plimsoll ignore=DL3006 -- why", "Instruction DL3006 [--] -> plimsoll ignore=DL3006; why"),
            ("plimsoll ignore=DL3006 #why", "Instruction DL3006 [#why] -> plimsoll ignore=DL3006; why"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_of_others() {
        let cases = [
            ("hadolint ignore=DL3006, DL3007 # why", "Instruction DL3006 DL3007"),
            ("hadolint global ignore=DL3006", "File DL3006"),
            ("hadolint stage ignore=DL3006", "Stage DL3006"),
            ("hadolint shell=bash", ""),
            ("check=skip=A,B;error=true", "Instruction A B"),
            ("check=error=true", ""),
            ("checks=skip=A", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
