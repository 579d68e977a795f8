use super::prelude::*;
use crate::shell::Call;

rule! {
    /// Use either `wget` or `curl`.
    ///
    /// ## What it does
    /// Finds a stage in which both are run.
    ///
    /// ## Why
    /// They do the same; the image needs to hold one of them.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN wget https://example.com/a
    /// RUN curl -O https://example.com/b
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN curl -O https://example.com/a
    /// RUN curl -O https://example.com/b
    /// ```
    ///
    /// ## How to fix
    /// Take the one that the image has already.
    ///
    /// ## When to ignore
    /// Where both are there anyway, or a script needs what only one of them does.
    "DL4001" "wget-and-curl" {
        severity: Warning,
        category: Size,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL4001"),
            Same("tally/hadolint/DL4001"),
            Same("droast/DF058"),
            Same("trivy/DS-0014"),
            Same("semgrep/use-either-wget-or-curl"),
        ],
        programs: ["wget"],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    let (mut wget, mut curl, mut said) = (false, false, false);
    for instruction in &findings.model().dockerfile.instructions {
        let inner = match &instruction.kind {
            Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
            _ => Some(instruction),
        };
        match inner.map(|inner| &inner.kind) {
            Some(Kind::From(_)) => (wget, curl, said) = (false, false, false),
            Some(Kind::Run(_)) => {
                let mut both: Option<Call<'_>> = None;
                for call in findings.calls(instruction) {
                    let name = call.name();
                    if !matches!(name, "wget" | "curl") {
                        continue;
                    }
                    wget |= name == "wget";
                    curl |= name == "curl";
                    if wget && curl {
                        both = both.or(Some(call));
                    }
                }
                // One finding a stage says it all; hadolint has one for each RUN.
                if let Some(call) = both
                    && (hadolint || !said)
                {
                    said = true;
                    let other = if call.name() == "wget" { "curl" } else { "wget" };
                    findings
                        .report(call.name_argument().span(), format!("this stage runs both `{}` and `{other}`", call.name()))
                        .help("take the one that the image has already");
                }
            }
            _ => {}
        }
    }
}
