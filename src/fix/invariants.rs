//! What holds for any file that is fixed. Checked on the recorded files and by fuzzing.
//!
//! The proof of a fix compares instructions; here it is what the model says of a file that is compared.

use std::collections::HashSet;

use super::{Dropped, Fixed, Fixer, Level};
use crate::ast::{CopySource, Flag, FlagKind, HealthcheckTest, Heredoc, Instruction, Kind, Word};
use crate::diagnostic::Diagnostic;
use crate::parse::{Parsed, parse};
use crate::semantic::{Model, Stage};

/// Fixes a Dockerfile, and says what does not hold of what came of it: nothing, unless there is a defect.
///
/// - No fix of a rule is dropped.
/// - There is an end to it, and a second time nothing is changed.
/// - There are no more instructions with syntax errors than before, as far as that can be compared.
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
    let count = |parsed: &Parsed<'_>| parsed.dockerfile.instructions.len();
    // What is wrong may become several instructions, which are wrong then.
    let is_comparable = before.errors.is_empty() || count(&before) == count(&after);
    if is_comparable && wrong_instructions(&after) > wrong_instructions(&before) {
        found.push(format!("there is a new syntax error: {:?}", after.errors));
    }
    if level == Level::Safe {
        found.extend(changed(&before, &after, means_as_declared));
    }
    (fixed, found)
}

/// How many instructions can't be read, or not whole.
fn wrong_instructions(parsed: &Parsed<'_>) -> usize {
    let instructions = &parsed.dockerfile.instructions;
    let number = |at: u32| instructions.partition_point(|instruction| instruction.span.start <= at);
    parsed.errors.iter().map(|error| number(error.span.start)).collect::<HashSet<_>>().len()
}

/// Whether of two scripts the second differs by what rules declare only: it has more options, other programs of `apt`, and more
/// commands in the end.
#[must_use]
pub fn means_as_declared(before: &str, after: &str) -> bool {
    let rest = |script: &str| {
        let words = script.split_whitespace().filter(|word| !word.starts_with('-') && *word != "\\");
        words.collect::<Vec<_>>().join(" ").replace("apt-get", "apt").replace("apt-cache", "apt")
    };
    let (before, after) = (rest(before), rest(after));
    let common = before.bytes().zip(after.bytes()).take_while(|(before, after)| before == after).count();
    let appended = after.get(common..).unwrap_or_default();
    before == after
        // `a;` becomes `a && b;`.
        || appended.trim_start().starts_with("&& ") && after.ends_with(before.get(common..).unwrap_or_default())
}

/// Where two files mean different things; `same` says whether two scripts are the same.
#[must_use]
pub fn changed(before: &Parsed<'_>, after: &Parsed<'_>, same: fn(&str, &str) -> bool) -> Vec<String> {
    let models = [before, after].map(|parsed| Model::build(&parsed.dockerfile));
    let [old, new] = models.each_ref().map(|model| {
        let mut said: Vec<Told> =
            stages(model).into_iter().map(|facts| Told { facts, script: String::new() }).collect();
        // Of what a container runs, the stages say what counts.
        let is_of_stage = |kind: &Kind<'_>| matches!(kind, Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::Healthcheck(_));
        let instructions = model.dockerfile.instructions.iter().filter(|instruction| !is_of_stage(&instruction.kind));
        said.extend(instructions.map(|instruction| match &instruction.kind {
            Kind::Onbuild(onbuild) => match &onbuild.instruction {
                Some(inner) => told(model, inner, instruction),
                None => Told::default(),
            },
            _ => told(model, instruction, instruction),
        }));
        said
    });
    if old.len() != new.len() {
        return vec![format!("{} stages and instructions became {}", old.len(), new.len())];
    }
    let is_same = |(old, new): &(Told, Told)| {
        old.facts == new.facts && (old.script == new.script || same(&old.script, &new.script))
    };
    let differing = old.into_iter().zip(new).filter(|pair| !is_same(pair));
    differing.map(|(old, new)| format!("{old:?}\nbecame\n{new:?}")).collect()
}

/// What is said of a stage or by an instruction.
#[derive(Default, Debug)]
struct Told {
    facts: String,
    /// What a `RUN` runs.
    script: String,
}

fn stages(model: &Model<'_, '_>) -> Vec<String> {
    let images = model.images();
    let of = |(stage, image): (&Stage<'_, '_>, _)| {
        let end = model.at_end(stage);
        let sources = model.edges.iter().filter(|edge| edge.stage == stage.index).map(|edge| edge.source);
        let healthcheck = stage.healthcheck.map(|healthcheck| {
            let flags = healthcheck.flags.iter().map(|flag| (&flag.name, &flag.value));
            let flags: Vec<_> =
                flags.map(|(name, value)| (name.to_string(), value.as_deref().map(str::to_owned))).collect();
            match &healthcheck.test {
                HealthcheckTest::None => (flags, Vec::new()),
                HealthcheckTest::Command(command) => (flags, texts(command.words())),
            }
        });
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {healthcheck:?} {image:?}",
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

fn texts(words: &[Word<'_>]) -> Vec<String> {
    words.iter().map(|word| word.to_string()).collect()
}

/// What an instruction says that is not in what is known of the stage.
fn told(model: &Model<'_, '_>, instruction: &Instruction<'_>, outer: &Instruction<'_>) -> Told {
    let value = |word: &Word<'_>| model.at(outer).map(|point| format!("{:?}", point.value(word)));
    // What stands in an `ONBUILD` runs where nobody knows the working directory.
    let is_own = std::ptr::eq(instruction, outer);
    let place = |word: &Word<'_>| {
        let point = model.at(outer).filter(|_| is_own)?;
        let is_directory = matches!(word.trim_end_matches(['"', '\'']).rsplit('/').next(), Some("" | "." | ".."));
        Some((point.resolve(word).known()?.trim_end_matches('/').to_owned(), is_directory))
    };
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
        match place(destination) {
            Some(place) => format!("{sources:?} {place:?} {heredocs:?}"),
            None => format!("{sources:?} {:?} {heredocs:?}", value(destination)),
        }
    };
    let mut script = String::new();
    let said = match &instruction.kind {
        Kind::Run(run) => {
            script = texts(run.command.words()).join("\n");
            let mut heredocs = Vec::new();
            for heredoc in &run.heredocs {
                script = script + "\n" + heredoc.content;
                heredocs.push((&heredoc.name, heredoc.expand, heredoc.chomp, heredoc.file_descriptor));
            }
            format!("{heredocs:?}")
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
    let is_triggered = !is_own;
    Told { facts: format!("{kind:?} {is_triggered} {flags:?} {said}"), script }
}
