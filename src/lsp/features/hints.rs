//! What an editor shows between the characters: values, and how much a `COPY` takes.

use crate::ast::{Instruction, Kind, Word};
use crate::lsp::document::Reading;
use crate::semantic::{Lookup, Point};
use crate::size::{HumanSize, counted};
use crate::source::Span;

use super::cursor::point_after;
use super::markdown::shortened;
use super::takes::Takes;

/// Something to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Hint {
    /// Behind which character.
    pub(crate) offset: u32,
    /// What.
    pub(crate) label: String,
}

/// What is to be shown in a part of the file, in order.
pub(crate) fn hints(reading: &Reading<'_, '_>, range: Span) -> Vec<Hint> {
    let instructions = reading.parsed.dockerfile.instructions.as_slice();
    let first = instructions.partition_point(|instruction| instruction.span.end < range.start);
    let within = instructions.get(first..).unwrap_or_default();
    let within = within.iter().take_while(|instruction| instruction.span.start <= range.end);
    let takes = Takes::of(reading);
    let mut hints = Vec::new();
    for instruction in within {
        if let Some(point) = reading.model.at(instruction) {
            of_instruction(reading, instruction, &point, takes.as_ref(), &mut hints);
        }
    }
    hints.retain(|hint| range.start <= hint.offset && hint.offset <= range.end);
    hints.sort_by_key(|hint| hint.offset);
    hints
}

fn of_instruction(
    reading: &Reading<'_, '_>,
    instruction: &Instruction<'_>,
    point: &Point<'_, '_, '_>,
    takes: Option<&Takes<'_, '_>>,
    hints: &mut Vec<Hint>,
) {
    match &instruction.kind {
        Kind::From(from) => {
            expanded(point, &from.image.word, hints);
            from.platform().into_iter().for_each(|platform| expanded(point, platform, hints));
        }
        Kind::Arg(arg) => {
            let after = point_after(reading, instruction);
            for item in arg.items.iter().filter(|item| item.default.is_none()) {
                if let Some(Lookup::Set(value)) = after.as_ref().map(|after| after.variable(&item.name)) {
                    hint(item.word.span.end, value, hints);
                }
            }
        }
        Kind::Workdir(workdir) => resolved(point, &workdir.path, hints),
        Kind::User(user) => expanded(point, &user.user, hints),
        Kind::Stopsignal(stopsignal) => expanded(point, &stopsignal.signal, hints),
        Kind::Volume(volume) => volume.paths.iter().for_each(|path| expanded(point, path, hints)),
        Kind::Expose(expose) => expose.ports.iter().for_each(|port| expanded(point, &port.word, hints)),
        Kind::Copy(copy) => {
            copy.sources.iter().for_each(|source| expanded(point, source.word(), hints));
            resolved(point, &copy.destination, hints);
            taken(instruction, takes, hints);
        }
        Kind::Add(add) => {
            add.sources.iter().for_each(|source| expanded(point, source.word(), hints));
            resolved(point, &add.destination, hints);
            taken(instruction, takes, hints);
        }
        _ => {}
    }
}

fn hint(offset: u32, value: &str, hints: &mut Vec<Hint>) {
    hints.push(Hint { offset, label: format!("= {}", shortened(value)) });
}

/// The value of a word with variables.
fn expanded(point: &Point<'_, '_, '_>, word: &Word<'_>, hints: &mut Vec<Hint>) {
    if word.contains('$')
        && let Some(value) = point.value(word).known().filter(|value| *value != word.as_str())
    {
        hint(word.span.end, value, hints);
    }
}

/// Where a path leads.
fn resolved(point: &Point<'_, '_, '_>, word: &Word<'_>, hints: &mut Vec<Hint>) {
    if let Some(path) = point.resolve(word).known()
        && path != word.trim_end_matches('/')
        && *word != "/"
    {
        hint(word.span.end, path, hints);
    }
}

fn taken(instruction: &Instruction<'_>, takes: Option<&Takes<'_, '_>>, hints: &mut Vec<Hint>) {
    let Some(takes) = takes else { return };
    let Some(taken) = takes.by(instruction) else { return };
    let totals = takes.totals(&taken);
    let files = totals.files + totals.links + totals.others;
    let label = if files == 0 {
        "nothing".to_owned()
    } else {
        format!("{}, {}", counted(files, "file", "files"), HumanSize(totals.bytes))
    };
    hints.push(Hint { offset: instruction.header.end, label });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_context, in_file, written};
    use super::*;

    fn answer(reading: &Reading<'_, '_>, _: u32) -> String {
        let mut text = reading.text.to_owned();
        for hint in hints(reading, Span::of_range(0..text.len())).iter().rev() {
            text.insert_str(hint.offset as usize, &format!("[{}]", hint.label));
        }
        text.strip_prefix("# é😀漢\n").unwrap_or(&text).to_owned()
    }

    #[test]
    fn values() {
        check(
            &[
                (
                    "ARG T=1\nFROM a:$T\nARG T\nARG U\nARG V=2\n",
                    "ARG T=1\nFROM a:$T[= a:1]\nARG T[= 1]\nARG U\nARG V=2\n",
                ),
                (
                    "FROM a\nWORKDIR /a\nWORKDIR b/\nWORKDIR /c/\n",
                    "FROM a\nWORKDIR /a\nWORKDIR b/[= /a/b]\nWORKDIR /c/\n",
                ),
                ("FROM a\nWORKDIR $X\nCOPY a b\nCOPY a /\n", "FROM a\nWORKDIR $X\nCOPY a b\nCOPY a /\n"),
                (
                    "FROM a\nENV A=é\nUSER $A\nEXPOSE $A\nCOPY $A /\n",
                    "FROM a\nENV A=é\nUSER $A[= é]\nEXPOSE $A[= é]\nCOPY $A[= é] /\n",
                ),
                (
                    "FROM a\nWORKDIR /a\nCOPY $ .\nNOPE\nWORKDIR \"b c\"\n",
                    "FROM a\nWORKDIR /a\nCOPY $ .[= /a]\nNOPE\nWORKDIR \"b c\"[= /a/b c]\n",
                ),
            ],
            |text| in_file(text, answer),
        );
    }

    #[test]
    fn how_much_is_taken() {
        let files = [("a/b.txt", "123"), ("a/c.txt", "12"), ("d", "1234"), (".dockerignore", "c\n")];
        check(
            &[
                ("FROM a\nCOPY a \\\n  /x/\n", "FROM a\nCOPY a \\\n  /x/[2 files, 5 B]\n"),
                ("FROM a\nCOPY nope /\nADD d /\n", "FROM a\nCOPY nope /[nothing]\nADD d /[1 file, 4 B]\n"),
                ("FROM a\nCOPY --from=b a /\n", "FROM a\nCOPY --from=b a /\n"),
            ],
            |text| in_context(&written(&files), text, answer),
        );
    }
}
