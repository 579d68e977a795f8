use super::prelude::*;
use crate::ast::Word;
use crate::grammar::lower_case;
use crate::semantic::Source;

rule! {
    /// Write the names of stages in small letters.
    ///
    /// ## What it does
    /// Finds a stage whose name has a capital letter.
    ///
    /// ## Why
    /// BuildKit makes the name small: `FROM build` finds the stage `Build`, and `FROM Build` does not, but looks for an
    /// image.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM golang:1.25 AS Build
    /// ```
    /// ```dockerfile,good
    /// FROM golang:1.25 AS build
    /// ```
    ///
    /// ## How to fix
    /// The fix writes the name in small letters, where it is given and where files are copied from it.
    ///
    /// ## When to ignore
    /// Where the file is generated.
    "StageNameCasing" "stage-name-casing" {
        severity: Warning,
        category: Style,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/StageNameCasing"),
            Same("tally/buildkit/StageNameCasing"),
            Same("droast/DF085"),
        ],
        check: Check::NamedStage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, name: &Word<'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let small = lower_case(name);
    if small == name.as_str() {
        return;
    }
    let small = small.into_owned();
    let mut edits = vec![Edit { span: name.span, text: small.clone() }];
    let uses = findings.model().edges.iter().filter(|edge| {
        edge.source == Source::Stage(stage.index) && edge.word.to_lowercase() == small
            && edge.word.as_str() != small && edge.word.len() == edge.word.span.len() as usize
    });
    edits.extend(uses.map(|edge| Edit { span: edge.word.span, text: small.clone() }));
    edits.sort_by_key(|edit| edit.span.start);
    edits.dedup_by_key(|edit| edit.span.start);
    findings
        .report(name.span, format!("BuildKit calls this stage `{small}`, and `FROM {name}` would not find it"))
        .help(format!("write `{small}`"))
        .fix(Fix { title: format!("write `{small}`").into(), applicability: Applicability::Safe, edits });
}
