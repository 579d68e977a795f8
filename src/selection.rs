//! Which rules run, as several places say one after the other.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rules::{self, Category, Preset, Rule, Stability};

/// What names one rule or several: a rule by its code, its name, or another tool's id; all codes that begin alike, `DL3`; all
/// ids that begin alike, `label-*` or `buildkit/*`; a category, `security`; or `all`. In any case.
///
/// ```
/// use plimsoll::{Selector, rules};
///
/// let selects = |selector: &str, id: &str| {
///     selector.parse::<Selector>().unwrap().selects(rules::find(id).unwrap())
/// };
/// assert!(selects("dl3006", "pin-base-image"));
/// assert!(selects("DL30", "pin-base-image"));
/// assert!(selects("pin-*", "DL3006"));
/// assert!(selects("buildkit/*", "DL4000"));
/// assert!(selects("security", "trusted-registry"));
/// assert_eq!("pin-base-imgae".parse::<Selector>().unwrap_err().meant, Some("pin-base-image"));
/// ```
#[derive(Clone, Debug)]
pub struct Selector {
    written: String,
    selects: Selects,
}

#[derive(Clone, Debug)]
enum Selects {
    All,
    Category(Category),
    /// A code that begins so: letters, and then as many digits as are written.
    Code(String),
    /// An id that begins so.
    Prefix(String),
    Rule(&'static Rule),
}

/// How closely a selector says what it means, the closest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Closeness {
    Category,
    /// By the letters that are written of an id.
    Prefix(usize),
    Rule,
}

/// A text that names no rule.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("there is no rule `{written}`; `plimsoll rule` lists them all")]
pub struct UnknownRule {
    /// What is written.
    pub written: String,
    /// What was most likely meant.
    pub meant: Option<&'static str>,
}

impl Selector {
    /// The selector of one rule.
    #[must_use]
    pub fn rule(rule: &'static Rule) -> Self {
        Self { written: rule.name.to_owned(), selects: Selects::Rule(rule) }
    }

    /// Whether it names that rule, alone or with others.
    #[must_use]
    pub fn selects(&self, rule: &Rule) -> bool {
        match &self.selects {
            Selects::All => true,
            Selects::Category(category) => rule.category == *category,
            Selects::Code(prefix) => {
                begins(rule.code, prefix) || rule.aliases.iter().any(|alias| begins(own_id(alias.id()), prefix))
            }
            Selects::Prefix(prefix) => {
                begins(rule.code, prefix)
                    || begins(rule.name, prefix)
                    || rule.aliases.iter().any(|alias| begins(alias.id(), prefix))
            }
            Selects::Rule(one) => one.name == rule.name,
        }
    }

    /// The rule that it names alone.
    #[must_use]
    pub fn as_rule(&self) -> Option<&'static Rule> {
        match &self.selects {
            Selects::Rule(rule) => Some(rule),
            _ => None,
        }
    }

    fn closeness(&self) -> Closeness {
        match &self.selects {
            Selects::All | Selects::Category(_) => Closeness::Category,
            Selects::Code(prefix) => Closeness::Prefix(prefix.len()),
            Selects::Prefix(prefix) => Closeness::Prefix(own_id(prefix).len()),
            Selects::Rule(_) => Closeness::Rule,
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.written.eq_ignore_ascii_case(&other.written)
    }
}

impl Eq for Selector {}

impl FromStr for Selector {
    type Err = UnknownRule;

    fn from_str(text: &str) -> Result<Self, UnknownRule> {
        let selects = if text.eq_ignore_ascii_case("all") {
            Some(Selects::All)
        } else if let Some(rule) = rules::find(text) {
            Some(Selects::Rule(rule))
        } else if let Some(category) = Category::ALL.into_iter().find(|own| own.as_str().eq_ignore_ascii_case(text)) {
            Some(Selects::Category(category))
        } else if let Some(prefix) = text.strip_suffix('*') {
            Some(Selects::Prefix(prefix.to_owned()))
        } else {
            is_beginning_of_code(text).then(|| Selects::Code(text.to_owned()))
        };
        let unknown = || UnknownRule { written: text.to_owned(), meant: meant(text) };
        let selector = Self { written: text.to_owned(), selects: selects.ok_or_else(unknown)? };
        // What begins like no rule is as wrong as what is called like none.
        if rules::ALL.iter().any(|rule| selector.selects(rule)) { Ok(selector) } else { Err(unknown()) }
    }
}

/// An id without the tool whose it is.
fn own_id(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, own)| own)
}

fn begins(id: &str, prefix: &str) -> bool {
    id.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// `DL`, `DL3`, `PL10`: all letters of a code, and some of its digits.
fn is_beginning_of_code(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = text.get(..text.len() - digits.len()).unwrap_or_default();
    let is_whole = |id: &str| {
        begins(id, letters)
            && id.get(letters.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    !letters.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit())
        && rules::ALL
            .iter()
            .any(|rule| is_whole(rule.code) || rule.aliases.iter().any(|alias| is_whole(own_id(alias.id()))))
}

/// What may stand for a rule, or for several.
fn meant(text: &str) -> Option<&'static str> {
    let ids = rules::ALL.iter().flat_map(|rule| {
        let aliases = rule.aliases.iter().map(|alias| own_id(alias.id()));
        [rule.code, rule.name].into_iter().chain(aliases)
    });
    nearest(text, ids.chain(Category::ALL.map(Category::as_str)))
}

/// What one place says about which rules run: a file, the command line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// The set of rules, and whose definition is asked.
    pub preset: Option<Preset>,
    /// The rules that run, and no others but those in `extend_select`.
    pub select: Option<Vec<Selector>>,
    /// Rules that run besides.
    pub extend_select: Vec<Selector>,
    /// Rules that do not run.
    pub ignore: Vec<Selector>,
    /// How bad the findings of some rules are. A rule that is named here alone, not with others, runs.
    pub severities: Vec<(Selector, Severity)>,
}

/// What was decided about all rules.
///
/// A rule in preview is selected by its own name or by `all`, not by what names it among others: a new release turns on
/// nothing that nobody asked for.
///
/// Of what one place says about a rule, the closest counts: its own name before a longer beginning of it before a shorter one before
/// a category, and of the equally close ones `ignore`. A later place outweighs an earlier one, but what was ignored by name
/// does not come back by being among many.
///
/// ```
/// use plimsoll::{RuleSet, Selection, rules};
///
/// let project = Selection { ignore: vec!["DL3008".parse()?], ..Selection::default() };
/// let once = Selection { select: Some(vec!["DL30".parse()?]), ..Selection::default() };
/// let rules = RuleSet::new(&[project, once]);
/// assert!(!rules.of(rules::find("DL3008").unwrap()).runs());
/// assert!(rules.of(rules::find("DL3009").unwrap()).runs());
/// # Ok::<(), plimsoll::UnknownRule>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleSet {
    preset: Preset,
    preset_from: Option<usize>,
    choices: Vec<Choice>,
}

/// What was decided about a rule, and by whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// Why it runs, or does not.
    pub reason: Reason,
    /// How bad its findings are.
    pub severity: Severity,
    /// Who says how bad they are: the place, and which of its severities. Where nobody does, the rule itself.
    pub severity_from: Option<(usize, usize)>,
}

impl Choice {
    /// Whether the rule runs.
    #[must_use]
    pub const fn runs(&self) -> bool {
        matches!(
            self.reason,
            Reason::InPreset | Reason::Selected(..) | Reason::ExtendSelected(..) | Reason::SeverityGiven(..)
        )
    }
}

/// Why a rule runs, or does not: the place, and which of its selectors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The preset holds it.
    InPreset,
    /// The preset does not hold it.
    NotInPreset,
    /// `select` names it.
    Selected(usize, usize),
    /// `extend_select` names it.
    ExtendSelected(usize, usize),
    /// `severities` name it.
    SeverityGiven(usize, usize),
    /// The `select` of a place does not name it.
    NotSelected(usize),
    /// `ignore` names it.
    Ignored(usize, usize),
}

impl RuleSet {
    /// What `places` say, the one that outweighs the others last.
    #[must_use]
    pub fn new(places: &[Selection]) -> Self {
        let preset_from = places.iter().rposition(|place| place.preset.is_some());
        let preset = preset_from.and_then(|at| places.get(at)?.preset).unwrap_or_default();
        Self {
            preset,
            preset_from,
            choices: rules::ALL.iter().map(|rule| choose(rule, preset, preset_from, places)).collect(),
        }
    }

    /// Whose definition is asked.
    #[must_use]
    pub const fn preset(&self) -> Preset {
        self.preset
    }

    /// The place that names the preset.
    #[must_use]
    pub const fn preset_from(&self) -> Option<usize> {
        self.preset_from
    }

    /// What was decided about a rule.
    #[must_use]
    pub fn of(&self, rule: &Rule) -> Choice {
        let found = self.iter().find(|(own, _)| own.name == rule.name).map(|(_, choice)| choice);
        let severity = rule.severity_in(self.preset);
        found.unwrap_or(Choice { reason: Reason::NotInPreset, severity, severity_from: None })
    }

    /// All rules, with what was decided.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Rule, Choice)> {
        rules::ALL.iter().copied().zip(self.choices.iter().copied())
    }
}

fn choose(rule: &'static Rule, preset: Preset, preset_from: Option<usize>, places: &[Selection]) -> Choice {
    let mut reason = if rule.is_in(preset) { Reason::InPreset } else { Reason::NotInPreset };
    let mut ignored: Option<(Closeness, Reason)> = None;
    let mut severity_from = None;
    for (at, place) in places.iter().enumerate() {
        let selected = selection_of(rule, at, place);
        let unselected = match (&place.select, preset_from == Some(at)) {
            (Some(_), _) => Some(Reason::NotSelected(at)),
            // A preset that is named begins anew.
            (None, true) => Some(if rule.is_in(preset) { Reason::InPreset } else { Reason::NotInPreset }),
            (None, false) => None,
        };
        let own = closest(rule, place.ignore.iter()).map(|(closeness, entry)| (closeness, Reason::Ignored(at, entry)));
        ignored = match (own, ignored) {
            (Some(own), Some(before)) if before.0 > own.0 => Some(before),
            (Some(own), _) => Some(own),
            (None, before) => before,
        };
        let is_ignored_here = own.is_some();
        match (selected, ignored) {
            (Some((closeness, _)), Some((by, why))) if by > closeness || (is_ignored_here && by == closeness) => {
                reason = why;
            }
            (Some((_, why)), _) => {
                reason = why;
                ignored = None;
            }
            (None, Some((_, why))) => reason = why,
            (None, None) => reason = unselected.unwrap_or(reason),
        }
        if let Some((_, entry)) = closest(rule, place.severities.iter().map(|(selector, _)| selector)) {
            severity_from = Some((at, entry));
        }
    }
    let severity = severity_from.and_then(|(at, entry)| places.get(at)?.severities.get(entry)).map(|(_, own)| *own);
    Choice { reason, severity: severity.unwrap_or_else(|| rule.severity_in(preset)), severity_from }
}

/// The closest of what a place says for a rule.
fn selection_of(rule: &'static Rule, at: usize, place: &Selection) -> Option<(Closeness, Reason)> {
    let is_asked = |selector: &&Selector| {
        rule.stability == Stability::Stable || matches!(selector.selects, Selects::All | Selects::Rule(_))
    };
    let select = closest_of(rule, place.select.iter().flatten(), is_asked);
    let extend = closest_of(rule, place.extend_select.iter(), is_asked);
    let given = place.severities.iter().map(|(selector, _)| selector);
    let given = closest(rule, given).filter(|(closeness, _)| *closeness == Closeness::Rule);
    let all = [
        select.map(|(closeness, entry)| (closeness, Reason::Selected(at, entry))),
        extend.map(|(closeness, entry)| (closeness, Reason::ExtendSelected(at, entry))),
        given.map(|(closeness, entry)| (closeness, Reason::SeverityGiven(at, entry))),
    ];
    all.into_iter().flatten().rev().max_by_key(|(closeness, _)| *closeness)
}

/// The last of the closest selectors that name a rule.
fn closest<'s>(rule: &Rule, selectors: impl Iterator<Item = &'s Selector>) -> Option<(Closeness, usize)> {
    closest_of(rule, selectors, |_| true)
}

fn closest_of<'s>(
    rule: &Rule,
    selectors: impl Iterator<Item = &'s Selector>,
    counts: impl Fn(&&'s Selector) -> bool,
) -> Option<(Closeness, usize)> {
    let named = selectors.enumerate().filter(|(_, selector)| selector.selects(rule) && counts(selector));
    named.map(|(entry, selector)| (selector.closeness(), entry)).max()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
mod tests {
    use super::*;

    fn selectors(text: &str) -> Vec<Selector> {
        text.split_whitespace().map(|one| one.parse().unwrap()).collect()
    }

    /// Reads `preset=strict select=DL3 ignore=DL3008 severity=DL3008:error`; places are separated by `|`.
    fn places(text: &str) -> Vec<Selection> {
        let place = |text: &str| {
            let mut place = Selection::default();
            for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                let (key, value) = part.split_once('=').unwrap();
                match key {
                    "preset" => place.preset = Some(value.parse().unwrap()),
                    "select" => place.select = Some(selectors(value)),
                    "extend" => place.extend_select = selectors(value),
                    "ignore" => place.ignore = selectors(value),
                    _ => {
                        let (selector, severity) = value.split_once(':').unwrap();
                        place.severities.push((selector.parse().unwrap(), severity.parse().unwrap()));
                    }
                }
            }
            place
        };
        text.split('|').map(place).collect()
    }

    #[test]
    fn who_outweighs_whom() {
        let cases = [
            ("", "DL3006", true),
            ("", "PL1003", rules::find("PL1003").unwrap().is_in(Preset::Recommended)),
            ("select=DL3008", "DL3006", false),
            ("select=DL3", "DL3006", true),
            ("select=", "DL3006", false),
            ("ignore=DL3", "DL3006", false),
            ("ignore=all", "DL3006", false),
            ("ignore=DL3; extend=DL3006", "DL3006", true),
            ("ignore=DL3006; extend=DL3006", "DL3006", false),
            ("ignore=DL3006; select=DL300", "DL3006", false),
            ("ignore=DL30; select=DL300", "DL3006", true),
            ("ignore=reproducibility; select=DL", "DL3006", true),
            ("select=reproducibility; ignore=DL", "DL3006", false),
            // A later place outweighs an earlier one.
            ("extend=DL3006|ignore=DL3", "DL3006", false),
            ("ignore=DL3006|select=DL3006", "DL3006", true),
            ("ignore=DL3006|extend=pin-base-image", "DL3006", true),
            // What is ignored by name does not come back among many.
            ("ignore=DL3006|select=DL3", "DL3006", false),
            ("ignore=DL3006|select=DL3", "DL3007", true),
            ("ignore=DL3006|preset=all", "DL3006", false),
            ("ignore=DL3|select=DL3", "DL3006", true),
            ("ignore=DL3006|select=DL3|extend=DL3006", "DL3006", true),
            // A `select` and a preset begin anew.
            ("select=DL3006|select=DL3007", "DL3006", false),
            ("extend=PL1003|select=DL3007", "PL1003", false),
            ("select=DL3007|preset=recommended", "DL3006", true),
            ("preset=hadolint|select=DL3007", "DL3006", false),
            ("preset=buildkit", "DL3006", false),
            ("preset=buildkit; extend=DL3006", "DL3006", true),
            // A severity of one rule lets it run; one of many does not.
            ("preset=buildkit; severity=DL3006:error", "DL3006", true),
            ("preset=buildkit; severity=DL3:error", "DL3006", false),
            ("severity=DL3006:error; ignore=DL3006", "DL3006", false),
            ("severity=DL3006:error; ignore=DL3", "DL3006", true),
            ("severity=DL3006:error|select=DL3007", "DL3006", false),
        ];
        let mut failures = Vec::new();
        for (text, id, expected) in cases {
            let choice = RuleSet::new(&places(text)).of(rules::find(id).unwrap());
            if choice.runs() != expected {
                failures.push(format!("{text}: {id} {choice:?}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    /// What is in preview is not turned on with others, but it is turned off with them.
    #[test]
    fn rules_in_preview() {
        let preview = rules::find("InvalidDefinitionDescription").unwrap();
        assert_eq!(preview.stability, Stability::Preview);
        let cases = [
            ("", false),
            ("select=buildkit/*", false),
            ("extend=style Invalid*", false),
            ("select=all", true),
            ("select=invalid-definition-description", true),
            ("severity=InvalidDefinitionDescription:error", true),
            ("preset=all", true),
            ("preset=strict", false),
            ("preset=all; ignore=style", false),
        ];
        for (text, expected) in cases {
            assert_eq!(RuleSet::new(&places(text)).of(preview).runs(), expected, "{text}");
        }
    }

    #[test]
    fn severities() {
        let cases = [
            ("", Severity::Warning),
            ("severity=DL3006:error", Severity::Error),
            ("severity=DL3:error", Severity::Error),
            ("severity=DL3006:info; severity=DL3:error", Severity::Info),
            ("severity=DL3:style; severity=reproducibility:error", Severity::Style),
            ("severity=DL3006:info|severity=DL3:error", Severity::Error),
            ("severity=DL3006:info; severity=pin-base-image:error", Severity::Error),
        ];
        for (text, expected) in cases {
            let choice = RuleSet::new(&places(text)).of(rules::find("DL3006").unwrap());
            assert_eq!(choice.severity, expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_rule() {
        let cases = [
            ("pin-base-imgae", Some("pin-base-image")),
            ("DL9999", None),
            ("DL9", None),
            ("d", None),
            ("", None),
            ("*", None),
            ("nosuchtool/*", None),
            ("securty", Some("security")),
        ];
        for (text, expected) in cases {
            match text.parse::<Selector>() {
                Err(error) => assert_eq!(error.meant, expected, "{text}"),
                // `*` begins all ids.
                Ok(selector) => assert_eq!((text, selector.closeness()), ("*", Closeness::Prefix(0))),
            }
        }
    }
}
