use super::prelude::*;

rule! {
    /// Expose ports of the container, without an address or a port of the host.
    ///
    /// ## What it does
    /// Finds an `EXPOSE` that maps a port or names an address: `8080:80`, `127.0.0.1:80:80`.
    ///
    /// ## Why
    /// `EXPOSE` only says which ports the container listens at. Everything before the last `:` is dropped, and a reader
    /// believes that the port is published.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// EXPOSE 8080:80
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// EXPOSE 80
    /// ```
    ///
    /// ## How to fix
    /// Write the container's port. Ports are published when the container is started: `docker run -p 8080:80`.
    ///
    /// ## When to ignore
    /// Never.
    "ExposeInvalidFormat" "expose-invalid-format" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/ExposeInvalidFormat"),
            Same("tally/buildkit/ExposeInvalidFormat"),
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
        let mapped =
            |text: &str| text.rsplit_once(':').is_some_and(|(before, _)| !before.trim_matches(':').is_empty());
        let is_mapped = if word.contains(['$', '"', '\'', '\\', '`']) {
            let words = findings.point(instruction).and_then(|point| point.words(word)).unwrap_or_default();
            words.iter().any(|text| mapped(text))
        } else {
            mapped(word)
        };
        if !is_mapped {
            continue;
        }
        let finding = findings.report(word.span, format!("`{word}` maps a port, and EXPOSE drops all but the container's"));
        let is_plain = |(before, container): &(&str, &str)| {
            !before.contains('$') && !word.contains(['"', '\'']) && !container.is_empty()
        };
        match word.rsplit_once(':').filter(is_plain) {
            Some((_, container)) => {
                finding.help(format!("write `EXPOSE {container}`, and publish with `docker run -p {word}`")).fix(Fix {
                    title: format!("write `{container}`").into(),
                    applicability: Applicability::Safe,
                    edits: vec![Edit { span: word.span, text: container.to_owned() }],
                });
            }
            None => {
                finding.help("write the container's port only, and publish with `docker run -p`");
            }
        }
    }
}
