use super::Role;
use super::prelude::*;

rule! {
    /// Put the ignore file where Docker looks for it.
    ///
    /// ## What it does
    /// Finds an ignore file that no build reads: a `.dockerignore` in a directory of the context, or an
    /// `api.Dockerfile.dockerignore` without `api.Dockerfile` beside it. About the first it speaks up only where the directory
    /// of the context is told with `--context`, and no Dockerfile lies beside the file.
    ///
    /// ## Why
    /// Docker reads one ignore file: the one that is called after the Dockerfile, beside it, or else `.dockerignore` at the root
    /// of the context. What any other names is sent with every build.
    ///
    /// ## Example
    /// ```dockerignore,bad
    /// # api/.dockerignore
    /// node_modules
    /// ```
    /// ```dockerignore,good
    /// # .dockerignore
    /// api/node_modules
    /// ```
    ///
    /// ## How to fix
    /// Move the patterns into the file at the root, with the directory before each. Or name the file after its Dockerfile.
    ///
    /// ## When to ignore
    /// Where another build has that directory for its context.
    "PL1025" "nested-ignore-file" {
        severity: Warning,
        category: Context,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::IgnoreFile(check),
    }
}

fn check(findings: &mut IgnoreFindings<'_, '_>) {
    let subject = findings.subject();
    // The whole file is meant, and its first pattern is the place where a comment can silence that.
    let Some(pattern) = subject.file().patterns.first() else { return };
    match subject.role() {
        Role::Unknown => {}
        Role::Nested => {
            findings
                .report(pattern.span, "no build with this context reads this ignore file, for it is not at the root")
                .help("move its patterns into `.dockerignore` at the root, with the directory before each");
        }
        Role::Orphan(dockerfile) => {
            let message = format!("no build reads this ignore file, for there is no `{dockerfile}` beside it");
            findings.report(pattern.span, message).help("name it after its Dockerfile, with `.dockerignore` at the end");
        }
    }
}
