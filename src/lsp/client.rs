//! What a client can do.

use lsp_types::{ClientCapabilities, DiagnosticTag, MarkupKind};

use super::positions::PositionEncoding;

/// What a client can do, as far as it matters.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Client {
    /// In what it counts characters.
    pub(super) encoding: PositionEncoding,
    /// It asks for diagnostics when it wants them; else they are sent.
    pub(super) pulls_diagnostics: bool,
    /// It takes the version of the text that diagnostics are of.
    pub(super) takes_versions: bool,
    /// The marks that it can show on diagnostics.
    pub(super) tags: Vec<DiagnosticTag>,
    /// It shows places that a diagnostic has to do with.
    pub(super) takes_related: bool,
    /// It takes edits of a document with the version that they are for.
    pub(super) takes_versioned_edits: bool,
    /// It takes actions, not only commands.
    pub(super) takes_actions: bool,
    /// It asks for the edits of an action when somebody wants them.
    pub(super) resolves_actions: bool,
    /// It tells its settings when it is asked for them.
    pub(super) tells_settings: bool,
    /// It can be asked to tell of changed settings.
    pub(super) registers_settings: bool,
    /// It can be asked to tell of changed files.
    pub(super) registers_watchers: bool,
    /// It can be told that its diagnostics are old.
    pub(super) refreshes_diagnostics: bool,
    /// It can be told that its hints are old.
    pub(super) refreshes_hints: bool,
    /// It can be told that its lenses are old.
    pub(super) refreshes_lenses: bool,
    /// It shows symbols in symbols.
    pub(super) takes_nested_symbols: bool,
    /// It shows Markdown.
    pub(super) takes_markdown: bool,
    /// It takes, with the place to go to, what the question was about.
    pub(super) takes_definition_links: bool,
    /// It can be told to ask for completions again.
    pub(super) asks_again: bool,
}

impl Client {
    /// What a client of that name can do.
    pub(super) fn new(name: Option<&str>, capabilities: &ClientCapabilities) -> Self {
        let general = capabilities.general.as_ref();
        let document = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let published = document.and_then(|document| document.publish_diagnostics.as_ref());
        let tags = published.and_then(|published| published.tag_support.as_ref());
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let yes = |flag: Option<bool>| flag == Some(true);
        Self {
            encoding: PositionEncoding::negotiate(general.and_then(|general| general.position_encodings.as_deref())),
            pulls_diagnostics: document.is_some_and(|document| document.diagnostic.is_some()),
            takes_versions: yes(published.and_then(|published| published.version_support)),
            tags: tags.map(|tags| tags.value_set.clone()).unwrap_or_default(),
            takes_related: yes(published.and_then(|published| published.related_information)),
            takes_versioned_edits: yes(edits.and_then(|edits| edits.document_changes)),
            takes_actions: document
                .and_then(|document| document.code_action.as_ref())
                .is_some_and(|action| action.code_action_literal_support.is_some()),
            resolves_actions: document
                .and_then(|document| document.code_action.as_ref())
                .and_then(|action| action.resolve_support.as_ref())
                .is_some_and(|resolve| resolve.properties.iter().any(|property| property == "edit")),
            tells_settings: yes(workspace.and_then(|workspace| workspace.configuration)),
            registers_settings: yes(workspace
                .and_then(|workspace| workspace.did_change_configuration.as_ref())
                .and_then(|change| change.dynamic_registration)),
            registers_watchers: yes(workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref())
                .and_then(|change| change.dynamic_registration)),
            refreshes_diagnostics: yes(workspace
                .and_then(|workspace| workspace.diagnostic.as_ref())
                .and_then(|diagnostic| diagnostic.refresh_support)),
            refreshes_hints: yes(workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref())
                .and_then(|hint| hint.refresh_support)),
            refreshes_lenses: yes(workspace
                .and_then(|workspace| workspace.code_lens.as_ref())
                .and_then(|lens| lens.refresh_support)),
            takes_nested_symbols: yes(document
                .and_then(|document| document.document_symbol.as_ref())
                .and_then(|symbol| symbol.hierarchical_document_symbol_support)),
            takes_markdown: document
                .and_then(|document| document.hover.as_ref())
                .and_then(|hover| hover.content_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            takes_definition_links: yes(document
                .and_then(|document| document.definition.as_ref())
                .and_then(|definition| definition.link_support)),
            // The command that does it has no place in the protocol; it is known by this name in editors of one kind.
            asks_again: name.is_some_and(|name| name.starts_with("Visual Studio Code") || name == "VSCodium"),
        }
    }
}
