use super::edits::{line_ending, whole_lines};
use super::prelude::*;

rule! {
    /// Begin the description of a stage or an argument with its name.
    ///
    /// ## What it does
    /// Finds a comment right above a `FROM` or an `ARG` that does not begin with the name that the instruction defines.
    /// The check is experimental in BuildKit: it runs where it is selected, or where `# check=experimental=all` or
    /// `# check=experimental=InvalidDefinitionDescription` asks for it.
    ///
    /// ## Why
    /// `docker build --call=outline` shows such comments as descriptions, but only those that begin with the name.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// # The version of the base image.
    /// ARG TAG=3.22
    /// FROM alpine:$TAG
    /// ```
    /// ```dockerfile,good
    /// # TAG is the version of the base image.
    /// ARG TAG=3.22
    /// FROM alpine:$TAG
    /// ```
    ///
    /// ## How to fix
    /// Begin with the name. Where no description is meant, put an empty comment, `#`, between the two. The fix does the latter,
    /// where no comment is for a tool.
    ///
    /// ## When to ignore
    /// Where nobody asks for an outline.
    "InvalidDefinitionDescription" "invalid-definition-description" {
        severity: Style,
        category: Style,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Preview,
        presets: [],
        aliases: [
            Same("buildkit/InvalidDefinitionDescription"),
            Same("tally/buildkit/InvalidDefinitionDescription"),
        ],
        changes: [Comments],
        keywords: [Arg, From],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let names: Vec<String> = match &instruction.kind {
        Kind::From(from) => from.name.iter().map(|name| name.to_lowercase()).collect(),
        Kind::Arg(arg) => arg.items.iter().map(|item| item.name.to_string()).collect(),
        _ => return,
    };
    let dockerfile = findings.model().dockerfile;
    let comments = dockerfile.comments_of(instruction);
    let Some(last) = comments.last() else { return };
    let text = last.attached_text();
    let first = text.split(' ').next().unwrap_or_default();
    let Some(name) = names.first() else { return };
    if !names.iter().any(|name| name == first) {
        // BuildKit marks what is described.
        let place = if findings.preset() == Preset::Buildkit { instruction.keyword.span } else { last.span };
        let below = whole_lines(dockerfile.text, last.span).end;
        let finding = findings
            .report(place, format!("the description of `{name}` does not begin with that name"))
            .help(format!("write `# {name} …`, or `#` in a line of its own below"));
        // `# hadolint ignore=…` is read on the line above only.
        if !comments.iter().any(|comment| comment.text.contains('=')) {
            finding.fix(Fix {
                title: "set the comment apart with `#`".into(),
                applicability: Applicability::Safe,
                edits: vec![Edit { span: Span::empty(below), text: format!("#{}", line_ending(dockerfile.text)) }],
            });
        }
    }
}
