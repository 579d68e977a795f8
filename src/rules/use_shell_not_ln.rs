use super::edits::{chain, holds_comment, is_plain};
use super::prelude::*;
use crate::ast::Run;
use crate::semantic::Shell;
use crate::shell::{Call, Dialect};

rule! {
    /// Choose the shell with `SHELL`.
    ///
    /// ## What it does
    /// Finds an `ln` that puts another shell in the place of `/bin/sh`.
    ///
    /// ## Why
    /// Scripts of the distribution count on the `sh` that it was made with; and who reads the file does not see which shell
    /// reads the next `RUN`.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN ln -sf /bin/bash /bin/sh
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-c"]
    /// ```
    ///
    /// ## How to fix
    /// Write `SHELL ["/bin/bash", "-c"]`. The fix does so where the `RUN` does nothing else; it is unsafe, for what else runs
    /// `/bin/sh` gets the shell of the distribution then.
    ///
    /// ## When to ignore
    /// Where programs in the container call `/bin/sh` and need what bash has.
    "DL4005" "use-shell-not-ln" {
        severity: Warning,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL4005"),
            Same("tally/hadolint/DL4005"),
            Same("semgrep/use-shell-instruction"),
        ],
        programs: ["ln"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction).filter(|call| call.name() == "ln") {
        let mut arguments = call.arguments().filter_map(|argument| argument.known());
        let found = if hadolint {
            arguments.any(|argument| argument == "/bin/sh")
        } else {
            arguments.filter(|argument| !argument.starts_with('-')).last() == Some("/bin/sh")
        };
        if found {
            let fix = with_shell(instruction, run, call, findings);
            let finding = findings
                .report(call.span(), "this puts another shell in the place of `/bin/sh`, for the whole image")
                .help("write `SHELL [\"/bin/bash\", \"-c\"]` for the instructions that need it");
            if let Some(fix) = fix {
                finding.fix(fix);
            }
        }
    }
}

/// Writes a `SHELL` in the place of a `RUN` that does nothing but change the shell.
fn with_shell(
    instruction: &Instruction<'_>,
    run: &Run<'_>,
    link: Call<'_>,
    findings: &Findings<'_, '_, '_>,
) -> Option<Fix> {
    let point = findings.point(instruction)?;
    let dockerfile = findings.model().dockerfile;
    let is_alone = run.flags.is_empty() && run.heredocs.is_empty() && !holds_comment(dockerfile, instruction.span);
    // There is an `ln`, and an `rm` perhaps.
    let is_long = link.script().calls().nth(2).is_some();
    if is_long || !is_alone || !matches!(point.shell(), Shell::Sh | Shell::OfBase) {
        return None;
    }
    let pipelines = chain(link.script())?;
    let is_for_links = |call: Call<'_>| call.is("ln") || call.is("rm") && call.operands().all(|path| path.text() == PLACE);
    if link.script().calls().count() != pipelines.len() || !link.script().calls().all(is_for_links) {
        return None;
    }
    let mut operands = link.operands().map(|operand| operand.known());
    let (Some(Some(target)), Some(Some(PLACE)), None) = (operands.next(), operands.next(), operands.next()) else {
        return None;
    };
    // A relative link leads on from its own directory.
    let target = if target.contains('/') { target.to_owned() } else { format!("/bin/{target}") };
    let is_shell = matches!(Dialect::of_program(&target), Dialect::Bash | Dialect::Zsh | Dialect::Ksh | Dialect::Dash);
    if !is_shell || !target.starts_with('/') || !is_plain(&target) {
        return None;
    }
    let text = format!("SHELL [\"{target}\", \"-c\"]");
    Some(Fix {
        title: format!("write `{text}`").into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: instruction.span, text }],
    })
}

/// What is replaced.
const PLACE: &str = "/bin/sh";
