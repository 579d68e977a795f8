use std::collections::{HashMap, HashSet};

use super::edits::take_out;
use super::prelude::*;
use crate::ast::{Arg, ArgItem};
use crate::semantic::{Model, PLATFORM_ARGUMENTS, PROXY_ARGUMENTS, base_image, mentions};

rule! {
    /// Declare no `ARG` that nothing uses.
    ///
    /// ## What it does
    /// Finds an `ARG` in a stage whose name nothing after it has, and after which no `RUN` comes: commands may find it in their
    /// environment, whether the Dockerfile names it there or not. Before the first `FROM`, it finds an `ARG` whose name occurs
    /// nowhere in the rest of the file; it is silent there unless all base images are well known, for the `ONBUILD` of another
    /// may use the argument.
    ///
    /// ## Why
    /// Who builds gives `--build-arg`, and nothing changes. Often a line was moved, or a name was changed in one place only.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// ARG VERSION=1
    /// CMD ["curl"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// ARG VERSION=1
    /// LABEL version=$VERSION
    /// CMD ["curl"]
    /// ```
    ///
    /// ## How to fix
    /// Take it out, or move it above what should use it. The fix does the former, where the instruction declares nothing else
    /// and no comment tells of it; it is unsafe, for BuildKit warns of a `--build-arg` that nothing declares.
    ///
    /// ## When to ignore
    /// Where a tool outside gives the argument to every build, and the warning of BuildKit about it shall not appear.
    "PL1027" "unused-arg" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        keywords: [Arg],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    // Most are followed by a RUN, so that nothing needs to be looked for.
    let candidates = candidates(model);
    let Some(first) = candidates.iter().map(|(_, item, _)| item.name.span.end).min() else { return };
    let names: HashSet<&str> = candidates.iter().map(|(_, item, _)| item.name.as_str()).collect();
    let mut places: HashMap<&str, Vec<u32>> = HashMap::new();
    for instruction in model.dockerfile.instructions.iter().filter(|instruction| instruction.span.end > first) {
        for (at, name) in mentions(instruction.span.of(model.dockerfile.text)) {
            if names.contains(name) {
                places.entry(name).or_default().push(instruction.span.start + Span::of_range(0..at).end);
            }
        }
    }
    for (instruction, item, end) in candidates {
        let places = places.get(item.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        if !occurs(places, item.name.span.end, end) {
            // A file without a FROM may hold nothing else.
            let is_alone = matches!(&instruction.kind, Kind::Arg(arg) if arg.items.len() == 1)
                && !model.stages.is_empty()
                && model.dockerfile.comments_of(instruction).is_empty();
            let edit = take_out(model.dockerfile, instruction).filter(|_| is_alone);
            let finding = findings
                .report(item.word.span, format!("nothing uses the argument `{}`", item.name))
                .help("take it out, or move it above what should use it");
            if let Some(edit) = edit {
                finding.fix(Fix {
                    title: format!("take `ARG {}` out", item.name).into(),
                    applicability: Applicability::Unsafe,
                    edits: vec![edit],
                });
            }
        }
    }
}

/// The arguments that no command finds in its environment, and the end of where they can be used.
fn candidates<'d, 'a>(model: &Model<'d, 'a>) -> Vec<(&'d Instruction<'a>, &'d ArgItem<'a>, u32)> {
    let mut candidates = Vec::new();
    let mut add = |instruction: &'d Instruction<'a>, arg: &'d Arg<'a>, end: u32| {
        // A name with quotes in it is none.
        let is_name = |item: &&ArgItem<'_>| mentions(&item.name).map(|(_, name)| name).eq([item.name.as_str()]);
        let items = arg.items.iter().filter(|item| !is_built_in(&item.name)).filter(is_name);
        candidates.extend(items.map(|item| (instruction, item, end)));
    };
    // What another image has in ONBUILD may well be an ARG that takes a value from here.
    let is_known = |stage: &Stage<'_, '_>| match stage.base {
        Base::Image => {
            let image = stage.image.known().unwrap_or_default();
            !image.contains("onbuild") && base_image(image).is_some()
        }
        Base::Scratch | Base::Stage(_) => true,
        Base::Unknown => false,
    };
    let preamble = model.preamble();
    if !preamble.is_empty() && !model.stages.is_empty() && model.stages.iter().all(is_known) {
        for instruction in preamble {
            if let Kind::Arg(arg) = &instruction.kind {
                add(instruction, arg, u32::MAX);
            }
        }
    }
    // Where commands are run, in order.
    let runs: Vec<u32> = model.dockerfile.instructions.iter().filter(|other| is_run(other)).map(|run| run.span.start).collect();
    let mut is_base = vec![false; model.stages.len()];
    for stage in &model.stages {
        if let Base::Stage(base) = stage.base
            && let Some(is_base) = is_base.get_mut(base)
        {
            *is_base = true;
        }
    }
    for (stage, is_base) in model.stages.iter().zip(is_base) {
        // Stages that build on this one have its arguments.
        let end = stage.body.last().filter(|_| !is_base).map_or(u32::MAX, |last| last.span.end);
        for instruction in stage.body {
            if let Kind::Arg(arg) = &instruction.kind
                && !occurs(&runs, instruction.span.end, end)
            {
                add(instruction, arg, end);
            }
        }
    }
    candidates
}

/// Whether an instruction runs commands, now or in another build; one that can't be read may do so.
fn is_run(instruction: &Instruction<'_>) -> bool {
    let inner = match &instruction.kind {
        Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
        _ => Some(instruction),
    };
    inner.is_some_and(|inner| matches!(inner.kind, Kind::Run(_) | Kind::Malformed(_)))
}

/// Whether one of `sorted` is from `from` on and before `to`.
fn occurs(sorted: &[u32], from: u32, to: u32) -> bool {
    sorted.get(sorted.partition_point(|place| *place < from)).is_some_and(|place| *place < to)
}

/// Whether the builder itself reads an argument.
fn is_built_in(name: &str) -> bool {
    name.starts_with("BUILDKIT_")
        || name == "SOURCE_DATE_EPOCH"
        || PROXY_ARGUMENTS.contains(&name)
        || PLATFORM_ARGUMENTS.contains(&name)
}
