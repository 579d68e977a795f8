//! What the rules about package managers share.

use super::edits::is_whole;
use super::{Findings, Preset};
use crate::ast::{Instruction, Kind, Mount, MountType, Run};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::semantic::{Base, Source};
use crate::shell::{Argument, Call, Constraint, HOLE, NodeKind, NodeRef, Operator, Package, Redirection, Script};
use crate::source::Span;

/// Whether a cache or a tmpfs is mounted at a path that holds `fragment`, so that nothing written there is in the image.
pub(super) fn mounts(run: &Run<'_>, fragment: &str) -> bool {
    run.mounts().any(|mount| keeps(mount) && mount.target.as_ref().is_some_and(|target| target.contains(fragment)))
}

/// Whether a mount is a place of its own, so that nothing written there is in the image.
pub(super) const fn keeps(mount: &Mount<'_>) -> bool {
    matches!(mount.kind, Some(MountType::Cache | MountType::Tmpfs))
}

/// Whether the command may have options that are not seen, because a variable that is not known may hold them.
///
/// hadolint takes what is written, and so a variable for an argument like any other.
pub(super) fn may_have_options(call: Call<'_>, preset: Preset) -> bool {
    preset != Preset::Hadolint
        && call.arguments().any(|argument| argument.may_be_several() && argument.text().starts_with(HOLE))
}

/// Whether something else answers the questions of a command: `yes | command`, `command < file`.
pub(super) fn is_answered(call: Call<'_>) -> bool {
    let is_fed = call.pipeline().is_some_and(|pipeline| {
        let first = pipeline.children().find(|child| child.kind().is_command());
        first.is_some_and(|first| first != call.node())
    });
    let input = |node: NodeRef<'_>| match node.kind() {
        NodeKind::Redirection(kind) => {
            use Redirection::{HereString, Heredoc, HeredocStripped, Input};
            matches!(kind, Input | Heredoc | HeredocStripped | HereString)
        }
        _ => false,
    };
    is_fed || call.redirections().any(input)
}

/// Whether a command only asks what it would do, or what it is.
pub(super) fn is_dry(call: Call<'_>) -> bool {
    ["-s", "--simulate", "--dry-run", "--help", "--print-uris", "--version"]
        .into_iter()
        .any(|name| call.options().any(|option| option.is(name)))
}

/// A fix that puts `option` after the subcommand, or after the name of a command that has none.
pub(super) fn add_option(call: Call<'_>, option: &str, applicability: Applicability) -> Fix {
    insert_after(call, call.subcommand_argument().unwrap_or(call.name_argument()), option, applicability)
}

/// A fix that puts `option` after an argument.
pub(super) fn insert_after(call: Call<'_>, argument: Argument<'_>, option: &str, applicability: Applicability) -> Fix {
    let after = argument.span().end;
    // The span of a string in an array is what stands between its quotes.
    let (at, text) = match call.script().is_exec() {
        true => (after + 1, format!(", \"{option}\"")),
        false => (after, format!(" {option}")),
    };
    Fix { title: format!("add `{option}`").into(), applicability, edits: vec![Edit { span: Span::empty(at), text }] }
}

/// A fix that adds a command to the end of a script; none where the end can't be reached, or a failure before it would be lost.
pub(super) fn append_command(script: &Script<'_>, command: &str, applicability: Applicability) -> Option<Fix> {
    if !is_whole(script) {
        return None;
    }
    // What is joined to the last statement fails where that fails.
    let last = script.root().children().filter(|child| child.kind() == NodeKind::Statement).last()?;
    let mut end = None;
    for node in last.children() {
        match node.kind() {
            NodeKind::Operator(Operator::And | Operator::Semicolon) => {}
            NodeKind::Operator(_) => return None,
            _ => end = Some(node),
        }
    }
    let end = end?;
    // The lines of a heredoc come after the end of the command.
    let holds_heredoc = end.descendants().any(|inner| matches!(inner.kind(), NodeKind::HeredocBody { .. }));
    let leaves =
        |call: Call<'_>| matches!(call.name(), "exit" | "exec" | "return") && end.range().contains(call.node().range());
    if holds_heredoc || script.calls().any(leaves) {
        return None;
    }
    Some(Fix {
        title: format!("add `{command}`").into(),
        applicability,
        edits: vec![Edit { span: Span::empty(end.span().end), text: format!(" && {command}") }],
    })
}

/// What makes a version of a package manager's commands looked at.
pub(super) struct Pins<'p> {
    /// How packages of the manager are called: `npm package`.
    pub(super) noun: &'p str,
    /// How a version is asked for, with `{}` for the package: `{}=<version>`.
    pub(super) example: &'p str,
    /// Whether what is asked for is not sure to be the same tomorrow.
    pub(super) is_loose: fn(Package<'_>, Preset) -> bool,
}

/// Whether no version is asked for; hadolint, which takes what is written, looks at what depends on a variable too.
pub(super) fn has_no_version(package: Package<'_>, preset: Preset) -> bool {
    match package.constraint {
        Constraint::None => true,
        Constraint::Unknown => preset == Preset::Hadolint,
        _ => false,
    }
}

/// How many packages a message names.
const NAMED: usize = 3;

/// Reports the packages that a command installs in any version, in one finding at the first of them.
pub(super) fn report_loose(call: Call<'_>, pins: &Pins<'_>, findings: &mut Findings<'_, '_, '_>) {
    let preset = findings.preset();
    let loose: Vec<_> = call.packages().filter(|(_, package)| (pins.is_loose)(*package, preset)).collect();
    report_these(&loose, pins, findings);
}

/// Reports packages, in one finding at the first of them.
pub(super) fn report_these(
    loose: &[(Argument<'_>, Package<'_>)],
    pins: &Pins<'_>,
    findings: &mut Findings<'_, '_, '_>,
) {
    let Some((first, package)) = loose.first() else { return };
    let shown = |argument: &Argument<'_>| match argument.known() {
        Some(text) => format!("`{text}`"),
        None => format!("`{}`", argument.word().text()),
    };
    let mut named: Vec<String> = loose.iter().take(NAMED).map(|(argument, _)| shown(argument)).collect();
    if loose.len() > NAMED {
        named.push(format!("{} more", loose.len() - NAMED));
    }
    let (verb, list) = match named.split_last() {
        Some((last, [])) => ("is", last.clone()),
        Some((last, before)) => ("are", format!("{} and {last}", before.join(", "))),
        None => return,
    };
    let name = if package.name.contains(HOLE) { first.word().text() } else { package.name };
    findings
        .report(first.span(), format!("{list} {verb} installed in whatever version there is on the day of the build"))
        .help(format!("name the version of each {}: `{}`", pins.noun, pins.example.replace("{}", name)));
}

/// What a rule has to know of the image at a `RUN`.
#[derive(Clone, Copy)]
pub(super) struct Image {
    /// Whether what the `RUN` leaves is in an image that somebody may use, and not only in a stage that others copy from. For
    /// hadolint that are the last stage and those that others build on.
    pub(super) is_kept: bool,
    /// Whether what the rule asked for was so of an instruction before it.
    pub(super) remembers: bool,
}

/// Calls `check` with each `RUN`, those in an `ONBUILD` too; `remembers` is asked of each instruction, and its answer told at
/// those after it, in its stage and in those that build on this.
pub(super) fn walk<'d, 'a>(
    findings: &mut Findings<'_, 'd, 'a>,
    remembers: impl Fn(&Instruction<'a>, &Findings<'_, 'd, 'a>) -> bool,
    mut check: impl FnMut(&Instruction<'a>, &Run<'a>, Image, &mut Findings<'_, 'd, 'a>),
) {
    let model = findings.model();
    let kept = kept_stages(findings);
    // What stands before the first `FROM` is in some stage, where the file is part of another one.
    let mut nowhere = Image { is_kept: true, remembers: false };
    for instruction in model.preamble() {
        look_at(instruction, nowhere, findings, &mut check);
        nowhere.remembers = nowhere.remembers || remembers(instruction, findings);
    }
    let mut ends: Vec<bool> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        let is_kept = kept.get(stage.index).copied().unwrap_or(true);
        let mut image = match stage.base {
            Base::Stage(base) => Image { is_kept, remembers: ends.get(base).copied().unwrap_or_default() },
            _ => Image { is_kept, remembers: false },
        };
        for instruction in stage.body {
            look_at(instruction, image, findings, &mut check);
            image.remembers = image.remembers || remembers(instruction, findings);
        }
        ends.push(image.remembers);
    }
}

fn look_at<'d, 'a>(
    instruction: &Instruction<'a>,
    image: Image,
    findings: &mut Findings<'_, 'd, 'a>,
    check: &mut impl FnMut(&Instruction<'a>, &Run<'a>, Image, &mut Findings<'_, 'd, 'a>),
) {
    match &instruction.kind {
        Kind::Run(run) => check(instruction, run, image, findings),
        Kind::Onbuild(onbuild) => {
            let inner = onbuild.instruction.as_deref();
            if let Some((inner, Kind::Run(run))) = inner.map(|inner| (inner, &inner.kind)) {
                check(inner, run, image, &mut findings.elsewhere());
            }
        }
        _ => {}
    }
}

/// By stage, whether its files are in an image that somebody may use: it is one that no other stage uses, or such a one builds
/// on it.
pub(super) fn kept_stages(findings: &Findings<'_, '_, '_>) -> Vec<bool> {
    let stages = &findings.model().stages;
    let hadolint = findings.preset() == Preset::Hadolint;
    let mut used = vec![hadolint; stages.len()];
    if let Some(last) = used.last_mut() {
        *last = false;
    }
    if !hadolint {
        for edge in &findings.model().edges {
            if let Source::Stage(source) = edge.source
                && let Some(used) = used.get_mut(source)
            {
                *used = true;
            }
        }
    }
    for stage in stages {
        if let Base::Stage(base) = stage.base
            && let Some(used) = used.get_mut(base)
        {
            *used = true;
        }
    }
    let mut kept: Vec<bool> = used.iter().map(|used| !used).collect();
    // A stage builds on an earlier one only.
    for stage in stages.iter().rev() {
        if let Base::Stage(base) = stage.base
            && (hadolint || kept.get(stage.index).copied().unwrap_or_default())
            && let Some(kept) = kept.get_mut(base)
        {
            *kept = true;
        }
    }
    kept
}

/// Whether a command deletes what is in a directory. Where it is not known what it deletes, it may.
pub(super) fn deletes(call: Call<'_>, directory: &str) -> bool {
    let covers = |path: &str| {
        let fixed = path.find(['*', '?', '[', '{', HOLE]).and_then(|at| path.get(..at));
        match fixed {
            Some(fixed) => directory.starts_with(fixed) || fixed.strip_suffix('/') == Some(directory),
            None => {
                let path = path.trim_end_matches('/');
                directory.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    };
    let deletes = call.is("rm") || call.is("find") && call.arguments().any(|argument| argument.text() == "-delete");
    deletes && call.operands().any(|operand| covers(operand.text()))
}

/// Where the last command of an instruction stands that `cleans`; what comes before it is cleaned up.
pub(super) fn last_cleaning<'f>(
    findings: &Findings<'f, '_, '_>,
    instruction: &Instruction<'_>,
    cleans: impl Fn(Call<'f>) -> bool,
) -> u32 {
    findings.calls(instruction).filter(|call| cleans(*call)).map(|call| call.span().start).max().unwrap_or_default()
}

/// Whether a package manager may ask before it goes on, and nobody can answer: with these subcommands in hadolint's preset, and
/// with those in the others.
pub(super) fn may_ask(call: Call<'_>, preset: Preset, in_hadolint: &[&str], otherwise: &[&str]) -> bool {
    let hadolint = preset == Preset::Hadolint;
    let asks = match call.subcommand() {
        _ if hadolint => in_hadolint.contains(&written_subcommand(call)),
        Some(verb) => otherwise.contains(&verb),
        None => false,
    };
    asks && !may_have_options(call, preset) && (hadolint || !is_dry(call) && !is_answered(call))
}

/// The subcommand of a call as it is written; empty where there is none.
pub(super) fn written_subcommand(call: Call<'_>) -> &str {
    call.subcommand_argument().map(|argument| argument.text()).unwrap_or_default()
}

/// Reports a command that may ask, and tells it `answer` with `fix`.
pub(super) fn report_question(call: Call<'_>, answer: &str, fix: Fix, findings: &mut Findings<'_, '_, '_>) {
    let verb = call.subcommand_argument().unwrap_or(call.name_argument());
    let command = format!("{} {}", call.name(), written_subcommand(call));
    findings
        .report(verb.span(), format!("`{command}` may ask before it goes on, and nobody can answer"))
        .help(format!("add `{answer}`"))
        .fix(fix);
}

/// Reports what a command fetches and leaves in the image, where `cleaning` would take it away.
pub(super) fn report_left_behind(
    call: Call<'_>,
    cleaning: &str,
    applicability: Applicability,
    findings: &mut Findings<'_, '_, '_>,
) {
    let fix = append_command(call.script(), cleaning, applicability);
    let command = format!("{} {}", call.name(), written_subcommand(call));
    let finding = findings
        .report(call.span(), format!("what `{command}` fetches stays in the image"))
        .help(format!("end this RUN with `{cleaning}`"));
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}
