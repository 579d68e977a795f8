//! What is read in the projects of `fixtures/builds`: `builds.out` says what is given to which build.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that can't read its data fails")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::environment::Environment;
use super::{Build, Problem, WrittenBuild, bake, compose};

fn read(directory: &Path, environment: &Environment) -> (Vec<WrittenBuild>, Vec<Problem>) {
    let mut problems = Vec::new();
    let files = compose::files_in(directory, environment);
    let mut builds = compose::read(&files, directory, environment, &mut problems);
    let files: Vec<_> = bake::NAMES.iter().map(|name| directory.join(name)).filter(|file| file.is_file()).collect();
    builds.extend(bake::read(&files, directory, environment, &mut problems));
    (builds, problems)
}

fn shown(directory: &Path, builds: &[WrittenBuild], problems: &[Problem]) -> String {
    let inside = |path: &Path| path.strip_prefix(directory).unwrap().display().to_string();
    let mut shown = String::new();
    for WrittenBuild { dockerfile, build } in builds {
        let Build { context, target, build_arguments, unknown_arguments, named_contexts, platform, origin } = build;
        let name = origin.name.as_deref().unwrap_or_default();
        writeln!(shown, "{name} ({}:{})", inside(&origin.file), origin.line).unwrap();
        writeln!(shown, "  {} in `{}`", inside(dockerfile), inside(context.as_deref().unwrap())).unwrap();
        for part in target
            .iter()
            .map(|target| format!("target {target}"))
            .chain(platform.iter().map(|platform| format!("platform {platform}")))
        {
            writeln!(shown, "  {part}").unwrap();
        }
        for (name, value) in build_arguments {
            writeln!(shown, "  {name}={value}").unwrap();
        }
        for name in unknown_arguments {
            writeln!(shown, "  {name}=?").unwrap();
        }
        for name in named_contexts {
            writeln!(shown, "  context {name}").unwrap();
        }
    }
    for Problem { file, line, reason } in problems {
        writeln!(shown, "{}:{}: {reason}", inside(file), line.unwrap_or_default()).unwrap();
    }
    shown
}

#[test]
fn projects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/builds");
    let environment = Environment::of([("DEBUG", "true")]);
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let directory = entry.unwrap().path();
        let (builds, problems) = read(&directory, &environment);
        let found = shown(&directory, &builds, &problems);
        let expectation = directory.join("builds.out");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expectation, &found).unwrap();
        }
        if fs::read_to_string(&expectation).unwrap_or_default() != found {
            failures.push(format!("{}:\n{found}", directory.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Whatever a file holds, it is read, or told to be broken, without end or overflow.
#[test]
fn hostile_files() {
    let many = 100_000;
    let chain: String =
        (0..2000).map(|number| format!("target \"t{number}\" {{ inherits = [\"t{}\"] }}\n", number + 1)).collect();
    let doubling: String = (0..100)
        .map(|number| format!("target \"t{number}\" {{ inherits = [\"t{0}\", \"t{0}\"] }}\n", number + 1))
        .collect();
    let referring: String = (0..2000)
        .map(|number| format!("target \"t{number}\" {{ context = target.t{}.context }}\n", number + 1))
        .collect();
    let (open, close) = ("(".repeat(55), ")".repeat(55));
    let nested: String = (0..600)
        .map(|number| format!("target \"t{number}\" {{ context = {open}target.t{}.context{close} }}\n", number + 1))
        .collect();
    let circle = referring.replace("t2000", "t0");
    let doubled: String = (1..1000).map(|number| format!("a{number} = \"${{a{0}}}${{a{0}}}\"\n", number - 1)).collect();
    let loops = (0..8).fold("1".to_owned(), |inside, number| format!("[for a{number} in l : {inside}]"));
    let items = "1, ".repeat(1000);
    let bases: String = (0..1000).map(|number| format!("A{number} = 1\n")).collect();
    let heiresses: String = (0..4000)
        .map(|number| format!("target \"t{number}\" {{\ninherits = [\"b\"]\ncontext = \"git@x\"\n}}\n"))
        .collect();
    let calls: String = (0..2000).map(|number| format!("c{number} = f(\"x\")\n")).collect();
    let arguments: String = (0..2000).map(|number| format!("A{number}: a, ")).collect();
    let services: String = (0..20_000).map(|number| format!("  s{number}: *a\n")).collect();
    let heirs: String = (0..20_000).map(|number| format!("  s{number}: {{extends: b}}\n")).collect();
    let names: String = (0..50_000).map(|number| format!("  s{number}: {{build: .}}\n")).collect();
    let merged: String = (1..30)
        .map(|number| format!("a{number}: &a{number} {{b{number}: 1, <<: [*a{0}, *a{0}]}}\n", number - 1))
        .collect();
    let laughs: String = (1..60).map(|number| format!("a{number}: &a{number} [*a{0}, *a{0}]\n", number - 1)).collect();
    let cases = [
        ("docker-bake.hcl", format!("a = {}1", "!".repeat(many))),
        ("docker-bake.hcl", format!("a = {}1{}", "(".repeat(many), ")".repeat(many))),
        ("docker-bake.hcl", format!("a = {}", "[".repeat(many))),
        ("docker-bake.hcl", format!("a = 1{}", "+1".repeat(many))),
        ("docker-bake.hcl", format!("a = {}1{}", "1?".repeat(many / 2), ":1".repeat(many / 2))),
        ("docker-bake.hcl", format!("a = \"{}", "${\"".repeat(many / 2))),
        ("docker-bake.hcl", format!("a = b{}", ".c".repeat(many))),
        ("docker-bake.hcl", chain),
        ("docker-bake.hcl", doubling),
        ("docker-bake.hcl", "target \"a\" { inherits = [\"a\"] }\n".to_owned()),
        (
            "docker-bake.hcl",
            "function \"f\" {\n params = [a]\n result = f(f(a))\n}\nx = f(1)\ntarget \"t\" {\n context = f(2)\n}\n"
                .to_owned(),
        ),
        ("docker-bake.hcl", referring),
        ("docker-bake.hcl", nested),
        ("docker-bake.hcl", circle),
        ("docker-bake.hcl", format!("a0 = \"xx\"\n{doubled}target \"t\" {{\n context = a999\n}}\n")),
        ("docker-bake.hcl", format!("l = [{items}]\ntarget \"t\" {{\n context = {loops}\n}}\n")),
        ("docker-bake.hcl", format!("target \"b\" {{\nargs = {{\n{bases}}}\n}}\n{heiresses}")),
        (
            "docker-bake.hcl",
            format!(
                "function \"f\" {{\n params = [a]\n result = \"${{a}}\"\n}}\n{calls}target \"t\" {{\n args = {{\n{calls} }}\n}}\n"
            ),
        ),
        (
            "docker-bake.hcl",
            format!(
                "target \"t\" {{\n context = {}\"x\"{}\n}}\n",
                "replace(".repeat(60),
                ", \"x\", \"xxxxxxxxxxxxxxxx\")".repeat(60)
            ),
        ),
        ("docker-bake.json", "[".repeat(many)),
        ("compose.yaml", "[".repeat(many)),
        ("compose.yaml", "- ".repeat(many)),
        ("compose.yaml", format!("a0: &a0 [x]\n{laughs}services: {{a: {{build: *a59}}}}\n")),
        ("compose.yaml", format!("a0: &a0 {{x: y}}\n{merged}services: {{a: {{build: *a29}}}}\n")),
        ("compose.yaml", format!("x: &a {{build: {{args: {{{arguments}}}}}}}\nservices:\n{services}")),
        ("compose.yaml", format!("services:\n  b: {{build: {{args: {{{arguments}}}}}}}\n{heirs}")),
        ("compose.yaml", format!("services:\n{names}")),
        ("compose.yaml", format!("include: [{}]\nservices: {{a: {{build: .}}}}\n", "compose.yaml, ".repeat(100))),
        ("compose.yaml", format!("include: [{}]\n", "./compose.yaml, ".repeat(100))),
        ("compose.yaml", "services: {a: {extends: a, build: .}}\n".to_owned()),
        ("compose.yaml", "include: [compose.yaml]\nservices: {a: {build: .}}\n".to_owned()),
        ("compose.yaml", "\0\u{1}\t- %\n&".to_owned()),
    ];
    for (name, text) in cases {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(name), &text).unwrap();
        let started = Instant::now();
        let (builds, problems) = read(directory.path(), &Environment::default());
        let start: String = text.chars().take(20).collect();
        println!("{name} {start:?}: {} builds, {problems:?}, {:?}", builds.len(), started.elapsed());
    }
}
