use super::prelude::*;
use crate::ast::Run;
use crate::shell::{Call, NodeKind};

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
    /// Write `WORKDIR` above the `RUN`, and another one below it where the former directory is needed again.
    ///
    /// ## When to ignore
    /// Where one command of many needs another directory.
    "DL3003" "use-workdir" {
        severity: Warning,
        category: Style,
        fixable: Never,
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
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Some(script) = findings.scripts(instruction).first() else { return };
    let is_cd = |call: &Call<'_>| call.name() == "cd";
    if findings.preset() == Preset::Hadolint {
        // It does not look into ONBUILD for this one.
        let is_here = findings.point(instruction).is_some();
        if let Some(first) = script.calls().find(is_cd).filter(|_| is_here) {
            report(first, findings);
        }
        return;
    }
    let changes = |call: &Call<'_>| matches!(call.name(), "cd" | "pushd" | "popd");
    let is_outside = |call: &Call<'_>| {
        let simple = [NodeKind::List, NodeKind::Statement, NodeKind::Pipeline];
        call.node().ancestors().all(|holder| simple.contains(&holder.kind()))
    };
    let mut calls = script.calls().skip_while(|call| call.name() == "set");
    if let Some(first) = calls.next()
        && is_cd(&first)
        && is_outside(&first)
        && first.arguments().count() == 1
        && first.later().next().is_some()
        && !first.later().any(|call| changes(&call))
    {
        report(first, findings);
    }
}

fn report(call: Call<'_>, findings: &mut Findings<'_, '_, '_>) {
    findings
        .report(call.span(), "`cd` sets the directory for this `RUN` only, where few would look for it")
        .help("write `WORKDIR` above the `RUN`");
}
