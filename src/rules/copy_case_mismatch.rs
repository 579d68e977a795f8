use super::prelude::*;
use crate::semantic::{Take, TakeProblemKind};

rule! {
    /// Write a path as the context has it, in upper and lower case too.
    ///
    /// ## What it does
    /// Finds a source of a `COPY`, an `ADD` or a bind mount that is not in the build context, where a path is that differs in
    /// the case of its letters only. It speaks up only where the context is known.
    ///
    /// ## Why
    /// The file is found on a machine that does not tell the two apart, but the build looks for the one that is written, and
    /// fails.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY readme.md /usr/share/doc/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY README.md /usr/share/doc/
    /// ```
    ///
    /// ## How to fix
    /// Write the path as it is, or rename the file.
    ///
    /// ## When to ignore
    /// Never.
    "PL1013" "copy-case-mismatch" {
        severity: Error,
        category: Context,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        keywords: [Add, Copy, Run],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let (landings, context) = (surroundings.landings(), surroundings.context());
    if landings.problems.is_empty() {
        return;
    }
    let twins = context.listing().twins();
    for problem in &landings.problems {
        let TakeProblemKind::Missing { path } = &problem.kind else { continue };
        let (Some(word), Some(Take { instruction, .. })) = (problem.word, landings.takes.get(problem.take)) else { continue };
        if context.decide(path).is_ok_and(|decision| decision.ignored) {
            // Then this is what `copy-ignored-file` says.
            continue;
        }
        let Some(twin) = twins.of(path).map(String::from_utf8_lossy) else { continue };
        let keyword = instruction.keyword.to_uppercase();
        let path = String::from_utf8_lossy(path);
        let finding = findings
            .report(word.span, format!("{keyword} takes `{path}`, but the context has `{twin}`"))
            .help(format!("write `{twin}`, or rename the file"));
        // Where the path is written as it is looked for, it can be written as it is.
        let written = word.trim_start_matches("./").trim_start_matches('/');
        if written == path {
            let start = word.len() - written.len();
            finding.fix(Fix {
                title: format!("write `{twin}`").into(),
                applicability: Applicability::Unsafe,
                edits: vec![Edit { span: word.span_of(start..word.len()), text: twin.into_owned() }],
            });
        }
    }
}
