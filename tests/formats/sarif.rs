//! SARIF 2.1.0, as far as it is written: the members that the standard knows, and no others; what it asks for can't be left
//! out.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "version")]
    _version: Version,
    pub(crate) runs: Vec<Run>,
}

#[derive(Deserialize)]
enum Version {
    #[serde(rename = "2.1.0")]
    V2_1_0,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Run {
    pub(crate) tool: Tool,
    #[serde(rename = "columnKind")]
    _column_kind: ColumnKind,
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) results: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum ColumnKind {
    Utf16CodeUnits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tool {
    pub(crate) driver: Driver,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Driver {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "version")]
    _version: String,
    #[serde(rename = "semanticVersion")]
    _semantic_version: String,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(rename = "shortDescription")]
    _short_description: Text,
    pub(crate) help: Help,
    #[serde(rename = "defaultConfiguration")]
    _default_configuration: Configuration,
    #[serde(rename = "properties")]
    _properties: Properties,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    pub(crate) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Help {
    #[serde(rename = "text")]
    _text: String,
    pub(crate) markdown: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    #[serde(rename = "level")]
    _level: Level,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Note,
    Warning,
    Error,
}

/// A bag may hold anything; its tags are strings.
#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "tags", default)]
    _tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Artifact {
    pub(crate) location: ArtifactLocation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArtifactLocation {
    pub(crate) uri: String,
    pub(crate) index: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Finding {
    pub(crate) rule_id: String,
    pub(crate) rule_index: usize,
    #[serde(rename = "level")]
    _level: Level,
    #[serde(rename = "message")]
    _message: Text,
    pub(crate) locations: Vec<Location>,
    pub(crate) partial_fingerprints: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) fixes: Vec<Fix>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Location {
    pub(crate) physical_location: PhysicalLocation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PhysicalLocation {
    pub(crate) artifact_location: ArtifactLocation,
    pub(crate) region: Region,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Region {
    start_line: u64,
    start_column: u64,
    end_line: u64,
    end_column: u64,
}

impl Region {
    /// The bytes of `text` that it is, by the column kind of the run.
    pub(crate) fn offsets(&self, text: &str) -> (usize, usize) {
        let end = |line, column| super::offset(text, line, column, char::len_utf16);
        (end(self.start_line, self.start_column), end(self.end_line, self.end_column))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fix {
    #[serde(rename = "description")]
    _description: Text,
    pub(crate) artifact_changes: Vec<ArtifactChange>,
    #[serde(rename = "properties")]
    _properties: Properties,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ArtifactChange {
    #[serde(rename = "artifactLocation")]
    _artifact_location: ArtifactLocation,
    pub(crate) replacements: Vec<Replacement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Replacement {
    pub(crate) deleted_region: Region,
    pub(crate) inserted_content: Option<Text>,
}
