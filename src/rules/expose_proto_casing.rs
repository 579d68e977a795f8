use super::prelude::*;

rule! {
    /// Write the protocol of a port in small letters.
    ///
    /// ## What it does
    /// Finds an `EXPOSE` with a protocol in capitals: `80/TCP`.
    ///
    /// ## Why
    /// BuildKit accepts it, other tools that read the file do not; the image says `80/tcp` anyhow.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// EXPOSE 53/UDP
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// EXPOSE 53/udp
    /// ```
    ///
    /// ## How to fix
    /// The fix writes the protocol in small letters.
    ///
    /// ## When to ignore
    /// Never.
    "ExposeProtoCasing" "expose-proto-casing" {
        severity: Style,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/ExposeProtoCasing"),
            Same("tally/buildkit/ExposeProtoCasing"),
            Near("droast/DF078"),
        ],
        keywords: [Expose],
        check: Check::Triggered(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Expose(expose) = &instruction.kind else { return };
    for port in &expose.ports {
        let word = &port.word;
        let is_wrong = |text: &str| {
            text.split_once('/').is_some_and(|(_, protocol)| protocol.chars().any(char::is_uppercase))
        };
        let is_plain = !word.contains(['$', '"', '\'', '\\', '`']);
        let found = if is_plain {
            is_wrong(word)
        } else {
            let words = findings.point(instruction).and_then(|point| point.words(word)).unwrap_or_default();
            words.iter().any(|text| is_wrong(text))
        };
        if !found {
            continue;
        }
        let finding = findings
            .report(word.span, format!("the protocol of `{word}` is not in small letters"))
            .help("write `tcp`, `udp` or `sctp`");
        if let Some((number, protocol)) = word.split_once('/').filter(|_| is_plain) {
            let text = format!("{number}/{}", protocol.to_lowercase());
            finding.fix(Fix {
                title: format!("write `{text}`").into(),
                applicability: Applicability::Safe,
                edits: vec![Edit { span: word.span, text }],
            });
        }
    }
}
