use super::prelude::*;
use crate::ast::Run;
use crate::shell::{Call, Dialect, NodeKind, NodeRef};

rule! {
    /// Look at a script from the network before it is run.
    ///
    /// ## What it does
    /// Finds what a `curl` or `wget` fetches going straight into a shell, or into Python, Perl, Ruby or Node: through a
    /// pipe, `bash <(curl …)`, `sh -c "$(curl …)"` or `eval "$(curl …)"`.
    ///
    /// ## Why
    /// Nobody knows what ran: the script may be another one tomorrow, and where the connection breaks, half of it runs.
    /// Without `pipefail` a failed download does not even fail the build.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// RUN curl -fsSL https://example.org/install.sh | sh
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/install.sh /tmp/
    /// RUN sh /tmp/install.sh
    /// ```
    ///
    /// ## How to fix
    /// Fetch it with `ADD --checksum=sha256:… URL /tmp/`, and run the file; or install the package that the script
    /// installs.
    ///
    /// ## When to ignore
    /// Where whoever serves the script is trusted to change it.
    "PL1044" "no-download-into-shell" {
        severity: Warning,
        category: Security,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [
            Same("droast/DF021"),
        ],
        programs: ["curl", "wget"],
        check: Check::Run(check),
    }
}

fn check(instruction: &Instruction<'_>, _run: &Run<'_>, findings: &mut Findings<'_, '_, '_>) {
    for script in findings.scripts(instruction) {
        // The downloads by the command that they stand in, in order.
        let downloads: Vec<Call<'_>> = script.calls().filter(|call| matches!(call.program(), "curl" | "wget")).collect();
        if downloads.is_empty() {
            continue;
        }
        for call in script.calls().filter(|call| reads_script(*call)) {
            let Some(download) = fed_by(call, &downloads).or_else(|| given(call, &downloads)) else { continue };
            findings
                .report(
                    call.name_argument().span(),
                    format!("`{}` runs what `{}` fetches, and nobody has looked at it", call.name(), download.name()),
                )
                .help("fetch it with `ADD --checksum=sha256:… URL /tmp/`, and run the file");
        }
    }
}

/// How many commands of a pipeline are looked at.
const LONGEST: usize = 32;

/// Whether the command is one that runs a script which it reads from its input, or is given as an argument.
fn reads_script(call: Call<'_>) -> bool {
    let program = call.program();
    let runs = matches!(Dialect::of_program(program), Dialect::Unknown | Dialect::PowerShell | Dialect::Cmd);
    !runs || matches!(program, "python" | "perl" | "ruby" | "node" | "php" | "eval" | "source" | ".")
}

/// The download whose output a command reads through `|`, as it has no script of its own.
fn fed_by<'s>(call: Call<'s>, downloads: &[Call<'s>]) -> Option<Call<'s>> {
    let has_script = call.script_argument().is_some()
        || call.options().any(|option| matches!(option.written(), "-c" | "c" | "-e" | "e" | "-m" | "m"))
        || call.operands().next().is_some_and(|first| first.text() != "-") && !is_told_to_read(call);
    if has_script {
        return None;
    }
    let commands: Vec<NodeRef<'_>> = call.pipeline()?.children().filter(|child| child.kind().is_command()).take(LONGEST).collect();
    let own = commands.iter().position(|command| *command == call.node())?;
    // What stands between may only pass it on or unpack it.
    let before = commands.get(..own)?;
    let first = before.iter().rposition(|command| find(downloads, *command).is_some())?;
    let passes = |node: &NodeRef<'_>| {
        let name = node.child(NodeKind::Word).map(|word| word.text()).unwrap_or_default();
        matches!(name, "sudo" | "tee" | "cat" | "sed" | "gunzip" | "zcat" | "gzip" | "tr" | "dos2unix" | "envsubst" | "base64")
    };
    if !before.get(first + 1..)?.iter().all(passes) {
        return None;
    }
    find(downloads, *before.get(first)?)
}

/// The download that a command is.
fn find<'s>(downloads: &[Call<'s>], command: NodeRef<'s>) -> Option<Call<'s>> {
    let next = downloads.partition_point(|download| download.node().index() < command.index());
    downloads.get(next).copied().filter(|download| download.node() == command)
}

/// `bash -s argument` reads its input, and `python - argument` too.
fn is_told_to_read(call: Call<'_>) -> bool {
    call.options().any(|option| option.written().trim_start_matches('-') == "s")
}

/// The download whose output is an argument of the command: `<(curl …)` or `$(curl …)`.
fn given<'s>(call: Call<'s>, downloads: &[Call<'s>]) -> Option<Call<'s>> {
    let is_shell = !matches!(call.program(), "python" | "perl" | "ruby" | "node" | "php");
    let runs_text = call.program() == "eval" || call.script_argument().is_some();
    let first = match call.script_argument() {
        Some(argument) => argument,
        None => call.arguments().find(|argument| !argument.text().starts_with('-'))?,
    };
    let word = first.word();
    let holder = word.descendants().find(|node| match node.kind() {
        NodeKind::ProcessSubstitution => true,
        NodeKind::CommandSubstitution | NodeKind::Backquoted => runs_text && is_shell,
        _ => false,
    })?;
    // It must be all there is to the argument: `"$(curl …)"`.
    let rest = word.text().replace(holder.text(), "");
    if !rest.trim_matches(['"', ' ']).is_empty() {
        return None;
    }
    let next = downloads.partition_point(|download| download.node().index() < holder.index());
    let found = downloads.get(next).copied()?;
    holder.range().contains(found.node().range()).then_some(found)
}
