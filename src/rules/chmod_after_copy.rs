use std::collections::HashMap;

use super::edits::whole_lines;
use super::prelude::*;
use crate::ast::{Copy, CopySource, FlagKind};
use crate::semantic::{Point, Value, resolve};
use crate::shell::{Call, Script};

rule! {
    /// Set the mode of a file while you copy it.
    ///
    /// ## What it does
    /// Finds a `RUN` that does nothing but `chmod` files which a `COPY` right before it brings.
    ///
    /// ## Why
    /// The `RUN` makes a layer in which each of the files is stored a second time, and starts a container to do so.
    /// `COPY --chmod` does the same at once.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY run.sh /run.sh
    /// RUN chmod 755 /run.sh
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /run.sh
    /// ```
    ///
    /// ## How to fix
    /// Write `COPY --chmod=755`. For a directory it sets the mode of all that is in it.
    ///
    /// ## When to ignore
    /// Where the old builder builds the image, which does not know `--chmod`.
    "PL1010" "chmod-after-copy" {
        severity: Info,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [Near("tally/prefer-copy-chmod")],
        keywords: [Add, Copy],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    // The paths that were brought since the last command, and the COPY that brings each.
    let mut brought: HashMap<String, &Instruction<'_>> = HashMap::new();
    for instruction in stage.body {
        match &instruction.kind {
            Kind::Copy(copy) => {
                let Some(point) = findings.point(instruction) else { continue };
                let has_mode = copy.flags.iter().any(|flag| matches!(flag.kind, FlagKind::Chmod));
                for path in destinations(copy, &point) {
                    match has_mode {
                        false => drop(brought.insert(path, instruction)),
                        true => drop(brought.remove(&path)),
                    }
                }
            }
            Kind::Run(run) => {
                if !brought.is_empty() && run.flags.is_empty() {
                    look_at(instruction, &brought, findings);
                }
                brought.clear();
            }
            // A file of that name may be another one now.
            Kind::Add(_) | Kind::Malformed(_) => brought.clear(),
            _ => {}
        }
    }
}

/// Where the files of a `COPY` may be, as far as they are named one by one.
fn destinations(copy: &Copy<'_>, point: &Point<'_, '_, '_>) -> Vec<String> {
    let destination = point.value(&copy.destination);
    let resolved = resolve(&point.workdir(), &destination);
    let (Some(written), Some(path)) = (destination.known(), resolved.known()) else { return Vec::new() };
    let is_directory = matches!(written, "" | ".") || written.ends_with('/') || written.ends_with("/.");
    let mut found = Vec::new();
    for source in &copy.sources {
        let value = match source {
            CopySource::Path(word) => point.value(word),
            CopySource::Heredoc(heredoc) => Value::of(&*heredoc.name),
        };
        let Some(source) = value.known().filter(|source| !source.contains(['*', '?', '['])) else { continue };
        let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if matches!(name, "" | "." | "..") {
            continue;
        }
        found.push(format!("{}/{name}", path.trim_end_matches('/')));
        if !is_directory && copy.sources.len() == 1 {
            found.push(path.to_owned());
        }
    }
    found
}

fn look_at(instruction: &Instruction<'_>, brought: &HashMap<String, &Instruction<'_>>, findings: &mut Findings<'_, '_, '_>) {
    let Some(point) = findings.point(instruction) else { return };
    let scripts = findings.scripts(instruction);
    let calls = || scripts.iter().flat_map(Script::calls);
    let mut paths: Vec<(String, &Instruction<'_>)> = Vec::new();
    let mut modes: Vec<&str> = Vec::new();
    let is_readable = |script: &Script<'_>| script.is_exec() || script.dialect().is_read();
    if !scripts.iter().all(|script| is_readable(script) && script.errors().next().is_none()) {
        return;
    }
    for call in calls() {
        let Some((mode, changed)) = changed(call, &point) else { return };
        modes.push(mode);
        for path in changed {
            if !is_for_file(mode, &path) {
                return;
            }
            let Some(copy) = brought.get(&path) else { return };
            paths.push((path, copy));
        }
    }
    let (Some((path, copy)), Some(mode)) = (paths.first(), modes.first()) else { return };
    let shown = if is_octal(mode) { mode } else { "755" };
    let what = match paths.len() {
        1 => format!("`{path}`"),
        number => format!("`{path}` and {} more", number - 1),
    };
    let is_only = paths.len() == 1
        && calls().count() == 1
        && matches!(&copy.kind, Kind::Copy(copy) if copy.sources.len() == 1 && copy.heredocs.is_empty());
    let keyword = copy.keyword.span.end;
    let text = findings.model().dockerfile.text;
    let finding = findings
        .report(instruction.header, format!("RUN chmod stores {what} a second time, in a layer of its own"))
        .help(format!("write `COPY --chmod={shown}`, and take the RUN out"));
    if is_octal(mode) && is_only && instruction.heredocs().is_empty() {
        finding.fix(Fix {
            title: format!("copy with `--chmod={mode}`").into(),
            applicability: Applicability::Unsafe,
            edits: vec![
                Edit { span: Span::empty(keyword), text: format!(" --chmod={mode}") },
                Edit { span: whole_lines(text, instruction.span), text: String::new() },
            ],
        });
    }
}

/// Whether a mode is one that is given to a file: `--chmod` sets that of all that is in a directory.
fn is_for_file(mode: &str, path: &str) -> bool {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    // A directory can be entered already.
    let makes_executable = mode.split_once('+').is_some_and(|(_, added)| matches!(added, "x" | "rx" | "xr" | "rwx"));
    makes_executable || is_octal(mode) && (name.trim_start_matches('.').contains('.') || above.ends_with("bin"))
}

fn is_octal(mode: &str) -> bool {
    matches!(mode.len(), 3 | 4) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte))
}

/// What a `chmod` sets the mode of; none where that is not known, or it is another command.
fn changed<'s>(call: Call<'s>, point: &Point<'_, '_, '_>) -> Option<(&'s str, Vec<String>)> {
    if call.name() != "chmod" || call.wrapped_in().is_some() || call.options().next().is_some() {
        return None;
    }
    let mut operands = call.operands();
    let mode = operands.next()?.known()?;
    let mut paths = Vec::new();
    for operand in operands {
        let path = operand.known().filter(|_| !operand.globs())?;
        paths.push(resolve(&point.workdir(), &Value::of(path)).known()?.to_owned());
    }
    (!paths.is_empty()).then_some((mode, paths))
}
