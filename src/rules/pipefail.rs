use std::collections::{HashMap, HashSet};

use super::edits::{above, begins_line, is_whole, line_ending};
use super::prelude::*;
use crate::ast::Word;
use crate::semantic::{Shell, System, base_image, shebang};
use crate::shell::{Call, Dialect, NodeKind, NodeRef, Operator, Script};

rule! {
    /// Let a pipeline fail when any command in it fails.
    ///
    /// ## What it does
    /// Finds a pipeline where the failure of a command before the last goes unseen, for `pipefail` is not set: neither by
    /// `SHELL` nor by a `set` in the script. A pipeline of what does not fail, like `echo` or `find`, is left alone, as is one
    /// whose result is looked at or used as text, and one whose last command fails itself when its input ends too early, like
    /// `tar`, `gpg` or `sha256sum`. As hadolint defines it, each pipeline is a finding where `SHELL` does not set `pipefail` in
    /// the same stage.
    ///
    /// ## Why
    /// The shell asks the last command only. `curl … | sh` runs nothing, or half a script, and the image is built.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN curl https://example.com/a.sh | sh
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN curl https://example.com/a.sh | sh
    /// ```
    ///
    /// ## How to fix
    /// Write `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` above, on Alpine `SHELL ["/bin/ash", "-eo", "pipefail", "-c"]`,
    /// or `set -o pipefail` in a script of bash. The fix does one or the other, where it is known that the image has such a
    /// shell; it is unsafe, for a pipeline may fail then that never did, and what follows a `SHELL` has another shell.
    ///
    /// ## When to ignore
    /// Where a command before the last may fail, and is cut off by `head` or the like.
    "DL4006" "pipefail" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL4006"),
            Same("tally/hadolint/DL4006"),
            Same("droast/DF057"),
            Same("semgrep/set-pipefail"),
        ],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let hadolint = findings.preset() == Preset::Hadolint;
    // For hadolint, what a SHELL says ends at the next FROM.
    let mut excused = false;
    // One SHELL is enough for all that follows it in a stage.
    let mut is_mended = false;
    for instruction in &findings.model().dockerfile.instructions {
        let inner = match &instruction.kind {
            Kind::Onbuild(onbuild) => onbuild.instruction.as_deref(),
            _ => Some(instruction),
        };
        match inner.map(|inner| &inner.kind) {
            Some(Kind::From(_)) => (excused, is_mended) = (false, false),
            Some(Kind::Shell(shell)) => (excused, is_mended) = (excuses(&shell.words), false),
            Some(Kind::Run(_)) if hadolint => {
                let said = findings.shell_that_is_said(instruction).map(Dialect::of_program);
                let excused = excused || matches!(said, Some(Dialect::PowerShell | Dialect::Cmd));
                let first = findings.scripts(instruction).first().filter(|_| !excused);
                if let Some(pipeline) = first.and_then(|script| script.pipelines().find(|pipeline| has_pipe(*pipeline))) {
                    let fix = with_shell(instruction, findings).filter(|_| !is_mended);
                    is_mended |= fix.is_some();
                    report(pipeline, fix, findings);
                }
            }
            Some(Kind::Run(_)) => {
                for script in findings.scripts(instruction) {
                    for (number, pipeline) in unseen_failures(script).into_iter().enumerate() {
                        let mut fix = None;
                        if number == 0 && !is_mended {
                            fix = with_set(instruction, script, findings);
                            if fix.is_none() && script.dialect() == Dialect::Sh {
                                fix = with_shell(instruction, findings).filter(|_| is_own(script, instruction, findings));
                                is_mended = fix.is_some();
                            }
                        }
                        report(pipeline, fix, findings);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether hadolint is content with a shell.
fn excuses(words: &[Word<'_>]) -> bool {
    let Some((first, options)) = words.split_first() else { return false };
    let name = first.rsplit(['/', '\\']).next().unwrap_or_default();
    match Dialect::of_program(first) {
        Dialect::PowerShell | Dialect::Cmd => true,
        _ => matches!(name, "bash" | "zsh" | "ash") && {
            let mut before = options.iter().map(Word::as_str).zip(options.iter().skip(1));
            before.any(|(option, value)| option.starts_with('-') && option.ends_with('o') && value == "pipefail")
        },
    }
}

fn has_pipe(pipeline: NodeRef<'_>) -> bool {
    let is_pipe = |kind| matches!(kind, NodeKind::Operator(Operator::Pipe | Operator::PipeBoth));
    pipeline.children().any(|child| is_pipe(child.kind()))
}

/// The pipelines in which a command before the last may fail, and nobody sees it.
fn unseen_failures<'s>(script: &'s Script<'_>) -> Vec<NodeRef<'s>> {
    if !script.text().as_str().contains('|') {
        return Vec::new();
    }
    let mut commands: HashMap<u32, Vec<Call<'s>>> = HashMap::new();
    for call in script.calls() {
        if let Some(pipeline) = call.pipeline() {
            commands.entry(pipeline.index()).or_default().push(call);
        }
    }
    // Which statements have an `||`, that decides what happens after a failure.
    let mut decides: HashSet<u32> = HashSet::new();
    let mut found = Vec::new();
    let mut asked_from = 0;
    for node in script.nodes() {
        match node.kind() {
            // A pipeline that is a text, or that decides something, is not asked whether it failed.
            NodeKind::CommandSubstitution
            | NodeKind::Backquoted
            | NodeKind::ProcessSubstitution
            | NodeKind::If
            | NodeKind::While
            | NodeKind::Until
            | NodeKind::Function => asked_from = node.range().end.max(asked_from),
            NodeKind::Statement if node.children().any(|child| child.kind() == NodeKind::Operator(Operator::Or)) => {
                decides.insert(node.index());
            }
            NodeKind::Pipeline
                if node.range().start >= asked_from
                    && has_pipe(node)
                    && !node.parent().is_some_and(|statement| decides.contains(&statement.index()))
                    && script.switches_at(node).pipefail.is_off()
                    && commands.get(&node.index()).is_some_and(|commands| may_fail(commands)) =>
            {
                found.push(node);
            }
            _ => {}
        }
    }
    found
}

/// Whether a command before the last is one that may fail, and nobody sees it.
fn may_fail(commands: &[Call<'_>]) -> bool {
    let Some(last) = commands.last().map(|last| last.node()) else { return false };
    // With those that a command runs, like `sudo`.
    let mut of_last = commands.iter().filter(|call| call.node() == last);
    let mut before = commands.iter().filter(|call| call.node() != last && call.wrapped_in().is_none());
    !of_last.any(|call| notices(*call)) && before.any(|call| !NEVER.contains(&call.name()))
}

/// What does not fail, or does so when nothing is wrong: a search that finds nothing, an `ldd` of what is not linked.
const NEVER: [&str; 40] = [
    ":", "apt-mark", "awk", "cat", "cut", "date", "diff", "dpkg", "dpkg-query", "du", "echo", "egrep", "env", "fgrep", "find",
    "gawk", "grep", "head", "ldd", "ls", "nproc", "objdump", "pkg-config", "printf", "readelf", "rpm", "scanelf", "sed", "seq",
    "set", "sort", "tail", "tee", "tr", "true", "uname", "uniq", "which", "xargs", "yes",
];

/// Whether the last command of a pipeline stops reading early on purpose, or fails itself where its input ends too early:
/// what unpacks, checks a sum or reads a key.
fn notices(last: Call<'_>) -> bool {
    match last.name() {
        "head" | "grep" | "true" => true,
        "tar" | "bsdtar" | "gunzip" | "bunzip2" | "unxz" | "unzstd" | "zcat" | "bzcat" | "xzcat" | "unzip" | "cpio" | "rpm2cpio" => {
            true
        }
        "gzip" | "bzip2" | "xz" | "zstd" | "lz4" => last.arguments().any(|argument| {
            let text = argument.text();
            text.starts_with('-') && (text == "--decompress" || !text.starts_with("--") && text.contains('d'))
        }),
        "gpg" | "gpg2" | "apt-key" | "jq" | "openssl" | "dpkg-deb" => true,
        name => name.ends_with("sum"),
    }
}

fn report(pipeline: NodeRef<'_>, fix: Option<Fix>, findings: &mut Findings<'_, '_, '_>) {
    let finding = findings
        .report(pipeline.span(), "when a command before the last `|` fails, the build goes on")
        .help("write `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` above, or `set -o pipefail` in a script of bash");
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// Whether the script is the instruction's own, and not one that a command of it runs.
fn is_own(script: &Script<'_>, instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> bool {
    findings.scripts(instruction).first().is_some_and(|first| std::ptr::eq(first, script))
}

/// Begins a script with `set -o pipefail`, where its shell has that.
fn with_set(instruction: &Instruction<'_>, script: &Script<'_>, findings: &Findings<'_, '_, '_>) -> Option<Fix> {
    let has_it = match script.dialect() {
        Dialect::Bash | Dialect::Zsh | Dialect::Ksh => true,
        Dialect::Sh | Dialect::Dash => image(instruction, findings) == Image::Busybox,
        _ => false,
    };
    // A script that says it somewhere else does so on purpose.
    if !has_it || !is_whole(script) || script.text().as_str().contains("pipefail") {
        return None;
    }
    let start = script.root().children().find(|child| child.kind() == NodeKind::Statement)?.span().start;
    let text = findings.model().dockerfile.text;
    let is_line = instruction.heredocs().iter().any(|heredoc| heredoc.body.contains(Span::empty(start)));
    let before = text.get(..start as usize)?.rsplit('\n').next().filter(|before| is_line && before.trim().is_empty());
    let added = match before {
        Some(indent) => format!("set -o pipefail{}{indent}", line_ending(text)),
        None => "set -o pipefail && ".to_owned(),
    };
    Some(Fix {
        title: "add `set -o pipefail`".into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: Span::empty(start), text: added }],
    })
}

/// Writes a `SHELL` with `pipefail` above an instruction.
fn with_shell(instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> Option<Fix> {
    let dockerfile = findings.model().dockerfile;
    if !begins_line(dockerfile, instruction) || shebang(instruction).is_some() {
        return None;
    }
    let words: Vec<&str> = match (findings.point(instruction)?.shell(), image(instruction, findings)) {
        (Shell::Sh | Shell::OfBase, Image::Bash) => vec!["/bin/bash", "-o", "pipefail", "-c"],
        (Shell::Sh | Shell::OfBase, Image::Busybox) => vec!["/bin/ash", "-eo", "pipefail", "-c"],
        (Shell::Set([shell, options @ .., last]), _) if is_bash(shell) && last.ends_with('c') => {
            let options = options.iter().map(Word::as_str);
            std::iter::once(shell.as_str()).chain(options).chain(["-o", "pipefail", last.as_str()]).collect()
        }
        _ => return None,
    };
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let shell = format!("SHELL [{}]", words.join(", "));
    if shell.contains('\\') {
        return None;
    }
    Some(Fix {
        title: format!("write `{shell}`").into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            span: above(dockerfile, instruction),
            text: format!("{shell}{}", line_ending(dockerfile.text)),
        }],
    })
}

fn is_bash(program: &str) -> bool {
    matches!(Dialect::of_program(program), Dialect::Bash | Dialect::Zsh) || program.ends_with("/ash")
}

/// Which shells a base image has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Image {
    /// bash, at `/bin/bash`.
    Bash,
    /// That of busybox, which is its `/bin/sh` too.
    Busybox,
    Unknown,
}

/// How many stages a base image is looked for behind.
const DEEPEST: usize = 64;

fn image(instruction: &Instruction<'_>, findings: &Findings<'_, '_, '_>) -> Image {
    let stage = findings.point(instruction).and_then(|point| point.stage());
    let root = stage.and_then(|stage| findings.model().lineage(stage).take(DEEPEST).last());
    let Some(name) = root.filter(|root| root.base == Base::Image).and_then(|root| root.image.known()) else {
        return Image::Unknown;
    };
    match base_image(name) {
        Some(known) if known.system == System::Linux => {
            let is_small = name.contains("alpine") || name.contains("busybox");
            if is_small { Image::Busybox } else { Image::Bash }
        }
        _ => Image::Unknown,
    }
}
