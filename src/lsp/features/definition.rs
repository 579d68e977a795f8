//! Where that is declared which a name means, and the file that a source names.

use std::path::PathBuf;

use crate::context::EntryKind;
use crate::lsp::document::Reading;
use crate::source::Span;

use super::cursor::{innermost, instruction_at, point_after, touches};
use super::occurrences::{Occurrence, Role, Symbol, at, occurrences};
use super::paths;

/// Where to go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Definition {
    /// What the question was about.
    pub(crate) origin: Span,
    /// The places, the best one first; at least one.
    pub(crate) targets: Vec<Target>,
}

/// A place to go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// In the same file.
    Here {
        /// The name.
        name: Span,
        /// The instruction that it stands in.
        whole: Span,
    },
    /// Another file.
    File(PathBuf),
}

/// Where that is declared which stands at a place.
pub(crate) fn definition(reading: &Reading<'_, '_>, offset: u32) -> Option<Definition> {
    let found = occurrences(reading);
    if let Some(occurrence) = at(reading.text, &found, offset) {
        let name = declared(reading, occurrence);
        let whole =
            instruction_at(&reading.parsed.dockerfile, name.start).map_or(name, |instruction| instruction.header);
        return Some(Definition { origin: occurrence.span, targets: vec![Target::Here { name, whole }] });
    }
    files(reading, offset)
}

/// Where that stands which an occurrence means. An `ARG` that takes its value over means the one that has it.
fn declared(reading: &Reading<'_, '_>, occurrence: Occurrence) -> Span {
    if occurrence.role != Role::Declaration || !matches!(occurrence.symbol, Symbol::Variable(_)) {
        return occurrence.declaration;
    }
    let name = occurrence.span.of(reading.text);
    let after = instruction_at(&reading.parsed.dockerfile, occurrence.span.start)
        .and_then(|instruction| point_after(reading, instruction));
    let declaration = after.and_then(|after| after.declaration(name)).filter(|found| found.span == occurrence.span);
    declaration.map_or(occurrence.declaration, |declaration| declaration.value_from)
}

/// The files that the source at a place names.
fn files(reading: &Reading<'_, '_>, offset: u32) -> Option<Definition> {
    let context = paths::context(reading)?;
    let instruction = instruction_at(&reading.parsed.dockerfile, offset)?;
    let point = reading.model.at(instruction)?;
    let word = paths::sources(innermost(instruction, offset)).into_iter().find(|word| touches(word.span, offset))?;
    let targets: Vec<Target> = paths::named(context, &point, word)
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::File)
        .filter_map(|entry| Some(Target::File(context.root().join(std::str::from_utf8(entry.path).ok()?))))
        .collect();
    (!targets.is_empty()).then_some(Definition { origin: word.span, targets })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_context, in_file, shown, written};
    use super::*;

    fn answer(reading: &Reading<'_, '_>, offset: u32) -> String {
        let Some(Definition { origin, targets }) = definition(reading, offset) else { return "nothing".to_owned() };
        let target = |target: &Target| match target {
            Target::Here { name, whole } => {
                assert!(whole.contains(*name));
                shown(reading.text, *name)
            }
            Target::File(path) => path.file_name().unwrap().to_string_lossy().into_owned(),
        };
        let targets: Vec<String> = targets.iter().map(target).collect();
        format!("{} -> {}", origin.of(reading.text), targets.join(" "))
    }

    #[test]
    fn names_lead_to_their_declarations() {
        check(
            &[
                ("FROM a AS x\nFROM ‸x\n", "x -> 1:x"),
                ("FROM a AS x\nFROM b AS X\nFROM ‸x\n", "x -> 2:X"),
                ("FROM a AS x\nFROM b\nCOPY --from=X‸ /a /\n", "X -> 1:x"),
                ("FROM a AS x\nFROM b\nCOPY --from=‸0 /a /\n", "0 -> 1:x"),
                ("FROM a\nFROM b\nCOPY --from=‸0 /a /\n", "0 -> 1:FROM"),
                ("FROM a AS x\nFROM b\nRUN --mount=from=‸x,target=/x c\n", "x -> 1:x"),
                ("FROM a AS x\nFROM b\nCOPY --from=image‸ /a /\n", "nothing"),
                ("ARG T=1\nFROM a:$‸T\n", "T -> 1:T"),
                ("ARG T=1\nFROM a\nARG T\nRUN é \"${T‸}\"\n", "T -> 3:T"),
                ("ARG T=1\nFROM a\nARG ‸T\nRUN b\n", "T -> 1:T"),
                ("ARG T=1\nFROM a\nARG ‸T\n", "T -> 1:T"),
                ("ARG T=1\nFROM a\nARG ‸T=2\n", "T -> 3:T"),
                ("FROM a\nARG T=1\nENV T=$‸T\n", "T -> 2:T"),
                ("FROM a\nARG T=1\nENV T=$T\nRUN $‸T\n", "T -> 3:T"),
                ("FROM a AS x\nENV E=1\nFROM x\nWORKDIR /$‸E\n", "E -> 2:E"),
                ("FROM a AS x\nENV E=1\nFROM b\nWORKDIR /$‸E\n", "nothing"),
                ("FROM a\nRUN b\nNOPE x\nENV E=1\nRUN if true; then echo \\\n  é $‸E; fi\n", "E -> 4:E"),
                ("FROM a\nENV E=1\nCOPY <<F /f\nb \"${E‸:-x}\"\nF\n", "E -> 2:E"),
                ("FROM a\nENV E=1\nRUN <<F\ncat '$E' $‸E\nF\n", "E -> 2:E"),
                ("FROM a\nENV E=1\nRUN sh -c 'echo $‸E'\n", "E -> 2:E"),
                ("FROM a\nCMD echo $‸E\nENV E=1\n", "E -> 3:E"),
                ("FROM a\nARG E=1\nCMD echo $‸E\n", "nothing"),
                ("FROM a\nONBUILD ARG A\nONBUILD RUN $‸A\n", "A -> 2:A"),
                ("FROM a AS x\nONBUILD ENV A=1\nFROM x\nRUN $‸A\n", "A -> 2:A"),
                ("FROM ‸a\n", "nothing"),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn sources_lead_to_files() {
        let files = [("main.go", ""), ("a/é.txt", ""), ("a/b.txt", ""), ("a/c.md", ""), (".dockerignore", "*.md\n")];
        check(
            &[
                ("FROM a\nCOPY ‸main.go /\n", "main.go -> main.go"),
                ("FROM a\nENV D=a\nCOPY --link ./$D/‸é.txt a/*.txt /\n", "./$D/é.txt -> é.txt"),
                ("FROM a\nCOPY a/*.txt‸ /\n", "a/*.txt -> b.txt é.txt"),
                ("FROM a\nCOPY [\"‸main.go\", \"/\"]\n", "main.go -> main.go"),
                ("FROM a\nCOPY ‸a /\n", "nothing"),
                ("FROM a\nCOPY a/c.md‸ nope /\n", "a/c.md -> c.md"),
                ("FROM a\nCOPY --from=b ‸main.go /\n", "nothing"),
                ("FROM a\nADD https://a.b/‸main.go /\n", "nothing"),
                ("FROM a\nRUN --mount=source=‸main.go,target=/x b\n", "main.go -> main.go"),
                ("FROM a\nONBUILD COPY ‸main.go /\n", "main.go -> main.go"),
            ],
            |text| in_context(&written(&files), text, answer),
        );
    }
}
