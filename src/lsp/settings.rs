//! What the client says about how it wants to be served.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::config::{Given, Layer, Origin};
use crate::rules::Preset;
use crate::selection::Selector;

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
    /// Rules that run besides.
    pub(super) extend_select: Vec<String>,
    /// The rules that do not run.
    pub(super) ignore: Vec<String>,
    /// The configuration that holds, whichever is nearest.
    pub(super) configuration: Option<PathBuf>,
    /// The directory that is given to builds: `workspace` for the folder that the Dockerfile is in, `dockerfile` for the directory
    /// that it is in, `none`, or a path, which begins at the folder. Where nothing is said, the configuration may say it.
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

    /// What they say that configurations say, too, and what in it is no rule and no preset.
    pub(super) fn layer(&self) -> (Layer, Vec<String>) {
        let mut wrong = Vec::new();
        let preset = self.preset.as_deref().and_then(|preset| {
            let preset: Result<Preset, _> = preset.parse();
            preset.map_err(|error| wrong.push(error.to_string())).ok()
        });
        let mut selectors = |written: &[String]| -> Vec<Given<Selector>> {
            let selector = |text: &String| {
                let selector: Result<Selector, _> = text.parse();
                selector.map(by_client).map_err(|error| wrong.push(error.to_string())).ok()
            };
            written.iter().filter_map(selector).collect()
        };
        let layer = Layer {
            preset: preset.map(by_client),
            select: self.select.as_deref().map(&mut selectors),
            extend_select: selectors(&self.extend_select),
            ignore: selectors(&self.ignore),
            ..Layer::default()
        };
        (layer, wrong)
    }

    /// The directory that is given to the builds of what is at `path`, in `folder`, where the settings name one.
    pub(super) fn context_root(&self, path: &Path, folder: Option<&Path>) -> Option<PathBuf> {
        match self.context.as_deref()? {
            "" | "none" => None,
            "workspace" => folder.map(Path::to_path_buf),
            "dockerfile" => path.parent().map(Path::to_path_buf),
            // What begins nowhere is nothing.
            named => Some(folder.unwrap_or(Path::new("")).join(named)).filter(|root| root.is_absolute()),
        }
    }
}

fn by_client<T>(value: T) -> Given<T> {
    Given::new(value, Origin::CommandLine("the editor"))
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
