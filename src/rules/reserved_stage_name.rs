use super::prelude::*;
use crate::ast::Word;
use crate::grammar::lower_case;

rule! {
    /// Call no stage `scratch` or `context`.
    ///
    /// ## What it does
    /// Finds a stage with one of the names that mean something else already.
    ///
    /// ## Why
    /// `FROM scratch` is the empty image and `context` the files of the build. With a stage of that name a reader can't
    /// tell which is meant.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22 AS context
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22 AS files
    /// ```
    ///
    /// ## How to fix
    /// Rename the stage, and what refers to it.
    ///
    /// ## When to ignore
    /// Never.
    "DL3063" "reserved-stage-name" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3063"),
            Same("buildkit/ReservedStageName"),
            Same("tally/buildkit/ReservedStageName"),
            Same("droast/DF084"),
        ],
        check: Check::NamedStage(check),
    }
}

fn check<'d, 'a>(_stage: &Stage<'d, 'a>, name: &Word<'a>, findings: &mut Findings<'_, 'd, 'a>) {
    // hadolint means the names just as they are.
    let name_in_use = if findings.preset() == Preset::Hadolint { name.as_str().into() } else { lower_case(name) };
    let means = match &*name_in_use {
        "scratch" => "the empty image",
        "context" => "the files of the build",
        _ => return,
    };
    findings.report(name.span, format!("`{name}` already means {means}")).help("give the stage another name");
}
