//! What there is to say of what stands at a place of an ignore file.

use crate::cli::context::amount;
use crate::context::Totals;
use crate::dockerignore::{Ignore, Pattern};
use crate::lsp::document::IgnoreReading;
use crate::size::counted;
use crate::source::Span;
use crate::suppress::ids_in_comment;

use super::hover::{Hover, rule_at};
use super::ignore_effects::{Effect, effects, pattern_at, usable};
use super::markdown::code;
use super::typed::line_start;

/// What there is to say of what stands at a place.
pub(crate) fn hover(reading: &IgnoreReading<'_>, offset: u32) -> Option<Hover> {
    if let Some((comment, start)) = comment_at(reading.text, offset) {
        return ids_in_comment(comment.trim()).find_map(|id| rule_at(comment, id, start, offset));
    }
    let ignore = usable(reading.file);
    let (number, pattern) = pattern_at(&ignore, offset)?;
    let mut markdown = format!("{} {}", code(&pattern.written), meaning(pattern));
    if let Some(effects) = effects(reading, &ignore)
        && let Some(effect) = effects.patterns.get(number)
    {
        markdown += "\n\n";
        markdown += &of_effect(reading, &ignore, number, effect);
    }
    Some(Hover { span: pattern.span, markdown })
}

/// The comment at a place, without `#`, and where it begins.
pub(super) fn comment_at(text: &str, offset: u32) -> Option<(&str, u32)> {
    let start = line_start(text, offset);
    let line = text.get(start as usize..)?.lines().next()?;
    Some((line.strip_prefix('#')?, start + 1))
}

/// Where a pattern looks.
fn meaning(pattern: &Pattern) -> String {
    let cleaned = String::from_utf8_lossy(pattern.cleaned());
    let verb = if pattern.exclusion { "brings back" } else { "leaves out" };
    let last = cleaned.rsplit('/').next().unwrap_or_default();
    match cleaned.strip_prefix("**/") {
        Some(name) => format!("{verb} what is called {} in any directory", code(name)),
        None if cleaned.starts_with("**") => format!("{verb} what matches in any directory"),
        None if !cleaned.contains('/') => {
            format!("{verb} what is at the root of the context only: not {} in other directories", code(last))
        }
        None => format!("{verb} what is at that path from the root of the context"),
    }
}

fn of_effect(reading: &IgnoreReading<'_>, ignore: &Ignore, number: usize, effect: &Effect) -> String {
    let is_negation = ignore.patterns().get(number).is_some_and(|pattern| pattern.exclusion);
    if effect.totals == Totals::default() {
        return nothing(reading, ignore, number, is_negation);
    }
    let what = if is_negation { "Here it brings back" } else { "Here it leaves out" };
    let mut text = format!("{what} **{}**:\n", amount(&effect.totals));
    for path in &effect.first {
        text += &format!("\n- {}", code(path));
    }
    let rest = effect.outermost.saturating_sub(effect.first.len() as u64);
    if rest > 0 {
        text += &format!("\n- and {}", counted(rest, "other", "others"));
    }
    text
}

/// Why a pattern does nothing.
fn nothing(reading: &IgnoreReading<'_>, ignore: &Ignore, number: usize, is_negation: bool) -> String {
    let what = if is_negation { "brings nothing back" } else { "leaves nothing out" };
    let paths = || reading.tree.into_iter().flat_map(|tree| tree.listing().iter()).map(|entry| entry.path);
    let Some(matched) = ignore.first_matches(paths()).get(number).copied().flatten() else {
        return format!("Here it {what}: nothing matches it.");
    };
    let path = code(&String::from_utf8_lossy(matched));
    let deciding = ignore
        .decide(matched)
        .ok()
        .and_then(|decision| decision.deciding().map(|say| (say.pattern.line, say.pattern.written.clone())));
    match deciding {
        Some((line, written)) => format!(
            "Here it {what}: others decide about all that it matches, like line {line}, {}, about {path}.",
            code(&written)
        ),
        None => format!("Here it {what}: {path} is not left out by any pattern before it."),
    }
}

/// What a build may read, and what is left out, as a line at the top of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lens {
    /// Where.
    pub(crate) span: Span,
    /// What it says.
    pub(crate) title: String,
}

/// The size of the context; none where it is not known.
pub(crate) fn lenses(reading: &IgnoreReading<'_>) -> Vec<Lens> {
    let ignore = usable(reading.file);
    let Some(effects) = effects(reading, &ignore) else { return Vec::new() };
    let left_out = match effects.left_out == Totals::default() {
        true => "nothing is left out".to_owned(),
        false => format!("{} left out", amount(&effects.left_out)),
    };
    let first = reading.file.patterns.first().map_or(Span::empty(0), |pattern| pattern.span);
    vec![Lens { span: first, title: format!("Build context: {}; {left_out}", amount(&effects.kept)) }]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_as_written, in_ignore_file, written};
    use super::*;

    const FILES: [(&str, &str); 6] = [
        ("a/b.md", "1"),
        ("a/é.md", "22"),
        ("c.md", "333"),
        ("node_modules/d/e.js", "4444"),
        ("node_modules/f.js", "5"),
        ("g", ""),
    ];

    #[test]
    fn what_patterns_do() {
        check_as_written(
            &[
                (
                    "node_‸modules\n",
                    "node_modules | `node_modules` leaves out what is at the root of the context only: not `node_modules` in other directories / Here it leaves out **2 files in 2 directories, 5 B**: / - `node_modules/`",
                ),
                (
                    "# é\n**/*.md‸\n!c.md\n",
                    "**/*.md | `**/*.md` leaves out what is called `*.md` in any directory / Here it leaves out **2 files, 3 B**: / - `a/b.md` / - `a/é.md`",
                ),
                (
                    "**/*.md\n!‸c.md\n",
                    "!c.md | `!c.md` brings back what is at the root of the context only: not `c.md` in other directories / Here it brings back **1 file, 3 B**: / - `c.md`",
                ),
                (
                    "*.md\nb.‸md\n",
                    "b.md | `b.md` leaves out what is at the root of the context only: not `b.md` in other directories / Here it leaves nothing out: nothing matches it.",
                ),
                (
                    "node_modules\nnode_modules/‸d\n",
                    "node_modules/d | `node_modules/d` leaves out what is at that path from the root of the context / Here it leaves nothing out: others decide about all that it matches, like line 1, `node_modules`, about `node_modules/d`.",
                ),
                (
                    "!‸a\n",
                    "!a | `!a` brings back what is at the root of the context only: not `a` in other directories / Here it brings nothing back: `a` is not left out by any pattern before it.",
                ),
                (
                    "[\n‸g\n",
                    "g | `g` leaves out what is at the root of the context only: not `g` in other directories / Here it leaves out **1 file, 0 B**: / - `g`",
                ),
                ("\n‸\n", "nothing"),
            ],
            |text| {
                in_ignore_file(&written(&FILES), text, |reading, offset| {
                    let Some(Hover { span, markdown }) = hover(reading, offset) else { return "nothing".to_owned() };
                    let text = markdown.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ");
                    format!("{} | {text}", span.of(reading.text))
                })
            },
        );
        let page = in_ignore_file(&written(&[]), "# plimsoll ignore=shadowed‸-ignore-pattern; é\na\n", hover).unwrap();
        assert!(page.markdown.contains("# PL1021"), "{page:?}");
    }

    #[test]
    fn how_large_the_context_is() {
        check_as_written(
            &[
                (
                    "node_modules\n",
                    "0 Build context: 4 files in 1 directory, 6 B; 2 files in 2 directories, 5 B left out",
                ),
                ("# é\n\n**\n!c.md\n", "6 Build context: 1 file, 3 B; 5 files in 3 directories, 8 B left out"),
                ("", "0 Build context: 6 files in 3 directories, 11 B; nothing is left out"),
            ],
            |text| {
                in_ignore_file(&written(&FILES), text, |reading, _| {
                    lenses(reading).iter().map(|lens| format!("{} {}", lens.span.start, lens.title)).collect()
                })
            },
        );
        // Nothing is known, nothing is said.
        crate::lsp::document::with_ignore_reading("a\n", None, |reading| assert!(lenses(reading).is_empty()));
    }
}
