use super::prelude::*;
use crate::semantic::{Take, TakeProblemKind};

rule! {
    /// Copy files that are there.
    ///
    /// ## What it does
    /// Finds a source of a `COPY`, an `ADD` or a bind mount that is not in the build context. It is silent where the context
    /// is not known, where the source holds a variable whose value is not known, and where wildcards match nothing. A path that
    /// is left out, or that is there in another case, is what `copy-ignored-file` and `copy-case-mismatch` look at.
    ///
    /// ## Why
    /// The build fails when it comes to the instruction.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY apps.conf /etc/app/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY app.conf /etc/app/
    /// ```
    ///
    /// ## How to fix
    /// Write the path as it is, from the root of the context, not from the Dockerfile's directory.
    ///
    /// ## When to ignore
    /// Where something makes the file before the build.
    "PL1012" "copy-source-missing" {
        severity: Error,
        category: Context,
        fixable: Never,
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
        let is_ignored = || context.decide(path).is_ok_and(|decision| decision.ignored);
        let (Some(word), Some(Take { instruction, .. })) = (problem.word, landings.takes.get(problem.take)) else { continue };
        // `copy-ignored-file` and `copy-case-mismatch` know more to say.
        if is_ignored() || twins.of(path).is_some() {
            continue;
        }
        let keyword = instruction.keyword.to_uppercase();
        let path = String::from_utf8_lossy(path);
        let message = format!("{keyword} takes `{path}`, which is not in the build context");
        let root = context.root().display();
        findings.report(word.span, message).help(format!("paths start at the root of the context, which is `{root}`"));
    }
}
