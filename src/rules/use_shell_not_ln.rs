use super::prelude::*;
use crate::ast::Run;

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
    /// Write `SHELL ["/bin/bash", "-c"]`.
    ///
    /// ## When to ignore
    /// Where programs in the container call `/bin/sh` and need what bash has.
    "DL4005" "use-shell-not-ln" {
        severity: Warning,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL4005"),
            Same("tally/hadolint/DL4005"),
            Same("semgrep/use-shell-instruction"),
        ],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction).filter(|call| call.name() == "ln") {
        let mut arguments = call.arguments().filter_map(|argument| argument.known());
        let found = if hadolint {
            arguments.any(|argument| argument == "/bin/sh")
        } else {
            arguments.filter(|argument| !argument.starts_with('-')).last() == Some("/bin/sh")
        };
        if found {
            findings
                .report(call.span(), "this puts another shell in the place of `/bin/sh`, for the whole image")
                .help("write `SHELL [\"/bin/bash\", \"-c\"]` for the instructions that need it");
        }
    }
}
