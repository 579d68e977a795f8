use super::prelude::*;
use crate::ast::{CopySource, Word};
use crate::context::wildcard::has_wildcard;
use crate::dockerignore::Pattern;
use crate::semantic::{TakeProblemKind, clean_path};

rule! {
    /// Copy files that the ignore file does not leave out.
    ///
    /// ## What it does
    /// Finds a `COPY` or an `ADD` of a path that the ignore file leaves out of the context, and names the line that does so. It
    /// speaks up only where the context is known. BuildKit's definition looks at the path as it is written, and not at all
    /// where a pattern begins with `!`.
    ///
    /// ## Why
    /// The build fails, for the file is not there; or, where only some of a directory is left out, goes on without it.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY ignored/settings.json /app/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY settings.json /app/
    /// ```
    ///
    /// ## How to fix
    /// Take the pattern out of the ignore file, add an exception like `!settings.json` below it, or do not copy the file.
    ///
    /// ## When to ignore
    /// Never.
    "CopyIgnoredFile" "copy-ignored-file" {
        severity: Error,
        category: Context,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/CopyIgnoredFile"),
            Same("tally/buildkit/CopyIgnoredFile"),
            Same("droast/DF077"),
        ],
        keywords: [Add, Copy],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    // BuildKit says nothing at all where a pattern brings something back.
    let patterns = surroundings.context().ignore().patterns();
    if findings.preset() == Preset::Buildkit && patterns.iter().any(|pattern| pattern.exclusion) {
        return;
    }
    let (sources, is_add) = match &instruction.kind {
        Kind::Copy(copy) if copy.from().is_none() => (&copy.sources, false),
        Kind::Add(add) => (&add.sources, true),
        _ => return,
    };
    for source in sources {
        if let CopySource::Path(word) = source {
            look_at(instruction, word, is_add, findings);
        }
    }
}

fn look_at(instruction: &Instruction<'_>, word: &Word<'_>, is_add: bool, findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let context = surroundings.context();
    let expanded = findings.point(instruction).map(|point| point.value(word));
    let Some(path) = expanded.as_ref().and_then(|path| path.known()) else { return };
    // An address is no path.
    if is_add && (path.contains("://") || path.starts_with("git@")) {
        return;
    }
    let mut path = clean_path(path);
    if findings.preset() != Preset::Buildkit {
        if has_wildcard(path.as_bytes()) {
            look_at_matches(word, &path, findings);
            return;
        }
        path = path.trim_start_matches('/').to_owned();
    }
    if findings.preset() == Preset::Buildkit {
        // BuildKit takes the context as a whole for ignored only where a pattern says so in so many words.
        let is_everything = |pattern: &Pattern| matches!(pattern.cleaned(), b"*" | b"**" | b"**/*");
        if matches!(path.as_str(), "." | "/") && !context.ignore().patterns().iter().any(is_everything) {
            return;
        }
        if context.ignore().matches_or_parent_matches(path.as_bytes()).unwrap_or(false) {
            findings
                .report(word.span, format!("the ignore file leaves `{path}` out of the context"))
                .help("take the pattern out of the ignore file, or add an exception below it");
        }
        return;
    }
    let Ok(decision) = context.decide(path.as_bytes()) else { return };
    let Some(deciding) = decision.deciding().filter(|_| decision.ignored && !context.has(path.as_bytes())) else { return };
    let (pattern, file) = (deciding.pattern, &deciding.pattern.file);
    let message = format!("the ignore file leaves `{path}` out of the context: `{}`, {file}:{}", pattern.written, pattern.line);
    findings
        .report(word.span, message)
        .help(format!("take the pattern out of the ignore file, or add `!{path}` below it"));
}

/// A source with wildcards that matches something, all of which is left out.
fn look_at_matches(word: &Word<'_>, path: &str, findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let context = surroundings.context();
    let matches_nothing = surroundings.landings().problems.iter().any(|problem| {
        problem.kind == TakeProblemKind::NothingMatches && problem.word.is_some_and(|other| other.span == word.span)
    });
    if !matches_nothing {
        return;
    }
    let left_out = context.on_disk(path.as_bytes());
    let Some(first) = left_out.first() else { return };
    let Ok(decision) = context.decide(first) else { return };
    let Some(deciding) = decision.deciding().filter(|_| decision.ignored) else { return };
    let (pattern, file) = (deciding.pattern, &deciding.pattern.file);
    let path = path.trim_start_matches('/');
    let first = String::from_utf8_lossy(first);
    let message = format!(
        "the ignore file leaves out all that `{path}` matches, like `{first}`: `{}`, {file}:{}",
        pattern.written, pattern.line
    );
    findings
        .report(word.span, message)
        .help(format!("take the pattern out of the ignore file, or add `!{path}` below it"));
}
