use super::prelude::*;
use crate::semantic::Source;

rule! {
    /// Take files from stages that come before.
    ///
    /// ## What it does
    /// Finds a `COPY --from` or a `--mount` that takes files from a later stage, or from a number that no stage has. As
    /// hadolint defines it, `unknown-stage` says so.
    ///
    /// ## Why
    /// Stages are built from the top down: the build fails at this line.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app
    /// ```
    /// ```dockerfile,good
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    ///
    /// ## How to fix
    /// Move the stage up, or name another one. Numbers count from 0.
    ///
    /// ## When to ignore
    /// Never.
    "PL1035" "unavailable-stage" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    for edge in &findings.model().edges {
        let word = edge.word;
        match edge.source {
            Source::Stage(source) if source > edge.stage => {
                findings
                    .report(word.span, format!("`{word}` is a later stage, and only earlier ones can be taken from"))
                    .help("move that stage up");
            }
            Source::NoStage => {
                let help = match edge.stage {
                    0 => "name an image, or a stage that you write above this one".to_owned(),
                    1 => "stages are counted from 0, and only stage 0 comes before this one".to_owned(),
                    count => format!("stages are counted from 0, and those from 0 to {} come before this one", count - 1),
                };
                findings.report(word.span, format!("there is no stage `{word}`")).help(help);
            }
            Source::Stage(_) | Source::Image | Source::Unknown => {}
        }
    }
}
