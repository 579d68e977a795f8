use std::collections::HashSet;

use super::edits::line_ending;
use super::prelude::*;
use crate::semantic::{PROXY_ARGUMENTS, State, Value, mentions};
use crate::shell::{NodeKind, Parameter, Script};

rule! {
    /// Declare an `ARG` again in the stage whose commands use it.
    ///
    /// ## What it does
    /// Finds a variable in a `RUN` that is an `ARG` before the first `FROM`, and that the stage does not declare. It is silent
    /// where the commands set the variable themselves, where the base image may well do so, and for `${NAME:-default}`.
    /// Variables in other instructions are what `undefined-var` looks at.
    ///
    /// ## Why
    /// Only `FROM` sees an `ARG` that stands before it. For the shell there is no such variable, and it puts nothing in its
    /// place.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// ARG VERSION=1
    /// FROM alpine:3.22
    /// RUN wget "https://example.com/tool-$VERSION.tar.gz"
    /// ```
    /// ```dockerfile,good
    /// ARG VERSION=1
    /// FROM alpine:3.22
    /// ARG VERSION
    /// RUN wget "https://example.com/tool-$VERSION.tar.gz"
    /// ```
    ///
    /// ## How to fix
    /// Write `ARG NAME` in the stage, above the `RUN`; it then has the value of the first one.
    ///
    /// ## When to ignore
    /// Where the base image sets the variable.
    "PL1028" "arg-out-of-scope" {
        severity: Warning,
        category: Correctness,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        keywords: [Arg],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let model = findings.model();
    let globals: HashSet<&str> = model
        .preamble()
        .iter()
        .flat_map(|instruction| match &instruction.kind {
            Kind::Arg(arg) => arg.items.as_slice(),
            _ => &[],
        })
        .map(|item| item.name.as_str())
        .filter(|name| !PROXY_ARGUMENTS.contains(name))
        .collect();
    if globals.is_empty() {
        return;
    }
    for instruction in stage.body {
        let Kind::Run(run) = &instruction.kind else { continue };
        let text = instruction.span.of(model.dockerfile.text);
        if memchr::memchr(b'$', text.as_bytes()).is_none() || !mentions(text).any(|(_, name)| globals.contains(name)) {
            continue;
        }
        let Some(point) = findings.point(instruction) else { continue };
        let scripts = findings.scripts(instruction);
        let mut known: HashSet<&str> = HashSet::new();
        if !scripts.iter().all(|script| sets_only(script, &mut known)) {
            continue;
        }
        known.extend(run.mounts().filter_map(|mount| mount.env.as_ref()).map(|name| name.as_str()));
        for node in scripts.iter().flat_map(Script::nodes) {
            let NodeKind::Parameter(parameter) = node.kind() else { continue };
            let is_guarded = matches!(
                parameter,
                Parameter::Default | Parameter::Assign | Parameter::Alternative | Parameter::Require | Parameter::Indirect
            );
            let name = name_of(node.text());
            if is_guarded || !globals.contains(name) || !known.insert(name) {
                continue;
            }
            let is_of_base = || match &stage.image {
                Value::Known(image) => may_be_set_by(image, name),
                Value::Unknown => true,
            };
            match point.declares(name) {
                State::Set => continue,
                State::Unknown if is_of_base() => continue,
                _ => {}
            }
            let above = model.dockerfile.comments_of(instruction).first();
            let place = above.map_or(instruction.span.start, |comment| comment.span.start.saturating_sub(comment.indent));
            findings
                .report(node.span(), format!("`{name}` is not set here: an ARG before the first `FROM` is seen by `FROM` only"))
                .help(format!("write `ARG {name}` in this stage, above the RUN"))
                .fix(Fix {
                    title: format!("declare `{name}` in the stage").into(),
                    applicability: Applicability::Unsafe,
                    edits: vec![Edit { span: Span::empty(place), text: format!("ARG {name}{}", line_ending(model.dockerfile.text)) }],
                });
        }
    }
}

/// Notes the variables that a script sets; false where it may set others.
fn sets_only<'s>(script: &'s Script<'_>, known: &mut HashSet<&'s str>) -> bool {
    if !script.dialect().is_read() && !script.is_exec() {
        return false;
    }
    for node in script.nodes() {
        match node.kind() {
            NodeKind::Assignment => {
                let name = node.text().split(['=', '+', '[']).next().unwrap_or_default();
                known.insert(name);
            }
            NodeKind::For | NodeKind::Select => {
                known.extend(node.children().find(|child| child.kind() == NodeKind::Word).map(|name| name.text()));
            }
            NodeKind::Parameter(Parameter::Assign) => {
                known.insert(name_of(node.text()));
            }
            NodeKind::Error(_) => return false,
            _ => {}
        }
    }
    for call in script.calls() {
        match call.name() {
            "." | "source" | "eval" => return false,
            "read" | "export" | "declare" | "typeset" | "local" | "readonly" | "getopts" | "mapfile" | "readarray" | "printf"
            | "set" | "env" => {
                for argument in call.arguments() {
                    // `export $(cat .env)` sets nobody knows what.
                    let is_hidden = argument.may_be_several() || argument.known().is_none();
                    if is_hidden && matches!(call.name(), "export" | "declare" | "typeset" | "env" | "set") {
                        return false;
                    }
                    known.extend(argument.known().and_then(|argument| argument.split('=').next()));
                }
            }
            _ => {}
        }
    }
    true
}

/// The name in `$name` or `${name…}`.
fn name_of(parameter: &str) -> &str {
    let rest = parameter.trim_start_matches('$').trim_start_matches('{').trim_start_matches(['#', '!']);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// Whether an image may set a variable, by the names of both: many set their own version, like `NODE_VERSION`.
fn may_be_set_by(image: &str, name: &str) -> bool {
    let image = image.split('@').next().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    last.split(['-', '_', '.']).any(|part| part.len() >= 2 && name.starts_with(&part.to_ascii_lowercase()))
        || matches!(name.as_str(), "path" | "home" | "user" | "hostname" | "pwd" | "shell" | "lang" | "term" | "gopath")
        || name.starts_with("lc_")
}
