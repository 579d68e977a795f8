use super::prelude::*;

rule! {
    /// End the destination of several files with `/`.
    ///
    /// ## What it does
    /// Finds a `COPY` with several sources whose destination does not end with `/`. As hadolint defines it, `.` is no
    /// such end.
    ///
    /// ## Why
    /// Several files need a directory. Without the `/` the build fails, or one file overwrites the other.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY a.conf b.conf /etc/app
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY a.conf b.conf /etc/app/
    /// ```
    ///
    /// ## How to fix
    /// Add the `/`. The fix does so; it is unsafe, for a build that works without it may do something else.
    ///
    /// ## When to ignore
    /// Never. A destination that ends with a variable is not looked at.
    "DL3021" "copy-many-needs-slash" {
        severity: Error,
        category: Correctness,
        fixable: Sometimes,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Hadolint],
        aliases: [
            Same("hadolint/DL3021"),
            Same("tally/hadolint/DL3021"),
            Same("trivy/DS-0011"),
            Same("droast/DF048"),
        ],
        keywords: [Copy],
        check: Check::Instruction(check),
    }
}

fn check(instruction: &Instruction<'_>, findings: &mut Findings<'_, '_, '_>) {
    let Kind::Copy(copy) = &instruction.kind else { return };
    let destination = copy.destination.trim_matches(['"', '\'']);
    let hadolint = findings.preset() == Preset::Hadolint;
    let last = destination.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_directory = last.is_empty() || (!hadolint && matches!(last, "." | ".."));
    let may_be = !hadolint && last.contains('$');
    if copy.sources.len() < 2 || is_directory || may_be {
        return;
    }
    let finding = findings
        .report(
            copy.destination.span,
            format!("{} files are copied to `{destination}`, which is no directory", copy.sources.len()),
        )
        .help(format!("write `{destination}/`"));
    if destination == copy.destination.as_str() && matches!(copy.form, crate::ast::Form::Shell) {
        finding.fix(Fix {
            title: "add the `/`".into(),
            applicability: Applicability::Unsafe,
            edits: vec![Edit { span: crate::Span::empty(copy.destination.span.end), text: "/".to_owned() }],
        });
    }
}
