use super::prelude::*;
use crate::context::EntryKind;
use crate::context::path::{below_root, join, split};
use crate::semantic::Way;

rule! {
    /// Do not copy a directory to where a file is meant.
    ///
    /// ## What it does
    /// Finds a `COPY` or an `ADD` of a directory of the context to a path that is called like a file: `/etc/app.conf`. It
    /// speaks up only where the context is known, and not where the directory itself is called so.
    ///
    /// ## Why
    /// The content of the directory goes into a directory of that name. The program that reads the file finds a directory.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY config /etc/app.conf
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY config/app.conf /etc/app.conf
    /// ```
    ///
    /// ## How to fix
    /// Name the file in the directory, or a directory as the destination.
    ///
    /// ## When to ignore
    /// Where a directory of that name is wanted.
    "PL1014" "copy-directory-as-file" {
        severity: Warning,
        category: Context,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        keywords: [Add, Copy],
        check: Check::File(check),
    }
}

/// What only files are called.
const ENDINGS: [&str; 27] = [
    "bash", "cfg", "conf", "config", "crt", "css", "csv", "env", "gz", "html", "ini", "jar", "js", "json", "key", "md",
    "pem", "php", "properties", "py", "rb", "sh", "sql", "toml", "txt", "xml", "yml",
];

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    for take in &surroundings.landings().takes {
        let ([source], Some(destination)) = (take.sources.as_slice(), take.destination.known()) else { continue };
        let (Some(word), Some(path)) = (source.word, source.path.known()) else { continue };
        if take.way == Way::Mount || take.into_directory || take.parents {
            continue;
        }
        let path = below_root(path.as_bytes());
        let is_directory =
            surroundings.context().listing().find(&path).is_some_and(|entry| entry.kind == EntryKind::Directory);
        let name = destination.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending);
        let is_file_name = ending.is_some_and(|ending| ENDINGS.contains(&ending) || ending == "yaml");
        if !is_directory || !is_file_name || split(&path).1 == name.as_bytes() {
            continue;
        }
        let keyword = take.instruction.keyword.to_uppercase();
        let has_file = surroundings.context().has(&join(&path, name.as_bytes()));
        let path = String::from_utf8_lossy(&path);
        let help = match has_file {
            true => format!("write `{path}/{name}`"),
            false => format!("name a file of it, or write `{destination}/` where a directory is wanted"),
        };
        findings
            .report(word.span, format!("`{path}` is a directory, so {keyword} makes `{destination}` one too"))
            .help(help);
    }
}
