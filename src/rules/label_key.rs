use super::prelude::*;

rule! {
    /// Write label keys as Docker asks for.
    ///
    /// ## What it does
    /// Finds a key of a `LABEL` that does not begin with a small letter, does not end with a small letter or a digit, holds
    /// something else than small letters, digits, `.`, `-`, `_` and `/`, has two separators in a row, or begins with a
    /// prefix that Docker keeps for itself.
    ///
    /// ## Why
    /// Tools that filter and sort images by labels expect keys of that form; the prefixes `com.docker.`, `io.docker.` and
    /// `org.dockerproject.` are reserved.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// LABEL Description="a server"
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.description="a server"
    /// ```
    ///
    /// ## How to fix
    /// Write the key in small letters, better one of `org.opencontainers.image.*`.
    ///
    /// ## When to ignore
    /// Where the tool that reads the label wants just that key.
    "DL3048" "label-key" {
        severity: Style,
        category: Style,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3048"),
            Same("tally/labels/valid-key"),
        ],
        keywords: [Label],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Label(label) = &instruction.kind else { return };
    for pair in &label.pairs {
        let key = pair.key.trim_matches(['"', '\'']);
        if key.contains('$') && findings.preset() != Preset::Hadolint {
            continue;
        }
        if let Some(reason) = reason(key) {
            findings
                .report(pair.key.span, format!("the label key `{key}` {reason}"))
                .help("keys are small letters and digits, with `.`, `-`, `_` or `/` between them");
        }
    }
}

/// Why a key is not as it should be.
fn reason(key: &str) -> Option<String> {
    const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if let Some(prefix) = RESERVED.iter().find(|prefix| key.starts_with(**prefix)) {
        return Some(format!("begins with `{prefix}`, which Docker keeps for itself"));
    }
    if let Some(wrong) = key.chars().find(|c| !is_end(*c) && !matches!(c, '.' | '-' | '_' | '/')) {
        return Some(format!("holds `{wrong}`"));
    }
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some("does not begin with a letter".to_owned());
    }
    if !key.ends_with(is_end) {
        return Some("does not end with a letter or a digit".to_owned());
    }
    (key.contains("..") || key.contains("--")).then(|| "has two separators in a row".to_owned())
}
