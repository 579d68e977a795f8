use std::collections::HashMap;

use super::prelude::*;
use super::use_copy_not_add::is_unpacked;
use crate::shell::Call;

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
    /// Write `ADD` with the directory that the archive is unpacked to.
    ///
    /// ## When to ignore
    /// Where `tar` is given options that `ADD` does not have.
    "DL3010" "add-not-unpack" {
        severity: Info,
        category: Size,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Hadolint],
        aliases: [
            Same("hadolint/DL3010"),
            Same("tally/hadolint/DL3010"),
            Same("droast/DF067"),
            Near("tally/tally/prefer-add-unpack"),
        ],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    // The copies of archives, by the name that they have in the image.
    let mut copies: HashMap<&str, Span> = HashMap::new();
    let mut unpacked: Vec<(Span, String)> = Vec::new();
    for instruction in stage.body {
        match &instruction.kind {
            Kind::Copy(copy) if copy.from().is_none() => {
                let destination = copy.destination.trim_matches(['"', '\'']);
                for source in &copy.sources {
                    let word = source.word().trim_matches(['"', '\'']);
                    if is_unpacked(destination) {
                        copies.insert(base_name(destination), source.word().span);
                    } else if is_unpacked(word) {
                        copies.insert(base_name(word), source.word().span);
                    }
                }
            }
            Kind::Run(_) if !copies.is_empty() => {
                for call in findings.calls(instruction).filter(|call| unpacks(*call)) {
                    for argument in call.arguments().filter_map(|argument| argument.known()) {
                        if let Some(place) = copies.remove(base_name(argument)) {
                            unpacked.push((place, call.name().to_owned()));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (place, tool) in unpacked {
        findings
            .report(place, format!("this archive is copied, and then unpacked with `{tool}`"))
            .help("write `ADD` and the directory to unpack it to");
    }
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
