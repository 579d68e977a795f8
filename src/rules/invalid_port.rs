use super::prelude::*;

rule! {
    /// Expose ports that there are.
    ///
    /// ## What it does
    /// Finds an `EXPOSE` of a port above 65535, or of a range that ends above it.
    ///
    /// ## Why
    /// There are no such ports; the build stops.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// EXPOSE 80000
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// EXPOSE 8000
    /// ```
    ///
    /// ## How to fix
    /// Write the port that was meant.
    ///
    /// ## When to ignore
    /// Never.
    "DL3011" "invalid-port" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3011"),
            Same("tally/hadolint/DL3011"),
            Same("droast/DF040"),
            Same("trivy/DS-0008"),
            Same("semgrep/invalid-port"),
        ],
        keywords: [Expose],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Expose(expose) = &instruction.kind else { return };
    for port in &expose.ports {
        let range = port.word.split('/').next().unwrap_or_default();
        let is_too_high = |number: &str| number.bytes().all(|digit| digit.is_ascii_digit()) && number.parse::<u16>().is_err();
        if range.split('-').any(|number| !number.is_empty() && is_too_high(number)) {
            findings.report(port.word.span, format!("`{}` is no port", port.word)).help("ports go from 0 to 65535");
        }
    }
}
