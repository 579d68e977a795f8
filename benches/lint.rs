//! What a finding costs beside reading: `cargo bench --bench lint`.
//!
//! In one run, on the recorded Dockerfiles: parsing alone, parsing and the model, and parsing, the model and the rules of some
//! presets. The model and BuildKit's checks together must add less than parsing costs. Then 500 of the files from the disk:
//! reading and parsing them, and reading, parsing and linting them with all rules, which must take no more than ten times as
//! long. Also the model of hostile files, each kind at two sizes, where the throughput of both must be about the same.
//!
//! The Dockerfiles are found by `PLIMSOLL_CONFORMANCE`, else in `../shared/conformance`.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use plimsoll::rules::Preset;
use plimsoll::semantic::Model;
use plimsoll::{Linter, Options, parse};

fn paths() -> Vec<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let folder = std::env::var_os("PLIMSOLL_CONFORMANCE").map_or(default, Into::into).join("dockerfiles");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn texts() -> Vec<String> {
    paths().iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// Every third file, so that they are of all kinds: 500 of 1,500.
fn from_the_disk(criterion: &mut Criterion) {
    let paths: Vec<PathBuf> = paths().into_iter().step_by(3).collect();
    let Ok(linter) = Linter::new(Options { preset: Preset::All, ..Options::default() }) else { return };
    if paths.is_empty() {
        return;
    }
    let texts = || paths.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let mut group = criterion.benchmark_group("500 files from the disk");
    group.throughput(Throughput::Elements(paths.len() as u64));
    group.bench_function("read, parse", |bencher| {
        bencher.iter(|| {
            for text in texts() {
                black_box(parse(black_box(&text)));
            }
        });
    });
    group.bench_function("read, parse, all rules", |bencher| {
        bencher.iter(|| {
            for text in texts() {
                black_box(linter.lint(black_box(&text)));
            }
        });
    });
    group.finish();
}

fn corpus(criterion: &mut Criterion) {
    let texts = texts();
    if texts.is_empty() {
        return;
    }
    let mut group = criterion.benchmark_group("lint");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(parse(black_box(text)));
            }
        });
    });
    group.bench_function("parse, model", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                let parsed = parse(black_box(text));
                black_box(Model::build(&parsed.dockerfile));
            }
        });
    });
    for preset in [Preset::Recommended, Preset::Buildkit, Preset::All] {
        let Ok(linter) = Linter::new(Options { preset, ..Options::default() }) else { continue };
        group.bench_function(format!("parse, model, rules of {preset}"), |bencher| {
            bencher.iter(|| {
                for text in &texts {
                    black_box(linter.lint(black_box(text)));
                }
            });
        });
    }
    group.finish();
}

fn hostile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hostile models");
    group.sample_size(10);
    type Line = fn(usize) -> String;
    let kinds: [(&str, Line); 4] = [
        ("stages", |at| format!("FROM s{} AS s{at}\nENV v{at}=$v{}\n", at.max(1) - 1, at.max(1) - 1)),
        ("chain of arguments", |at| format!("ARG v{at}=${{v{}}}\n", at.max(1) - 1)),
        ("one variable", |_| "ENV A=$A:x\n".to_owned()),
        ("triggers", |at| if at % 2 == 0 { "ONBUILD ENV A=1\n".to_owned() } else { "FROM s\n".to_owned() }),
    ];
    for (kind, line) in kinds {
        for size in [2_000, 20_000] {
            let text: String = std::iter::once("FROM scratch AS s\n".to_owned()).chain((0..size).map(line)).collect();
            let parsed = parse(&text);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(kind, size), &parsed, |bencher, parsed| {
                bencher.iter(|| black_box(Model::build(black_box(&parsed.dockerfile))));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, corpus, from_the_disk, hostile);
criterion_main!(benches);
