use std::collections::HashMap;

use super::edits::is_plain;
use super::prelude::*;
use crate::ast::Word;
use crate::semantic::{System, base_image, has_drive};

rule! {
    /// Set a `WORKDIR` before copying to a relative path.
    ///
    /// ## What it does
    /// Finds a `COPY` to a relative destination in a stage where no `WORKDIR` was set, neither in it nor in the stages that
    /// it builds on, and whose base image is known to set none. As hadolint defines it, what the base image sets is not
    /// asked.
    ///
    /// ## Why
    /// The files land in whatever directory the base image leaves, which may be another one in its next version.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY app.conf etc/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// WORKDIR /app
    /// COPY app.conf etc/
    /// ```
    ///
    /// ## How to fix
    /// Set `WORKDIR`, or write the whole path. The fix does the latter, where the base image is known to set no directory.
    ///
    /// ## When to ignore
    /// Where the base image is your own and promises its working directory.
    "DL3045" "copy-relative-destination" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3045"),
            Same("tally/hadolint/DL3045"),
            Same("droast/DF063"),
        ],
        keywords: [Copy],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    let model = findings.model();
    // hadolint finds stages by the very text of their names; for it, instructions before the first FROM are in a stage too.
    let mut by_name: HashMap<&str, bool> = HashMap::new();
    let mut set_in: Vec<bool> = Vec::with_capacity(model.stages.len());
    if hadolint {
        look_into(model.preamble(), false, findings);
    }
    for stage in &model.stages {
        let triggered = |kind: &Kind<'_>| matches!(kind, Kind::Workdir(_));
        let is_set = match stage.base {
            _ if hadolint => {
                stage.from().and_then(|from| by_name.get(from.image.word.as_str())).copied().unwrap_or_default()
            }
            _ if stage.triggers.iter().any(|trigger| triggered(&trigger.instruction.kind)) => true,
            Base::Stage(base) => set_in.get(base).copied().unwrap_or_default(),
            _ => has_workdir(stage),
        };
        let is_set = look_into(stage.body, is_set, findings);
        set_in.push(is_set);
        if let Some(name) = stage.name() {
            by_name.insert(name.as_str(), is_set);
        }
    }
}

/// Whether the base image has a working directory that is meant to be used, or may have one. `scratch` has `/`, and always will.
fn has_workdir(stage: &Stage<'_, '_>) -> bool {
    let known = stage.image.known().filter(|_| stage.base == Base::Image).and_then(base_image);
    known.is_none_or(|image| image.system == System::Windows || image.workdir != Some("/"))
}

/// Looks at the `COPY`s of a stage; tells whether a working directory is set in the end.
fn look_into(body: &[Instruction<'_>], mut is_set: bool, findings: &mut Findings<'_, '_, '_>) -> bool {
    for instruction in body {
        match &instruction.kind {
            Kind::Workdir(_) => is_set = true,
            Kind::Copy(copy) if !is_set => {
                let destination = &copy.destination;
                let path = destination.trim_start_matches(['"', '\'']);
                if !path.is_empty() && !path.starts_with(['/', '\\', '$']) && !has_drive(path) {
                    let whole = whole_path(instruction, destination, findings);
                    let finding = findings
                        .report(destination.span, format!("`{destination}` is relative, and no `WORKDIR` says to what"))
                        .help("write `WORKDIR /…` above, or the whole path");
                    if let Some(whole) = whole {
                        finding.fix(Fix {
                            title: format!("write `{whole}`").into(),
                            applicability: Applicability::Safe,
                            edits: vec![Edit { span: destination.span, text: whole }],
                        });
                    }
                }
            }
            _ => {}
        }
    }
    is_set
}

/// The whole path of a destination, where it is known what it is relative to. A directory stays one.
fn whole_path(instruction: &Instruction<'_>, path: &Word<'_>, findings: &Findings<'_, '_, '_>) -> Option<String> {
    if !is_plain(path) {
        return None;
    }
    let point = findings.point(instruction)?;
    let mut whole = point.resolve(path).known()?.to_owned();
    let is_directory = matches!(path.as_str(), "." | "..") || path.ends_with('/') || path.ends_with("/.");
    if is_directory && !whole.ends_with('/') {
        whole.push('/');
    }
    Some(whole)
}
