//! The shell reader: on the scripts of the recorded Dockerfiles, against `bash -n` and `dash -n`; on scripts written for it, with
//! the tree and the commands beside them; and what holds for the tree of any script.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't read its data fails"
)]

mod recorded;
mod support;

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use plimsoll::ast::{self, Kind};
use plimsoll::shell::{Call, Dialect, Interpreter, NodeRef, Script, Switch, Text, scripts, violations};
use proptest::prelude::*;
use recorded::conformance;
use serde::Deserialize;
use support::{fixtures, golden, report};

const BASH: Interpreter = Interpreter { dialect: Dialect::Bash, ..SH };
const SH: Interpreter = Interpreter {
    dialect: Dialect::Sh,
    switches: plimsoll::shell::Switches {
        errexit: Switch::Off,
        pipefail: Switch::Off,
        xtrace: Switch::Off,
        nounset: Switch::Off,
        noglob: Switch::Off,
    },
};

fn read(text: &str) -> Script<'_> {
    Script::read(Text::plain(text, 0), BASH, &|_| None)
}

/// The commands and heredocs of an instruction, those of the one in an ONBUILD too.
fn command<'d, 'a>(kind: &'d Kind<'a>) -> Option<(&'d ast::Command<'a>, &'d [ast::Heredoc<'a>])> {
    match kind {
        Kind::Run(run) => Some((&run.command, &run.heredocs)),
        Kind::Cmd(cmd) => Some((&cmd.command, &[])),
        Kind::Entrypoint(entrypoint) => Some((&entrypoint.command, &[])),
        Kind::Healthcheck(healthcheck) => match &healthcheck.test {
            ast::HealthcheckTest::Command(command) => Some((command, &[])),
            ast::HealthcheckTest::None => None,
        },
        Kind::Onbuild(onbuild) => match onbuild.instruction.as_deref().map(|inner| &inner.kind) {
            Some(Kind::Onbuild(_)) | None => None,
            Some(inner) => command(inner),
        },
        _ => None,
    }
}

/// The files of the corpus, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder.join("dockerfiles"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// A script, and whether each reader can read it.
struct Case {
    name: String,
    text: String,
    unreadable: Vec<String>,
}

/// The scripts of all RUN instructions in shell form, each text once.
fn cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut seen = HashSet::new();
    for (file, bytes) in files(folder) {
        let Ok(source) = plimsoll::Source::decode(&bytes) else { continue };
        let parsed = plimsoll::parse(source.text());
        for instruction in &parsed.dockerfile.instructions {
            let Kind::Run(run) = &instruction.kind else { continue };
            let all = scripts(&run.command, &run.heredocs, BASH, &|_| None);
            let Some(script) = all.first().filter(|script| !script.is_exec() && script.dialect().is_read()) else {
                continue;
            };
            let text = script.text().as_str().to_owned();
            if !seen.insert(text.clone()) {
                continue;
            }
            let unreadable = script.errors().map(|node| format!("{node:?}")).collect();
            cases.push(Case { name: format!("{file} at {}", instruction.span.start), text, unreadable });
        }
    }
    cases
}

/// Which of the scripts a shell can read, and from the output of one process that starts the shell for each.
fn readable<'c>(shell: &str, texts: impl Iterator<Item = &'c str>) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0_usize;
    for text in texts {
        std::fs::write(folder.path().join(count.to_string()), text).unwrap();
        count += 1;
    }
    let script = format!(
        "cd \"$1\" && at=0 && while [ $at -lt {count} ]; do \
         if {shell} -n $at 2>/dev/null; then echo 1; else echo 0; fi; at=$((at + 1)); done"
    );
    let output = Command::new("dash").args(["-c", &script, "dash"]).arg(folder.path()).output().unwrap();
    let answers: Vec<bool> = output.stdout.iter().filter(|byte| **byte != b'\n').map(|byte| *byte == b'1').collect();
    assert_eq!(answers.len(), count, "{shell} did not answer for all");
    answers
}

fn both_shells(texts: &[&str]) -> (Vec<bool>, Vec<bool>) {
    std::thread::scope(|scope| {
        let bash = scope.spawn(|| readable("bash", texts.iter().copied()));
        let dash = readable("dash", texts.iter().copied());
        (bash.join().unwrap(), dash)
    })
}

/// A difference to a shell that is meant.
#[derive(Deserialize)]
struct Difference {
    /// What a script must contain for it.
    contains: String,
    /// Whose answer differs.
    shell: String,
    reason: String,
}

#[derive(Deserialize)]
struct Small {
    script: String,
    /// Whether it is to be read whole.
    read: bool,
    /// Where a shell differs, and why.
    #[serde(default)]
    bash: Option<bool>,
    #[serde(default)]
    dash: Option<bool>,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Readable {
    difference: Vec<Difference>,
    case: Vec<Small>,
}

fn readable_fixture() -> Readable {
    toml::from_str(&std::fs::read_to_string(fixtures().join("shell/readable.toml")).unwrap()).unwrap()
}

#[test]
fn scripts_of_the_corpus_that_shells_can_read() {
    let Some(folder) = conformance() else { return };
    let cases = cases(&folder);
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let (bash, dash) = both_shells(&texts);
    let differences = readable_fixture().difference;
    let mut failures = Vec::new();
    for (shell, answers) in [("bash", &bash), ("dash", &dash)] {
        let (mut same, mut explained): (usize, HashMap<&str, usize>) = (0, HashMap::new());
        for (case, answer) in cases.iter().zip(answers) {
            let ours = case.unreadable.is_empty();
            let known = differences.iter().find(|known| known.shell == shell && case.text.contains(&known.contains));
            match known {
                _ if ours == *answer => same += 1,
                Some(known) if ours => *explained.entry(&known.reason).or_default() += 1,
                _ => failures.push(format!("{}: {shell} says {answer}, we say {:?}", case.name, case.unreadable)),
            }
        }
        let read = answers.iter().filter(|answer| **answer).count();
        println!("{shell} -n reads {read} of {}, and agrees with us on {same}", cases.len());
        for (reason, count) in explained {
            println!("    {count}: {reason}");
        }
    }
    let whole = cases.iter().filter(|case| case.unreadable.is_empty()).count();
    println!("read without an unreadable part: {whole} of {}", cases.len());
    report(failures);
}

#[test]
fn small_scripts_that_shells_can_read() {
    let fixture = readable_fixture();
    let texts: Vec<&str> = fixture.case.iter().map(|case| case.script.as_str()).collect();
    let (bash, dash) = both_shells(&texts);
    let mut failures = Vec::new();
    for ((case, bash), dash) in fixture.case.iter().zip(bash).zip(dash) {
        let script = read(&case.script);
        let unreadable: Vec<String> = script.errors().map(|node| format!("{node:?}")).collect();
        if unreadable.is_empty() != case.read {
            failures.push(format!("{:?}: we say {unreadable:?}", case.script));
        }
        for (shell, answer, expected) in [("bash", bash, case.bash), ("dash", dash, case.dash)] {
            if answer != expected.unwrap_or(case.read) {
                failures.push(format!("{:?}: {shell} says {answer}", case.script));
            }
            if expected.is_some_and(|expected| expected == case.read || case.reason.is_none()) {
                failures.push(format!("{:?}: what {shell} says is no difference, or has no reason", case.script));
            }
        }
    }
    println!("{} small scripts", fixture.case.len());
    report(failures);
}

fn tree(script: &Script<'_>) -> String {
    let mut shown = String::new();
    for node in script.nodes() {
        let depth = node.ancestors().count();
        write!(shown, "{:depth$}{:?}", "", node.kind(), depth = 2 * depth).unwrap();
        if node.is_leaf() {
            write!(shown, " {:?}", node.text()).unwrap();
        }
        writeln!(shown).unwrap();
    }
    shown
}

fn show_call(shown: &mut String, call: Call<'_>, source: &str) {
    write!(shown, "{}", call.name().replace('\0', "␀")).unwrap();
    if let Some(subcommand) = call.subcommand() {
        write!(shown, " {subcommand}").unwrap();
    }
    for option in call.options() {
        write!(shown, " [{}", option.span().of(source)).unwrap();
        if let Some(value) = option.value() {
            write!(shown, "={value:?}").unwrap();
        }
        write!(shown, "{}]", if option.flag().is_none() { "?" } else { "" }).unwrap();
    }
    for operand in call.operands() {
        let several = if operand.may_be_several() { "…" } else { "" };
        write!(shown, " {}{several}", operand.text().replace('\0', "␀")).unwrap();
    }
    if let Some(wrapper) = call.wrapped_in() {
        write!(shown, " <- {}", wrapper.name().replace('\0', "␀")).unwrap();
    }
    let switches = call.switches();
    let on = [("errexit", switches.errexit), ("pipefail", switches.pipefail), ("xtrace", switches.xtrace)];
    for (name, switch) in on.into_iter().filter(|(_, switch)| *switch != Switch::Off) {
        write!(shown, " {name}{}", if switch == Switch::Unknown { "?" } else { "" }).unwrap();
    }
    writeln!(shown).unwrap();
    for (argument, package) in call.packages() {
        let name = package.name.replace('\0', "␀");
        let constraint = format!("{:?}", package.constraint).replace("\\0", "␀");
        writeln!(shown, "        {name} {constraint} at {:?}", argument.span().of(source)).unwrap();
    }
}

/// `trees/*.sh` and what stands beside it: the tree.
#[test]
fn trees() {
    let mut failures = Vec::new();
    for (path, text) in scripts_in("shell/trees", "sh") {
        failures.extend(golden(&path.with_extension("tree"), &tree(&read(&text))));
    }
    report(failures);
}

/// `calls/*.Dockerfile` and what stands beside it: the commands.
#[test]
fn calls() {
    let mut failures = Vec::new();
    for (path, text) in scripts_in("shell/calls", "Dockerfile") {
        let parsed = plimsoll::parse(&text);
        let mut shown = String::new();
        for instruction in &parsed.dockerfile.instructions {
            let Some((command, heredocs)) = command(&instruction.kind) else { continue };
            for script in scripts(command, heredocs, SH, &lookup) {
                writeln!(shown, "{:?}{}", script.dialect(), if script.is_exec() { " exec" } else { "" }).unwrap();
                for call in script.calls() {
                    write!(shown, "    ").unwrap();
                    show_call(&mut shown, call, &text);
                }
                for error in script.errors() {
                    writeln!(shown, "    {error:?}").unwrap();
                }
            }
        }
        failures.extend(golden(&path.with_extension("out"), &shown));
    }
    report(failures);
}

/// What the Dockerfiles of `calls` set with `ARG` and `ENV`.
fn lookup(name: &str) -> Option<&'static str> {
    match name {
        "FROM_ENV" => Some("one two"),
        _ => None,
    }
}

fn scripts_in(folder: &str, ending: &str) -> Vec<(std::path::PathBuf, String)> {
    let mut found: Vec<_> = std::fs::read_dir(fixtures().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| (path.clone(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

fn check(name: &str, text: &str) -> Vec<String> {
    let script = read(text);
    let again: Vec<NodeRef<'_>> = script.nodes().collect();
    let second = read(text);
    let mut found = violations(&script, text);
    if format!("{again:?}") != format!("{:?}", second.nodes().collect::<Vec<_>>()) {
        found.push("it is read differently the second time".to_owned());
    }
    for nested in script.nested(&|_| None) {
        found.extend(violations(&nested, text));
    }
    found.into_iter().map(|violation| format!("{name}: {violation}")).collect()
}

/// All scripts of the corpus and of the fixtures, of all shells, with their nested ones.
#[test]
fn what_holds_for_the_corpus() {
    let mut failures = Vec::new();
    for (path, text) in scripts_in("shell/trees", "sh") {
        failures.extend(check(&path.display().to_string(), &text));
    }
    for case in readable_fixture().case {
        failures.extend(check(&case.script, &case.script));
    }
    let mut all: Vec<(String, Vec<u8>)> = conformance().map(|folder| files(&folder)).unwrap_or_default();
    let own = scripts_in("shell/calls", "Dockerfile");
    all.extend(own.into_iter().map(|(path, text)| (path.display().to_string(), text.into_bytes())));
    let (mut count, mut commands, mut known) = (0, 0, 0);
    for (file, bytes) in &all {
        let Ok(source) = plimsoll::Source::decode(bytes) else { continue };
        let parsed = plimsoll::parse(source.text());
        for instruction in &parsed.dockerfile.instructions {
            let Some((command, heredocs)) = command(&instruction.kind) else { continue };
            for script in scripts(command, heredocs, SH, &|_| None) {
                count += 1;
                commands += script.calls().count();
                known += script.calls().filter(|call| call.table().is_some()).count();
                let found = violations(&script, source.text());
                failures.extend(found.into_iter().map(|violation| format!("{file}: {violation}")));
            }
        }
    }
    println!("{count} scripts with {commands} commands, {known} of them with a table");
    report(failures);
}

#[test]
fn hostile_scripts() {
    let deep = ["(", "$(", "\"$("].map(|part| part.repeat(100_000));
    for text in hostile(10_000).into_iter().chain(deep) {
        let script = read(&text);
        assert!(script.nodes().count() <= 6 * text.len() + 8, "{}", &text[..20]);
        drop(script.nested(&|_| None));
    }
}

/// Scripts that nest deep or never close what they open.
fn hostile(count: usize) -> Vec<String> {
    let open = [
        "(",
        "( ",
        "$(",
        "`",
        "\"$(",
        "${a:-",
        "{ ",
        "((",
        "$((",
        "a=(",
        "if ",
        "while ",
        "case x in a) ",
        "f() ",
        "[[ ( ",
        "<(",
        "|",
        "| ",
        "&& ",
        ";",
        ";;",
        ")",
        "}",
        "\"",
        "'",
        "$'",
        "[",
        "{",
        "{a,",
        "<<a ",
        "<<a\n",
        "$(cat <<a\n",
        "a[",
        "!",
        "! ",
        "\\",
        "#",
        "@(",
        "a=$b$b;b=$a;",
        "for i in ",
        "sudo ",
        "bash -c ",
        "eval 'x' ",
        "x=y;z=$x;",
        "a&&b=1;",
        "(a=1;",
        "if a=1;then ",
        "set -e;(",
        "find -exec ",
        "$a ",
        "`\\`",
    ];
    let close = [
        ("( ", ") "),
        ("( { ", ") "),
        ("{ ", "; } "),
        ("( { ", "; } "),
        ("if ", "fi "),
        ("\"$(", ")\""),
        ("${a:-", "}"),
    ];
    let both = close.into_iter().map(|(open, close)| open.repeat(count) + &close.repeat(count));
    open.into_iter().map(|part| part.repeat(count)).chain(both).collect()
}

/// Scripts made of what matters to the reader.
fn parts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        " ",
        "\n",
        ";",
        "&&",
        "||",
        "|",
        "&",
        "(",
        ")",
        "{",
        "}",
        "$(",
        "${",
        "$((",
        "))",
        "((",
        "`",
        "\"",
        "'",
        "\\",
        "\\\n",
        "$'",
        "$\"",
        "$a",
        "${a:-",
        "${#a}",
        "=",
        "a=",
        "a=(",
        "a+=",
        "a[1]=",
        "<",
        ">",
        "<<E",
        "<<-'E'\n",
        "\nE\n",
        "<<<",
        "2>&1",
        "&>x",
        "<(",
        "#",
        "# c\n",
        "if ",
        "then ",
        "elif ",
        "else ",
        "fi",
        "while ",
        "until ",
        "for x in ",
        "do ",
        "done",
        "case ",
        " in ",
        "esac",
        ";;",
        ";&",
        "function f ",
        "f() ",
        "[[ ",
        " ]]",
        " =~ ",
        "! ",
        "time -p ",
        "*",
        "?",
        "[a]",
        "[",
        "{a,b}",
        "{1..3}",
        ",",
        "~",
        "~/x",
        "@(",
        "é",
        "日",
        "\t",
        "\r",
        "\0",
        "sudo ",
        "apt-get ",
        "install ",
        "-y ",
        "-yq ",
        "--opt=v ",
        "bash -c ",
        "set -e",
        "set -o pipefail",
        "export ",
        "read x",
        "eval ",
        "tar xzf ",
        "find . -exec ",
        "{} \\;",
        "xargs ",
        "a='b c'",
        "$x",
        "${x}",
        "env A=b ",
        "-- ",
    ]);
    prop::collection::vec(part, 0..32).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_script(text in parts()) {
        let failures = check("a script", &text);
        prop_assert!(failures.is_empty(), "{text:?}: {}", failures.join("\n"));
    }

    #[test]
    fn any_characters(text in ".{0,48}") {
        let failures = check("some characters", &text);
        prop_assert!(failures.is_empty(), "{text:?}: {}", failures.join("\n"));
    }

    #[test]
    fn any_script_in_a_dockerfile(text in parts()) {
        let joined = text.replace('\n', "\\\n");
        for text in [format!("FROM a\nRUN {joined}\n"), format!("FROM a\nRUN <<-X\n{text}\nX\n"), format!("RUN <<E cat {joined}\n{text}\nE")] {
            let parsed = plimsoll::parse(&text);
            for instruction in &parsed.dockerfile.instructions {
                let Some((command, heredocs)) = command(&instruction.kind) else { continue };
                for script in scripts(command, heredocs, SH, &|_| None) {
                    let failures = violations(&script, &text);
                    prop_assert!(failures.is_empty(), "{text:?}: {}", failures.join("\n"));
                }
            }
        }
    }
}
