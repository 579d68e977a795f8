//! What leads out of a file: to files of the context, and to pages.

use std::path::PathBuf;

use crate::ast::{CopySource, DirectiveKind, Image, Kind, Word};
use crate::context::EntryKind;
use crate::lsp::document::Reading;
use crate::semantic::Base;
use crate::source::Span;

use super::paths;

/// A link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    /// What stands there.
    pub(crate) span: Span,
    /// Where it leads.
    pub(crate) target: LinkTarget,
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum LinkTarget {
    /// A file.
    File(PathBuf),
    /// A page.
    Page(String),
}

/// All links of a file, in order.
pub(crate) fn links(reading: &Reading<'_, '_>) -> Vec<Link> {
    let mut links = Vec::new();
    for directive in &reading.parsed.dockerfile.directives {
        if directive.kind == DirectiveKind::Syntax
            && let Some(page) = page_of(&directive.value)
        {
            links.push(Link { span: directive.value.span, target: LinkTarget::Page(page) });
        }
    }
    for stage in reading.model.stages.iter().filter(|stage| stage.base == Base::Image) {
        let image: Option<&Image<'_>> = stage.from().map(|from| &*from.image);
        if let Some(image) = image
            && let Some(page) = stage.image.known().and_then(page_of)
        {
            links.push(Link { span: image.word.span, target: LinkTarget::Page(page) });
        }
    }
    let context = paths::context(reading);
    for instruction in &reading.parsed.dockerfile.instructions {
        if let Kind::Add(add) = &instruction.kind {
            let address = |source: &CopySource<'_>| {
                let word = source.word();
                let is_page = (word.starts_with("https://") || word.starts_with("http://")) && !word.contains('$');
                is_page.then(|| Link { span: word.span, target: LinkTarget::Page(word.as_str().to_owned()) })
            };
            links.extend(add.sources.iter().filter_map(address));
        }
        let Some((context, point)) = context.zip(reading.model.at(instruction)) else { continue };
        let file = |word: &Word<'_>| {
            let entry = paths::entry(context, &point, word).filter(|entry| entry.kind == EntryKind::File)?;
            let path = std::str::from_utf8(entry.path).ok()?;
            Some(Link { span: word.span, target: LinkTarget::File(context.root().join(path)) })
        };
        links.extend(paths::sources(instruction).into_iter().filter_map(file));
    }
    links.sort_by_key(|link| link.span);
    links
}

/// The page of an image, where its registry has pages.
fn page_of(reference: &str) -> Option<String> {
    if !crate::semantic::is_image_reference(reference) {
        return None;
    }
    let name = reference.split('@').next()?;
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let name = name.get(..last + name.get(last..)?.find(':').unwrap_or(name.len() - last))?;
    let (registry, name) = match name.split_once('/') {
        Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => (registry, rest),
        _ => ("docker.io", name),
    };
    match registry {
        "docker.io" => Some(match name.strip_prefix("library/").unwrap_or(name) {
            official if !official.contains('/') => format!("https://hub.docker.com/_/{official}"),
            other => format!("https://hub.docker.com/r/{other}"),
        }),
        "quay.io" => Some(format!("https://quay.io/repository/{name}")),
        "mcr.microsoft.com" => Some(format!("https://mcr.microsoft.com/artifact/mar/{name}")),
        "ghcr.io" => Some(format!("https://ghcr.io/{name}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_context, written};
    use super::*;

    #[test]
    fn where_links_lead() {
        check(
            &[
                ("FROM node:22 AS x\nFROM x\nFROM scratch\n", "node:22 -> https://hub.docker.com/_/node"),
                ("ARG É=a/b\nFROM $É:1@sha256:x\n", ""),
                ("ARG T=1\nFROM a/b:$T\n", "a/b:$T -> https://hub.docker.com/r/a/b"),
                ("FROM quay.io/a/b:1\n", "quay.io/a/b:1 -> https://quay.io/repository/a/b"),
                ("FROM localhost:5000/a\n", ""),
                (
                    "# syntax=docker/dockerfile:1\nFROM $X\n",
                    "docker/dockerfile:1 -> https://hub.docker.com/r/docker/dockerfile",
                ),
                ("FROM scratch\nADD https://a.b/é.tgz x /\n", "https://a.b/é.tgz -> https://a.b/é.tgz"),
                ("FROM scratch\nCOPY main.go d nope *.go /\n", "main.go -> main.go"),
                ("FROM scratch\nRUN --mount=source=main.go,target=/x é\n", "main.go -> main.go"),
            ],
            |text| {
                in_context(&written(&[("main.go", ""), ("d/x", "")]), text, |reading, _| {
                    let shown = |link: &Link| {
                        let target = match &link.target {
                            LinkTarget::Page(page) => page.clone(),
                            LinkTarget::File(path) => path.file_name().unwrap().to_string_lossy().into_owned(),
                        };
                        format!("{} -> {target}", link.span.of(reading.text))
                    };
                    links(reading).iter().map(shown).collect::<Vec<_>>().join(" | ")
                })
            },
        );
    }
}
