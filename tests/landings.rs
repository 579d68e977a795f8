//! Where the files of a context end up in the image.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't read its data fails")]
#![cfg(unix)]

mod support;

use std::fs;

use plimsoll::context::{Context, Options};
use plimsoll::semantic::{Landings, Model, Place, TakeProblemKind};
use support::report;
use tempfile::TempDir;

fn tree() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    for path in [
        "package.json",
        "README.md",
        "src/main.rs",
        "src/lib/a.rs",
        "src/lib/a.md",
        "packages/one/package.json",
        "packages/one/index.js",
        "packages/two/package.json",
        "secret/key",
        "entry.sh",
    ] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), "x").unwrap();
    }
    fs::create_dir(root.join("empty")).unwrap();
    std::os::unix::fs::symlink("src/lib", root.join("link")).unwrap();
    std::os::unix::fs::symlink("/package.json", root.join("to-file")).unwrap();
    std::os::unix::fs::symlink("a.rs", root.join("src/lib/inner")).unwrap();
    let mut tar = vec![0_u8; 1024];
    tar[..4].copy_from_slice(b"file");
    let sum: u64 = tar[..512].iter().map(|byte| u64::from(*byte)).sum::<u64>() + 8 * u64::from(b' ');
    tar[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
    tar[154..156].copy_from_slice(b"\0 ");
    fs::write(root.join("a.tar"), tar).unwrap();
    fs::write(root.join("a.tgz"), b"\x1f\x8b\x08rest").unwrap();
    fs::write(root.join(".dockerignore"), "secret\n.dockerignore\n").unwrap();
    directory
}

/// `(Dockerfile after FROM, what lands and where, the sources that find nothing)`
type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], &'c [&'c str]);

/// `(stage, path in the image, paths of the context, each with whether it is sure)`
type Question<'q> = (usize, &'q str, &'q [(&'q str, bool)]);

fn shown(place: &Place) -> String {
    match place {
        Place::At(path) => path.clone(),
        Place::Either { inside, otherwise } => format!("{inside} or {otherwise}"),
        Place::UnpackedInto(path) => format!("unpacked into {path}"),
        Place::MaybeUnpackedInto(path) => format!("maybe unpacked into {path}"),
        Place::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn places() {
    let cases: &[Case<'_>] = &[
        // A file: the destination's `/` decides, and else whether there is such a directory.
        ("COPY package.json /app/", &[("package.json", "/app/package.json")], &[]),
        ("COPY package.json /app/.", &[("package.json", "/app/package.json")], &[]),
        ("COPY package.json /app", &[("package.json", "/app/package.json or /app")], &[]),
        ("WORKDIR /app\nCOPY package.json /app", &[("package.json", "/app/package.json")], &[]),
        ("WORKDIR /app/deep\nCOPY package.json /app", &[("package.json", "/app/package.json")], &[]),
        ("WORKDIR /app\nCOPY package.json .", &[("package.json", "/app/package.json")], &[]),
        ("WORKDIR /app\nCOPY package.json p.json", &[("package.json", "/app/p.json/package.json or /app/p.json")], &[]),
        ("WORKDIR /app\nWORKDIR sub\nCOPY package.json ../x/", &[("package.json", "/app/x/package.json")], &[]),
        ("COPY package.json /", &[("package.json", "/package.json")], &[]),
        ("COPY --from=x /a /app/\nCOPY package.json /app", &[("package.json", "/app/package.json")], &[]),
        // Several files.
        (
            "COPY package.json README.md /app/",
            &[("README.md", "/app/README.md"), ("package.json", "/app/package.json")],
            &[],
        ),
        ("COPY pack*.json R* /app/", &[("README.md", "/app/README.md"), ("package.json", "/app/package.json")], &[]),
        (
            "COPY packages/*/package.json /app/",
            &[("packages/one/package.json", "/app/package.json"), ("packages/two/package.json", "/app/package.json")],
            &[],
        ),
        ("COPY *.none /app/", &[], &["nothing matches"]),
        ("COPY none /app/", &[], &["none"]),
        ("COPY secret/key /app/", &[], &["secret/key"]),
        // A directory gives its content, links in it stay.
        (
            "COPY src /app",
            &[
                ("src/lib", "/app/lib"),
                ("src/lib/a.md", "/app/lib/a.md"),
                ("src/lib/a.rs", "/app/lib/a.rs"),
                ("src/lib/inner", "/app/lib/inner"),
                ("src/main.rs", "/app/main.rs"),
            ],
            &[],
        ),
        (
            "COPY packages/o* /app",
            &[("packages/one/index.js", "/app/index.js"), ("packages/one/package.json", "/app/package.json")],
            &[],
        ),
        ("COPY empty /app\nCOPY entry.sh /app", &[("entry.sh", "/app/entry.sh")], &[]),
        // Links that are named are followed.
        (
            "COPY link /app/",
            &[("src/lib/a.md", "/app/a.md"), ("src/lib/a.rs", "/app/a.rs"), ("src/lib/inner", "/app/inner")],
            &[],
        ),
        ("COPY to-file /app/", &[("package.json", "/app/to-file")], &[]),
        ("COPY link/inner /app/", &[("src/lib/a.rs", "/app/inner")], &[]),
        // Flags.
        (
            "COPY --exclude=**/*.md --exclude=main* src /app/",
            &[("src/lib", "/app/lib"), ("src/lib/a.rs", "/app/lib/a.rs"), ("src/lib/inner", "/app/lib/inner")],
            &[],
        ),
        (
            "COPY --exclude=lib --exclude=!lib/a.rs src /app/",
            &[("src/lib", "/app/lib"), ("src/lib/a.rs", "/app/lib/a.rs"), ("src/main.rs", "/app/main.rs")],
            &[],
        ),
        // BuildKit heeds --exclude in directories only.
        ("COPY --exclude=*.md README.md /app/", &[("README.md", "/app/README.md")], &[]),
        (
            "COPY --parents packages/*/package.json /app/",
            &[
                ("packages", "/app/packages"),
                ("packages/one", "/app/packages/one"),
                ("packages/one/package.json", "/app/packages/one/package.json"),
                ("packages/two", "/app/packages/two"),
                ("packages/two/package.json", "/app/packages/two/package.json"),
            ],
            &[],
        ),
        (
            "COPY --parents packages/./one/*.js /app/",
            &[("packages/one", "/app/one"), ("packages/one/index.js", "/app/one/index.js")],
            &[],
        ),
        ("ADD entry.sh https://example.com/x /app/", &[("entry.sh", "/app/entry.sh")], &[]),
        ("ADD a.tar a.tgz /app/", &[("a.tar", "unpacked into /app"), ("a.tgz", "maybe unpacked into /app")], &[]),
        ("COPY a.tar /app/", &[("a.tar", "/app/a.tar")], &[]),
        ("ADD --unpack=false a.tar /app/", &[("a.tar", "/app/a.tar")], &[]),
        ("RUN --mount=type=bind,source=entry.sh,target=/e sh /e", &[("entry.sh", "/e")], &[]),
        (
            "WORKDIR /w\nRUN --mount=source=packages/one,target=one true",
            &[("packages/one/index.js", "/w/one/index.js"), ("packages/one/package.json", "/w/one/package.json")],
            &[],
        ),
        // What is not known.
        ("ARG TO\nCOPY entry.sh $TO/", &[("entry.sh", "unknown")], &[]),
        ("ENV TO=/opt\nCOPY entry.sh $TO/", &[("entry.sh", "/opt/entry.sh")], &[]),
        ("ARG FROM\nCOPY $FROM /app/", &[], &[]),
        ("ARG DIR\nWORKDIR $DIR\nCOPY entry.sh .", &[("entry.sh", "unknown")], &[]),
        ("ARG DIR\nWORKDIR $DIR\nCOPY entry.sh /app/", &[("entry.sh", "/app/entry.sh")], &[]),
    ];
    let directory = tree();
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    let listing = context.listing();
    let mut failures = Vec::new();
    for (text, expected, missing) in cases {
        let dockerfile = format!("FROM somebody/image\n{text}\n");
        let parsed = plimsoll::parse(&dockerfile);
        assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
        let model = Model::build(&parsed.dockerfile);
        let landings = Landings::new(&model, &context);
        let found: Vec<(String, String)> = landings
            .landings
            .iter()
            .map(|landing| (listing.get(landing.entry).unwrap().path_text().into_owned(), shown(&landing.place)))
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(path, place)| ((*path).to_owned(), (*place).to_owned())).collect();
        let problems: Vec<String> = landings
            .problems
            .iter()
            .map(|problem| match &problem.kind {
                TakeProblemKind::Missing { path } => String::from_utf8_lossy(path).into_owned(),
                TakeProblemKind::NothingMatches => "nothing matches".to_owned(),
                TakeProblemKind::Pattern(error) => error.to_string(),
            })
            .collect();
        if found != expected || problems != *missing {
            failures.push(format!("{text}:\n  expected {expected:?} {missing:?}\n  found    {found:?} {problems:?}"));
        }
    }
    report(failures);
}

#[test]
fn stages() {
    let text = "\
        FROM scratch AS base\n\
        WORKDIR /app\n\
        ONBUILD COPY entry.sh .\n\
        FROM base AS middle\n\
        WORKDIR sub\n\
        COPY package.json x\n\
        FROM middle\n\
        COPY README.md .\n\
        COPY src x\n";
    let directory = tree();
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    let parsed = plimsoll::parse(text);
    let model = Model::build(&parsed.dockerfile);
    let landings = Landings::new(&model, &context);
    let of = |path: &str| -> Vec<(usize, String)> {
        let number = context.listing().position(path.as_bytes()).unwrap();
        let landings_of = landings.of(number).iter();
        landings_of.map(|landing| (landings.takes[landing.take].stage, shown(&landing.place))).collect()
    };
    assert_eq!(of("entry.sh"), [(1, "/app/entry.sh".to_owned())]);
    // From scratch and without RUN, all directories are known.
    assert_eq!(of("package.json"), [(1, "/app/sub/x".to_owned())]);
    assert_eq!(of("README.md"), [(2, "/app/sub/README.md".to_owned())]);
    assert_eq!(of("src/main.rs"), [(2, "/app/sub/x/main.rs".to_owned())]);
}

#[test]
fn origins() {
    let text = "\
        FROM node AS build\n\
        WORKDIR /app\n\
        COPY package.json .\n\
        COPY . .\n\
        RUN make\n\
        FROM nginx\n\
        WORKDIR /srv\n\
        COPY --from=build /app/src public\n\
        COPY --from=build /app/entry.sh ./\n\
        COPY R*.md docs/\n\
        COPY --parents packages/*/package.json ./\n";
    let directory = tree();
    let context = Context::open(directory.path(), &Options::default()).unwrap();
    let parsed = plimsoll::parse(text);
    let model = Model::build(&parsed.dockerfile);
    let landings = Landings::new(&model, &context);
    let of = |stage: usize, path: &str| -> Vec<(String, bool)> {
        let origins = landings.origins(&model, &context, stage, path.as_bytes());
        origins.iter().map(|origin| (String::from_utf8_lossy(&origin.path).into_owned(), origin.certain)).collect()
    };
    let cases: &[Question<'_>] = &[
        (0, "/app/src/main.rs", &[("src/main.rs", true)]),
        // Both put it there; the last one is first.
        (0, "/app/package.json", &[("package.json", true), ("package.json", true)]),
        // It is left out, and so not there; but it would be this one.
        (0, "/app/secret/key", &[("secret/key", true)]),
        (0, "/app/not/there", &[("not/there", true)]),
        (0, "/app", &[("", true)]),
        (0, "/etc/passwd", &[]),
        (1, "/srv/public/main.rs", &[("src/main.rs", true)]),
        (1, "/srv/entry.sh", &[("entry.sh", true)]),
        (1, "/srv/docs/README.md", &[("README.md", true)]),
        (1, "/srv/docs/ROADMAP.md", &[("ROADMAP.md", false)]),
        (1, "/srv/packages/one/package.json", &[("packages/one/package.json", true)]),
        (1, "/srv/../srv/./entry.sh", &[("entry.sh", true)]),
    ];
    let mut failures = Vec::new();
    for (stage, path, expected) in cases {
        let expected: Vec<(String, bool)> =
            expected.iter().map(|(path, certain)| ((*path).to_owned(), *certain)).collect();
        let found = of(*stage, path);
        if found != expected {
            failures.push(format!("{stage} {path}: expected {expected:?}, found {found:?}"));
        }
    }
    report(failures);
}
