use std::borrow::Cow;
use std::collections::HashMap;

use super::prelude::*;
use crate::grammar::lower_case;

rule! {
    /// Give each stage a name of its own.
    ///
    /// ## What it does
    /// Finds a stage that has the name of an earlier one. Names are the same in any case, though hadolint says otherwise.
    ///
    /// ## Why
    /// From then on the name means the later stage, and the earlier one can't be reached by it: `COPY --from` takes files
    /// from another stage than the reader thinks.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM golang:1.25 AS build
    /// FROM node:24 AS build
    /// ```
    /// ```dockerfile,good
    /// FROM golang:1.25 AS build-server
    /// FROM node:24 AS build-pages
    /// ```
    ///
    /// ## How to fix
    /// Rename one of the two, and what refers to it.
    ///
    /// ## When to ignore
    /// Never.
    "DL3024" "duplicate-stage-name" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL3024"),
            Same("buildkit/DuplicateStageName"),
            Same("tally/hadolint/DL3024"),
            Same("trivy/DS-0012"),
            Same("checkov/CKV_DOCKER_11"),
            Same("droast/DF042"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let exact = findings.preset() == Preset::Hadolint;
    let model = findings.model();
    let named = || model.stages.iter().filter_map(|stage| Some((stage, stage.name()?)));
    if named().nth(1).is_none() {
        return;
    }
    let mut seen = HashMap::new();
    for (stage, name) in named() {
        let key = if exact { Cow::Borrowed(name.as_str()) } else { lower_case(name) };
        if let Some((first, place)) = seen.get(&key) {
            findings
                .report(name.span, format!("stage {first} is called `{name}` already"))
                .help("give this stage another name")
                .related(*place, format!("stage {first}"));
        } else {
            seen.insert(key, (stage.index, name.span));
        }
    }
}
