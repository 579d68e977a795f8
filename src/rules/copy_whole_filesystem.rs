use super::prelude::*;
use crate::semantic::Source;

rule! {
    /// Copy what is needed from another stage, not all of it.
    ///
    /// ## What it does
    /// Finds a `COPY --from=…` of `/` to `/`. An image that holds nothing but a few files is meant for that, and can be
    /// told apart only by who wrote it.
    ///
    /// ## Why
    /// Everything that the stage has comes along: its package manager, its caches, its secrets. The size and the holes of
    /// both images add up.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22 AS build
    /// RUN make
    /// FROM alpine:3.22
    /// COPY --from=build / /
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22 AS build
    /// RUN make
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    ///
    /// ## How to fix
    /// Name the directories that are needed.
    ///
    /// ## When to ignore
    /// Where the stage or image is made to be copied as a whole, as `tonistiigi/xx` is, or where a `FROM scratch` makes one
    /// layer of many. A stage that ends on `scratch` is not looked at by us, nor are images.
    "DL3067" "copy-whole-filesystem" {
        severity: Warning,
        category: Size,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3067"),
            Near("droast/DF026"),
        ],
        keywords: [Copy],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    if findings.preset() == Preset::Hadolint {
        for instruction in &model.dockerfile.instructions {
            report(instruction, findings);
        }
        return;
    }
    let is_scratch = |index: usize| model.stages.get(index).is_none_or(|stage| stage.base == Base::Scratch);
    // A stage that does nothing is an image by another name.
    let is_made_for_it = |index: usize| is_scratch(index) || model.stages.get(index).is_none_or(|stage| stage.body.is_empty());
    for edge in &model.edges {
        if let Source::Stage(from) = edge.source
            && !is_scratch(edge.stage)
            && !is_made_for_it(from)
        {
            report(edge.instruction, findings);
        }
    }
}

fn report(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Copy(copy) = &instruction.kind else { return };
    let (Some(from), [source]) = (copy.from(), copy.sources.as_slice()) else { return };
    if source.word() == "/" && copy.destination == "/" {
        findings
            .report(from.span, format!("all of `{from}` is copied, whatever is in it"))
            .help("name the directories that are needed");
    }
}
