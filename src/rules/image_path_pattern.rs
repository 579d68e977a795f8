use std::collections::BTreeSet;

use super::ignore_findings::{MADE_BY_PYTHON, MADE_BY_TOOLS, with_mark};
use super::prelude::*;
use crate::dockerignore::Pattern;
use crate::semantic::Model;

/// A directory that is deeper than this is no `WORKDIR`.
const DEEPEST: usize = 32;

rule! {
    /// Write patterns from the root of the context, not of the image.
    ///
    /// ## What it does
    /// Finds a pattern that begins with a `WORKDIR` of the Dockerfile, where the context has no such directory, and what is left
    /// of the pattern is there. It speaks up only where the directory of the context and a Dockerfile are known.
    ///
    /// ## Why
    /// An ignore file is about the directory that is sent, before anything is copied. `/app/node_modules` is the directory
    /// `app/node_modules` there, and matches nothing.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// /app/node_modules
    /// ```
    /// ```dockerignore,good
    /// node_modules
    /// ```
    ///
    /// ## How to fix
    /// Write the path from the root of the context.
    ///
    /// ## When to ignore
    /// Where the directory is made before the build.
    "PL1024" "image-path-pattern" {
        severity: Warning,
        category: Context,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    let subject = findings.subject();
    let workdirs = workdirs(subject);
    for pattern in findings.patterns() {
        let Some((workdir, rest)) = in_image(pattern, &workdirs, subject) else { continue };
        let instead = with_mark(pattern, rest);
        let message = format!(
            "`{}` is a path in the image, under `WORKDIR /{workdir}`, and matches nothing in the context",
            pattern.written
        );
        findings
            .report(pattern.span, message)
            .help(format!("write `{instead}`: patterns start at the root of the context"))
            .fix(IgnoreFindings::rewriting(pattern, instead));
    }
}

/// The `WORKDIR` with which a pattern begins, and what is left of it, if that is meant.
pub(super) fn in_image<'p>(
    pattern: &'p Pattern,
    workdirs: &BTreeSet<String>,
    subject: &IgnoreSubject<'_>,
) -> Option<(&'p str, &'p str)> {
    let path = std::str::from_utf8(pattern.cleaned()).ok()?;
    let slashes = path.match_indices('/').take(DEEPEST);
    let candidates = slashes.filter_map(|(slash, _)| {
        let workdir = path.get(..slash).filter(|workdir| workdirs.contains(*workdir))?;
        let rest = path.get(slash + 1..)?;
        let first = workdir.split('/').next()?;
        let is_meant = subject.has(first) == Some(false) && is_for_the_context(rest, subject);
        is_meant.then_some((workdir, rest))
    });
    candidates.max_by_key(|(_, rest)| subject.has(rest) == Some(true))
}

/// The directories of `WORKDIR` that are known, without their first `/`; none where the context is not known.
pub(super) fn workdirs(subject: &IgnoreSubject<'_>) -> BTreeSet<String> {
    let known = subject.root().is_some();
    subject.models().iter().filter(|_| known).flat_map(workdirs_of).collect()
}

fn workdirs_of(model: &Model<'_, '_>) -> Vec<String> {
    let mut all = Vec::new();
    for stage in &model.stages {
        let after = stage.body.iter().skip(1).filter_map(|instruction| model.at(instruction));
        for point in after.chain([model.at_end(stage)]) {
            if let Some(workdir) = point.workdir().known() {
                all.push(workdir.trim_matches('/').to_owned());
            }
        }
    }
    all.retain(|workdir| !workdir.is_empty());
    all.dedup();
    all
}

/// Whether what is left of the pattern is something of the context's, or of what tools put there.
fn is_for_the_context(rest: &str, subject: &IgnoreSubject<'_>) -> bool {
    let first = rest.split('/').next().unwrap_or(rest);
    let is_known = |name: &str| MADE_BY_TOOLS.contains(&name) || MADE_BY_PYTHON.contains(&name);
    is_known(first) || is_known(rest.rsplit('/').next().unwrap_or(rest)) || subject.has(first) == Some(true)
}
