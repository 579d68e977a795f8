use std::collections::HashSet;

use super::prelude::*;
use crate::semantic::Runner;

rule! {
    /// Name an interpreter in a script that the image has.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` or a `CMD` that runs a script of the build context whose `#!` names what the base image is known to
    /// lack: `bash` in Alpine, any shell in an image without one. It knows `alpine`, the `alpine` tags of some languages,
    /// `busybox`, `scratch` and distroless images, and is silent where anything in the Dockerfile may bring the interpreter.
    ///
    /// ## Why
    /// The container does not start: `no such file or directory`, though the script is there.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache bash
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    ///
    /// ## How to fix
    /// Install the interpreter, or write the script for `sh`.
    ///
    /// ## When to ignore
    /// Where the image has the interpreter all the same.
    "PL1004" "script-interpreter-missing" {
        severity: Error,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let mut seen = HashSet::new();
    for executed in surroundings.executed() {
        if executed.may_be_changed || matches!(executed.way, Runner::Shell(_)) || !seen.insert(executed.span) {
            continue;
        }
        let Some(content) = surroundings.beginning(&executed.entry) else { continue };
        let Some(interpreter) = interpreter(&content) else { continue };
        let model = findings.model();
        let stage = model.stages.get(executed.stage);
        let Some(lacking) = stage.and_then(|stage| model.lacks_interpreter(stage, interpreter)) else { continue };
        let path = executed.entry.path_text();
        findings
            .report(executed.span, format!("`{path}` is a script for `{interpreter}`, which `{lacking}` does not have"))
            .help("install it, or write the script for what the image has");
    }
}

/// What the first line of a script names.
fn interpreter(content: &str) -> Option<&str> {
    let line = content.strip_prefix("#!")?.lines().next()?.trim();
    let mut words = line.split_whitespace();
    let program = words.next()?;
    if program.rsplit('/').next() == Some("env") {
        return words.find(|word| !word.starts_with('-') && !word.contains('='));
    }
    Some(program)
}
