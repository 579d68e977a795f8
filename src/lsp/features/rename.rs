//! Other names for stages and variables.

use crate::lsp::document::Reading;
use crate::semantic::{Base, PLATFORM_ARGUMENTS, PROXY_ARGUMENTS, mentions};
use crate::source::Span;

use super::markdown::line;
use super::occurrences::{Occurrence, Role, Symbol, at, is_name, occurrences};

/// What can be renamed at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Renameable {
    /// Where its name stands.
    pub(crate) span: Span,
    /// The name.
    pub(crate) name: String,
}

/// What can be renamed at a place; nothing where that is nothing.
///
/// # Errors
///
/// Why that which is there can't be renamed, in a sentence.
pub(crate) fn prepare(reading: &Reading<'_, '_>, offset: u32) -> Result<Option<Renameable>, String> {
    let found = occurrences(reading);
    let Some(occurrence) = at(reading.text, &found, offset) else { return Ok(None) };
    let name = name_of(reading, &found, occurrence)?;
    Ok(Some(Renameable { span: occurrence.span, name }))
}

/// The places where another name has to be written for what is named at a place, in order; none where nothing is.
///
/// # Errors
///
/// Why the name can't be used, in a sentence.
pub(crate) fn rename(reading: &Reading<'_, '_>, offset: u32, name: &str) -> Result<Vec<Span>, String> {
    let found = occurrences(reading);
    let Some(asked) = at(reading.text, &found, offset) else { return Ok(Vec::new()) };
    let before = name_of(reading, &found, asked)?;
    match asked.symbol {
        Symbol::Stage(stage) => check_stage(reading, stage, name)?,
        Symbol::Variable(_) if name != before => check_variable(reading, name)?,
        Symbol::Variable(_) => {}
    }
    let same = found.iter().filter(|occurrence| occurrence.symbol == asked.symbol && occurrence.role != Role::Number);
    Ok(same.map(|occurrence| occurrence.span).collect())
}

/// The name as it is declared.
fn name_of(reading: &Reading<'_, '_>, found: &[Occurrence], asked: Occurrence) -> Result<String, String> {
    if let Symbol::Stage(stage) = asked.symbol {
        let name = reading.model.stages.get(stage).and_then(|stage| stage.name());
        let name = name.ok_or_else(|| "The stage has no name: write `AS name` after its image.".to_owned())?;
        if let Some(from) = named_by_variable(reading, stage, name) {
            let line = line(reading.text, from.start);
            return Err(format!(
                "Line {line} may mean `{}` by a variable, which would still have the old name.",
                name.as_str()
            ));
        }
        return Ok(name.as_str().to_owned());
    }
    let name = asked.span.of(reading.text).to_owned();
    if PLATFORM_ARGUMENTS.contains(&name.as_str()) || PROXY_ARGUMENTS.contains(&name.as_str()) {
        return Err(format!("`{name}` is set by the builder, which knows it by no other name."));
    }
    // To replace a name that goes on in the next line would take out what stands between.
    let is_whole =
        |occurrence: &&Occurrence| occurrence.symbol != asked.symbol || is_name(occurrence.span.of(reading.text));
    if !found.iter().all(|occurrence| is_whole(&occurrence)) {
        return Err(format!(
            "Somewhere `{name}` is written so that it can't be replaced as a whole: across two lines, or with quotes in it."
        ));
    }
    Ok(name)
}

/// The image of a later stage that is this one, or may be, depending on a variable: `build-$TARGETARCH` may be `build-amd64`.
fn named_by_variable(reading: &Reading<'_, '_>, stage: usize, name: &str) -> Option<Span> {
    let escape = reading.parsed.dockerfile.escape;
    let name = name.to_lowercase();
    reading.model.stages.iter().skip(stage + 1).find_map(|later| {
        let word = &later.from()?.image.word;
        let variables = word.variables(escape);
        let (first, last) = (variables.first()?, variables.last()?);
        let before = Span::new(word.span.start, first.span.start).of(reading.text).trim_start_matches(['"', '\'']);
        let after = Span::new(last.span.end, word.span.end).of(reading.text).trim_end_matches(['"', '\'']);
        let may_be = !(before.is_empty() && after.is_empty())
            && name.len() >= before.len() + after.len()
            && name.starts_with(before)
            && name.ends_with(after);
        (may_be || later.base == Base::Stage(stage)).then_some(word.span)
    })
}

fn check_stage(reading: &Reading<'_, '_>, stage: usize, name: &str) -> Result<(), String> {
    let is_right = name.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
    if !is_right {
        return Err(format!(
            "`{name}` is no name for a stage: it begins with a small letter, and holds small letters, digits, `-`, `_` and `.`."
        ));
    }
    if matches!(name, "scratch" | "context") {
        return Err(format!("`{name}` means something else already."));
    }
    let stages = reading.model.stages.iter().filter(|other| other.index != stage);
    for other in stages {
        if other.name().is_some_and(|known| known.eq_ignore_ascii_case(name)) {
            return Err(format!("There is a stage `{name}` already."));
        }
        if other.base == Base::Image && other.image.known() == Some(name) {
            return Err(format!("`{name}` is an image that a stage begins with, which would then be this stage."));
        }
    }
    let edges = reading.model.edges.iter();
    if edges
        .filter(|edge| edge.source == crate::semantic::Source::Image)
        .any(|edge| edge.word.eq_ignore_ascii_case(name))
    {
        return Err(format!("`{name}` is an image that files are copied from, which would then be this stage."));
    }
    Ok(())
}

fn check_variable(reading: &Reading<'_, '_>, name: &str) -> Result<(), String> {
    if !is_name(name) {
        return Err(format!("`{name}` is no name for a variable: write letters, digits and `_`, and no digit first."));
    }
    if PLATFORM_ARGUMENTS.contains(&name) || PROXY_ARGUMENTS.contains(&name) {
        return Err(format!("`{name}` is set by the builder."));
    }
    let instructions = reading.parsed.dockerfile.instructions.iter();
    let is_there = |text: &str| mentions(text).any(|(_, known)| known == name);
    if instructions
        .map(|instruction| instruction.span.of(reading.text))
        .any(|text| is_variable_in(text, name, &is_there))
    {
        return Err(format!("There is a `{name}` already."));
    }
    Ok(())
}

/// Whether a text may declare or use a variable: its name stands before `=` or after `$`, `ARG`, or something of a script.
fn is_variable_in(text: &str, name: &str, is_there: &dyn Fn(&str) -> bool) -> bool {
    if !is_there(text) {
        return false;
    }
    mentions(text).filter(|(_, known)| *known == name).any(|(at, known)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + known.len()..).unwrap_or_default();
        let word = before.split_whitespace().next_back().unwrap_or_default();
        before.ends_with(['$', '{', '!', '#'])
            || after.starts_with('=')
            || ["arg", "env", "export", "read", "unset", "for", "local"]
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_as_written, in_file};
    use super::*;

    fn answer(text: &str) -> String {
        let (text, name) = text.split_once(" => ").unwrap_or((text, ""));
        in_file(text, |reading, at| {
            let prepared = match prepare(reading, at) {
                Ok(None) => return "nothing".to_owned(),
                Ok(Some(prepared)) => prepared.name,
                Err(reason) => return reason,
            };
            let spans = match rename(reading, at, name) {
                Ok(spans) => spans,
                Err(reason) => return reason,
            };
            let mut renamed = reading.text.to_owned();
            for span in spans.iter().rev() {
                renamed.replace_range(span.range(), name);
            }
            let renamed = renamed.strip_prefix("# é😀漢\n").unwrap_or(&renamed);
            format!("{prepared}: {}", renamed.trim_end().replace('\n', " / "))
        })
    }

    #[test]
    fn other_names() {
        check_as_written(
            &[
                (
                    "FROM a AS x\nFROM x\nCOPY --from=‸X 0 /\nCOPY --from=0 0 /\n => y",
                    "x: FROM a AS y / FROM y / COPY --from=y 0 / / COPY --from=0 0 /",
                ),
                (
                    "ARG T=1\nFROM a:${T:-$T}\nARG T\nENV T=$T\nRUN é \"$T\"\nFROM b\nARG ‸T\nRUN $T $Ta\n => U",
                    "T: ARG U=1 / FROM a:${U:-$U} / ARG U / ENV T=$U / RUN é \"$T\" / FROM b / ARG U / RUN $U $Ta",
                ),
                (
                    "FROM a\nENV P=1\nBROKEN é ,\nRUN $‸P P=2 '$P' \\\n  # é\n ${P}x\n => Q",
                    "P: FROM a / ENV Q=1 / BROKEN é , / RUN $Q P=2 '$P' \\ /   # é /  ${Q}x",
                ),
                ("FROM a\nENV P=1\nRUN $‸P\n => P", "P: FROM a / ENV P=1 / RUN $P"),
                ("FROM ‸a\n => y", "nothing"),
                ("FROM a AS x\nFROM b AS y\nFROM ‸x\n => y", "There is a stage `y` already."),
                (
                    "FROM a AS x\nFROM b\nFROM ‸x\n => b",
                    "`b` is an image that a stage begins with, which would then be this stage.",
                ),
                ("FROM a AS build-é\nFROM ‸b AS build-x\nFROM build-${É}\n => y", "nothing"),
                (
                    "ARG E=x\nFROM a AS ‸x\nFROM $E\n => y",
                    "Line 3 may mean `x` by a variable, which would still have the old name.",
                ),
                (
                    "FROM a AS build-‸x\nFROM b-$Y AS z\nFROM build-${Y:-e}\n => y",
                    "Line 3 may mean `build-x` by a variable, which would still have the old name.",
                ),
                ("FROM a AS ‸z\nFROM $Y\nFROM b-$Y\nFROM z\n => y", "z: FROM a AS y / FROM $Y / FROM b-$Y / FROM y"),
                ("FROM a AS x\nFROM ‸x\n => scratch", "`scratch` means something else already."),
                (
                    "FROM a AS x\nFROM ‸x\n => Y",
                    "`Y` is no name for a stage: it begins with a small letter, and holds small letters, digits, `-`, `_` and `.`.",
                ),
                (
                    "FROM a\nFROM b\nCOPY --from=‸0 a /\n => x",
                    "The stage has no name: write `AS name` after its image.",
                ),
                (
                    "FROM a\nARG ‸TARGETARCH\n => X",
                    "`TARGETARCH` is set by the builder, which knows it by no other name.",
                ),
                ("FROM a\nARG ‸A\nRUN B=1; b $B\n => B", "There is a `B` already."),
                ("FROM a\nARG ‸A\nRUN B\n => B", "A: FROM a / ARG B / RUN B"),
                (
                    "FROM a\nARG ‸A\n => 1",
                    "`1` is no name for a variable: write letters, digits and `_`, and no digit first.",
                ),
                (
                    "FROM a\nENV AB\\\nC=1\nRUN $‸ABC\n => X",
                    "Somewhere `ABC` is written so that it can't be replaced as a whole: across two lines, or with quotes in it.",
                ),
            ],
            answer,
        );
    }
}
