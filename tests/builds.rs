//! What compose and bake files say of builds, as it shows in what is found.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't read its data fails"
)]

mod command;

use std::fs;
use std::path::Path;

use command::{Ran, command, directory, plimsoll, run};

fn check(arguments: &[&str], directory: &Path) -> Ran {
    plimsoll(&[&["check", "--output-format=json"], arguments].concat(), directory, b"")
}

/// The findings: rule and line, and what is said to do.
fn found(ran: &Ran) -> Vec<(String, String)> {
    let findings: serde_json::Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    findings.as_array().unwrap().iter().map(|finding| (text(&finding["name"]), text(&finding["help"]))).collect()
}

fn names(ran: &Ran) -> Vec<String> {
    found(ran).into_iter().map(|(name, _)| name).collect()
}

const COPY: &str = "FROM alpine:3.22\nWORKDIR /app\nCOPY main.go go.mod ./\n";
const COMPOSE: &str = "services:\n  api:\n    build: ./api\n";

#[test]
fn contexts() {
    let files = [("compose.yaml", COMPOSE), ("api/Dockerfile", COPY), ("api/main.go", ""), ("other/Dockerfile", COPY)];
    let project = directory(&files);
    let root = project.path();
    let ran = check(&[], root);
    assert_eq!(names(&ran), ["copy-source-missing"], "{}{}", ran.out, ran.err);
    let (_, help) = found(&ran).remove(0);
    assert!(help.ends_with("this is so in the build of `api` (compose.yaml:2)"), "{help}");
    // From wherever it is asked, up to the root of the repository.
    assert_eq!(names(&check(&["api/Dockerfile"], root)), ["copy-source-missing"]);
    assert!(names(&check(&["Dockerfile"], &root.join("api"))).is_empty());
    fs::create_dir(root.join(".git")).unwrap();
    let ran = check(&["Dockerfile"], &root.join("api"));
    assert_eq!(names(&ran), ["copy-source-missing"]);
    assert!(found(&ran).remove(0).1.contains("compose.yaml:2"));

    // What is said on the command line counts.
    assert!(names(&check(&["--no-builds"], root)).is_empty());
    assert!(names(&check(&["--no-context"], root)).is_empty());
    assert_eq!(names(&check(&["--context=.", "api/Dockerfile"], root)).len(), 2);
}

#[test]
fn arguments_and_targets() {
    let dockerfile = "FROM base AS run\nARG WHO=nobody\nUSER ${WHO}\nFROM run AS other\nUSER root\nCOPY --from=assets a /b\nFROM run\n";
    let compose = |build: &str| format!("services:\n  api:\n    build:\n      context: .\n{build}");
    // What the build says, and what is found.
    let cases: [(&str, &[&str]); 8] = [
        ("", &["pin-base-image"]),
        ("      args: {WHO: root}\n", &["pin-base-image", "last-user-is-root"]),
        ("      args: [WHO=0]\n", &["pin-base-image", "last-user-is-root"]),
        ("      args: {WHO: \"${NOBODY_KNOWS}\"}\n", &["pin-base-image"]),
        ("      args: {WHO: \"${NOBODY_KNOWS:-root}\"}\n", &["pin-base-image", "last-user-is-root"]),
        ("      target: other\n", &["pin-base-image", "last-user-is-root"]),
        ("      additional_contexts: [base=../base, assets=../assets]\n", &[]),
        ("      additional_contexts: {other: ../other}\n", &["pin-base-image"]),
    ];
    for (build, expected) in cases {
        let project = directory(&[("compose.yaml", compose(build).as_str()), ("Dockerfile", dockerfile)]);
        let ran = check(&["--select=pin-base-image,last-user-is-root", "--no-context"], project.path());
        assert_eq!(names(&ran), expected, "{build}\n{}", ran.err);
    }
}

#[test]
fn several_builds_of_one_dockerfile() {
    let compose = concat!(
        "services:\n",
        "  a: {build: {context: ., args: {WHO: root}}}\n",
        "  b: {build: {context: ., args: {WHO: \"1000\"}}}\n",
        "  c: {build: .}\n"
    );
    let dockerfile = "FROM alpine:3.22\nARG WHO\nRUN sudo a\n# plimsoll ignore=no-sudo\nUSER ${WHO}\n";
    let project = directory(&[("compose.yaml", compose), ("Dockerfile", dockerfile)]);
    let ran = check(&["--no-context", "--select=no-sudo,last-user-is-root,unused-ignore"], project.path());
    assert_eq!(names(&ran), ["no-sudo", "unused-ignore", "last-user-is-root"], "{}", ran.out);
    let helps: Vec<String> = found(&ran).into_iter().map(|(_, help)| help).collect();
    assert!(helps[2].ends_with("this is so in the build of `a` (compose.yaml:2)"), "{helps:?}");
    assert!(!helps[0].contains("build of") && !helps[1].contains("build of"), "{helps:?}");

    // An ignore that one of them needs is needed.
    let dockerfile = "FROM alpine:3.22\nARG WHO\n# plimsoll ignore=last-user-is-root\nUSER ${WHO}\n";
    let project = directory(&[("compose.yaml", compose), ("Dockerfile", dockerfile)]);
    let ran = check(&["--no-context", "--select=last-user-is-root,unused-ignore"], project.path());
    assert!(names(&ran).is_empty(), "{}", ran.out);
}

#[test]
fn bake_files_and_files_that_are_named() {
    let bake = "variable \"WHO\" { default = \"root\" }\ntarget \"app\" {\n  context = \"../app\"\n  args = { WHO = WHO }\n}\n";
    let files =
        [("deploy/docker-bake.hcl", bake), ("app/Dockerfile", "FROM alpine:3.22\nARG WHO=nobody\nUSER ${WHO}\n")];
    let project = directory(&files);
    let root = project.path();
    assert!(names(&check(&["app"], root)).is_empty());
    assert_eq!(names(&check(&["--builds=deploy/docker-bake.hcl"], root)), ["last-user-is-root"]);
    let named = run(command(&["check", "--builds=deploy/docker-bake.hcl"], root).env("WHO", "1000"));
    assert_eq!(named.code, 0, "{}", named.out);
    let ran = check(&["--builds=deploy/missing.yaml"], root);
    assert!(ran.err.contains("warning: deploy/missing.yaml: "), "{}", ran.err);
}

#[test]
fn a_broken_file_is_no_end() {
    let files = [
        (
            "compose.yaml",
            "services:\n  a: {build: {context: ./missing, dockerfile: ../web/Dockerfile}}\n  b: {build: ./gone}\n",
        ),
        ("docker-bake.hcl", "target \"a\" {\n  context = \n}\n"),
        ("web/compose.yaml", "services:\n  a: [\n"),
        ("web/Dockerfile", "FROM alpine\n"),
    ];
    let project = directory(&files);
    let ran = check(&[], project.path());
    assert_eq!((ran.code, names(&ran)), (1, vec!["pin-base-image".to_owned()]), "{}", ran.err);
    for warning in [
        "warning: compose.yaml:2: the context `missing` is no directory",
        "warning: docker-bake.hcl:2: invalid expression",
        "warning: web/compose.yaml:3: ",
    ] {
        assert!(ran.err.contains(warning), "{warning}: {}", ran.err);
    }
}

#[test]
fn dockerfiles_that_are_called_otherwise() {
    let files = [
        ("compose.yaml", "services:\n  a: {build: {context: ., dockerfile: docker/app}}\n  b: {build: web}\n"),
        ("docker/app", "FROM alpine\n"),
        ("docker/other", "FROM alpine\n"),
        ("web/Dockerfile", "FROM debian\n"),
    ];
    let project = directory(&files);
    let paths = |ran: &Ran| {
        let findings: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let path = |finding: &serde_json::Value| finding["path"].as_str().unwrap().to_owned();
        findings.as_array().unwrap().iter().map(path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&check(&[], project.path())), ["web/Dockerfile", "docker/app"]);
    let ran = check(&["docker"], project.path());
    assert_eq!((ran.code, paths(&ran)), (1, vec!["docker/app".to_owned()]), "{}", ran.err);
    assert_eq!(check(&["docker", "--no-builds"], project.path()).code, 2);
    assert_eq!(paths(&check(&["web", "docker"], project.path())), ["web/Dockerfile", "docker/app"]);
}

#[test]
fn ignore_files_of_contexts() {
    let files = [
        ("compose.yaml", "services:\n  a: {build: {context: ., dockerfile: docker/app}}\n"),
        ("docker/app", "FROM alpine:3.22\nWORKDIR /srv\nCOPY . .\n"),
        (".dockerignore", "/srv/public\n"),
        ("public/main.css", ""),
        ("docker/app.dockerignore", ""),
    ];
    let project = directory(&files);
    let root = project.path();
    let ran = check(&["--select=image-path-pattern", ".dockerignore"], root);
    assert!(names(&ran).is_empty(), "its Dockerfile has an ignore file of its own: {}", ran.out);
    fs::remove_file(root.join("docker/app.dockerignore")).unwrap();
    let ran = check(&["--select=image-path-pattern", ".dockerignore"], root);
    assert_eq!(names(&ran), ["image-path-pattern"], "{}", ran.err);
}
