use super::prelude::*;

rule! {
    /// Leave no empty line inside an instruction.
    ///
    /// ## What it does
    /// Finds an empty line after a line that is continued.
    ///
    /// ## Why
    /// BuildKit skips it and reads on, though it looks like the end of the instruction: what follows belongs to it as well.
    /// It will become an error.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache \
    ///
    ///     curl
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache \
    ///     curl
    /// ```
    ///
    /// ## How to fix
    /// The fix takes the empty lines out.
    ///
    /// ## When to ignore
    /// Never.
    "NoEmptyContinuation" "no-empty-continuation" {
        severity: Warning,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [Same("buildkit/NoEmptyContinuation"), Same("tally/buildkit/NoEmptyContinuation")],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let instructions = findings.model().dockerfile.instructions.iter();
    for instruction in instructions.filter(|instruction| instruction.empty_continuation) {
        look_at(instruction, findings);
    }
}

fn look_at(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let header = instruction.header;
    let mut start = header.start;
    let mut empty: Vec<Span> = Vec::new();
    let written = header.of(findings.model().dockerfile.text);
    for line in written.split_inclusive('\n') {
        let length = Span::of_range(0..line.len()).end;
        if line.trim().is_empty() {
            empty.push(Span::new(start, start + length));
        }
        start += length;
    }
    let place = empty.first().map_or(header, |line| Span::empty(line.start));
    let edits: Vec<Edit> = empty.into_iter().map(|span| Edit { span, text: String::new() }).collect();
    let finding = findings
        .report(place, "the instruction goes on after this empty line")
        .help("take the line out, or end the instruction before it");
    // What ends with an empty line ends with the file, and its last continuation goes nowhere.
    if !edits.is_empty() && !written.ends_with('\n') {
        finding.fix(Fix {
            title: "take the empty lines out".into(),
            applicability: Applicability::Safe,
            edits,
        });
    }
}
