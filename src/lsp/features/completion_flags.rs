//! Flags and their values, as they may be typed.

use crate::ast::{Keyword, MountType};
use crate::lsp::document::Reading;
use crate::source::Span;

use super::completion::{Completion, CompletionKind, Slot, is_of_name, stages};
use super::paths;
use super::reference::{self, KeyPage, MountPage};
use super::typed::Line;

/// The flags of an instruction, or the values of the one that is typed.
pub(super) fn flags(reading: &Reading<'_, '_>, line: &Line<'_>, keyword: Keyword, offset: u32) -> Vec<Completion> {
    let Some(page) = reference::instruction(keyword) else { return Vec::new() };
    let Some((name, value)) = line.word.split_once('=') else {
        let slot = Slot::new(reading.text, line.start, offset, is_of_name);
        let is_given =
            |name: &str| line.flags.iter().any(|flag| flag.trim_start_matches('-').split('=').next() == Some(name));
        let flags = page.flags.iter().filter(|flag| flag.repeatable || !is_given(flag.name));
        let is_assigned = reading.text.get(slot.replace.end as usize..).is_some_and(|after| after.starts_with('='));
        return flags
            .map(|flag| {
                let mut item = slot.item(CompletionKind::Flag, &format!("--{}", flag.name), flag.summary);
                item.goes_on = !flag.value.is_empty();
                if item.goes_on && !is_assigned {
                    item.insert += "=";
                }
                item
            })
            .collect();
    };
    let Some(flag) = page.flag(name.trim_start_matches('-')) else { return Vec::new() };
    let start = offset - Span::of_range(0..value.len()).end;
    match flag.name {
        "mount" => mount(reading, line, value, offset),
        "from" => stages(reading, line, Slot::new(reading.text, start, offset, |c| is_of_name(c) || c == '.'), true),
        "exclude" => match paths::context(reading) {
            Some(context) => paths::complete(context.listing(), value, start, offset, reading.text),
            None => Vec::new(),
        },
        _ => {
            let slot = Slot::new(reading.text, start, offset, |c| !c.is_whitespace());
            flag.values.iter().map(|(value, text)| slot.item(CompletionKind::Value, value, text)).collect()
        }
    }
}

/// The keys of a mount, or the values of the one that is typed.
fn mount(reading: &Reading<'_, '_>, line: &Line<'_>, typed: &str, offset: u32) -> Vec<Completion> {
    let (before, field) = typed.rsplit_once(',').unwrap_or(("", typed));
    let given = |names: &[&str]| {
        let key = |field: &str| field.split('=').next().unwrap_or_default().to_ascii_lowercase();
        before.split(',').any(|field| names.contains(&key(field).as_str()))
    };
    let value_of = |name: &str| {
        let fields = before.split(',').filter_map(|field| field.split_once('='));
        fields.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next_back()
    };
    let kind = value_of("type").map_or(Some(MountType::Bind), |value| {
        MountType::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(value))
    });
    let Some(page) = kind.and_then(reference::mount) else { return Vec::new() };
    let Some((key, value)) = field.split_once('=') else { return keys(reading, page, field, &given, offset) };
    let start = offset - Span::of_range(0..value.len()).end;
    let slot = Slot::new(reading.text, start, offset, |c| !c.is_whitespace() && c != ',');
    if key.eq_ignore_ascii_case("type") {
        let item = |kind: MountType| {
            let text = reference::mount(kind).map(|page| page.summary).unwrap_or_default();
            slot.item(CompletionKind::Value, kind.as_str(), text)
        };
        return MountType::ALL.into_iter().map(item).collect();
    }
    match page.key(key) {
        Some(KeyPage { names: ["from", ..], .. }) => stages(reading, line, slot, false),
        Some(KeyPage { names: ["source", ..], .. }) if kind == Some(MountType::Bind) && value_of("from").is_none() => {
            match paths::context(reading) {
                Some(context) => paths::complete(context.listing(), value, start, offset, reading.text),
                None => Vec::new(),
            }
        }
        Some(known) => known.values.iter().map(|(value, text)| slot.item(CompletionKind::Value, value, text)).collect(),
        None => Vec::new(),
    }
}

fn keys(
    reading: &Reading<'_, '_>,
    page: &MountPage,
    field: &str,
    given: &dyn Fn(&[&str]) -> bool,
    offset: u32,
) -> Vec<Completion> {
    let start = offset - Span::of_range(0..field.len()).end;
    let slot = Slot::new(reading.text, start, offset, is_of_name);
    let mut items = Vec::new();
    if !given(&["type"]) {
        let mut item = slot.item(CompletionKind::Key, "type", "What is mounted: bind without it.");
        item.insert += "=";
        item.goes_on = true;
        items.push(item);
    }
    for key in page.keys.iter().filter(|key| !given(key.names)) {
        let name = key.names.first().copied().unwrap_or_default();
        let mut item = slot.item(CompletionKind::Key, name, key.summary);
        item.goes_on = !key.value.is_empty() || !key.values.is_empty();
        if item.goes_on {
            item.insert += "=";
        }
        items.push(item);
    }
    items
}
