//! What holds for any file that is fixed. Checked on the recorded files and by fuzzing.
//!
//! The proof of a fix compares instructions; here it is what the model says of a file that is compared.

use super::{Dropped, Fixed, Fixer, Level};
use crate::ast::{CopySource, Flag, FlagKind, HealthcheckTest, Heredoc, Instruction, Kind, Word};
use crate::diagnostic::Diagnostic;
use crate::parse::{Parsed, parse};
use crate::semantic::{Inputs, Model, Stage};

/// Fixes a Dockerfile, and says what does not hold of what came of it: nothing, unless there is a defect.
///
/// - No fix of a rule is dropped.
/// - There is an end to it, and a second time nothing is changed.
/// - There are no more syntax errors than before.
/// - After safe fixes the file means what it meant, but for what rules declare.
pub fn violations(text: &str, level: Level, lint: impl Fn(&Parsed<'_>) -> Vec<Diagnostic>) -> (Fixed, Vec<String>) {
    let fixed = Fixer::new(level).fix(text, &lint);
    let mut found: Vec<String> = fixed
        .dropped
        .iter()
        .map(|Dropped { rule, line, reason }| format!("line {line}: {}: {reason}", rule.name))
        .collect();
    let again = Fixer::new(level).fix(&fixed.text, &lint);
    if again.text != fixed.text {
        found.push(format!("fixed twice is not fixed once: {:?}", again.applied));
    }
    if fixed.applied.is_empty() != (text == fixed.text) {
        found.push(format!("{:?} are applied, and what is changed says otherwise", fixed.applied));
    }
    let (before, after) = (parse(text), parse(&fixed.text));
    if after.errors.len() > before.errors.len() {
        found.push(format!("there is a new syntax error: {:?}", after.errors));
    }
    if level == Level::Safe {
        found.extend(changed(&before, &after, without_declared));
    }
    (fixed, found)
}

/// A script without what rules declare to change in it: options, and which of its programs `apt` is.
#[must_use]
pub fn without_declared(script: &str) -> String {
    let words = script.split_whitespace().filter(|word| !word.starts_with('-') && *word != "\\");
    words.collect::<Vec<_>>().join(" ").replace("apt-get", "apt").replace("apt-cache", "apt")
}

/// Where two files mean different things; of scripts, what `script` makes of them is compared.
#[must_use]
pub fn changed(before: &Parsed<'_>, after: &Parsed<'_>, script: fn(&str) -> String) -> Vec<String> {
    let inputs = Inputs::of_check();
    let models = [before, after].map(|parsed| Model::with_inputs(&parsed.dockerfile, &inputs));
    let [old, new] = models.each_ref().map(|model| {
        let mut said = stages(model);
        said.extend(model.dockerfile.instructions.iter().map(|instruction| instruction_of(model, instruction, script)));
        said
    });
    if old.len() != new.len() {
        return vec![format!("{} stages and instructions became {}", old.len(), new.len())];
    }
    let differing = old.into_iter().zip(new).filter(|(old, new)| old != new);
    differing.map(|(old, new)| format!("{old}\nbecame\n{new}")).collect()
}

fn stages(model: &Model<'_, '_>) -> Vec<String> {
    let images = model.images();
    let of = |(stage, image): (&Stage<'_, '_>, _)| {
        let end = model.at_end(stage);
        let sources = model.edges.iter().filter(|edge| edge.stage == stage.index).map(|edge| edge.source);
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {image:?}",
            stage.base,
            stage.image,
            end.variables(),
            end.workdir(),
            end.user(),
            model.process(stage, &[]),
            sources.collect::<Vec<_>>(),
        )
    };
    model.stages.iter().zip(&images).map(of).collect()
}

fn instruction_of(model: &Model<'_, '_>, instruction: &Instruction<'_>, script: fn(&str) -> String) -> String {
    match &instruction.kind {
        Kind::Onbuild(onbuild) => match &onbuild.instruction {
            Some(inner) => format!("ONBUILD {}", said(model, inner, instruction, script)),
            None => "ONBUILD".to_owned(),
        },
        _ => said(model, instruction, instruction, script),
    }
}

/// What an instruction says that is not in what is known of the stage.
fn said(
    model: &Model<'_, '_>,
    instruction: &Instruction<'_>,
    outer: &Instruction<'_>,
    script: fn(&str) -> String,
) -> String {
    let value = |word: &Word<'_>| model.at(outer).map(|point| format!("{:?}", point.value(word)));
    let texts = |words: &[Word<'_>]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let flag = |flag: &Flag<'_>| {
        let value = match &flag.kind {
            // Of what names a stage, the stage says which it is.
            FlagKind::From | FlagKind::Mount(_) => flag.value.as_ref().map(|word| word.to_lowercase()),
            FlagKind::Platform if matches!(flag.value.as_deref(), Some("$TARGETPLATFORM" | "${TARGETPLATFORM}")) => {
                return None;
            }
            _ => flag.value.as_ref().and_then(value),
        };
        Some((flag.name.to_string(), value))
    };
    let copied = |sources: &[CopySource<'_>], destination: &Word<'_>, heredocs: &[Heredoc<'_>]| {
        let sources: Vec<_> = sources.iter().map(|source| value(source.word())).collect();
        let heredocs: Vec<_> =
            heredocs.iter().map(|heredoc| (&heredoc.name, heredoc.content, heredoc.expand, heredoc.chomp)).collect();
        format!("{sources:?} {:?} {heredocs:?}", value(destination))
    };
    let said = match &instruction.kind {
        Kind::Run(run) => {
            let heredocs = run.heredocs.iter().map(|heredoc| {
                (&heredoc.name, script(heredoc.content), heredoc.expand, heredoc.chomp, heredoc.file_descriptor)
            });
            let heredocs: Vec<_> = heredocs.collect();
            format!("{:?} {heredocs:?}", script(&texts(run.command.words()).join("\n")))
        }
        Kind::Cmd(cmd) => format!("{:?}", texts(cmd.command.words())),
        Kind::Entrypoint(entrypoint) => format!("{:?}", texts(entrypoint.command.words())),
        Kind::Healthcheck(healthcheck) => match &healthcheck.test {
            HealthcheckTest::None => "none".to_owned(),
            HealthcheckTest::Command(command) => format!("{:?}", texts(command.words())),
        },
        Kind::Add(add) => copied(&add.sources, &add.destination, &add.heredocs),
        Kind::Copy(copy) => copied(&copy.sources, &copy.destination, &copy.heredocs),
        Kind::Shell(shell) => format!("{:?}", texts(&shell.words)),
        Kind::Stopsignal(stopsignal) => format!("{:?}", value(&stopsignal.signal)),
        Kind::Maintainer(maintainer) => maintainer.name.to_string(),
        Kind::Malformed(malformed) => format!("{:?} {:?}", malformed.keyword, texts(&malformed.words)),
        _ => String::new(),
    };
    // An `ADD` may become a `COPY`.
    let kind = instruction.kind.keyword().map(|keyword| keyword.as_str().replace("ADD", "COPY"));
    let flags: Vec<_> = instruction.flags().iter().filter_map(flag).collect();
    format!("{kind:?} {flags:?} {said}")
}
