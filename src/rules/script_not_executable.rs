use super::prelude::*;
use crate::ast::{Form, Keyword};
use crate::semantic::Runner;

rule! {
    /// Make the script executable that the container runs.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` or a `CMD` that runs a file of the build context which nobody may execute. The mode on disk
    /// counts, `--chmod`, and what a later `RUN` does with `chmod`. It is silent where a shell is named that reads the file, as
    /// in `ENTRYPOINT ["sh", "/run.sh"]`, where the context is not known, and on Windows, where files have no modes (BuildKit
    /// makes all files executable that it gets from there).
    ///
    /// ## Why
    /// The container does not start: `permission denied`.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    ///
    /// ## How to fix
    /// Write `COPY --chmod=755`; or make the file executable and tell the repository so, with
    /// `git update-index --chmod=+x run.sh`.
    ///
    /// ## When to ignore
    /// Where something makes the file executable before the build.
    "PL1001" "script-not-executable" {
        severity: Error,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings().filter(|_| !cfg!(windows)) else { return };
    for executed in surroundings.executed() {
        let is_executable = executed.entry.status.is_none_or(|status| status.mode & 0o111 != 0);
        if is_executable || executed.may_be_executable || matches!(executed.way, Runner::Shell(_)) {
            continue;
        }
        let path = executed.entry.path_text();
        let place = findings.model().dockerfile.text.get(..executed.brought_by.span.start as usize).unwrap_or_default();
        let line = place.matches('\n').count() + 1;
        let keyword = executed.brought_by.keyword.to_uppercase();
        let message = format!("`{path}` is not executable, so the container can't run `{}`", executed.path);
        let only = only_file(executed.brought_by);
        let help = match only {
            Some(_) => format!("write `{keyword} --chmod=755` in line {line}, or make the file executable"),
            None => format!("make the file executable, or copy it alone, with `--chmod=755`; line {line} brings it"),
        };
        let finding = findings.report(executed.span, message).help(help);
        if let Some(at) = only {
            finding.fix(Fix {
                title: format!("copy `{path}` with `--chmod=755`").into(),
                applicability: Applicability::Unsafe,
                edits: vec![Edit { span: Span::empty(at), text: " --chmod=755".to_owned() }],
            });
        }
    }
}

/// Where a flag can be put into an instruction that copies one thing which is no pattern.
fn only_file(instruction: &Instruction<'_>) -> Option<u32> {
    let (sources, form) = match &instruction.kind {
        Kind::Copy(copy) => (&copy.sources, copy.form),
        Kind::Add(add) => (&add.sources, add.form),
        _ => return None,
    };
    let [source] = sources.as_slice() else { return None };
    let is_one = source.word().contains('.') && !source.word().contains(['*', '?', '[', '$']) && !source.word().ends_with(['.', '/']);
    let is_written = form == Form::Shell || matches!(instruction.kind.keyword(), Some(Keyword::Copy | Keyword::Add));
    (is_one && is_written).then_some(instruction.keyword.span.end)
}
