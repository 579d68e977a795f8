use super::prelude::*;
use crate::ast::Word;
use crate::semantic::{BaseImage, Setting};

rule! {
    /// Repeat the `CMD` after a new `ENTRYPOINT`.
    ///
    /// ## What it does
    /// Finds an `ENTRYPOINT` in a stage without a `CMD`, where the stage or the image that it builds on has a `CMD`. Of base
    /// images, only those that are well known for what they run are looked at, and only where the new entrypoint is a script
    /// by whose name it runs what it is given.
    ///
    /// ## Why
    /// An `ENTRYPOINT` sets the inherited `CMD` back to nothing. The new entrypoint starts without arguments.
    ///
    /// ## Example
    /// ```dockerfile,bad
    /// FROM nginx:1.29
    /// COPY --chmod=755 entrypoint.sh /
    /// ENTRYPOINT ["/entrypoint.sh"]
    /// ```
    /// ```dockerfile,good
    /// FROM nginx:1.29
    /// COPY --chmod=755 entrypoint.sh /
    /// ENTRYPOINT ["/entrypoint.sh"]
    /// CMD ["nginx", "-g", "daemon off;"]
    /// ```
    ///
    /// ## How to fix
    /// Write the `CMD` again, below the `ENTRYPOINT`. Where the image shall have none, write `CMD []`.
    ///
    /// ## When to ignore
    /// Where the entrypoint needs no arguments; `CMD []` says so without a comment.
    "PL1008" "entrypoint-resets-cmd" {
        severity: Warning,
        category: Process,
        fixable: Never,
        since: "0.1.0",
        stability: Stable,
        presets: [Recommended],
        aliases: [],
        check: Check::Stage(check),
    }
}

/// What is started for want of anything better, and nobody misses.
const SHELLS: [&str; 6] = ["sh", "bash", "node", "irb", "python3", "jshell"];

fn check<'d, 'a>(stage: &Stage<'d, 'a>, findings: &mut Findings<'_, 'd, 'a>) {
    let Setting::Set(entrypoint) = stage.entrypoint else { return };
    let is_own = stage.body.iter().any(|instruction| std::ptr::eq(instruction, entrypoint.instruction));
    let has_cmd = || {
        let triggered = stage.triggers.iter().map(|trigger| trigger.instruction);
        stage.body.iter().chain(triggered).any(|instruction| instruction.kind.keyword() == Some(crate::ast::Keyword::Cmd))
    };
    let words = entrypoint.command.words();
    // A line for the shell would not see the arguments anyway.
    if !is_own || words.is_empty() || entrypoint.is_shell_form() || has_cmd() {
        return;
    }
    let (lost, whose) = match stage.base {
        Base::Stage(base) => match findings.model().stages.get(base).map(|base| (base.command, base.name())) {
            // A line for the shell is a command of its own, and so is what replaces it.
            Some((Setting::Set(cmd), name)) if cmd.command.is_exec() => {
                let words = cmd.command.words();
                // Where the new entrypoint names the program, it does the same in another way.
                if words.is_empty() || !expects_arguments(entrypoint.command.words()) {
                    return;
                }
                let name = name.map_or_else(|| format!("stage {base}"), |name| format!("stage `{name}`"));
                (shown(words.iter().map(Word::as_str)), name)
            }
            Some((Setting::OfBase(Some(image)), _)) => match of_image(image, words) {
                Some(lost) => (lost, "the base image".to_owned()),
                None => return,
            },
            _ => return,
        },
        Base::Image => match stage.image.known().and_then(crate::semantic::base_image).and_then(|image| of_image(image, words)) {
            Some(lost) => (lost, format!("`{}`", stage.image.known().unwrap_or_default())),
            None => return,
        },
        Base::Scratch | Base::Unknown => return,
    };
    findings
        .report(entrypoint.instruction.header, format!("this ENTRYPOINT takes away the CMD of {whose}, which is `{lost}`"))
        .help(format!("write `CMD {lost}` below it, or `CMD []` where there shall be none"));
}

/// The command of a base image that a new entrypoint would go on with.
fn of_image(image: &BaseImage, entrypoint: &[Word<'_>]) -> Option<String> {
    let command = image.command?;
    let program = command.first()?.rsplit('/').next()?;
    let is_missed = !SHELLS.contains(&program) && expects_arguments(entrypoint);
    is_missed.then(|| shown(command.iter().copied()))
}

/// Whether an entrypoint is one that runs what it is given, by its name.
fn expects_arguments(entrypoint: &[Word<'_>]) -> bool {
    let Some(last) = entrypoint.last() else { return false };
    let name = last.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    name.contains("entrypoint") || matches!(name.as_str(), "--" | "tini" | "dumb-init")
}

fn shown<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("{word:?}")).collect();
    format!("[{}]", words.join(", "))
}
