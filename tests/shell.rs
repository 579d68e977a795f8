//! The shell reader, on the scripts of the recorded Dockerfiles, against `bash -n` and `dash -n`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use plimsoll::ast::Kind;
use plimsoll::shell::{NodeKind, Script, Text};
use recorded::conformance;

struct Case {
    name: String,
    text: String,
    unreadable: Vec<String>,
    bash: bool,
    dash: bool,
}

/// The scripts of all RUN instructions in shell form.
fn cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("dockerfiles")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(source) = plimsoll::Source::decode(&bytes) else { continue };
        let parsed = plimsoll::parse(source.text());
        for instruction in &parsed.dockerfile.instructions {
            let Kind::Run(run) = &instruction.kind else { continue };
            if run.command.is_exec() {
                continue;
            }
            let [word] = run.command.words() else { continue };
            let text = match run.heredocs.as_slice() {
                [] => Text::of_word(word),
                [only] if word.span == only.marker => Text::of_heredoc(only),
                several => Text::of_word_and_heredocs(word, several),
            };
            let text_of = text.as_str().to_owned();
            let script = Script::read(text);
            let unreadable = script
                .nodes()
                .filter(|node| matches!(node.kind(), NodeKind::Error(_)))
                .map(|node| format!("{node:?}"))
                .collect();
            let name = format!("{}:{}", path.file_name().unwrap().display(), instruction.span.start);
            cases.push(Case { name, text: text_of, unreadable, bash: false, dash: false });
        }
    }
    cases
}

/// Which of the scripts a shell can read: one process of bash starts the shell for each.
fn readable(shell: &str, folder: &Path, cases: &[Case]) -> Vec<bool> {
    for (at, case) in cases.iter().enumerate() {
        std::fs::write(folder.join(at.to_string()), &case.text).unwrap();
    }
    let mut script = String::new();
    writeln!(script, "cd \"$1\" && for ((at = 0; at < $2; at++)); do").unwrap();
    writeln!(script, "if {shell} -n $at 2>/dev/null; then printf 1; else printf 0; fi; done").unwrap();
    let output = Command::new("bash")
        .args(["-c", &script, "bash"])
        .arg(folder)
        .arg(cases.len().to_string())
        .output()
        .unwrap();
    output.stdout.iter().map(|byte| *byte == b'1').collect()
}

#[test]
fn scripts_that_shells_can_read() {
    let Some(folder) = conformance() else { return };
    let mut cases = cases(&folder);
    let made = tempfile::tempdir().unwrap();
    let bash = readable("bash", made.path(), &cases);
    let dash = readable("dash", made.path(), &cases);
    for (case, (bash, dash)) in cases.iter_mut().zip(bash.into_iter().zip(dash)) {
        case.bash = bash;
        case.dash = dash;
    }
    let count = |test: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| test(case)).count();
    println!("scripts {}", cases.len());
    println!("read whole {}", count(&|case| case.unreadable.is_empty()));
    println!("bash {} dash {}", count(&|case| case.bash), count(&|case| case.dash));
    println!("agree with bash {}", count(&|case| case.bash == case.unreadable.is_empty()));
    println!("agree with dash {}", count(&|case| case.dash == case.unreadable.is_empty()));
    for case in &cases {
        if case.bash != case.unreadable.is_empty() {
            println!("== {} bash {} dash {}: {:?}\n{}", case.name, case.bash, case.dash, case.unreadable, case.text);
        }
    }
}
