use super::Finding;
use super::edits::whole_lines;
use super::prelude::*;

rule! {
    /// Take out ignores that silence nothing.
    ///
    /// ## What it does
    /// Finds a `# plimsoll ignore=…` or `# plimsoll file-ignore=…` that names a rule which has nothing to say there, or
    /// that nobody knows.
    ///
    /// ## Why
    /// It was needed once, or never worked. It will hide the next finding of that rule, which nobody has seen.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// # plimsoll ignore=DL3006
    /// FROM alpine:3.22
    /// ```
    /// ```dockerfile,good
    /// # plimsoll ignore=DL3006
    /// FROM alpine
    /// ```
    ///
    /// ## How to fix
    /// Take the id out, or the comment where it is the only one. The fix does so.
    ///
    /// ## When to ignore
    /// Where the file is linted with several configurations.
    "PL1000" "unused-ignore" {
        severity: Info,
        category: Process,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Elsewhere,
    }
}

/// What is wrong with an ignore of the rule `id`.
pub(crate) fn message(id: &str, known: bool) -> String {
    match known {
        true => format!("nothing is silenced by `{id}` here"),
        false => format!("there is no rule `{id}`"),
    }
}

/// Says what to do about it.
pub(crate) fn describe(finding: Finding<'_>, fix: Option<Fix>) {
    let finding = finding.help("take it out; `plimsoll rule` lists the rules");
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// How far the beginning or the end of a comment may be from an id in it, in bytes.
const LONGEST: usize = 1000;

/// Takes an id out of the comment that it stands in, or the comment where that says nothing else.
pub(crate) fn fix(id: Span, text: &str) -> Option<Fix> {
    let (start, end) = (id.start as usize, id.end as usize);
    // A list that is longer is looked at by nobody, and would be by each of its ids.
    let near = text.get(start.saturating_sub(LONGEST)..(end + LONGEST).min(text.len()))?;
    let (before, after) = (near.get(..start.min(LONGEST))?, near.get(start.min(LONGEST) + end - start..)?);
    let before = before.rsplit('\n').next()?;
    let line_start = start - before.len();
    let after = after.lines().next().unwrap_or_default();
    let offset = |of: usize| Span::of_range(0..of).end;
    let (key, list) = before.split_once('=')?;
    let has_others_before = list.contains(',');
    let others_after = after.split(';').next().unwrap_or_default().trim_start();
    let span = if others_after.starts_with(',') {
        let comma = after.find(',')?;
        let rest = after.get(comma + 1..)?;
        Span::new(id.start, id.end + offset(comma + 1 + rest.len() - rest.trim_start().len()))
    } else if has_others_before {
        let kept = list.rfind(',')?;
        Span::new(offset(line_start + key.len() + 1 + kept), id.end)
    } else {
        let comment = Span::new(offset(line_start), id.end + offset(after.len()));
        // A comment behind something else is none of an ignore's.
        key.trim_start().starts_with('#').then(|| whole_lines(text, comment))?
    };
    Some(Fix { title: "take it out".to_owned(), applicability: Applicability::Safe, edits: vec![Edit { span, text: String::new() }] })
}
