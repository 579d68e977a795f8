//! What a finding costs beside reading: `cargo bench --bench lint`.
//!
//! In one run, on the recorded Dockerfiles: parsing alone, parsing and the model, and parsing, the model and all rules. The
//! model and all rules together must add less than parsing costs. Also the model of hostile files, each kind at two sizes,
//! where the throughput of both must be about the same.
//!
//! The Dockerfiles are found by `PLIMSOLL_CONFORMANCE`, else in `../shared/conformance`.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use plimsoll::rules::Preset;
use plimsoll::semantic::Model;
use plimsoll::{Linter, Options, parse};

fn texts() -> Vec<String> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let folder = std::env::var_os("PLIMSOLL_CONFORMANCE").map_or(default, Into::into).join("dockerfiles");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok()).collect()
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

criterion_group!(benches, corpus, hostile);
criterion_main!(benches);
