use super::prelude::*;
use crate::semantic::Runner;
use crate::shell::Dialect;

rule! {
    /// End the lines of a script as Linux does.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` or a `CMD` that runs a script of the build context whose first line ends with a carriage return,
    /// or that begins with a byte order mark. It is silent where a `RUN` may change the file, and where the context is not
    /// known.
    ///
    /// ## Why
    /// The kernel looks for a program `/bin/sh` with a carriage return at its end, and the container does not start: `no such
    /// file or directory`, though the script is there. A shell that reads the script trips over each line. With a byte order
    /// mark, the kernel does not see the `#!`.
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
    /// RUN sed -i 's/\r$//' /run.sh
    /// ENTRYPOINT ["/run.sh"]
    /// ```
    ///
    /// ## How to fix
    /// Save the file with `LF` and as UTF-8 without a mark. Git on Windows changes the lines when it checks out; a line
    /// `*.sh text eol=lf` in `.gitattributes` keeps it from doing so.
    ///
    /// ## When to ignore
    /// Never.
    "PL1003" "script-with-crlf" {
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
        if executed.may_be_changed || matches!(executed.way, Runner::Shell(Dialect::Cmd | Dialect::PowerShell)) {
            continue;
        }
        let Some(content) = surroundings.beginning(&executed.entry) else { continue };
        let path = executed.entry.path_text();
        let (marked, text) = match content.strip_prefix('\u{feff}') {
            Some(text) => (true, text),
            None => (false, content.as_str()),
        };
        let first = text.split('\n').next().unwrap_or_default();
        let is_script = first.starts_with("#!") || matches!(executed.way, Runner::Shell(_));
        if marked && first.starts_with("#!") {
            findings
                .report(executed.span, format!("`{path}` has a byte order mark before its `#!`, so the kernel can't run it"))
                .help("save it as UTF-8 without a byte order mark");
        } else if is_script && first.ends_with('\r') {
            findings
                .report(executed.span, format!("the lines of `{path}` end with a carriage return, which no shell of Linux takes"))
                .help("save it with LF, and write `*.sh text eol=lf` in `.gitattributes`");
        }
    }
}
