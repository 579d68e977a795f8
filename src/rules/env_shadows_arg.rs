use std::collections::HashMap;

use super::prelude::*;
use crate::semantic::mentions;

rule! {
    /// Do not hide an `ARG` behind an `ENV` before anything used it.
    ///
    /// ## What it does
    /// Finds an `ENV` that sets a variable to something of its own, where an `ARG` of the stage has that name and nothing
    /// between the two uses it. `ENV NAME=$NAME` and `ENV NAME=${NAME:-default}` hand the argument on, and are meant.
    ///
    /// ## Why
    /// From there on the variable has the value of the `ENV`, whatever `--build-arg` says: the argument does nothing.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// ARG VERSION=1
    /// ENV VERSION=2
    /// RUN ./build.sh $VERSION
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// ARG VERSION=2
    /// ENV VERSION=$VERSION
    /// RUN ./build.sh $VERSION
    /// ```
    ///
    /// ## How to fix
    /// Write `ENV NAME=$NAME`, with the value as the default of the `ARG`; or take the `ARG` out.
    ///
    /// ## When to ignore
    /// Never.
    "PL1029" "env-shadows-arg" {
        severity: Warning,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        keywords: [Env],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    // Arguments that nothing has used.
    let mut unused: HashMap<&str, Span> = HashMap::new();
    let text = findings.model().dockerfile.text;
    for instruction in stage.body {
        match &instruction.kind {
            Kind::Arg(arg) => {
                // One argument may be the default of another.
                forget(&mut unused, instruction.span.of(text));
                unused.extend(arg.items.iter().map(|item| (item.name.as_str(), item.name.span)));
                continue;
            }
            // Commands have them in their environment.
            Kind::Run(_) | Kind::Malformed(_) | Kind::Onbuild(_) => {
                unused.clear();
                continue;
            }
            _ if unused.is_empty() => continue,
            Kind::Env(env) => {
                for pair in &env.pairs {
                    forget(&mut unused, &pair.value);
                }
                for pair in &env.pairs {
                    if let Some(place) = unused.remove(pair.key.as_str()) {
                        let name = &pair.key;
                        findings
                            .report(name.span, format!("this ENV hides the argument `{name}`, which nothing has used"))
                            .help(format!(
                                "write `ENV {name}=${name}`, with the value as the default of the ARG, or take the ARG out"
                            ))
                            .related(place, "the ARG");
                    }
                }
            }
            _ => forget(&mut unused, instruction.span.of(text)),
        }
    }
}

fn forget(unused: &mut HashMap<&str, Span>, text: &str) {
    for (_, name) in mentions(text) {
        unused.remove(name);
    }
}
