use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a project tells the rules that can't know it.
///
/// ```
/// use plimsoll::rules::{LabelFormat, RuleSettings};
/// use plimsoll::{Linter, Options};
///
/// let settings = RuleSettings { trusted_registries: vec!["ghcr.io".to_owned()], ..RuleSettings::default() };
/// let linter = Linter::new(Options { settings, ..Options::default() }).unwrap();
/// let found = linter.lint("FROM docker.io/library/alpine:3.22\n");
/// assert_eq!(found[0].name, "trusted-registry");
/// assert!(LabelFormat::Semver.accepts("1.2.3"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleSettings {
    /// The registries that images may come from. `*` stands for any, and at the start or the end of a name for any text. Where
    /// it is empty, all are.
    #[serde(alias = "trustedRegistries")]
    pub trusted_registries: Vec<String>,
    /// The labels that an image must have, and what their values are.
    pub label_schema: BTreeMap<String, LabelFormat>,
    /// Whether an image may have those labels only.
    pub strict_labels: bool,
}

impl RuleSettings {
    /// Whether images of this registry may be used.
    #[must_use]
    pub fn trusts(&self, registry: &str) -> bool {
        self.trusted_registries.iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(""), _) => true,
            (Some(suffix), _) => registry.ends_with(suffix),
            (None, Some(prefix)) => registry.starts_with(prefix),
            (None, None) => registry == pattern,
        })
    }
}

/// What the value of a label is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelFormat {
    /// Any text.
    #[serde(alias = "rawtext")]
    Text,
    /// An address, as RFC 3986 has it.
    Url,
    /// A time, as RFC 3339 has it: `2026-11-24T08:00:00Z`.
    Rfc3339,
    /// A licence, as SPDX has it: `MIT OR Apache-2.0`.
    Spdx,
    /// The hash of a commit, in full or its first 7 digits.
    Hash,
    /// A semantic version.
    Semver,
    /// An address for mail, as RFC 5322 has it.
    Email,
}

impl LabelFormat {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Url, Self::Rfc3339, Self::Spdx, Self::Hash, Self::Semver, Self::Email];

    /// The format as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Url => "url",
            Self::Rfc3339 => "rfc3339",
            Self::Spdx => "spdx",
            Self::Hash => "hash",
            Self::Semver => "semver",
            Self::Email => "email",
        }
    }

    /// Whether a value is of that form.
    #[must_use]
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Url => is_url(value),
            Self::Rfc3339 => is_time(value),
            Self::Spdx => spdx::Expression::parse(value).is_ok(),
            Self::Hash => matches!(value.len(), 7 | 40) && value.bytes().all(|byte| byte.is_ascii_hexdigit()),
            Self::Semver => semver::Version::parse(value).is_ok(),
            Self::Email => is_email(value),
        }
    }
}

/// A text that is no format of labels.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{0}` is no format of labels; there are `text`, `url`, `rfc3339`, `spdx`, `hash`, `semver` and `email`")]
pub struct UnknownLabelFormat(String);

impl FromStr for LabelFormat {
    type Err = UnknownLabelFormat;

    fn from_str(text: &str) -> Result<Self, UnknownLabelFormat> {
        // hadolint calls any text `rawtext`, too, and nothing.
        match text.to_ascii_lowercase().as_str() {
            "rawtext" | "" => Some(Self::Text),
            text => Self::ALL.into_iter().find(|format| format.as_str() == text),
        }
        .ok_or_else(|| UnknownLabelFormat(text.to_owned()))
    }
}

fn is_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(':') else { return false };
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme)
        && !rest.is_empty()
        && rest.chars().all(is_part)
}

/// `2026-11-24T08:00:00.5+01:00`
fn is_time(value: &str) -> bool {
    let Some((date, time)) = value.split_once(['T', 't', ' ']) else { return false };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (
        parts.next().and_then(|year| number(year, 4)),
        parts.next().and_then(|month| number(month, 2)),
        parts.next().and_then(|day| number(day, 2)),
        parts.next(),
    ) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    let clock = |text: &str, last_second: Option<u32>| {
        let mut parts = text.split(':');
        let hour = parts.next().and_then(|hour| number(hour, 2)).is_some_and(|hour| hour < 24);
        let minute = parts.next().and_then(|minute| number(minute, 2)).is_some_and(|minute| minute < 60);
        let second = match (parts.next(), last_second) {
            (Some(second), Some(last)) => number(second, 2).is_some_and(|second| second <= last),
            (second, last) => second.is_none() && last.is_none(),
        };
        hour && minute && second && parts.next().is_none()
    };
    let (time, offset_is_right) = match time.rfind(['Z', 'z', '+', '-']) {
        Some(at) => {
            let (time, offset) = time.split_at(at);
            let zone = offset.get(1..).unwrap_or_default();
            (time, if offset.starts_with(['Z', 'z']) { zone.is_empty() } else { clock(zone, None) })
        }
        None => return false,
    };
    let (time, fraction) = time.split_once('.').map_or((time, "0"), |(time, fraction)| (time, fraction));
    (1..=days).contains(&day)
        && clock(time, Some(60))
        && offset_is_right
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let atoms =
        |text: &str| !text.is_empty() && text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom));
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    (quoted || atoms(local)) && atoms(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let cases = [
            (LabelFormat::Text, vec!["", "a"], vec![]),
            (
                LabelFormat::Url,
                vec!["https://a.b/c?d#e", "mailto:a@b"],
                vec!["", "a", "1a://b", "https://a b", "http:"],
            ),
            (
                LabelFormat::Rfc3339,
                vec!["2026-11-24T08:00:00Z", "2024-02-29t23:59:60.5+01:00"],
                vec![
                    "2026-11-24",
                    "2026-13-01T00:00:00Z",
                    "2026-02-29T00:00:00Z",
                    "2026-01-01T24:00:00Z",
                    "2026-01-01T00:00:00",
                ],
            ),
            (LabelFormat::Spdx, vec!["MIT", "MIT OR Apache-2.0", "(MIT AND ISC)"], vec!["", "free", "MIT Apache"]),
            (
                LabelFormat::Hash,
                vec!["0123abc", "0123456789012345678901234567890123456789"],
                vec!["012345", "xyzxyzx", ""],
            ),
            (LabelFormat::Semver, vec!["1.2.3", "1.2.3-rc.1+5"], vec!["1.2", "v1.2.3", "01.2.3"]),
            (LabelFormat::Email, vec!["a.b@c.d", "\"a b\"@c"], vec!["a", "a@", "@b", "a b@c", "a..b@c"]),
        ];
        let mut failures = Vec::new();
        for (format, right, wrong) in cases {
            failures.extend(right.into_iter().filter(|value| !format.accepts(value)).map(|value| (format, value)));
            failures.extend(wrong.into_iter().filter(|value| format.accepts(value)).map(|value| (format, value)));
        }
        assert!(failures.is_empty(), "{failures:?}");
    }

    #[test]
    fn registries() {
        let trusted_registries = ["ghcr.io", "*.example.com", "eu.*"].map(str::to_owned).to_vec();
        let settings = RuleSettings { trusted_registries, ..RuleSettings::default() };
        for (registry, trusted) in
            [("ghcr.io", true), ("a.example.com", true), ("eu.gcr.io", true), ("docker.io", false)]
        {
            assert_eq!(settings.trusts(registry), trusted, "{registry}");
        }
    }
}
