use std::collections::{HashMap, HashSet};

use super::prelude::*;
use crate::semantic::{Point, Value, resolve};
use crate::shell::{Argument, Call, NodeKind, Redirection, Script};

rule! {
    /// Write into a volume before you declare it.
    ///
    /// ## What it does
    /// Finds a `COPY`, an `ADD` or a `RUN` that writes to a path at or below a `VOLUME` which was declared earlier, in the stage
    /// or in one that it builds on.
    ///
    /// ## Why
    /// BuildKit keeps what is written. The old builder, and builders that do as it did, throw away what a `RUN` writes there:
    /// each command has a volume of its own, which is dropped with it. In any case, what is mounted on the path when the
    /// container runs hides it; only into a volume that is new and empty does Docker copy what the image has there, and into
    /// one that exists already, nothing of a newer image.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// VOLUME /data
    /// RUN mkdir /data/cache
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN mkdir -p /data/cache
    /// VOLUME /data
    /// ```
    ///
    /// ## How to fix
    /// Move the `VOLUME` below what writes to it. What must be there whatever is mounted, put elsewhere, and let the
    /// entrypoint copy it.
    ///
    /// ## When to ignore
    /// Where only BuildKit builds the image, and the volume is always a new one.
    "PL1011" "write-below-volume" {
        severity: Info,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [],
        keywords: [Volume],
        check: Check::Stage(check),
    }
}

/// How many stages that build on each other are looked through.
const STAGES: usize = 32;

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let model = findings.model();
    let mut volumes: HashSet<String> = HashSet::new();
    for base in model.lineage(stage).skip(1).take(STAGES) {
        for instruction in base.body {
            add(instruction, findings, &mut volumes);
        }
    }
    for instruction in stage.body {
        add(instruction, findings, &mut volumes);
        let Some(point) = findings.point(instruction).filter(|_| !volumes.is_empty()) else { continue };
        match &instruction.kind {
            Kind::Copy(copy) => {
                let path = point.resolve(&copy.destination);
                if let Some((path, volume)) = path.known().and_then(|path| Some((path, below(path, &volumes)?))) {
                    report_copy(instruction, path, volume, findings);
                }
            }
            Kind::Add(add) => {
                let path = point.resolve(&add.destination);
                if let Some((path, volume)) = path.known().and_then(|path| Some((path, below(path, &volumes)?))) {
                    report_copy(instruction, path, volume, findings);
                }
            }
            Kind::Run(run) if run.mounts().next().is_none() => {
                let mut seen: HashMap<&str, ()> = HashMap::new();
                for script in point.scripts(instruction) {
                    for (path, span) in written(&script, &point) {
                        let Some(volume) = below(&path, &volumes) else { continue };
                        if seen.insert(volume, ()).is_some() {
                            continue;
                        }
                        findings
                            .report(span, format!("RUN writes to `{path}`, where `{volume}` is declared to be a volume"))
                            .help(
                                "move the VOLUME below it: BuildKit keeps what is written, the old builder drops it, and a \
                                 mount hides it",
                            );
                    }
                }
            }
            _ => {}
        }
    }
}

fn report_copy(instruction: &Instruction<'_>, path: &str, volume: &str, findings: &mut Findings<'_, '_, '_>) {
    let keyword = instruction.keyword.to_uppercase();
    findings
        .report(instruction.header, format!("{keyword} writes to `{path}`, where `{volume}` is declared to be a volume"))
        .help("move the VOLUME below it, and mind that a mount hides what the image has there");
}

fn add(instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>, volumes: &mut HashSet<String>) {
    let Kind::Volume(volume) = &instruction.kind else { return };
    let Some(point) = findings.model().at(instruction) else { return };
    for path in &volume.paths {
        // A relative volume is one below the root, wherever the working directory is.
        let path = point.value(path);
        if let Some(path) = resolve(&Value::of("/"), &path).known().filter(|path| *path != "/") {
            volumes.insert(path.to_owned());
        }
    }
}

/// The volume that a path is in.
fn below<'v>(path: &str, volumes: &'v HashSet<String>) -> Option<&'v str> {
    let mut path = path.trim_end_matches('/');
    // Nobody has directories that deep, but a file may say so.
    for _ in 0..64 {
        if let Some(volume) = volumes.get(path) {
            return Some(volume);
        }
        path = path.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())?;
    }
    None
}

/// The paths that a script surely writes to, and where it names them.
fn written(script: &Script<'_>, point: &Point<'_, '_, '_>) -> Vec<(String, Span)> {
    let moves = script.calls().any(|call| matches!(call.name(), "cd" | "pushd" | "chroot"));
    let place = |path: &str| {
        let is_home = path.starts_with('~');
        if path.starts_with('/') || !moves && !is_home {
            return resolve(&point.workdir(), &Value::of(path)).known().map(str::to_owned);
        }
        None
    };
    let mut found = Vec::new();
    for call in script.calls() {
        for argument in targets(call) {
            if let Some(path) = argument.known().and_then(place) {
                found.push((path, argument.span()));
            }
        }
    }
    for node in script.nodes() {
        let writes = matches!(
            node.kind(),
            NodeKind::Redirection(Redirection::Output | Redirection::Append | Redirection::Clobber | Redirection::OutputAndError)
        );
        let target = node.children().find(|child| child.kind() == NodeKind::Word).filter(|word| word.is_leaf());
        if let Some(target) = target.filter(|_| writes)
            && let Some(path) = place(target.text())
        {
            found.push((path, target.span()));
        }
    }
    found.sort_by_key(|(_, span)| span.start);
    found
}

/// The arguments of a command that it writes to.
fn targets(call: Call<'_>) -> Vec<Argument<'_>> {
    let operands = || call.operands();
    match call.name() {
        "mkdir" | "touch" | "tee" | "truncate" => operands().collect(),
        "chmod" | "chown" | "chgrp" => operands().skip(1).collect(),
        "cp" | "mv" | "install" | "ln" | "rsync" if call.options().all(|option| !option.is("--target-directory")) => {
            match operands().count() {
                0 | 1 => Vec::new(),
                _ => operands().last().into_iter().collect(),
            }
        }
        _ => Vec::new(),
    }
}
