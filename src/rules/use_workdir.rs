use super::edits::{above, begins_line, holds_comment, is_plain, is_whole, line_ending};
use super::prelude::*;
use crate::semantic::{Value, resolve};
use crate::shell::{Call, NodeKind, NodeRef, Operator};

rule! {
    /// Change the directory with `WORKDIR`.
    ///
    /// ## What it does
    /// Finds a `RUN` that begins with a `cd` for all of its commands. A `cd` in a subshell, back again or in the middle of
    /// a script is left alone. As hadolint defines it, each `cd` is a finding.
    ///
    /// ## Why
    /// `WORKDIR` is seen where the file is read and holds for what follows; it makes the directory where there is none.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN cd /src && make
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// WORKDIR /src
    /// RUN make
    /// ```
    ///
    /// ## How to fix
    /// Write `WORKDIR` above the `RUN`, and another one below it where the former directory is needed again. The fix does so
    /// where both are known; it is unsafe, for `WORKDIR` makes a directory that is not there.
    ///
    /// ## When to ignore
    /// Where one command of many needs another directory.
    "DL3003" "use-workdir" {
        severity: Warning,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3003"),
            Same("tally/hadolint/DL3003"),
            Same("droast/DF008"),
            Same("trivy/DS-0013"),
            Same("semgrep/use-workdir"),
        ],
        programs: ["cd"],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    for instruction in model.preamble() {
        look_at(instruction, &[], true, findings);
    }
    let mut is_left = vec![false; model.stages.len()];
    if let Some(left) = model.target.and_then(|target| is_left.get_mut(target)) {
        *left = true;
    }
    for stage in &model.stages {
        if let Base::Stage(base) = stage.base
            && let Some(left) = is_left.get_mut(base)
        {
            *left = true;
        }
    }
    for (stage, is_left) in model.stages.iter().zip(is_left) {
        for (number, instruction) in stage.body.iter().enumerate() {
            let later = stage.body.get(number + 1..).unwrap_or_default();
            look_at(instruction, later, is_left, findings);
        }
    }
}

/// Looks at an instruction before `later` ones, in a stage whose directory in the end is left to others or not.
fn look_at(instruction: &Instruction<'_>, later: &[Instruction<'_>], is_left: bool, findings: &mut Findings<'_, '_, '_>) {
    match &instruction.kind {
        Kind::Run(_) => look_into(instruction, later, is_left, findings),
        Kind::Onbuild(onbuild) => {
            let inner = onbuild.instruction.as_deref();
            // hadolint does not look into ONBUILD for this one.
            let inner = inner.filter(|_| findings.preset() != Preset::Hadolint);
            if let Some(inner) = inner.filter(|inner| matches!(inner.kind, Kind::Run(_))) {
                look_into(inner, later, is_left, &mut findings.elsewhere());
            }
        }
        _ => {}
    }
}

fn look_into(instruction: &Instruction<'_>, later: &[Instruction<'_>], is_left: bool, findings: &mut Findings<'_, '_, '_>) {
    let Some(script) = findings.scripts(instruction).first() else { return };
    let is_cd = |call: &Call<'_>| call.name() == "cd";
    let changes = |call: &Call<'_>| matches!(call.name(), "cd" | "pushd" | "popd");
    let is_outside = |call: &Call<'_>| {
        let simple = [NodeKind::List, NodeKind::Statement, NodeKind::Pipeline];
        call.node().ancestors().all(|holder| simple.contains(&holder.kind()))
    };
    let first = script.calls().find(|call| call.name() != "set").filter(|first| {
        is_cd(first)
            && is_outside(first)
            && first.arguments().count() == 1
            && first.later().next().is_some()
            && !first.later().any(|call| changes(&call))
    });
    let found = if findings.preset() == Preset::Hadolint { script.calls().find(is_cd) } else { first };
    let Some(found) = found else { return };
    let fix = first.and_then(|first| with_workdir(instruction, first, later, is_left, findings));
    let finding = findings
        .report(found.span(), "`cd` sets the directory for this `RUN` only, where few would look for it")
        .help("write `WORKDIR` above the `RUN`");
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// Writes `WORKDIR` for the `cd` that a script begins with, and again below where the directory was another one.
fn with_workdir(
    instruction: &Instruction<'_>,
    cd: Call<'_>,
    later: &[Instruction<'_>],
    is_left: bool,
    findings: &Findings<'_, '_, '_>,
) -> Option<Fix> {
    let dockerfile = findings.model().dockerfile;
    let point = findings.point(instruction)?;
    let argument = cd.arguments().next()?;
    let written = argument.word().text().trim_matches(['"', '\'']);
    let path = argument.known().filter(|path| *path == written && is_plain(path) && *path != "-")?;
    if !is_whole(cd.script()) || !begins_line(dockerfile, instruction) {
        return None;
    }
    let next = command_after(cd.node())?;
    let taken = Span::new(cd.node().span().start, next.span().start);
    if taken.end < taken.start || holds_comment(dockerfile, taken) {
        return None;
    }
    let before = point.workdir();
    let directory = resolve(&before, &Value::of(path));
    let directory = directory.known()?;
    let newline = line_ending(dockerfile.text);
    let mut edits = vec![Edit { span: taken, text: String::new() }];
    if before.known() != Some(directory) {
        let text = format!("WORKDIR {directory}{newline}");
        edits.insert(0, Edit { span: above(dockerfile, instruction), text });
        let place = match needed_again(later, is_left, findings) {
            Again::Never => None,
            Again::Before(instruction) => Some(above(dockerfile, instruction)),
            Again::AtTheEnd(last) => Some(Span::empty(last.unwrap_or(instruction).span.end)),
        };
        if let Some(place) = place {
            let before = before.known().filter(|before| is_plain(before))?;
            let begins = place.start == 0 || dockerfile.text.get(..place.start as usize)?.ends_with('\n');
            let text = if begins { format!("WORKDIR {before}{newline}") } else { format!("{newline}WORKDIR {before}") };
            edits.push(Edit { span: place, text });
        }
    }
    Some(Fix { title: format!("write `WORKDIR {directory}`").into(), applicability: Applicability::Unsafe, edits })
}

/// The pipeline that is run after a command which is one by itself, whether it succeeds or only then.
fn command_after(command: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let pipeline = command.parent().filter(|pipeline| pipeline.children().count() == 1)?;
    let after_statement = || {
        let statement = pipeline.parent()?.next_sibling()?;
        (statement.kind() == NodeKind::Statement).then_some(statement)
    };
    match pipeline.next_sibling() {
        None => after_statement(),
        Some(operator) => match operator.kind() {
            NodeKind::Operator(Operator::And) => operator.next_sibling(),
            NodeKind::Operator(Operator::Semicolon) => after_statement(),
            _ => None,
        },
    }
}

/// Where the directory that was set before an instruction is needed again.
enum Again<'i, 'a> {
    Never,
    Before(&'i Instruction<'a>),
    /// By who builds on the stage or runs its image: after the last instruction, where there is one.
    AtTheEnd(Option<&'i Instruction<'a>>),
}

/// How many instructions are looked at that don't care, so that many cost no more than few.
const MOST: usize = 16;

fn needed_again<'i, 'a>(
    later: &'i [Instruction<'a>],
    is_left: bool,
    findings: &Findings<'_, '_, '_>,
) -> Again<'i, 'a> {
    for (number, instruction) in later.iter().enumerate() {
        match &instruction.kind {
            Kind::Workdir(workdir) if workdir.path.starts_with('/') => return Again::Never,
            Kind::Run(_) if number < MOST && goes_elsewhere(instruction, findings) => {}
            Kind::Workdir(_) | Kind::Run(_) | Kind::Copy(_) | Kind::Add(_) | Kind::Onbuild(_) | Kind::Malformed(_) => {
                return Again::Before(instruction);
            }
            _ if number >= MOST => return Again::Before(instruction),
            _ => {}
        }
    }
    if is_left { Again::AtTheEnd(later.last()) } else { Again::Never }
}

/// Whether a `RUN` begins with a `cd` to an absolute path, so that it does not matter where it begins.
fn goes_elsewhere(instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> bool {
    let first = || {
        let script = findings.scripts(instruction).first()?;
        let first = script.root().children().next()?.children().next()?;
        let cd = script.calls().next().filter(|call| call.node().parent() == Some(first) && call.name() == "cd")?;
        let path = cd.arguments().next()?.known()?;
        Some(path.starts_with('/') && command_after(cd.node()).is_some())
    };
    first().unwrap_or_default()
}
