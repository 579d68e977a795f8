//! Directives, and comments that silence rules, as they may be typed.

use crate::lsp::document::Reading;
use crate::rules::{self, Check, Rule};
use crate::source::Span;

use super::completion::{Completion, CompletionKind, Slot, is_of_name};
use super::reference::DIRECTIVES;

/// What comments may begin with, and what that does.
const BEGINNINGS: [(&str, &str); 6] = [
    ("plimsoll ignore=", "silences rules for the next instruction"),
    ("plimsoll file-ignore=", "silences rules for the file"),
    ("hadolint ignore=", "silences rules for the next instruction"),
    ("hadolint stage ignore=", "silences rules for the stage that begins here"),
    ("hadolint global ignore=", "silences rules for the file"),
    ("check=skip=", "silences BuildKit's checks for the next instruction"),
];

/// What may be typed in a comment, `before` being what stands behind the `#`.
pub(super) fn comments(reading: &Reading<'_, '_>, before: &str, at_top: bool, offset: u32) -> Vec<Completion> {
    let typed = before.trim_start();
    let back = |part: &str| offset - Span::of_range(0..part.len()).end;
    if let Some((key, value)) = typed.split_once('=') {
        let key: Vec<&str> = key.split_whitespace().collect();
        let (_, last) = value.rsplit_once([',', '=']).unwrap_or(("", value));
        let last = last.trim_start();
        let slot = Slot::new(reading.text, back(last), offset, is_of_name);
        return match key.as_slice() {
            ["plimsoll", "ignore" | "file-ignore"] => ids(slot, &own_ids),
            ["hadolint", .., "ignore"] => ids(slot, &|rule| hadolint_ids(rule)),
            [check] if check.eq_ignore_ascii_case("check") => {
                match value.rsplit_once(';').map_or(value, |(_, last)| last) {
                    option if option.contains('=') => ids(slot, &|rule| buildkit_ids(rule)),
                    option => values("check", Slot::new(reading.text, back(option), offset, is_of_name)),
                }
            }
            [name] if at_top => values(name, Slot::new(reading.text, back(value), offset, |c| !c.is_whitespace())),
            _ => Vec::new(),
        };
    }
    let slot = Slot::new(reading.text, back(typed), offset, is_of_name);
    let mut items: Vec<Completion> = Vec::new();
    if at_top {
        let is_given =
            |name: &str| reading.parsed.dockerfile.directives.iter().any(|given| given.name.eq_ignore_ascii_case(name));
        for page in DIRECTIVES.iter().filter(|page| !is_given(page.name)) {
            let mut item = slot.item(CompletionKind::Directive, page.name, page.summary);
            item.documentation = Some(page.details.to_owned());
            item.insert += "=";
            item.goes_on = true;
            items.push(item);
        }
    }
    for (text, detail) in BEGINNINGS {
        let mut item = slot.item(CompletionKind::Directive, text, detail);
        item.goes_on = true;
        items.push(item);
    }
    items
}

/// What may be typed in a comment of an ignore file, `before` being what stands behind the `#`.
pub(super) fn own_comments(text: &str, before: &str, offset: u32) -> Vec<Completion> {
    let typed = before.trim_start();
    let back = |part: &str| offset - Span::of_range(0..part.len()).end;
    if let Some((key, value)) = typed.split_once('=') {
        if !matches!(key.split_whitespace().collect::<Vec<_>>().as_slice(), ["plimsoll", "ignore" | "file-ignore"]) {
            return Vec::new();
        }
        let last = value.rsplit(',').next().unwrap_or_default().trim_start();
        let of_ignore_files = |rule: &'static Rule| match rule.check {
            Check::IgnoreFile(_) => own_ids(rule),
            _ => Vec::new(),
        };
        return ids(Slot::new(text, back(last), offset, is_of_name), &of_ignore_files);
    }
    let slot = Slot::new(text, back(typed), offset, is_of_name);
    let own = BEGINNINGS.iter().filter(|(text, _)| text.starts_with("plimsoll"));
    own.map(|(text, detail)| Completion { goes_on: true, ..slot.item(CompletionKind::Directive, text, detail) })
        .collect()
}

/// The values of a directive.
fn values(name: &str, slot: Slot) -> Vec<Completion> {
    let page = DIRECTIVES.iter().find(|page| page.name.eq_ignore_ascii_case(name));
    let values = page.map(|page| page.values).unwrap_or_default();
    values
        .iter()
        .map(|(value, text)| {
            let mut item = slot.item(CompletionKind::Value, value, text);
            item.goes_on = value.ends_with('=');
            item
        })
        .collect()
}

fn own_ids(rule: &'static Rule) -> Vec<&'static str> {
    vec![rule.code, rule.name]
}

fn hadolint_ids(rule: &'static Rule) -> Vec<&'static str> {
    let ids = rule.aliases.iter().filter_map(|alias| alias.id().strip_prefix("hadolint/"));
    let own = Some(rule.code).filter(|code| code.starts_with("DL") || code.starts_with("SC"));
    let mut ids: Vec<&str> = own.into_iter().chain(ids).collect();
    ids.dedup();
    ids
}

fn buildkit_ids(rule: &'static Rule) -> Vec<&'static str> {
    rule.aliases.iter().filter_map(|alias| alias.id().strip_prefix("buildkit/")).collect()
}

/// The ids of all rules, codes first.
fn ids(slot: Slot, of: &dyn Fn(&'static Rule) -> Vec<&'static str>) -> Vec<Completion> {
    let mut items: Vec<(usize, Completion)> = Vec::new();
    for rule in rules::ALL {
        for (place, id) in of(rule).into_iter().enumerate() {
            let mut item = slot.item(CompletionKind::Rule, id, rule.summary());
            let other = if id == rule.code { rule.name } else { rule.code };
            item.documentation = Some(format!("`{other}`: {}", rule.summary()));
            items.push((place, item));
        }
    }
    items.sort_by(|(one, first), (other, second)| (one, &first.label).cmp(&(other, &second.label)));
    items.dedup_by(|(_, one), (_, other)| one.label == other.label);
    items.into_iter().map(|(_, item)| item).collect()
}
