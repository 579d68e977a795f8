use super::prelude::*;
use super::packages::{add_option, may_have_options};
use crate::ast::Run;
use crate::shell::Call;

rule! {
    /// Keep the progress bar of `wget` out of the log.
    ///
    /// ## What it does
    /// Finds a `wget` whose progress bar goes to the log, because none of its options says otherwise. Images of Alpine and
    /// BusyBox are passed over, for their `wget` has no `--progress`; hadolint looks at all.
    ///
    /// ## Why
    /// The bar is drawn line after line: a large file makes thousands of lines in the log, in which nobody finds anything.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN wget https://example.org/tool.tar.gz
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// RUN wget --progress=dot:giga https://example.org/tool.tar.gz
    /// ```
    ///
    /// ## How to fix
    /// Add `--progress=dot:giga`, which writes a line for 32 MB, or `-nv`, which writes one for each file, or `-q`. The fix
    /// adds the first; it is safe where the base image is known to have GNU's `wget`.
    ///
    /// ## When to ignore
    /// Where the files are small.
    "DL3047" "wget-progress" {
        severity: Info,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3047"),
            Same("droast/DF056"),
            Same("tally/hadolint/DL3047"),
        ],
        changes: [AddedOptions],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    for call in findings.calls(instruction).filter(|call| call.is("wget")) {
        let quiet = ["--progress", "--quiet", "--no-verbose", "--output-file", "--append-output"];
        let is_quiet = quiet.iter().any(|option| call.has(option));
        let other = ["--help", "--version", "--background", "--spider"].iter().any(|other| has(call, other));
        if is_quiet || !hadolint && other || may_have_options(call, findings.preset()) {
            continue;
        }
        let program = program(instruction, findings);
        if !hadolint && program == Program::Busybox {
            continue;
        }
        let applicability = if program == Program::Gnu { Applicability::Safe } else { Applicability::Unsafe };
        findings
            .report(call.name_argument().span(), "the progress bar of `wget` fills the log")
            .help("add `--progress=dot:giga`, or `-nv` where one line for each file will do")
            .fix(add_option(call, "--progress=dot:giga", applicability));
    }
}

fn has(call: Call<'_>, name: &str) -> bool {
    call.options().any(|option| option.is(name))
}

/// How many stages a base image is looked for behind.
const DEEPEST: usize = 64;

/// Whose `wget` it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Gnu,
    Busybox,
    Unknown,
}

/// The distributions whose `wget` is GNU's.
const GNU: [&str; 9] = [
    "debian", "ubuntu", "buildpack-deps", "centos", "rockylinux", "almalinux", "oraclelinux", "amazonlinux", "opensuse/leap",
];

fn program(instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> Program {
    let model = findings.model();
    let stage = findings.point(instruction).and_then(|point| point.stage());
    let root = stage.and_then(|stage| model.lineage(stage).take(DEEPEST).last());
    let Some(image) = root.and_then(|root| root.image.known()) else { return Program::Unknown };
    let repository = image.split([':', '@']).next().unwrap_or(image);
    let repository = repository.strip_prefix("docker.io/").unwrap_or(repository);
    let repository = repository.strip_prefix("library/").unwrap_or(repository);
    if image.contains("alpine") || image.contains("busybox") {
        Program::Busybox
    } else if GNU.contains(&repository) {
        Program::Gnu
    } else {
        Program::Unknown
    }
}
