//! The keys of a configuration: one list, from which it is read, described and checked.

/// A key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Key {
    /// The key as it is written.
    pub(crate) name: &'static str,
    /// What its value is.
    pub(crate) kind: Kind,
    /// What holds where the key is missing, if that is a value.
    pub(crate) default: Option<DefaultValue>,
    /// What it is for.
    pub(crate) documentation: &'static str,
    /// A value, as TOML writes it.
    pub(crate) example: &'static str,
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        self.name
    }
}

/// The value that holds where a key is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DefaultValue {
    /// `[]`
    Empty,
    /// `{}`
    EmptyTable,
    /// `true` or `false`
    Boolean(bool),
    /// A text.
    Text(&'static str),
}

/// What the value of a key is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// The path of a file or directory, from the directory of the configuration on.
    Path,
    /// `true` or `false`.
    Boolean,
    /// The name of a preset.
    Preset,
    /// A severity, or `never`.
    FailOn,
    /// How findings are written.
    OutputFormat,
    /// A platform.
    Platform,
    /// A list of texts.
    Texts,
    /// A list of patterns for files.
    Patterns,
    /// A list of what names rules.
    Selectors,
    /// What names rules, and a severity or `off`.
    Severities,
    /// Patterns for files, and lists of what names rules.
    PerFile,
    /// Labels, and what their values are.
    Labels,
    /// Images, and platforms.
    Platforms,
    /// Names, and texts.
    Table,
    /// Rules, and their options.
    Rules,
    /// Builds.
    Builds,
}

/// The keys at the top.
pub(crate) const KEYS: [Key; 16] = [
    Key {
        name: "extend",
        kind: Kind::Path,
        default: None,
        documentation: "Another configuration, which holds where this one says nothing.",
        example: "\"../base.toml\"",
    },
    Key {
        name: "preset",
        kind: Kind::Preset,
        default: Some(DefaultValue::Text("recommended")),
        documentation: "The set of rules that run, and whose definition is asked where tools differ.",
        example: "\"strict\"",
    },
    Key {
        name: "select",
        kind: Kind::Selectors,
        default: None,
        documentation: "The rules that run, and no others; otherwise those of the preset.",
        example: "[\"DL3\", \"security\"]",
    },
    Key {
        name: "extend-select",
        kind: Kind::Selectors,
        default: Some(DefaultValue::Empty),
        documentation: "Rules that run besides.",
        example: "[\"no-healthcheck\", \"label-*\"]",
    },
    Key {
        name: "ignore",
        kind: Kind::Selectors,
        default: Some(DefaultValue::Empty),
        documentation: "Rules that do not run.",
        example: "[\"DL3008\", \"pin-apk-packages\"]",
    },
    Key {
        name: "severity",
        kind: Kind::Severities,
        default: None,
        documentation: "How bad the findings of rules are; `\"off\"` lets a rule not run, and any other severity lets a rule run that is named alone.",
        example: "{ DL3006 = \"error\", size = \"info\" }",
    },
    Key {
        name: "per-file-ignores",
        kind: Kind::PerFile,
        default: Some(DefaultValue::EmptyTable),
        documentation: "Rules that do not run for some files: patterns as in `.gitignore`, with a `!` in front for all other files.",
        example: "{ \"legacy/\" = [\"DL3\"], \"!prod/\" = [\"reproducibility\"] }",
    },
    Key {
        name: "exclude",
        kind: Kind::Patterns,
        default: Some(DefaultValue::Empty),
        documentation: "Files that are passed over when a directory is searched: patterns as in `.gitignore`.",
        example: "[\"vendor/\", \"*.tmpl.Dockerfile\"]",
    },
    Key {
        name: "fail-on",
        kind: Kind::FailOn,
        default: Some(DefaultValue::Text("warning")),
        documentation: "The least severity that makes a run fail.",
        example: "\"error\"",
    },
    Key {
        name: "output-format",
        kind: Kind::OutputFormat,
        default: Some(DefaultValue::Text("full")),
        documentation: "How findings are written. The configuration of the working directory is asked.",
        example: "\"concise\"",
    },
    Key {
        name: "inline-ignores",
        kind: Kind::Boolean,
        default: Some(DefaultValue::Boolean(true)),
        documentation: "Whether comments in a file may silence findings.",
        example: "false",
    },
    Key {
        name: "experimental",
        kind: Kind::Boolean,
        default: Some(DefaultValue::Boolean(false)),
        documentation: "Whether BuildKit's experimental checks run.",
        example: "true",
    },
    Key {
        name: "label-schema",
        kind: Kind::Labels,
        default: Some(DefaultValue::EmptyTable),
        documentation: "The labels that images have, and what their values are.",
        example: "{ \"org.opencontainers.image.version\" = \"semver\" }",
    },
    Key {
        name: "image-platforms",
        kind: Kind::Platforms,
        default: Some(DefaultValue::EmptyTable),
        documentation: "The platforms that base images are made for, by the name that `FROM` uses.",
        example: "{ \"example.com/app:1\" = \"linux/amd64\" }",
    },
    Key {
        name: "rules",
        kind: Kind::Rules,
        default: Some(DefaultValue::EmptyTable),
        documentation: "What single rules are told.",
        example: "{ trusted-registry = { trusted-registries = [\"ghcr.io\"] } }",
    },
    Key {
        name: "build",
        kind: Kind::Builds,
        default: Some(DefaultValue::Empty),
        documentation: "What the builds of Dockerfiles are given.",
        example: "[{ dockerfile = \"api/Dockerfile\", context = \"api\" }]",
    },
];

/// The keys of a build.
pub(crate) const BUILD_KEYS: [Key; 5] = [
    Key {
        name: "dockerfile",
        kind: Kind::Path,
        default: None,
        documentation: "The Dockerfile, or a pattern for several; otherwise `Dockerfile` in the context.",
        example: "\"api/Dockerfile\"",
    },
    Key {
        name: "context",
        kind: Kind::Path,
        default: None,
        documentation: "The directory that is given to the build.",
        example: "\"api\"",
    },
    Key {
        name: "target",
        kind: Kind::Text,
        default: None,
        documentation: "The stage that is built; otherwise the last one.",
        example: "\"runtime\"",
    },
    Key {
        name: "args",
        kind: Kind::Table,
        default: Some(DefaultValue::EmptyTable),
        documentation: "The build arguments.",
        example: "{ VERSION = \"1.2.3\" }",
    },
    Key {
        name: "platform",
        kind: Kind::Platform,
        default: None,
        documentation: "The platform that is built on and for.",
        example: "\"linux/amd64\"",
    },
];

/// What single rules can be told: the name of the rule, and the key.
pub(crate) const RULE_KEYS: [(&str, Key); 2] = [
    (
        "trusted-registry",
        Key {
            name: "trusted-registries",
            kind: Kind::Texts,
            default: None,
            documentation: "The registries that images may come from; otherwise all. `*` stands for any, and at the start or the end of a name for any text.",
            example: "[\"ghcr.io\", \"*.example.com\"]",
        },
    ),
    (
        "label-outside-schema",
        Key {
            name: "strict-labels",
            kind: Kind::Boolean,
            default: Some(DefaultValue::Boolean(false)),
            documentation: "Whether an image may have the labels of the schema only.",
            example: "true",
        },
    ),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't read its data fails")]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::file;

    /// Each key is read, and its example is right.
    #[test]
    fn examples() {
        let mut texts: Vec<String> = KEYS.iter().map(|key| format!("{} = {}", key.name, key.example)).collect();
        for key in BUILD_KEYS {
            let dockerfile = if key.name == "dockerfile" { "" } else { "dockerfile = \"a\", " };
            texts.push(format!("build = [{{ {dockerfile}{} = {} }}]", key.name, key.example));
        }
        for (rule, key) in RULE_KEYS {
            assert!(crate::rules::find(rule).is_some_and(|found| found.name == rule), "{rule}");
            texts.push(format!("[rules.{rule}]\n{} = {}", key.name, key.example));
        }
        for text in texts {
            let read = file::read(Path::new("/p/plimsoll.toml"), &text);
            assert!(read.problems.is_empty(), "{text}: {:?}", read.problems);
        }
    }

    proptest::proptest! {
        /// Whatever is written, it is read or refused, with places that are in the text.
        #[test]
        fn any_text(
            lines in proptest::collection::vec(
                (proptest::sample::select(KEYS.to_vec()), proptest::sample::select(KEYS.to_vec()), "[ -~é]{0,12}"),
                0..6,
            ),
        ) {
            // Right values under wrong keys, wrong ones under right keys, and what is no TOML.
            let text: String = lines
                .iter()
                .enumerate()
                .map(|(number, (key, other, odd))| match number % 3 {
                    0 => format!("{} = {}\n", key.name, other.example),
                    1 => format!("{} = {odd}\n", key.name),
                    _ => format!("[{odd}]\n{} = {}\n", key.name, key.example),
                })
                .collect();
            for problem in file::read(Path::new("/p/plimsoll.toml"), &text).problems {
                proptest::prop_assert!(text.get(problem.span.range()).is_some(), "{:?} of {text:?}", problem.span);
            }
        }
    }
}
