use super::prelude::*;
use crate::nearest::nearest;
use crate::semantic::{PLATFORM_ARGUMENTS, State};

rule! {
    /// Declare the variables of `FROM` with `ARG` before the first `FROM`.
    ///
    /// ## What it does
    /// Finds a variable in a `FROM` that no `ARG` before the first `FROM` declares. `${NAME:-default}` says what to take
    /// then, and only BuildKit's definition minds.
    ///
    /// ## Why
    /// It is empty, whatever is given to the build: a build argument counts only where an `ARG` declares it. An `ARG` inside
    /// a stage is not seen by the `FROM` of the next.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM alpine:3$MINOR
    /// ```
    /// ```dockerfile,good
    /// ARG MINOR=.22
    /// FROM alpine:3$MINOR
    /// ```
    ///
    /// ## How to fix
    /// Write `ARG NAME=default` above the first `FROM`.
    ///
    /// ## When to ignore
    /// Never.
    "UndefinedArgInFrom" "undefined-arg-in-from" {
        severity: Error,
        category: Correctness,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended, Buildkit],
        aliases: [
            Same("buildkit/UndefinedArgInFrom"),
            Same("tally/buildkit/UndefinedArgInFrom"),
            Near("droast/DF086"),
        ],
        check: Check::Stage(check),
    }
}

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let Some(from) = stage.from() else { return };
    let before = findings.model().before_stages();
    let words = [Some(&from.image.word), from.platform()].into_iter().flatten();
    for word in words.filter(|word| memchr::memchr(b'$', word.as_bytes()).is_some()) {
        for reference in before.expand(word).references {
            let minds = findings.preset() == Preset::Buildkit || !reference.guarded;
            if !minds || before.declares(reference.name) != State::Unset {
                continue;
            }
            let name = reference.name;
            let known = before.recent_names(64).chain(PLATFORM_ARGUMENTS);
            let help = match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write `ARG {name}=…` above the first `FROM`"),
            };
            findings
                .report(word.span_of(reference.range), format!("no `ARG` before the first `FROM` declares `{name}`, so it is empty"))
                .help(help);
        }
    }
}
