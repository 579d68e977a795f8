use std::collections::HashSet;

use super::prelude::*;
use crate::ast::Word;
use crate::nearest::nearest;
use crate::semantic::Source;

rule! {
    /// Copy from a stage that there is.
    ///
    /// ## What it does
    /// Finds a `COPY --from` that is likely to mean a stage which is not there: a name that is nearly that of a stage. Later
    /// stages and numbers that no stage has are another rule's, `unavailable-stage`. As hadolint defines it, each name without
    /// `:` that is not that of an earlier stage is a finding, and each number that no stage has.
    ///
    /// ## Why
    /// What is no stage is taken for an image and fetched from a registry: the build stops, or copies from something that
    /// happens to have the name.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22 AS build
    /// FROM alpine:3.22
    /// COPY --from=biuld /app /app
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22 AS build
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    ///
    /// ## How to fix
    /// Write the name of the stage. An image is named with its tag.
    ///
    /// ## When to ignore
    /// Where a context of that name is given to the build.
    "DL3022" "unknown-stage" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3022"),
            Same("tally/hadolint/DL3022"),
            Same("droast/DF049"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    if findings.preset() == Preset::Hadolint {
        check_names(findings);
        return;
    }
    for edge in &model.edges {
        let word = edge.word;
        if edge.source != Source::Image || word.contains([':', '/', '@', '.']) {
            continue;
        }
        // Those that stand nearest, so that many stages cost no more than few.
        let before = model.stages.iter().take(edge.stage).rev().take(100);
        let names = before.filter_map(|stage| stage.name()).map(Word::as_str);
        if let Some(meant) = nearest(word, names) {
            findings
                .report(word.span, format!("there is no stage `{word}`, so an image of that name is fetched"))
                .help(format!("did you mean `{meant}`?"));
        }
    }
}

/// hadolint compares the very text of names, and takes what holds a `:` for an image.
fn check_names(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    let mut names: HashSet<&str> = HashSet::new();
    let mut stages = 0;
    for instruction in &model.dockerfile.instructions {
        match &instruction.kind {
            Kind::From(from) => {
                stages += 1;
                names.extend(from.name.as_ref().map(Word::as_str));
            }
            Kind::Copy(copy) => {
                let Some(from) = copy.from() else { continue };
                let by_number = from.parse::<usize>().is_ok_and(|number| number < stages);
                if !from.contains(':') && !names.contains(from.as_str()) && !by_number {
                    findings
                        .report(from.span, format!("`{from}` is the name of no earlier stage"))
                        .help("name a stage, or an image with its tag");
                }
            }
            _ => {}
        }
    }
}
