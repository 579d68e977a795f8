use super::prelude::*;

rule! {
    /// Silence no finding with a comment.
    ///
    /// ## What it does
    /// Finds a comment that silences findings: `# hadolint ignore=…`, `# plimsoll ignore=…` and their kin. In no preset but
    /// `strict`.
    ///
    /// ## Why
    /// Some teams want each exception in the configuration, where it is seen and asked for.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// # hadolint ignore=DL3018
    /// RUN apk add curl
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add curl=8.14.1-r2
    /// ```
    ///
    /// ## How to fix
    /// Mend what the comment silences, or write the exception into the configuration.
    ///
    /// ## When to ignore
    /// Where comments are the place that was agreed on.
    "DL1001" "ignored-inline" {
        severity: Info,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [
            Same("hadolint/DL1001"),
            Near("droast/DF072"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for comment in &findings.model().dockerfile.comments {
        if !comment.text.starts_with("hadolint") && !comment.text.starts_with("plimsoll") {
            continue;
        }
        let mut words = comment.text.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty());
        let found = match (words.next(), words.next(), words.next()) {
            (Some("hadolint"), Some("ignore"), _) => true,
            (Some("hadolint"), Some("global" | "stage"), Some("ignore")) => !hadolint,
            (Some("plimsoll"), Some("ignore" | "file-ignore"), _) => !hadolint,
            _ => false,
        };
        if found && comment.text.contains('=') {
            findings
                .report(comment.span, "a comment silences findings")
                .help("write the exception into the configuration, where all of them are seen");
        }
    }
}
