use super::prelude::*;
use crate::semantic::Runner;

rule! {
    /// Begin the script with `#!` that the container runs.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` or a `CMD` in the form of an array that runs a text file of the build context which does not begin
    /// with `#!`. It looks at what the first word of the array names only: shells, and programs like `tini`, run such a file
    /// with `sh`. It speaks up only where the context is known.
    ///
    /// ## Why
    /// The kernel does not know what to do with the file, and the container does not start: `exec format error`.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY --chmod=755 run.sh /
    /// ENTRYPOINT ["sh", "/run.sh"]
    /// ```
    ///
    /// ## How to fix
    /// Write `#!/bin/sh` in the first line of the script, with nothing before it, no empty line either.
    ///
    /// ## When to ignore
    /// Never.
    "PL1002" "script-without-shebang" {
        severity: Error,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    for executed in surroundings.executed() {
        if executed.may_be_changed || executed.way != Runner::Kernel {
            continue;
        }
        let Some(content) = surroundings.beginning(&executed.entry) else { continue };
        // What stands before a `#!` that is no blank is another rule's.
        if content.starts_with("#!") || content.starts_with('\u{feff}') || content.contains(char::REPLACEMENT_CHARACTER) {
            continue;
        }
        let path = executed.entry.path_text();
        let help = match content.trim_start().starts_with("#!") {
            true => "take away what stands before the `#!`",
            false => "write `#!/bin/sh` in its first line, or name the shell: `[\"sh\", …]`",
        };
        findings
            .report(executed.span, format!("`{path}` does not begin with `#!`, so the kernel can't run it"))
            .help(help);
    }
}
