use std::collections::{HashMap, HashSet};

use super::prelude::*;
use crate::ast::ArgItem;
use crate::semantic::{PLATFORM_ARGUMENTS, PROXY_ARGUMENTS, base_image, mentions};

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
    /// Take it out, or move it above what should use it.
    ///
    /// ## When to ignore
    /// Where a tool outside gives the argument to every build, and the warning of BuildKit about it shall not appear.
    "PL1027" "unused-arg" {
        severity: Warning,
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
    let model = findings.model();
    let items = || {
        model.dockerfile.instructions.iter().flat_map(|instruction| match &instruction.kind {
            Kind::Arg(arg) => arg.items.as_slice(),
            _ => &[],
        })
    };
    let names: HashSet<&str> = items().map(|item| item.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    // Where each name occurs, and where commands are run, in order.
    let mut places: HashMap<&str, Vec<u32>> = HashMap::new();
    let mut runs: Vec<u32> = Vec::new();
    for instruction in &model.dockerfile.instructions {
        for (at, name) in mentions(instruction.span.of(model.dockerfile.text)) {
            if names.contains(name) {
                places.entry(name).or_default().push(instruction.span.start + Span::of_range(0..at).end);
            }
        }
        let inner = match &instruction.kind {
            Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
            _ => Some(instruction),
        };
        // What can't be read may be a RUN.
        if inner.is_some_and(|inner| matches!(inner.kind, Kind::Run(_) | Kind::Malformed(_))) {
            runs.push(instruction.span.start);
        }
    }
    let occurs = |sorted: &[u32], from: u32, to: u32| {
        sorted.get(sorted.partition_point(|place| *place < from)).is_some_and(|place| *place < to)
    };
    let mut unused: Vec<&ArgItem<'_>> = Vec::new();
    let is_used = |item: &ArgItem<'_>, to: u32| {
        let places = places.get(item.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        // A name with quotes in it is none.
        mentions(&item.name).map(|(_, name)| name).ne([item.name.as_str()])
            || is_built_in(&item.name)
            || occurs(places, item.name.span.end, to)
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
    let preamble = if model.stages.iter().all(is_known) { model.preamble() } else { &[] };
    for instruction in preamble {
        let Kind::Arg(arg) = &instruction.kind else { continue };
        unused.extend(arg.items.iter().filter(|item| !is_used(item, u32::MAX)));
    }
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
            let Kind::Arg(arg) = &instruction.kind else { continue };
            let is_run = occurs(&runs, instruction.span.end, end);
            unused.extend(arg.items.iter().filter(|item| !is_run && !is_used(item, end)));
        }
    }
    for item in unused {
        findings
            .report(item.word.span, format!("nothing uses the argument `{}`", item.name))
            .help("take it out, or move it above what should use it");
    }
}

/// Whether the builder itself reads an argument.
fn is_built_in(name: &str) -> bool {
    name.starts_with("BUILDKIT_")
        || name == "SOURCE_DATE_EPOCH"
        || PROXY_ARGUMENTS.contains(&name)
        || PLATFORM_ARGUMENTS.contains(&name)
}
