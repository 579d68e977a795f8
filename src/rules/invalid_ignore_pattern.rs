use super::prelude::*;

rule! {
    /// Write patterns that Docker can read.
    ///
    /// ## What it does
    /// Finds a pattern of an ignore file that Docker does not take.
    ///
    /// ## Why
    /// One wrong pattern fails every build with this context, before its first instruction, and the message does not say
    /// on which line it stands.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// node_modules
    /// [a-z
    /// ```
    /// ```dockerignore,good
    /// node_modules
    /// [a-z]
    /// ```
    ///
    /// ## How to fix
    /// Close the class, or write `\[` where the character itself is meant.
    ///
    /// ## When to ignore
    /// Never.
    "PL1019" "invalid-ignore-pattern" {
        severity: Error,
        category: Context,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    let subject = findings.subject();
    for error in &subject.file().errors {
        findings.report(error.span, error.kind.to_string()).help("as long as it stands there, every build with this context fails");
    }
    for error in subject.ignore().into_iter().flat_map(|ignore| ignore.wrong_when_asked()) {
        let help = "the build fails on the first path that is held against it";
        findings.report(error.span, error.kind.to_string()).help(help);
    }
}
