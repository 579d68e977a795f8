use super::prelude::*;

rule! {
    /// Say how to tell that the container is well.
    ///
    /// ## What it does
    /// Finds an image without `HEALTHCHECK`, its own or one that it has from the stages that it builds on. What the base
    /// image says is not asked. As hadolint defines it, each stage is looked at.
    ///
    /// ## Why
    /// Without it, a container counts as well for as long as its process runs, even if it answers nobody.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// CMD ["serve"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// HEALTHCHECK CMD ["serve", "--check"]
    /// CMD ["serve"]
    /// ```
    ///
    /// ## How to fix
    /// Write a `HEALTHCHECK` that asks the program something, or `HEALTHCHECK NONE` where nothing is to be asked.
    ///
    /// ## When to ignore
    /// Where the orchestrator has checks of its own, as Kubernetes does: it heeds none of these.
    "DL3057" "no-healthcheck" {
        severity: Info,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [
            Same("hadolint/DL3057"),
            Same("tally/hadolint/DL3057"),
            Same("droast/DF012"),
            Same("trivy/DS-0026"),
            Same("checkov/CKV_DOCKER_2"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    // A stage is excused where one that is built on it has a check.
    let mut checked: Vec<bool> = model.stages.iter().map(|stage| stage.healthcheck.is_some()).collect();
    for stage in model.stages.iter().rev() {
        if let Base::Stage(base) = stage.base
            && checked.get(stage.index).copied().unwrap_or_default()
            && let Some(base) = checked.get_mut(base)
        {
            *base = true;
        }
    }
    let hadolint = findings.preset() == Preset::Hadolint;
    for stage in &model.stages {
        let is_asked = hadolint || model.target == Some(stage.index) && stage.base != Base::Unknown;
        if is_asked && !checked.get(stage.index).copied().unwrap_or_default() {
            findings
                .report(stage.instruction.header, "nothing says how to tell that the container is well")
                .help("write a `HEALTHCHECK`, or `HEALTHCHECK NONE` where there is nothing to ask");
        }
    }
}
