use super::prelude::*;

rule! {
    /// Write all instructions in capitals, or all in small letters.
    ///
    /// ## What it does
    /// Finds an instruction that is not written as most of the file's are. Where there are as many of one kind as of the
    /// other, capitals are right.
    ///
    /// ## Why
    /// BuildKit does not care, but readers find instructions by their shape.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// Run apk add --no-cache curl
    /// CMD ["sh"]
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// CMD ["sh"]
    /// ```
    ///
    /// ## How to fix
    /// The fix writes the instruction as the others are.
    ///
    /// ## When to ignore
    /// Where the file is generated.
    "ConsistentInstructionCasing" "consistent-instruction-casing" {
        severity: Style,
        category: Style,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/ConsistentInstructionCasing"),
            Same("tally/buildkit/ConsistentInstructionCasing"),
            Same("droast/DF076"),
        ],
        check: Check::File(check),
    }
}

/// How a word is written.
#[derive(PartialEq)]
enum Casing {
    Capitals,
    Small,
    Mixed,
}

fn casing(word: &str) -> Casing {
    let (mut capitals, mut small) = (false, false);
    for byte in word.bytes() {
        capitals |= byte.is_ascii_uppercase();
        small |= byte.is_ascii_lowercase();
    }
    match (capitals, small) {
        (_, false) => Casing::Capitals,
        (false, true) => Casing::Small,
        (true, true) => Casing::Mixed,
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let model = findings.model();
    // As nearly all files are written.
    let is_in_capitals = |keyword: &str| keyword.bytes().all(|byte| byte.is_ascii_uppercase());
    if model.dockerfile.instructions.iter().all(|instruction| is_in_capitals(&instruction.keyword)) {
        return;
    }
    let instructions = || {
        let stages = model.stages.iter();
        let all = stages.flat_map(|stage| std::iter::once(stage.instruction).chain(stage.body));
        // A line that is no instruction has no casing.
        all.filter(|instruction| instruction.kind.keyword().is_some())
    };
    let mut small = 0_usize;
    let mut capitals = 0_usize;
    let mut mixed = 0_usize;
    for instruction in instructions() {
        match casing(&instruction.keyword) {
            Casing::Capitals => capitals += 1,
            Casing::Small => small += 1,
            Casing::Mixed => mixed += 1,
        }
    }
    if mixed == 0 && (small == 0 || capitals == 0) {
        return;
    }
    let (right, wanted) = if small > capitals { (Casing::Small, "small letters") } else { (Casing::Capitals, "capitals") };
    let wrong: Vec<&Instruction<'_>> =
        instructions().filter(|instruction| casing(&instruction.keyword) != right).collect();
    for instruction in wrong {
        let keyword = &instruction.keyword;
        let text = if right == Casing::Small { keyword.to_lowercase() } else { keyword.to_uppercase() };
        findings
            .report(keyword.span, format!("most instructions of this file are in {wanted}, and `{keyword}` is not"))
            .help(format!("write `{text}`"))
            .fix(Fix {
                title: format!("write `{text}`").into(),
                applicability: Applicability::Safe,
                edits: vec![Edit { span: keyword.span, text }],
            });
    }
}
