//! How the instruction is written that somebody types.

use crate::lsp::document::Reading;

use super::reference::{self, Part, PartKind};
use super::typed::{Line, Typed, typed};

/// How an instruction is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Signatures {
    /// Its forms.
    pub(crate) forms: Vec<Signature>,
    /// Which of them it seems to be.
    pub(crate) active: usize,
}

/// A form of an instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Signature {
    /// The form.
    pub(crate) label: String,
    /// What it does.
    pub(crate) documentation: &'static str,
    /// Its parts, as they stand in the form, and what each is.
    pub(crate) parameters: Vec<(&'static str, &'static str)>,
    /// The part that is typed.
    pub(crate) active: usize,
}

/// How the instruction is written that is typed at a place.
pub(crate) fn signatures(reading: &Reading<'_, '_>, offset: u32) -> Option<Signatures> {
    let Typed::Line(line) = typed(&reading.parsed.dockerfile, offset) else { return None };
    let page = reference::instruction(line.keyword?)?;
    let form = |parts: &&'static [Part]| Signature {
        label: format!("{} {}", page.keyword, parts.iter().map(|part| part.label).collect::<Vec<_>>().join(" ")),
        documentation: page.summary,
        parameters: parts.iter().map(|part| (part.label, part.text)).collect(),
        active: active_part(parts, &line),
    };
    let has = |parts: &&'static [Part], beginning: &str| parts.iter().any(|part| part.label.starts_with(beginning));
    let is_heredoc = line.arguments.iter().chain([&line.word]).any(|word| word.starts_with("<<"));
    let is_pairs = line.arguments.iter().chain([&line.word]).any(|word| word.contains('='));
    let is_none = line.arguments.first().unwrap_or(&line.word).eq_ignore_ascii_case("none");
    let wanted = page.forms.iter().position(|parts| {
        let is_array = has(parts, "[\"");
        let fits_old_form = !has(parts, "key=value…") || is_pairs || line.arguments.is_empty();
        is_array == line.is_array
            && has(parts, "<<") == is_heredoc
            && has(parts, "NONE") == is_none
            && (fits_old_form || page.forms.len() == 1)
    });
    // What is an array mostly may still become one.
    let active = wanted.filter(|_| !line.word.is_empty() || !line.arguments.is_empty()).unwrap_or(0);
    Some(Signatures { forms: page.forms.iter().map(form).collect(), active })
}

fn active_part(parts: &[Part], line: &Line<'_>) -> usize {
    let has_flags = parts.first().is_some_and(|part| part.kind == PartKind::Flags);
    if has_flags && line.may_be_flag() && line.word.starts_with('-') {
        return 0;
    }
    let first = usize::from(has_flags);
    (first + line.arguments.len()).min(parts.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, in_file};
    use super::*;

    #[test]
    fn forms() {
        check(
            &[
                ("FROM ‸", "FROM [--flag…] <image[:tag][@digest]> [AS name]"),
                ("FROM --pl‸", "FROM <[--flag…]> image[:tag][@digest] [AS name]"),
                ("FROM é AS ‸", "FROM [--flag…] image[:tag][@digest] [AS <name]>"),
                ("FROM a\nCOPY --link é ‸", "COPY [--flag…] source… <destination>"),
                ("FROM a\nCOPY [\"a‸", "COPY [--flag…] <[\"source\", …, \"destination\"]>"),
                ("FROM a\nCOPY <<E ‸", "COPY [--flag…] <<EOF <destination>"),
                ("FROM a\nENV ‸", "ENV <key=value…>"),
                ("FROM a\nENV a ‸", "ENV key <value>"),
                ("FROM a\nENV a=b c=‸\n", "ENV <key=value…>"),
                ("FROM a\nCMD ‸", "CMD <[\"program\", \"argument\", …]>"),
                ("FROM a\nCMD a ‸", "CMD <command…>"),
                ("FROM a\nHEALTHCHECK NONE‸", "HEALTHCHECK <NONE>"),
                ("FROM a\nONBUILD WORKDIR ‸", "WORKDIR <path>"),
                ("FROM a\nFR‸", "nothing"),
                ("FROM a\n# FROM ‸\n", "nothing"),
            ],
            |text| {
                in_file(text, |reading, offset| {
                    let Some(found) = signatures(reading, offset) else { return "nothing".to_owned() };
                    let form = &found.forms[found.active];
                    for form in &found.forms {
                        assert!(form.parameters.iter().all(|(label, _)| form.label.contains(label)), "{form:?}");
                    }
                    let (label, _) = form.parameters[form.active];
                    form.label.replacen(label, &format!("<{label}>"), 1)
                })
            },
        );
    }
}
