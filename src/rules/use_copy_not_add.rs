use super::prelude::*;
use crate::ast::{CopySource, Word};
use crate::context::EntryKind;
use crate::context::path::below_root;

rule! {
    /// Copy files with `COPY`, not with `ADD`.
    ///
    /// ## What it does
    /// Finds an `ADD` that only copies: no source is an archive, an address or a repository.
    ///
    /// ## Why
    /// `ADD` unpacks archives and fetches addresses. Where neither is meant, `COPY` says so, and does nothing else the day
    /// somebody names an archive.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ADD app.conf /etc/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY app.conf /etc/
    /// ```
    ///
    /// ## How to fix
    /// Write `COPY`. The fix does so; it is safe where the context is known, and the source is a directory or a file of text.
    /// Else it is not, for `ADD` unpacks an archive whatever its name is.
    ///
    /// ## When to ignore
    /// Never. A source that holds a variable is not looked at, for it may be an archive.
    "DL3020" "use-copy-not-add" {
        severity: Error,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3020"),
            Same("tally/hadolint/DL3020"),
            Near("trivy/DS-0005"),
            Near("checkov/CKV_DOCKER_4"),
            Same("semgrep/prefer-copy-over-add"),
            Same("droast/DF006"),
        ],
        changes: [AddToCopy],
        keywords: [Add],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Add(add) = &instruction.kind else { return };
    let hadolint = findings.preset() == Preset::Hadolint;
    let copies = |source: &CopySource<'_>| {
        let word = source.word().trim_matches(['"', '\'']);
        if hadolint { !is_unpacked(word) && !is_address(word) } else { !may_be_more(word) }
    };
    let found = if hadolint { add.sources.iter().any(copies) } else { add.sources.iter().all(copies) };
    // With a heredoc, both say the same.
    let is_heredoc = |source: &CopySource<'_>| matches!(source, CopySource::Heredoc(_));
    if !found || !hadolint && add.sources.iter().all(is_heredoc) {
        return;
    }
    let is_safe = |source: &CopySource<'_>| is_heredoc(source) || is_no_archive(instruction, source.word(), findings);
    let applicability =
        if add.sources.iter().all(is_safe) { Applicability::Safe } else { Applicability::Unsafe };
    let finding = findings
        .report(instruction.keyword.span, "this `ADD` only copies, which `COPY` says more plainly")
        .help("write `COPY`; `ADD` is for archives that are unpacked, and for addresses");
    let only_add_has = add.unpack().is_some() || add.keep_git_dir().is_some() || add.checksum().is_some();
    if !only_add_has && add.sources.iter().all(|source| !may_be_more(source.word())) {
        finding.fix(Fix {
            title: "write `COPY`".into(),
            applicability,
            edits: vec![Edit { span: instruction.keyword.span, text: "COPY".to_owned() }],
        });
    }
}

/// Whether `ADD` may do more than copy with it. A pattern may match an archive, and a directory's name tells nothing.
fn may_be_more(word: &str) -> bool {
    let repository = word.starts_with("git@") || word.starts_with("git://") || word.starts_with("ssh://");
    let wildcard_end = word.ends_with(['*', '?', ']']);
    repository || wildcard_end || word.contains('$') || is_archive(word) || is_address(word)
}

/// Whether a source is known to be a directory, or a file of text, so that there is nothing to unpack.
fn is_no_archive(instruction: &Instruction<'_>, word: &Word<'_>, findings: &Findings<'_, '_, '_>) -> bool {
    let found = || {
        let surroundings = findings.surroundings()?;
        let value = findings.point(instruction)?.value(word);
        let path = below_root(value.known()?.as_bytes());
        // The context itself.
        if path.is_empty() {
            return Some(true);
        }
        let listing = surroundings.context().listing();
        let entry = listing.find(&path)?;
        // An archive begins with what is no text, or says how it is compressed.
        let is_text = |text: &str| !text.starts_with(['\u{1F}', '\u{FFFD}']) && !text.starts_with("BZh");
        Some(match entry.kind {
            EntryKind::Directory => true,
            EntryKind::File => surroundings.beginning(&entry).is_some_and(|text| is_text(&text)),
            _ => false,
        })
    };
    found().unwrap_or_default()
}

fn is_address(word: &str) -> bool {
    word.starts_with("http://") || word.starts_with("https://")
}

/// Whether the name is that of an archive which hadolint knows.
pub(super) fn is_unpacked(word: &str) -> bool {
    const ENDINGS: [&str; 15] = [
        ".tar", ".Z", ".bz2", ".gz", ".lz", ".lzma", ".tZ", ".tb2", ".tbz", ".tbz2", ".tgz", ".tlz", ".tpz", ".txz", ".xz",
    ];
    ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Whether the name is an archive's; all are named here that `ADD` unpacks, and a few that people think it does.
fn is_archive(word: &str) -> bool {
    const ENDINGS: [&str; 24] = [
        ".tar", ".tgz", ".tbz", ".tbz2", ".tb2", ".tz2", ".txz", ".tlz", ".taz", ".tzst", ".gz", ".bz2", ".xz", ".lz",
        ".lzma", ".lzo", ".zst", ".z", ".zip", ".apk", ".7z", ".rz", ".lz4", ".sz",
    ];
    let lower = word.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
}
