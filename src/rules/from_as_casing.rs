use super::prelude::*;
use crate::ast::Word;

rule! {
    /// Write `FROM` and `AS` alike.
    ///
    /// ## What it does
    /// Finds an `AS` in small letters after a `FROM` in capitals, and the reverse.
    ///
    /// ## Why
    /// BuildKit does not care, but the name of the stage is easier to find when both words look alike.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22 as base
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22 AS base
    /// ```
    ///
    /// ## How to fix
    /// The fix writes `AS` as `FROM` is written.
    ///
    /// ## When to ignore
    /// Where the file is generated.
    "FromAsCasing" "from-as-casing" {
        severity: Style,
        category: Style,
        fixable: Always,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/FromAsCasing"),
            Same("tally/buildkit/FromAsCasing"),
            Same("droast/DF079"),
        ],
        check: Check::NamedStage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, _name: &Word<'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let Some(written) = stage.from().and_then(|from| from.as_keyword.as_ref()) else { return };
    let keyword = &stage.instruction.keyword;
    let text = if keyword.chars().all(char::is_lowercase) {
        "as"
    } else if keyword.chars().all(char::is_uppercase) {
        "AS"
    } else {
        // Whichever `AS` is, it is like one letter of `FROM`.
        return;
    };
    if written != text {
        findings
            .report(written.span, format!("`{written}` is not written as `{keyword}` is"))
            .help(format!("write `{text}`"))
            .fix(Fix {
                title: format!("write `{text}`").into(),
                applicability: Applicability::Safe,
                edits: vec![Edit { span: written.span, text: text.to_owned() }],
            });
    }
}
