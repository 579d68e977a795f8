use super::prelude::*;
use crate::context::path::below_root;
use crate::semantic::Way;

rule! {
    /// Write an ignore file before you copy everything.
    ///
    /// ## What it does
    /// Finds a `COPY` or an `ADD` of the whole context, where no ignore file leaves anything out. It speaks up only where the
    /// context is known.
    ///
    /// ## Why
    /// Everything in the directory is sent and becomes part of the image: the history in `.git`, local settings with passwords,
    /// what was built on the machine. Whatever changes in any of it makes the build start anew from there.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3.22
    /// COPY . /app/
    /// ```
    /// ```dockerfile,good
    /// FROM alpine:3.22
    /// COPY src /app/
    /// ```
    ///
    /// ## How to fix
    /// Write a `.dockerignore` at the root of the context. The shortest good one leaves out everything and takes back what the
    /// image needs: `*`, `!src`.
    ///
    /// ## When to ignore
    /// Where the context is a directory that was made for the build.
    "PL1017" "copy-all-without-ignore-file" {
        severity: Info,
        category: Context,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [],
        aliases: [
            Near("droast/DF033"),
            Near("droast/DF007"),
        ],
        keywords: [Add, Copy],
        check: Check::File(check),
    }
}

fn check(findings: &mut Findings<'_, '_, '_>) {
    let Some(surroundings) = findings.surroundings() else { return };
    let context = surroundings.context();
    if context.ignore_file().is_some() {
        return;
    }
    for taken in surroundings.landings().taken(context) {
        let keyword = taken.take.instruction.keyword.to_uppercase();
        for source in taken.take.sources.iter().filter(|_| taken.take.way != Way::Mount) {
            let (Some(word), Some(path)) = (source.word, source.path.known()) else { continue };
            if below_root(path.as_bytes()).is_empty() && taken.take.excludes.is_empty() && !taken.take.parents {
                findings
                    .report(word.span, format!("{keyword} takes all there is, for there is no ignore file"))
                    .help(format!("write `{}`", context.root().join(".dockerignore").display()));
            }
        }
    }
}
