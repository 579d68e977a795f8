use super::prelude::*;

rule! {
    /// Say who maintains an image with a label, not with `MAINTAINER`.
    ///
    /// ## What it does
    /// Finds `MAINTAINER`.
    ///
    /// ## Why
    /// It is deprecated: it sets a field that few tools read and that holds one name. A label can be read by all.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// MAINTAINER Ann <ann@example.com>
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.authors="Ann <ann@example.com>"
    /// ```
    ///
    /// ## How to fix
    /// Write the label. The fix does so; it is unsafe, for the image then has a label and no author.
    ///
    /// ## When to ignore
    /// Where an old tool reads the field.
    "DL4000" "no-maintainer" {
        severity: Error,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint, Buildkit],
        aliases: [
            Same("hadolint/DL4000"),
            Same("buildkit/MaintainerDeprecated"),
            Same("tally/hadolint/DL4000"),
            Same("trivy/DS-0022"),
            Same("checkov/CKV_DOCKER_6"),
            Same("semgrep/maintainer-is-deprecated"),
            Same("droast/DF019"),
        ],
        keywords: [Maintainer],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Maintainer(maintainer) = &instruction.kind else { return };
    let name = maintainer.name.trim_matches(['"', '\'']);
    let finding = findings
        .report(instruction.keyword.span, "`MAINTAINER` is deprecated")
        .help(format!("write `LABEL org.opencontainers.image.authors=\"{name}\"`"));
    // What a quoted word would read differently is left to people.
    if !name.contains(['"', '\'', '\\', '`', '$']) {
        finding.fix(Fix {
            title: "write a label".into(),
            applicability: Applicability::Unsafe,
            edits: vec![Edit {
                span: instruction.header,
                text: format!("LABEL org.opencontainers.image.authors=\"{name}\""),
            }],
        });
    }
}
