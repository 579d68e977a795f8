use std::collections::HashMap;

use super::edits::{chain, holds_comment, is_plain, take_out};
use super::prelude::*;
use super::use_copy_not_add::is_unpacked;
use crate::ast::Copy;
use crate::semantic::{Value, resolve};
use crate::shell::{Call, NodeRef};

rule! {
    /// Unpack archives with `ADD`.
    ///
    /// ## What it does
    /// Finds a `COPY` of an archive that a later `RUN` of the same stage unpacks.
    ///
    /// ## Why
    /// `ADD` unpacks while it copies. With `COPY`, the archive itself stays in a layer of the image, even if it is removed
    /// later.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM debian:13
    /// COPY app.tar.gz /tmp/
    /// RUN tar -xzf /tmp/app.tar.gz
    /// ```
    /// ```dockerfile,good
    /// FROM debian:13
    /// ADD app.tar.gz /opt/
    /// ```
    ///
    /// ## How to fix
    /// Write `ADD` with the directory that the archive is unpacked to. The fix does so where `tar` does nothing else and nobody
    /// uses the archive in between; it is unsafe, for `ADD` unpacks as root and with the owners that the archive names.
    ///
    /// ## When to ignore
    /// Where `tar` is given options that `ADD` does not have.
    "DL3010" "add-not-unpack" {
        severity: Info,
        category: Size,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3010"),
            Same("tally/hadolint/DL3010"),
            Same("droast/DF067"),
            Near("tally/tally/prefer-add-unpack"),
        ],
        keywords: [Copy],
        check: Check::Stage(check),
    }
}

/// A copy of an archive.
struct Archive<'d, 'a> {
    /// The `COPY`, and its number in the stage.
    instruction: &'d Instruction<'a>,
    number: usize,
    source: Span,
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    // The copies of archives, by the name that they have in the image.
    let mut copies: HashMap<&str, Archive<'_, '_>> = HashMap::new();
    let mut unpacked: Vec<(Span, String, Option<Fix>)> = Vec::new();
    for (number, instruction) in stage.body.iter().enumerate() {
        match &instruction.kind {
            Kind::Copy(copy) if copy.from().is_none() => {
                let destination = copy.destination.trim_matches(['"', '\'']);
                for source in &copy.sources {
                    let word = source.word().trim_matches(['"', '\'']);
                    let archive = Archive { instruction, number, source: source.word().span };
                    if is_unpacked(destination) {
                        copies.insert(base_name(destination), archive);
                    } else if is_unpacked(word) {
                        copies.insert(base_name(word), archive);
                    }
                }
            }
            Kind::Run(_) if !copies.is_empty() => {
                for call in findings.calls(instruction).filter(|call| unpacks(*call)) {
                    for argument in call.arguments().filter_map(|argument| argument.known()) {
                        let Some(archive) = copies.remove(base_name(argument)) else { continue };
                        // One at a time: what stands between is looked at for each.
                        let between = stage.body.get(archive.number + 1..number).unwrap_or_default();
                        let fix = match unpacked.is_empty() {
                            true => added(&archive, between, instruction, call, findings),
                            false => None,
                        };
                        unpacked.push((archive.source, call.name().to_owned(), fix));
                    }
                }
            }
            _ => {}
        }
    }
    for (place, tool, fix) in unpacked {
        let finding = findings
            .report(place, format!("this archive is copied, and then unpacked with `{tool}`"))
            .help("write `ADD` and the directory to unpack it to");
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}

/// Makes an `ADD` of a `COPY`, and takes the `tar` out that unpacks its archive, with the `rm` of the archive.
fn added(
    archive: &Archive<'_, '_>,
    between: &[Instruction<'_>],
    run: &Instruction<'_>,
    tar: Call<'_>,
    findings: &Findings<'_, '_, '_>,
) -> Option<Fix> {
    let dockerfile = findings.model().dockerfile;
    let text = dockerfile.text;
    let Kind::Copy(copy) = &archive.instruction.kind else { return None };
    let path = destination(archive.instruction, copy, findings)?;
    let name = base_name(&path);
    let is_mentioned = |instruction: &Instruction<'_>| instruction.span.of(text).contains(name);
    if between.iter().any(is_mentioned) || !run.heredocs().is_empty() || holds_comment(dockerfile, run.span) {
        return None;
    }
    let workdir = findings.point(run)?.workdir();
    let absolute = |written: &str| resolve(&workdir, &Value::of(written)).known().map(str::to_owned);
    let (unpacked, directory) = tar_of(tar)?;
    let directory = absolute(directory.unwrap_or("."))?;
    if absolute(unpacked)? != path || !is_plain(&directory) {
        return None;
    }
    let pipelines = chain(tar.script())?;
    let calls: Vec<Call<'_>> = tar.script().calls().collect();
    // Each pipeline is one command, none of which goes to another directory or uses the archive otherwise.
    let is_simple = calls.len() == pipelines.len() && calls.iter().zip(&pipelines).all(|(call, pipeline)| {
        call.node().parent() == Some(*pipeline) && !matches!(call.name(), "cd" | "pushd" | "popd")
    });
    if !is_simple {
        return None;
    }
    let removes = |call: &Call<'_>| {
        let mut operands = call.operands();
        call.is("rm") && operands.next().and_then(|first| absolute(first.known()?)) == Some(path.clone()) && operands.next().is_none()
    };
    let is_taken = |call: &Call<'_>| call.index() == tar.index() || removes(call);
    if calls.iter().any(|call| !is_taken(call) && call.node().text().contains(name)) {
        return None;
    }
    let taken: Vec<bool> = calls.iter().map(is_taken).collect();
    let destination = if directory.ends_with('/') { directory } else { format!("{directory}/") };
    let mut edits = vec![
        Edit { span: archive.instruction.keyword.span, text: "ADD".to_owned() },
        Edit { span: copy.destination.span, text: destination.clone() },
    ];
    if taken.iter().all(|taken| *taken) {
        edits.push(take_out(dockerfile, run)?);
    } else {
        edits.extend(without(&pipelines, &taken).into_iter().map(|span| Edit { span, text: String::new() }));
    }
    Some(Fix { title: format!("unpack it to `{destination}` with `ADD`").into(), applicability: Applicability::Unsafe, edits })
}

/// Where a `COPY` of one archive that `ADD` unpacks puts it.
fn destination(instruction: &Instruction<'_>, copy: &Copy<'_>, findings: &Findings<'_, '_, '_>) -> Option<String> {
    let [source] = copy.sources.as_slice() else { return None };
    let (source, written) = (source.word(), &copy.destination);
    let is_tar = ["tar", "tgz", "tbz", "tbz2", "txz"].iter().any(|ending| source.ends_with(&format!(".{ending}")))
        || source.contains(".tar.");
    if !is_tar || !copy.flags.is_empty() || !is_plain(source) || !is_plain(written) {
        return None;
    }
    let whole = findings.point(instruction)?.resolve(written);
    let whole = whole.known()?;
    let is_directory = written.as_str() == "." || written.ends_with('/') || written.ends_with("/.");
    match (is_directory, is_unpacked(written)) {
        (true, _) => Some(format!("{}/{}", whole.trim_end_matches('/'), base_name(source))),
        (false, true) => Some(whole.to_owned()),
        // It may be a directory.
        (false, false) => None,
    }
}

/// The archive that `tar` unpacks whole, and the directory that it is told to unpack to.
fn tar_of(tar: Call<'_>) -> Option<(&str, Option<&str>)> {
    let (mut archive, mut directory, mut extracts) = (None, None, false);
    let mut arguments = tar.arguments().map(|argument| argument.known());
    let mut number = 0;
    while let Some(argument) = arguments.next() {
        let argument = argument?;
        match argument.strip_prefix("--directory=") {
            Some(given) => directory = Some(given),
            None if matches!(argument, "-C" | "--directory") => directory = Some(arguments.next()??),
            None => {
                let letters = match argument.strip_prefix('-') {
                    Some(letters) => letters,
                    None if number == 0 => argument,
                    None => return None,
                };
                let names_archive = letters.ends_with('f');
                if letters.is_empty() || !letters.bytes().all(|letter| b"xvzjJpf".contains(&letter)) {
                    return None;
                }
                extracts |= letters.contains('x');
                if names_archive {
                    archive = Some(arguments.next()??);
                }
            }
        }
        number += 1;
    }
    archive.filter(|_| extracts).map(|archive| (archive, directory))
}

/// The places to take out so that only the pipelines remain that are not taken, joined as before.
fn without(pipelines: &[NodeRef<'_>], taken: &[bool]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut last_kept: Option<u32> = None;
    let (mut open, mut previous) = (None, 0);
    for (pipeline, is_taken) in pipelines.iter().zip(taken) {
        let span = pipeline.span();
        if *is_taken {
            open = open.or(Some(last_kept.unwrap_or(span.start)));
        } else {
            if let Some(start) = open.take() {
                // Behind one that stays, the `&&` before this one stays too.
                spans.push(Span::new(start, if last_kept.is_some() { previous } else { span.start }));
            }
            last_kept = Some(span.end);
        }
        previous = span.end;
    }
    spans.extend(open.map(|start| Span::new(start, previous)));
    spans
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn unpacks(call: Call<'_>) -> bool {
    match call.name() {
        "tar" => call.arguments().enumerate().any(|(number, argument)| {
            let text = argument.text();
            let letters = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            let letters = letters.or_else(|| (number == 0 && !text.starts_with('-')).then_some(text));
            letters.is_some_and(|letters| letters.contains('x')) || matches!(text, "--extract" | "--get")
        }),
        "unzip" | "gunzip" | "bunzip2" | "unlzma" | "unxz" | "zgz" | "uncompress" | "zcat" | "gzcat" => true,
        _ => false,
    }
}
