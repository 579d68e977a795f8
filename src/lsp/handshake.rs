//! How client and server begin and end to talk.

use std::io;

use lsp_server::{ErrorCode, Message, Request};
use lsp_types::notification::{Exit, Notification as _};
use lsp_types::request::{Initialize, Request as _};
use lsp_types::{ClientCapabilities, Uri, WorkspaceFolder};
use serde::Deserialize;
use serde_json::Value;

use super::capabilities::capabilities;
use super::client::Client;
use super::inbox::{Event, Inbox};
use super::outbox::{Failure, Outbox};
use super::settings::Settings;
use super::transport::Incoming;
use super::uri;
use super::workspace::Workspace;

/// How the talk ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// As the protocol has it: the client asked the server to shut down, and then to exit.
    Agreed,
    /// The client left, or told the server to exit out of the blue.
    Abrupt,
}

/// What a client says of itself. What is not known to be wrong is not looked at: a folder without a proper name is none, but no
/// reason not to start.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Introduction {
    capabilities: ClientCapabilities,
    #[serde(default)]
    client_info: Value,
    #[serde(default)]
    workspace_folders: Value,
    #[serde(default)]
    root_uri: Value,
    #[serde(default)]
    root_path: Value,
    #[serde(default)]
    initialization_options: Value,
}

/// Waits for a client to introduce itself; nothing when it leaves before.
pub(super) fn begin(inbox: &mut Inbox, out: &mut Outbox<'_>) -> io::Result<Option<(Client, Workspace)>> {
    loop {
        out.flush()?;
        match inbox.next(None) {
            None | Some(Event::Closed) => return Ok(None),
            Some(Event::Cancelled(id)) => out.answer::<()>(id, Err(Failure::cancelled())),
            Some(Event::Incoming(Incoming::Malformed(malformed))) => out.refuse(malformed),
            Some(Event::Incoming(Incoming::Message(Message::Notification(note)))) if note.method == Exit::METHOD => {
                return Ok(None);
            }
            Some(Event::Incoming(Incoming::Message(Message::Request(Request { id, method, params })))) => {
                if method != Initialize::METHOD {
                    let message = "the server waits for `initialize`";
                    out.answer::<()>(id, Err(Failure::new(ErrorCode::ServerNotInitialized, message)));
                    continue;
                }
                match serde_json::from_value(params) {
                    Ok(introduction) => {
                        let (client, workspace, wrong) = introduced(introduction);
                        out.answer(id, Ok(capabilities(&client)));
                        if let Some(wrong) = wrong {
                            out.warn(wrong);
                        }
                        return Ok(Some((client, workspace)));
                    }
                    Err(error) => {
                        out.answer::<()>(id, Err(Failure::new(ErrorCode::InvalidParams, error.to_string())));
                    }
                }
            }
            // Before that, nothing is listened to.
            Some(_) => {}
        }
    }
}

/// Who the client is, what it has open, and what is wrong with its settings.
fn introduced(introduction: Introduction) -> (Client, Workspace, Option<String>) {
    let Introduction { capabilities, client_info, workspace_folders, root_uri, root_path, initialization_options } =
        introduction;
    let folders: Option<Vec<WorkspaceFolder>> = match workspace_folders {
        Value::Array(folders) => {
            Some(folders.into_iter().filter_map(|folder| serde_json::from_value(folder).ok()).collect())
        }
        _ => None,
    };
    let folders = folders.unwrap_or_else(|| {
        let root: Option<Uri> = root_uri.as_str().and_then(|root| root.parse().ok());
        let root = root.or_else(|| uri::of_path(root_path.as_str()?.as_ref()));
        root.map(|uri| WorkspaceFolder { uri, name: String::new() }).into_iter().collect()
    });
    let (settings, wrong) = match Settings::read(initialization_options) {
        Ok(settings) => (settings, None),
        Err(wrong) => (Settings::default(), Some(wrong)),
    };
    let name = client_info.get("name").and_then(Value::as_str);
    (Client::new(name, &capabilities), Workspace::new(folders, settings), wrong)
}

/// Waits for a client that asked the server to shut down to let it go.
pub(super) fn end(inbox: &mut Inbox, out: &mut Outbox<'_>) -> io::Result<Ending> {
    loop {
        out.flush()?;
        match inbox.next(None) {
            // It is as good as told.
            None | Some(Event::Closed) => return Ok(Ending::Agreed),
            Some(Event::Cancelled(id)) => out.answer::<()>(id, Err(Failure::cancelled())),
            Some(Event::Incoming(Incoming::Malformed(malformed))) => out.refuse(malformed),
            Some(Event::Incoming(Incoming::Message(Message::Notification(note)))) if note.method == Exit::METHOD => {
                return Ok(Ending::Agreed);
            }
            Some(Event::Incoming(Incoming::Message(Message::Request(request)))) => {
                let message = "the server was asked to shut down";
                out.answer::<()>(request.id, Err(Failure::new(ErrorCode::InvalidRequest, message)));
            }
            Some(_) => {}
        }
    }
}
