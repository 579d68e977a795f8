//! A safe fix changes nothing that a file means: on the recorded Dockerfiles, each fix by itself.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that can't read its data fails")]

mod recorded;

use plimsoll::diagnostic::{Applicability, Fix};
use plimsoll::semantic::{Inputs, Model};
use plimsoll::{Linter, Options, Parsed, parse};
use recorded::conformance;

/// All that the model says of a file.
fn meaning(parsed: &Parsed<'_>) -> Vec<String> {
    let inputs = Inputs::of_check();
    let model = Model::with_inputs(&parsed.dockerfile, &inputs);
    let images = model.images();
    let stages = model.stages.iter().zip(&images);
    stages
        .map(|(stage, image)| {
            let end = model.at_end(stage);
            let sources: Vec<_> = model.edges.iter().filter(|edge| edge.stage == stage.index).collect();
            let sources: Vec<_> = sources.iter().map(|edge| edge.source).collect();
            format!(
                "{:?} {:?} {:?} {:?} {:?} {:?} {sources:?} {image:?}",
                stage.base,
                stage.image,
                end.variables(),
                end.workdir(),
                end.user(),
                model.process(stage, &[]),
            )
        })
        .collect()
}

fn applied(text: &str, fix: &Fix) -> String {
    let mut fixed = text.to_owned();
    for edit in fix.edits.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    fixed
}

#[test]
fn safe_fixes_keep_the_meaning() {
    let Some(folder) = conformance() else { return };
    let linter = Linter::new(Options::default()).unwrap();
    let mut failures = Vec::new();
    let mut fixes = 0;
    for entry in std::fs::read_dir(folder.join("dockerfiles")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let parsed = parse(&text);
        let before = meaning(&parsed);
        let found = linter.lint_parsed(&parsed);
        let counts = |name: &str, found: &[plimsoll::diagnostic::Diagnostic]| {
            found.iter().filter(|diagnostic| diagnostic.name == name).count()
        };
        for diagnostic in &found {
            let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe) else {
                continue;
            };
            fixes += 1;
            let fixed = applied(&text, fix);
            let reparsed = parse(&fixed);
            let problem = if reparsed.errors.len() > parsed.errors.len() {
                "breaks the syntax"
            } else if meaning(&reparsed) != before {
                "changes the meaning"
            } else if counts(diagnostic.name, &linter.lint_parsed(&reparsed)) >= counts(diagnostic.name, &found) {
                "does not help"
            } else {
                continue;
            };
            let name = path.file_name().unwrap().display();
            failures.push(format!("{name}: {} {problem}: {:?}", diagnostic.name, fix.edits));
        }
    }
    println!("{fixes} safe fixes");
    assert!(failures.is_empty(), "{} of {fixes}:\n{}", failures.len(), failures.join("\n"));
}
