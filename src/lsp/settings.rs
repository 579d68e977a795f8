//! What the client says about how it wants to be served.

use serde::Deserialize;
use serde_json::Value;

use crate::lint::Options;
use crate::rules::{self, Preset};

/// The name of the settings among those of other servers.
pub(super) const SECTION: &str = "plimsoll";

/// The settings of a client, or of one of its folders.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Settings {
    /// The set of rules.
    pub(super) preset: Option<String>,
    /// The rules that run, and no others.
    pub(super) select: Option<Vec<String>>,
    /// The rules that do not run.
    pub(super) ignore: Option<Vec<String>>,
    /// The directory that is given to builds: `workspace` for the folder that the Dockerfile is in, `dockerfile` for the directory
    /// that it is in, `none`, or a path, which begins at the folder.
    pub(super) context: Option<String>,
}

impl Settings {
    /// Reads what a client calls its settings: these, or those of several servers, of which these are one's.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub(super) fn read(mut value: Value) -> Result<Self, String> {
        if let Some(own) = value.get_mut(SECTION) {
            value = own.take();
        }
        if value.is_null() {
            return Ok(Self::default());
        }
        serde_json::from_value(value).map_err(|error| format!("the settings of plimsoll are passed over: {error}"))
    }

    /// What the linter is told, and what in it is no rule and no preset.
    pub(super) fn options(&self) -> (Options, Vec<String>) {
        let mut wrong = Vec::new();
        let preset = self.preset.as_deref().map_or(Ok(Preset::default()), str::parse);
        let preset = preset.unwrap_or_else(|error| {
            wrong.push(error.to_string());
            Preset::default()
        });
        let mut known = |ids: &Option<Vec<String>>| {
            let mut ids = ids.clone().unwrap_or_default();
            ids.retain(|id| {
                let is_known = rules::find(id).is_some();
                if !is_known {
                    wrong.push(crate::UnknownRule(id.clone()).to_string());
                }
                is_known
            });
            ids
        };
        let (select, ignore) = (known(&self.select), known(&self.ignore));
        (Options { preset, select, ignore, ..Options::default() }, wrong)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_of_one_and_of_several_servers() {
        let expected = Settings { preset: Some("strict".to_owned()), ..Settings::default() };
        let cases = [
            (json!({ "preset": "strict" }), Some(expected.clone())),
            (json!({ "plimsoll": { "preset": "strict" }, "other": 1 }), Some(expected)),
            (json!({ "plimsoll": null }), Some(Settings::default())),
            (json!(null), Some(Settings::default())),
            (json!({}), Some(Settings::default())),
            (json!({ "preset": 1 }), None),
            (json!(1), None),
        ];
        for (value, expected) in cases {
            assert_eq!(Settings::read(value.clone()).ok(), expected, "{value}");
        }
    }
}
