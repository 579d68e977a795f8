//! The JSON schema of a configuration, from the keys that are read.

use serde_json::{Map, Value, json};

use super::fail_on::FailOn;
use super::keys::{BUILD_KEYS, DefaultValue, KEYS, Key, Kind, RULE_KEYS};
use crate::diagnostic::Severity;
use crate::render::OutputFormat;
use crate::rules::{self, Category, LabelFormat, Preset};

/// The schema.
pub(crate) fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "plimsoll.toml",
        "description": "What plimsoll is told about a project.",
        "type": "object",
        "properties": properties(KEYS.iter()),
        "additionalProperties": false,
        "definitions": {
            "selector": selector(),
            "rule": {"type": "string", "enum": ids()},
            "severity": {"type": "string", "enum": Severity::ALL.map(Severity::as_str)},
        },
    })
}

fn properties<'k>(keys: impl Iterator<Item = &'k Key>) -> Map<String, Value> {
    keys.map(|key| (key.name.to_owned(), property(key))).collect()
}

fn property(key: &Key) -> Value {
    let mut property = value(key.kind);
    if let Some(property) = property.as_object_mut() {
        property.insert("description".to_owned(), json!(key.documentation));
        property.extend(key.default.map(|default| ("default".to_owned(), default.to_json())));
    }
    property
}

fn value(kind: Kind) -> Value {
    let selectors = || json!({"type": "array", "items": {"$ref": "#/definitions/selector"}});
    match kind {
        Kind::Text | Kind::Path | Kind::Platform => json!({"type": "string"}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Preset => json!({"type": "string", "enum": Preset::ALL.map(Preset::as_str)}),
        Kind::FailOn => json!({"type": "string", "enum": FailOn::NAMES}),
        Kind::OutputFormat => json!({"type": "string", "enum": OutputFormat::ALL.map(OutputFormat::as_str)}),
        Kind::Texts | Kind::Patterns => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Selectors => selectors(),
        Kind::Severities => json!({
            "type": "object",
            "propertyNames": {"$ref": "#/definitions/selector"},
            "additionalProperties": {"type": "string", "enum": ["error", "warning", "info", "style", "off"]},
        }),
        Kind::PerFile => json!({"type": "object", "additionalProperties": selectors()}),
        Kind::Labels => json!({
            "type": "object",
            "additionalProperties": {"type": "string", "enum": LabelFormat::ALL.map(LabelFormat::as_str)},
        }),
        Kind::Platforms | Kind::Table => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Rules => rule_options(),
        Kind::Builds => json!({
            "type": "array",
            "items": {
                "type": "object",
                "properties": properties(BUILD_KEYS.iter()),
                "additionalProperties": false,
                "anyOf": [{"required": ["dockerfile"]}, {"required": ["context"]}],
            },
        }),
    }
}

/// Each rule that has options, under its name and its code.
fn rule_options() -> Value {
    let mut all = Map::new();
    for rule in rules::ALL {
        let keys: Vec<&Key> = RULE_KEYS.iter().filter(|(name, _)| *name == rule.name).map(|(_, key)| key).collect();
        if keys.is_empty() {
            continue;
        }
        for id in [rule.name, rule.code] {
            let options = json!({
                "description": rule.summary(),
                "type": "object",
                "properties": properties(keys.iter().copied()),
                "additionalProperties": false,
            });
            all.insert(id.to_owned(), options);
        }
    }
    json!({"type": "object", "properties": all, "propertyNames": {"$ref": "#/definitions/rule"}})
}

/// What names rules: an id, a category, or the beginning of an id.
fn selector() -> Value {
    let mut known: Vec<&str> = vec!["all"];
    known.extend(Category::ALL.map(Category::as_str));
    json!({
        "description": "A rule by its code, its name or another tool's id; a category; the beginning of a code, like `DL3`; or the beginning of an id and `*`.",
        "anyOf": [
            {"$ref": "#/definitions/rule"},
            {"type": "string", "enum": known},
            {"type": "string", "pattern": format!("^({})[0-9]*$", letters().join("|"))},
            {"type": "string", "pattern": "\\*$"},
        ],
    })
}

/// The letters that numbered codes begin with.
fn letters() -> Vec<&'static str> {
    let mut letters: Vec<&str> = ids()
        .into_iter()
        .filter_map(|id| {
            let digits = id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let is_code = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
            id.get(..id.len() - digits.len()).filter(|letters| is_code && !letters.is_empty())
        })
        .collect();
    letters.dedup();
    letters
}

/// All names, codes, and other tools' ids, with the tool's name and without.
fn ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = Vec::new();
    for rule in rules::ALL {
        ids.extend([rule.code, rule.name]);
        for alias in rule.aliases {
            ids.push(alias.id());
            ids.extend(alias.id().split_once('/').map(|(_, own)| own));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl DefaultValue {
    fn to_json(self) -> Value {
        match self {
            Self::Empty => json!([]),
            Self::EmptyTable => json!({}),
            Self::Boolean(value) => json!(value),
            Self::Text(text) => json!(text),
        }
    }
}
