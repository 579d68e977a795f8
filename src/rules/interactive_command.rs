use super::prelude::*;
use crate::ast::Run;

rule! {
    /// Run nothing in a build that needs a running system.
    ///
    /// ## What it does
    /// Finds `free`, `kill`, `mount`, `ps`, `service`, `shutdown`, `ssh`, `top` and `vim` in a `RUN`. Where commands follow
    /// in the same `RUN` that may need what it does, we leave `kill`, `mount`, `ps`, `service` and `ssh` alone.
    ///
    /// ## Why
    /// Each `RUN` is a container of its own that ends with its last command: a service that was started is stopped, what
    /// was mounted is gone, and nobody looks at what is shown.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN service nginx start
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// CMD ["nginx", "-g", "daemon off;"]
    /// ```
    ///
    /// ## How to fix
    /// Start programs with `CMD` or `ENTRYPOINT`.
    ///
    /// ## When to ignore
    /// Where the command is something else that has the name.
    "DL3001" "interactive-command" {
        severity: Info,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3001"),
            Same("tally/hadolint/DL3001"),
            Same("droast/DF060"),
            Near("semgrep/nonsensical-command"),
        ],
        programs: ["free", "shutdown", "top", "vim", "kill", "mount", "ps", "service", "ssh"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction) {
        let name = call.name();
        let found = match name {
            "free" | "shutdown" | "top" | "vim" => true,
            "kill" | "mount" | "ps" | "service" | "ssh" => hadolint || call.later().next().is_none(),
            _ => false,
        };
        if found {
            findings
                .report(call.name_argument().span(), format!("`{name}` has no effect that outlasts this `RUN`"))
                .help("what should run in the container belongs into `CMD` or `ENTRYPOINT`");
        }
    }
}
