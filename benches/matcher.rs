//! How long one path takes against 10, 30, 100 and 1,000 patterns: `cargo bench --bench matcher`.
//!
//! Per element, that is, per path: the walk's evaluator as the walk uses it, with the results of the path's directory at hand,
//! and for comparison a plain `GlobSet` of the same patterns, which knows neither order nor negation. The patterns are of four
//! kinds: `usual`, in the proportions of real ignore files; `literal`; `inside`, like `*name*`, which have no literal at either
//! end; and `odd`, which only the general matcher can answer.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};
use plimsoll::dockerignore::{Ignore, IgnoreFile, ParentResults};

const NAMES: [&str; 16] = [
    "src", "docs", "tests", "build", "vendor", "assets", "config", "scripts", "server", "client", "models", "views",
    "static", "utils", "types", "hooks",
];
const FILES: [&str; 12] = [
    "main.rs",
    "index.ts",
    "README.md",
    "style.scss",
    "app.py",
    "test_app.py",
    "package.json",
    "logo.png",
    "Makefile",
    "server.go",
    "server_test.go",
    "debug.log",
];

fn name(number: usize) -> String {
    let name = NAMES.get(number % NAMES.len()).unwrap_or(&"");
    match number / NAMES.len() {
        0 => (*name).to_owned(),
        more => format!("{name}{more}"),
    }
}

/// Paths of files, with the directories that hold them.
fn paths() -> Vec<String> {
    let directories = (0..60).map(|number| {
        let depth = number % 5;
        (0..depth).map(|level| name(number * 7 + level * 3) + "/").collect::<String>()
    });
    directories.flat_map(|directory| FILES.map(|file| format!("{directory}{file}"))).collect()
}

fn usual(number: usize) -> String {
    let name = name(number / 3);
    match number % 12 {
        0 => format!("{name}/node_modules"),
        1 => format!("{name}.md"),
        2 => format!("{name}/dist"),
        3 => format!("*.{name}"),
        4 => format!("**/*.{name}"),
        5 => format!("**/{name}_cache"),
        6 => format!("{name}/*.log"),
        7 => format!(".{name}"),
        8 => format!("{name}/tmp/**"),
        9 => format!("{name}*.txt"),
        10 => format!("**/{name}/out"),
        _ => format!("!{name}/keep.txt"),
    }
}

fn literal(number: usize) -> String {
    format!("{}/{}/file{number}.txt", name(number), name(number + 1))
}

fn inside(number: usize) -> String {
    format!("*{}{number}*", name(number))
}

fn odd(number: usize) -> String {
    format!("{}[0-9]/*.{{js,ts}}{number}", name(number))
}

/// Each path with what is known of its directory.
fn with_parents<'p>(ignore: &Ignore, paths: &'p [String]) -> Vec<(&'p [u8], ParentResults)> {
    let known = |path: &str| {
        let (mut known, mut results) = (ignore.root(), ParentResults::default());
        for (slash, _) in path.match_indices('/') {
            ignore.walk(path.get(..slash).unwrap_or_default().as_bytes(), &known, &mut results).ok();
            std::mem::swap(&mut known, &mut results);
        }
        known
    };
    paths.iter().map(|path| (path.as_bytes(), known(path))).collect()
}

fn set(patterns: &[String]) -> Option<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        builder.add(GlobBuilder::new(pattern.trim_start_matches('!')).literal_separator(true).build().ok()?);
    }
    builder.build().ok()
}

/// The pattern of each number.
type Kind = fn(usize) -> String;

fn matcher(criterion: &mut Criterion) {
    let paths = paths();
    let kinds: [(&str, Kind); 4] = [("usual", usual), ("literal", literal), ("inside", inside), ("odd", odd)];
    for (kind, pattern) in kinds {
        let mut group = criterion.benchmark_group(kind);
        group.throughput(Throughput::Elements(paths.len() as u64));
        for count in [10, 30, 100, 1000] {
            let patterns: Vec<String> = (0..count).map(pattern).collect();
            let Ok(ignore) = Ignore::from_patterns(&patterns) else { continue };
            let with_parents = with_parents(&ignore, &paths);
            group.bench_with_input(BenchmarkId::new("walk", count), &ignore, |bencher, ignore| {
                let mut results = ParentResults::default();
                bencher.iter(|| {
                    let ignored = |(path, known): &&(&[u8], ParentResults)| {
                        ignore.walk(black_box(path), known, &mut results).unwrap_or(false)
                    };
                    with_parents.iter().filter(ignored).count()
                });
            });
            let Some(set) = set(&patterns) else { continue };
            group.bench_with_input(BenchmarkId::new("a GlobSet", count), &set, |bencher, set| {
                let mut hits = Vec::new();
                bencher.iter(|| {
                    let is_hit = |path: &&String| {
                        set.matches_candidate_into(&Candidate::new(black_box(path.as_str())), &mut hits);
                        !hits.is_empty()
                    };
                    paths.iter().filter(is_hit).count()
                });
            });
        }
        group.finish();
    }
}

/// How long it takes to read an ignore file and get ready.
fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reading");
    for count in [10, 100, 1000] {
        let text: String = (0..count).map(|number| usual(number) + "\n").collect();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::new("usual", count), &text, |bencher, text| {
            bencher.iter(|| Ignore::new(&IgnoreFile::parse("x", black_box(text))));
        });
    }
    group.finish();
}

criterion_group!(benches, matcher, reading);
criterion_main!(benches);
