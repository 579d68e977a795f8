//! What holds where in a file.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]

use std::fmt::Write;

use plimsoll::rules::Preset;
use plimsoll::semantic::{Inputs, Lookup, Model, Platform, Setting, Shell, Source, State, Value};
use plimsoll::{Linter, Options, parse};
use proptest::prelude::*;

/// Each line of a table: a file whose last instruction is looked at, and what holds before it.
fn table(inputs: &Inputs, cases: &[(&str, &str)]) {
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let parsed = parse(text);
        let model = Model::with_inputs(&parsed.dockerfile, inputs);
        let point = model.at(parsed.dockerfile.instructions.last().unwrap()).unwrap();
        let show = |value: Value<'_>| value.known().unwrap_or("?").to_owned();
        let variable = |name: &str| match point.variable(name) {
            Lookup::Set(value) => value.to_owned(),
            Lookup::Unset => "-".to_owned(),
            Lookup::Unknown => "?".to_owned(),
        };
        let shell = point.shell().words().map_or("?".to_owned(), |words| words.join(" "));
        let found =
            format!("{} {} {} {} {}", variable("A"), variable("B"), show(point.workdir()), show(point.user()), shell);
        if found != *expected {
            failures.push(format!("{text:?}\n  {found:?} instead of {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_holds_before_an_instruction() {
    table(
        &Inputs::default(),
        &[
            // A, B, the working directory, the user and the shell.
            ("FROM x\nRUN", "? ? ? ? ?"),
            ("FROM scratch\nRUN", "- - /  /bin/sh -c"),
            ("FROM alpine:3\nRUN", "- - /  /bin/sh -c"),
            ("FROM golang\nRUN", "? ? /go  /bin/sh -c"),
            ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN", "? ? ? ? cmd /S /C"),
            ("FROM scratch\nENV A=1 B=$A\nRUN", "1  /  /bin/sh -c"),
            ("FROM scratch\nENV A=1\nENV B=$A\nRUN", "1 1 /  /bin/sh -c"),
            ("FROM scratch\nARG A=1 B=$A\nRUN", "1 1 /  /bin/sh -c"),
            ("FROM scratch\nARG A\nRUN", "? - /  /bin/sh -c"),
            ("ARG A=1\nFROM scratch\nRUN", "- - /  /bin/sh -c"),
            ("ARG A=1\nFROM scratch\nARG A\nRUN", "1 - /  /bin/sh -c"),
            ("ARG A=1\nFROM scratch\nARG A=2\nENV B=$A\nRUN", "2 2 /  /bin/sh -c"),
            ("ARG A\nFROM scratch\nARG A\nRUN", "? - /  /bin/sh -c"),
            ("FROM scratch\nENV A=1\nARG A\nRUN", "? - /  /bin/sh -c"),
            ("FROM scratch\nENV A=1\nARG A=2\nRUN", "2 - /  /bin/sh -c"),
            ("FROM scratch AS a\nENV A=1\nARG A=2\nFROM a\nRUN", "1 - /  /bin/sh -c"),
            ("FROM scratch AS a\nARG A=2\nFROM a\nRUN", "2 - /  /bin/sh -c"),
            ("FROM scratch\nARG TARGETARCH\nENV A=$TARGETARCH\nRUN", "? - /  /bin/sh -c"),
            ("FROM x\nENV A=$NOBODY_KNOWS B=b\nRUN", "? b ? ? ?"),
            ("FROM scratch\nENV A=1\nENV\nRUN", "? ? /  /bin/sh -c"),
            ("FROM x\nWORKDIR a\nRUN", "? ? ? ? ?"),
            ("FROM x\nWORKDIR /a/\nWORKDIR b\nWORKDIR ../c\nRUN", "? ? /a/c ? ?"),
            ("FROM x\nARG A=/x\nWORKDIR $A/y\nRUN", "/x ? /x/y ? ?"),
            ("FROM x\nWORKDIR /a\nWORKDIR\nRUN", "? ? ? ? ?"),
            ("FROM x\nWORKDIR C:\\\\app\nRUN", "? ? ? ? ?"),
            ("FROM x\nUSER a:b\nRUN", "? ? ? a:b ?"),
            ("FROM x AS y\nUSER a\nWORKDIR /w\nSHELL [\"bash\", \"-c\"]\nFROM y\nRUN", "? ? /w a bash -c"),
            ("FROM scratch AS y\nONBUILD WORKDIR /w\nONBUILD ENV A=1\nFROM y\nRUN", "1 - /w  /bin/sh -c"),
            ("FROM scratch AS y\nONBUILD WORKDIR /w\nFROM y AS z\nFROM z\nRUN", "- - /w  /bin/sh -c"),
            ("FROM scratch AS y\nONBUILD WORKDIR /w\nRUN", "- - /  /bin/sh -c"),
        ],
    );
}

#[test]
fn what_is_given_to_the_build() {
    let mut inputs = Inputs { complete: true, platform: Platform::parse("linux/arm64"), ..Inputs::default() };
    inputs.build_arguments.insert("A".to_owned(), "given".to_owned());
    table(
        &inputs,
        &[
            ("FROM scratch\nRUN", "- - /  /bin/sh -c"),
            ("FROM scratch\nARG A\nRUN", "given - /  /bin/sh -c"),
            ("FROM scratch\nARG A=1\nRUN", "given - /  /bin/sh -c"),
            ("ARG A=1\nFROM scratch\nARG B=$A\nRUN", "-  /  /bin/sh -c"),
            ("ARG A=1\nARG B=$A\nFROM scratch\nARG B\nRUN", "- given /  /bin/sh -c"),
            ("FROM scratch\nARG B\nRUN", "- - /  /bin/sh -c"),
            ("FROM scratch\nENV B=1\nARG B\nRUN", "- 1 /  /bin/sh -c"),
            ("FROM scratch\nARG TARGETARCH\nENV B=$TARGETARCH\nRUN", "- arm64 /  /bin/sh -c"),
        ],
    );
}

#[test]
fn stages_and_what_they_need() {
    let text = "ARG TAG=3\nFROM alpine:$TAG AS a\nFROM a AS B\nCOPY --from=0 / /\nFROM b AS c\nFROM scratch AS d\n\
                COPY --from=B / /\nRUN --mount=from=c,target=/x true\nCOPY --from=busybox / /\nCOPY --from=9 / /\n\
                FROM alpine AS e\n";
    let parsed = parse(text);
    let inputs = Inputs { target: Some("D".to_owned()), ..Inputs::default() };
    let model = Model::with_inputs(&parsed.dockerfile, &inputs);
    let sources: Vec<Source> = model.edges.iter().map(|edge| edge.source).collect();
    assert_eq!(sources, [Source::Stage(0), Source::Stage(1), Source::Stage(2), Source::Image, Source::NoStage]);
    let reached: Vec<bool> = model.stages.iter().map(|stage| stage.reaches_output).collect();
    assert_eq!(reached, [true, true, true, true, false]);
    assert_eq!(model.stages[0].image.known(), Some("alpine:3"));
    assert_eq!(model.target, Some(3));
    let lineage: Vec<usize> = model.lineage(&model.stages[2]).map(|stage| stage.index).collect();
    assert_eq!(lineage, [2, 1, 0]);
}

#[test]
fn declared_is_more_than_set() {
    let parsed = parse("FROM scratch\nARG A\nRUN");
    let inputs = Inputs { complete: true, ..Inputs::default() };
    let model = Model::with_inputs(&parsed.dockerfile, &inputs);
    let point = model.at(&parsed.dockerfile.instructions[2]).unwrap();
    assert_eq!(point.variable("A"), Lookup::Unset);
    assert_eq!(point.declares("A"), State::Set);
    assert_eq!(point.declares("B"), State::Unset);
    assert_eq!(point.declares("PATH"), State::Set);
}

#[test]
fn hostile_files_have_an_answer() {
    let each = |count: usize, line: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        for at in 0..count {
            writeln!(text, "{}", line(at)).unwrap();
        }
        text
    };
    let size = 20_000;
    let files = [
        (
            "stages",
            each(size, &|at| format!("FROM s{} AS s{at}\nENV v{at}=$v{}\nWORKDIR d", at.max(1) - 1, at.max(1) - 1)),
        ),
        ("one parent", format!("FROM scratch AS s\nENV A=1\n{}", each(size, &|_| "FROM s\nARG A=$A".to_owned()))),
        ("arguments", each(size, &|at| format!("ARG v{at}=${{v{}}}", at.max(1) - 1)) + "FROM scratch\n"),
        ("in a stage", "FROM scratch\n".to_owned() + &each(size, &|at| format!("ARG v{at}=${{v{}}}", at.max(1) - 1))),
        ("doubling", "FROM scratch\nENV A=xx\n".to_owned() + &each(size, &|_| "ENV A=$A$A".to_owned())),
        ("itself", "FROM scratch\n".to_owned() + &each(size, &|_| "ENV A=$A:x".to_owned())),
        ("megabyte", format!("FROM scratch\nENV A=\"{}\"\nENV {}\n", "x".repeat(1 << 20), "B=$A ".repeat(size))),
        (
            "triggers",
            "FROM scratch AS s\n".to_owned()
                + &each(size, &|_| "ONBUILD ENV A=1".to_owned())
                + &each(size, &|_| "FROM s".to_owned()),
        ),
        (
            "copies",
            each(size, &|at| {
                format!("FROM scratch AS s{at}\nCOPY --from=s{} / /\nCOPY --from={at} / /", size - at - 1)
            }),
        ),
    ];
    for (name, text) in files {
        let parsed = parse(&text);
        let model = Model::build(&parsed.dockerfile);
        assert!(!model.stages.is_empty(), "{name}");
        assert_eq!(model.target, Some(model.stages.len() - 1), "{name}");
    }
}

#[test]
fn entrypoints_are_inherited() {
    let parsed = parse("FROM alpine AS a\nSHELL [\"ash\", \"-c\"]\nCMD x\nFROM a\nENTRYPOINT [\"y\"]\nFROM a\n");
    let model = Model::build(&parsed.dockerfile);
    assert!(matches!(model.stages[1].command, Setting::None));
    let Setting::Set(command) = model.stages[2].command else { panic!("no command") };
    assert!(matches!(command.shell, Shell::Set(words) if words.len() == 2));
}

/// Lines that have to do with each other.
const LINES: [&str; 40] = [
    "FROM scratch AS a",
    "FROM a AS B",
    "FROM b",
    "FROM $A",
    "from alpine:${TAG:-3} as c",
    "FROM --platform=$TARGETPLATFORM node AS Größe",
    "FROM --platform=linux/amd64 x",
    "ARG A=a",
    "ARG A B=$A",
    "ARG TOKEN",
    "ARG",
    "ENV A=1 B=$A",
    "ENV A ü $B",
    "ENV A=${A:-${B%x*}}",
    "ENV ${A}=x \"a b\"='c'",
    "ENV",
    "WORKDIR $A/é",
    "workdir ../x",
    "USER $B:$A",
    "SHELL [\"bash\", \"-c\"]",
    "SHELL x",
    "CMD echo \\",
    "",
    "  # check=skip=all",
    "# plimsoll ignore=UndefinedVar",
    "ENTRYPOINT [\"é\"]",
    "ENTRYPOINT []",
    "CMD",
    "HEALTHCHECK NONE",
    "ONBUILD ENV A b",
    "ONBUILD COPY --from=a $A /",
    "ONBUILD ONBUILD RUN x",
    "COPY --from=$A --chown=$B <<E $A /",
    "$A ${B:?no} é",
    "E",
    "COPY --from=0 a b",
    "RUN --mount=type=bind,from=B,source=$A,target=/x y",
    "EXPOSE 80:$A/TCP ${A:-1}x",
    "LABEL a=b c $A",
    "VOLUME [\"/a\", \"$A\"]",
];

proptest! {
    #[test]
    fn anything_has_a_meaning(picked in prop::collection::vec(0..LINES.len(), 0..14), crlf: bool, junk in "[$\\{}é\"' a]{0,8}") {
        let mut text = String::new();
        for at in picked {
            text.push_str(LINES[at]);
            text.push_str(if crlf { "\r\n" } else { "\n" });
        }
        text.push_str(&junk);
        let parsed = parse(&text);
        let given = ["x".to_owned()];
        for inputs in [Inputs::default(), Inputs::of_check()] {
            let model = Model::with_inputs(&parsed.dockerfile, &inputs);
            prop_assert_eq!(model.images().len(), model.stages.len());
            for stage in &model.stages {
                prop_assert!(!model.process(stage, &given).argv.is_empty());
                prop_assert_eq!(model.lineage(stage).next().map(|first| first.index), Some(stage.index));
            }
            for instruction in &parsed.dockerfile.instructions {
                prop_assert!(model.at(instruction).is_some());
            }
        }
        for preset in Preset::ALL {
            let linter = Linter::new(Options { preset, ..Options::default() }).unwrap().with_experimental();
            for diagnostic in linter.lint_parsed(&parsed) {
                let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
                for span in edits.clone().map(|edit| edit.span).chain([diagnostic.span]) {
                    prop_assert!(text.get(span.range()).is_some(), "{:?} in {:?}", diagnostic, text);
                }
                let spans: Vec<_> = edits.map(|edit| edit.span).collect();
                prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", diagnostic);
            }
        }
    }
}
