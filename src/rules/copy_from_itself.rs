use super::prelude::*;
use crate::semantic::Source;

rule! {
    /// Copy from another stage, not from the same one.
    ///
    /// ## What it does
    /// Finds a `COPY --from` that names the stage which it stands in, by name or number.
    ///
    /// ## Why
    /// A stage is not there to copy from before it is finished: the build stops.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22 AS build
    /// COPY --from=build /a /b
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22 AS build
    /// RUN cp /a /b
    /// ```
    ///
    /// ## How to fix
    /// Name the stage that was meant, or copy with `RUN cp`.
    ///
    /// ## When to ignore
    /// Never.
    "DL3023" "copy-from-itself" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3023"),
            Same("tally/hadolint/DL3023"),
            Same("droast/DF050"),
            Same("trivy/DS-0006"),
        ],
        keywords: [Copy],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    let hadolint = findings.preset() == Preset::Hadolint;
    for edge in &model.edges {
        if edge.source != Source::Stage(edge.stage) {
            continue;
        }
        let name = model.stages.get(edge.stage).and_then(Stage::name);
        let is_copy = matches!(edge.instruction.kind, Kind::Copy(_));
        // hadolint knows a stage by the very text of its name.
        if !hadolint || is_copy && name.is_some_and(|name| name.as_str() == edge.word.as_str()) {
            findings
                .report(edge.word.span, format!("`{}` is the stage that is being built here", edge.word))
                .help("name the stage that was meant, or write `RUN cp`");
        }
    }
}
