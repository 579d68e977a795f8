use super::prelude::*;
use super::packages::{add_option, is_dry, may_have_options, walk};

rule! {
    /// Install only what is asked for with `apt-get`.
    ///
    /// ## What it does
    /// Finds an `apt-get install` that installs recommended packages too, where no option and no configuration that was
    /// written before says otherwise. Stages that others only copy from are passed over, for what is left there is in no
    /// image. As hadolint defines it, all stages are looked at, and only the options of the command itself count.
    ///
    /// ## Why
    /// Recommended packages are not needed, and often larger than what is asked for.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// ```
    ///
    /// ## How to fix
    /// Add `--no-install-recommends`. The fix does so; it is unsafe, for something that was only recommended may be used
    /// after all. Then ask for it.
    ///
    /// ## When to ignore
    /// Where the recommended packages are wanted.
    "DL3015" "no-install-recommends" {
        severity: Info,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3015"),
            Same("droast/DF016"),
            Same("trivy/DS-0029"),
            Same("semgrep/missing-no-install-recommends"),
        ],
        programs: ["apt-get", "apt"],
        check: Check::File(check),
    }
}

const SETTING: &str = "Install-Recommends";

fn check(findings: &mut Findings<'_, '_, '_>) {
    let text = findings.model().dockerfile.text;
    let writes_setting =
        |instruction: &Instruction<'_>, _: &Findings<'_, '_, '_>| instruction.span.of(text).contains(SETTING);
    walk(findings, writes_setting, |instruction, _run, image, findings| {
        let hadolint = findings.preset() == Preset::Hadolint;
        if !hadolint && (!image.is_kept || image.remembers || instruction.span.of(text).contains(SETTING)) {
            return;
        }
        for call in findings.calls(instruction) {
            let is_apt = call.is("apt-get") || !hadolint && call.is("apt");
            if !is_apt || call.subcommand() != Some("install") || call.has("--no-install-recommends") {
                continue;
            }
            let is_set = call.arguments().any(|argument| argument.text() == "APT::Install-Recommends=false");
            let installs = hadolint || call.operands().next().is_some() && !is_dry(call);
            if is_set || !installs || may_have_options(call, findings.preset()) {
                continue;
            }
            let verb = call.subcommand_argument().unwrap_or(call.name_argument());
            findings
                .report(verb.span(), format!("`{} install` installs recommended packages too", call.name()))
                .help("add `--no-install-recommends`")
                .fix(add_option(call, "--no-install-recommends", Applicability::Unsafe));
        }
    });
}
